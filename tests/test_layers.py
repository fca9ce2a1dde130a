"""The arrows between the rooms: data flows one way, and imports follow it.

extract ◄── normalize ◄── baocao. What `normalize` may take from `extract` is the seam and what both
stages must do alike (folding text, reading dates, making records). Nothing that is shipped imports the tests.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("extract", "normalize", "baocao")
OURS = {*ROOMS, "tests", "bench", "corpus", "scripts"}
SEAM = {"extract.model", "extract.text", "extract.dates", "extract.records"}


def imported_modules(source: str, package: str) -> set[str]:
    """Every module of ours that a module names, at the top or in a function, relative ones resolved.

    `from extract import model` counts as `extract.model` where that is a module, so a seam is a seam
    however it is written.
    """
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, *([node.module] if node.module else [])])
            modules = {f"{base}.{alias.name}" for alias in node.names if is_module(f"{base}.{alias.name}")}
            found |= modules if modules and len(modules) == len(node.names) else {base, *modules}
    return {name for name in found if name.split(".")[0] in OURS}


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def modules_of(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def room_of(module: str) -> str:
    return module.split(".")[0]


ALLOWED = {
    "extract": lambda module: room_of(module) == "extract",
    "normalize": lambda module: room_of(module) == "normalize" or module in SEAM,
    "baocao": lambda module: room_of(module) in ROOMS,
}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_lies_before_it(room: str) -> None:
    wrong = []
    for path in modules_of(room):
        package = ".".join(path.relative_to(ROOT).parent.parts)
        names = imported_modules(path.read_text(encoding="utf-8"), package)
        wrong += [f"{path.relative_to(ROOT)}: {name}" for name in sorted(names) if not ALLOWED[room](name)]
    assert wrong == []


def test_every_room_has_modules_to_look_at() -> None:
    assert all(len(modules_of(room)) > 1 for room in ROOMS)


def test_normalize_opens_no_file_of_a_report() -> None:
    """The readers' libraries stay in `extract`: what `normalize` knows comes through the seam."""
    readers = {"pdfplumber", "pypdfium2", "pdfminer", "docx", "openpyxl", "python_calamine", "cv2", "subprocess"}
    wrong = []
    for path in modules_of("normalize"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            wrong += [f"{path.relative_to(ROOT)}: {name}" for name in names if name.split(".")[0] in readers]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import extract.readers.pdf", {"extract.readers.pdf"}),
        ("from extract import model", {"extract.model"}),
        ("from extract.model import Table, Cell", {"extract.model"}),
        ("from extract import model, nothing_of_the_kind", {"extract", "extract.model"}),
        ("def f():\n    from baocao import errors", {"baocao.errors"}),
        ("from . import model", {"normalize.model"}),
        ("from .model import Unit", {"normalize.model"}),
        ("import tests.helpers, json", {"tests.helpers"}),
        ("from __future__ import annotations\nimport re", set()),
    ],
)
def test_the_test_sees_imports_however_they_are_written(source: str, found: set[str]) -> None:
    assert imported_modules(source, "normalize") == found


def test_the_test_resolves_imports_from_the_package_above() -> None:
    assert imported_modules("from ..model import Unit", "normalize.checks") == {"normalize.model"}
