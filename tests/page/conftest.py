"""Small and large datasets with their page, and what the tests of the page ask of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from baocao.writers import WRITERS, Staged
from tests.page import synthetic

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext


def with_page(staged: Staged) -> Path:
    """All that follows the tables: the page, the workbook, the codebook."""
    for target in WRITERS.values():
        module, _, name = target.partition(":")
        getattr(import_module(module), name)(staged)
    return staged.folder


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_page(synthetic.small(tmp_path_factory.mktemp("small") / "out"))


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from baocao.writers import write_page

    staged = synthetic.large(tmp_path_factory.mktemp("large") / "out")
    write_page.write(staged)
    return staged.folder


def until(page: Any, expression: str, seconds: float = 60) -> None:
    """Wait until an expression holds. The page's content policy forbids the driver's own way, which is `eval`.

    Ask for something that does not hold before the act whose effect is waited for. A minute is no measure of speed:
    it is what a busy machine may take at worst.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        if time.monotonic() > end:
            raise AssertionError(f"never came true: {expression}\n{page.locator('main').inner_text()[:2000]}")
        page.wait_for_timeout(30)


class Visit:
    """A page that was opened; `problems` are its console errors and what it asked the network for."""

    def __init__(self, page: Any, out: Path) -> None:
        self.page, self.out, self.problems = page, out, []
        page.on("console", lambda said: self.problems.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(("file:", "data:"))
                else self.problems.append(asked.url))

    def open(self, address: str = "") -> Any:
        self.page.goto(f"{(self.out / 'index.html').as_uri()}{address}")
        self.page.wait_for_selector("body[data-ready]")
        return self.page


@pytest.fixture
def visit(context: BrowserContext) -> Iterator[Any]:
    """`visit(out)` opens nothing yet; after the test there must have been no problem on any page."""
    opened: list[Visit] = []

    def begin(out: Path) -> Visit:
        opened.append(Visit(context.new_page(), out))
        return opened[-1]

    yield begin
    for one in opened:
        one.page.close()
    assert [problem for one in opened for problem in one.problems] == []
