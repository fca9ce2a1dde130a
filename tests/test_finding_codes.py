"""Every code that the reading stage can raise is explained in the findings catalogue."""

from __future__ import annotations

import ast
from pathlib import Path

import extract
from extract import problems
from normalize.findings import FINDINGS

ROOT = Path(extract.__file__).parent


def problem_codes() -> set[str]:
    """First argument of every `Problem(...)` in the reading stage, and the codes of its errors."""
    codes = {kind.code for kind in vars(problems).values() if isinstance(kind, type) and hasattr(kind, "code")}
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                first = node.args[0] if node.args else next(k.value for k in node.keywords if k.arg == "code")
                assert isinstance(first, ast.Constant), (
                    f"{path.name}: a problem's code is written out where it is raised"
                )
                codes.add(str(first.value))
    return codes


def test_every_code_of_the_reading_stage_is_catalogued() -> None:
    assert problem_codes() >= {"unreadable", "page-unreadable", "encoding-guessed"}
    assert problem_codes() - set(FINDINGS) == set()
