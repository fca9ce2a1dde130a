"""The documentation says what is there: links lead somewhere, every command, option and exit code is described."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from baocao import errors
from baocao.cli import _parser
from baocao.cli_reference import page as options_page
from baocao.messages import Messages
from baocao.schema import reference

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "out").glob("README.md")])
READMES = ("README.md", "README.vi.md")


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command of the command line by its full name."""

    def under(parser: argparse.ArgumentParser, name: str) -> dict[str, argparse.ArgumentParser]:
        deeper = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
        if not deeper:
            return {name: parser}
        return {
            full: found
            for action in deeper
            for word, child in action.choices.items()
            for full, found in under(child, f"{name} {word}").items()
        }

    return under(_parser(Messages("en")), "baocao")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if not link.startswith(("http:", "https:")) and not (page.parent / link).exists()]
    assert missing == []


def test_the_index_leads_to_every_page() -> None:
    index = text_of("docs/index.md")
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")} - {"index.md"}
    assert {page for page in pages if f"({page})" not in index} == set()


def test_every_code_list_is_on_the_page_that_says_how_to_add_to_it() -> None:
    page = text_of("docs/howto/add-a-code.md")
    lists = {path.name for path in (ROOT / "normalize" / "codelists").glob("*.csv")}
    assert {name for name in lists if f"`{name}`" not in page} == set()


@pytest.mark.parametrize("name", commands())
def test_every_command_and_option_is_on_the_page_of_commands(name: str) -> None:
    page = text_of("docs/reference/commands.md")
    (row,) = [line for line in page.splitlines() if line.startswith(f"| `{name}")]
    options = {
        option
        for action in commands()[name]._actions
        for option in action.option_strings
        if option.startswith("--") and option != "--help"
    }
    assert {option for option in options if option not in row} == set()


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("name", commands())
def test_every_command_is_in_the_readme_of_each_language(readme: str, name: str) -> None:
    assert name in text_of(readme)


def test_every_exit_code_is_on_the_page_of_commands() -> None:
    codes = {value for name, value in vars(errors).items() if name.startswith("EXIT_")}
    page = text_of("docs/reference/commands.md")
    assert codes == {0, 2, 3, 10, 11, 12, 13, 130}
    assert {code for code in codes if f"| {code} |" not in page} == set()


def test_the_page_of_columns_is_the_one_the_schema_makes() -> None:
    """`python -m baocao.schema > docs/reference/columns.md` writes it anew."""
    assert text_of("docs/reference/columns.md").strip() == reference().strip()


def test_the_page_of_options_is_the_one_the_command_line_makes() -> None:
    """`python -m baocao.cli_reference > docs/reference/options.md` writes it anew."""
    assert text_of("docs/reference/options.md").strip() == options_page().strip()


def test_both_readmes_have_the_same_parts() -> None:
    def shape(page: str) -> list[object]:
        text = text_of(page)
        blocks = re.findall(r"```(\w*)\n", text)
        files, scripts = re.findall(r"(?m)^\| `([^`]+?)[/<`]", text), re.findall(r"bash scripts/(\w+)\.sh", text)
        parts, promises = re.findall(r"(?m)^## ", text), re.findall(r"(?m)^- \*\*", text)
        return [len(parts), len(promises), files, scripts, blocks.count("bash")]

    assert shape("README.md") == shape("README.vi.md")


@pytest.mark.parametrize("readme", READMES)
def test_the_two_commands_of_the_readme_exist(readme: str) -> None:
    block = re.search(r"```bash\n(.*?)```", text_of(readme), re.DOTALL)
    assert block
    scripts = re.findall(r"(?m)^bash (\S+)", block[1])
    assert scripts == ["scripts/run.sh", "scripts/test.sh"]
    assert all((ROOT / script).is_file() for script in scripts)


def test_every_kind_of_status_is_told_apart_for_office_staff() -> None:
    text = text_of("README.vi.md")
    assert {word for word in ("ok", "doubtful", "unparsed", "blank") if f"`{word}`" not in text} == set()


def test_make_lists_every_target() -> None:
    makefile = text_of("Makefile")
    targets = set(re.findall(r"(?m)^([a-z]+):", makefile))
    assert targets == set(re.findall(r"(?m)^([a-z]+):.*## \S", makefile))
    assert targets == set(re.search(r"(?m)^\.PHONY: (.*)$", makefile)[1].split())  # type: ignore[index]
