"""What a published package has: one version, locks that fit, a wheel that holds every room and its tables."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

from baocao.version import __version__

ROOT = Path(__file__).parents[1]
ROOMS = ("extract", "normalize", "baocao")
LOCKS = ("base", "ocr", "cluster", "dev", "build")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def lock(name: str) -> dict[str, set[str]]:
    """Package → locked versions (more than one where platforms differ)."""
    versions: dict[str, set[str]] = {}
    for line in (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8").splitlines():
        if found := re.match(r"([a-z0-9._-]+)==(\S+)", line):
            versions.setdefault(found[1], set()).add(found[2])
    return versions


def names(requirements: list[str]) -> set[str]:
    found = {re.match(r"[A-Za-z0-9._-]+", line)[0].lower() for line in requirements}  # type: ignore[index]
    return found - {"baocao"}


# ---------------------------------------------------------------- metadata


def test_version_and_citation_agree() -> None:
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_every_version_of_the_changelog_says_what_it_does_to_the_data() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    entries = re.split(r"(?m)^## ", text)[1:]
    assert entries
    assert [entry.splitlines()[0] for entry in entries if "### Effect on data\n- " not in entry] == []


def test_the_frame_of_required_packages_is_kept() -> None:
    assert {"pdfplumber", "python-docx", "pandas", "regex"} <= names(PROJECT["dependencies"])
    assert "pytest" in names(PROJECT["optional-dependencies"]["test"])
    assert "baocao[ocr,test]" in PROJECT["optional-dependencies"]["dev"]


def test_licence_text_and_field_agree() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")


# ---------------------------------------------------------------- locks


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_of_a_lock_has_a_hash_and_none_names_an_index(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    packages = [block for block in re.split(r"(?m)^(?=\S)", text) if block.strip()]
    assert [block.splitlines()[0] for block in packages if "--hash=sha256:" not in block] == []
    assert re.findall(r"(?im)^.*(?:https?:|file:|--index|--find-links|-i ).*$", text) == []


@pytest.mark.parametrize(
    ("name", "extras"), [("base", ()), ("ocr", ("ocr",)), ("cluster", ("cluster",)), ("dev", ("ocr", "test", "dev"))]
)
def test_a_lock_holds_all_that_is_required(name: str, extras: tuple[str, ...]) -> None:
    wanted = names(PROJECT["dependencies"])
    for extra in extras:
        wanted |= names(PROJECT["optional-dependencies"][extra])
    assert wanted - lock(name).keys() == set()


@pytest.mark.parametrize("name", LOCKS[1:])
def test_the_locks_agree_with_each_other(name: str) -> None:
    base, other = lock("base"), lock(name)
    assert {
        package: (base[package], other[package])
        for package in base.keys() & other.keys()
        if base[package] != other[package]
    } == {}


def test_pdfplumber_is_newer_than_the_one_with_a_known_hole() -> None:
    """Earlier pins carry a pdfminer.six with CVE-2025-64512."""
    assert all(tuple(map(int, version.split("."))) >= (0, 11, 10) for version in lock("base")["pdfplumber"])


# ---------------------------------------------------------------- scripts


SCRIPTS = (".ci/run", "scripts/setup.sh", "scripts/run.sh", "scripts/test.sh", "scripts/lock.sh")


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_are_sound_bash_and_executable(script: str) -> None:
    path = ROOT / script
    assert path.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True, check=False).stderr == ""


def test_setup_without_rights_prints_the_one_line_to_type(tmp_path: Path) -> None:
    """A machine with a Python that can make no environment, and nobody who may install one."""
    project, tools = tmp_path / "project", tmp_path / "bin"
    (project / "scripts").mkdir(parents=True)
    tools.mkdir()
    shutil.copy(ROOT / "scripts/setup.sh", project / "scripts")
    shutil.copytree(ROOT / "requirements", project / "requirements")
    shutil.copy(ROOT / "pyproject.toml", project)
    poor_python = (
        "#!/bin/bash\n"
        'case "$*" in *"import ensurepip"*|*"-m pip"*|*"-m venv"*) exit 1;; *sys.executable*) echo "$0";; esac\n'
    )
    programs = {"python3.11": poor_python, "id": "#!/bin/bash\necho 1000\n", "sudo": "#!/bin/bash\nexit 1\n"}
    for name, body in programs.items():
        (tools / name).write_text(body, encoding="utf-8")
        (tools / name).chmod(0o755)
    done = subprocess.run(
        ["bash", "scripts/setup.sh"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={"PATH": f"{tools}:/usr/bin:/bin"},
        timeout=60,
    )
    assert done.returncode == 3, done.stderr
    assert "sudo apt-get update && sudo apt-get install -y python3.11-venv" in done.stderr
    assert not (project / ".venv").exists()


# ---------------------------------------------------------------- the wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """A wheel of this checkout, built from a copy so that nothing is left behind here."""
    copy = tmp_path_factory.mktemp("wheel")
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", "."]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = (copy / "dist").glob("*.whl")
    return zipfile.ZipFile(path)


def test_the_wheel_holds_every_module_and_table_of_the_three_rooms(wheel: zipfile.ZipFile) -> None:
    """Whatever lies in a room is part of the program: code, code lists, templates, pages."""
    wanted = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - set(wheel.namelist()) == set()


def test_the_wheel_holds_nothing_but_the_three_rooms(wheel: zipfile.ZipFile) -> None:
    assert {name.split("/")[0] for name in wheel.namelist()} == {*ROOMS, f"baocao-{__version__}.dist-info"}


def test_the_wheel_brings_command_licence_and_metadata(wheel: zipfile.ZipFile) -> None:
    info = f"baocao-{__version__}.dist-info"
    assert "baocao = baocao.__main__:main" in wheel.read(f"{info}/entry_points.txt").decode()
    assert f"{info}/licenses/LICENSE" in wheel.namelist()
    metadata = message_from_string(wheel.read(f"{info}/METADATA").decode())
    assert (metadata["Name"], metadata["Version"]) == ("baocao", __version__)
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"
    assert len(metadata.get_all("Classifier", [])) > 5
