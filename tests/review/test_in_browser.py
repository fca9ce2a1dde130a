"""The desks in a real browser: keyboard only, at size, hostile words, no console error, no serious axe fault.

`BAOCAO_PICTURES=1` also writes the screenshots of the how-to pages.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.page.conftest import until
from tests.page.test_page_accessible import faults
from tests.review.conftest import read, rows_of
from tests.review.many import many

SAMPLE = Path(__file__).with_name("data") / "sai-tong.pdf"
CORPUS = Path(__file__).parents[2] / "corpus"
IMAGES = Path(__file__).parents[2] / "docs" / "images"
Open = Callable[..., Any]


@pytest.fixture(scope="module", name="made")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made")
    (root / "in").mkdir()
    shutil.copy(SAMPLE, root / "in" / "2021-nam.pdf")
    read(root / "in", out=root / "out")
    return root


@pytest.fixture(name="out")
def _out(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "out", tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture(name="visit")
def _visit(context: Any) -> Iterator[Open]:
    """Start a desk and open its address; at the end nothing may stand in the console."""
    started: list[subprocess.Popen[str]] = []
    pages: list[Any] = []
    problems: list[str] = []

    def visit(*arguments: str) -> Any:
        command = [sys.executable, "-m", "baocao", *arguments, "--no-browser"]
        environment = {**os.environ, "BAOCAO_LANG": "vi", "USER": "lan", "LOGNAME": "lan"}
        desk = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
        started.append(desk)
        assert desk.stdout
        address = re.search(r"http://\S+", desk.stdout.readline())
        assert address
        page = context.new_page()
        pages.append(page)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
        page.goto(address[0])
        assert "token" not in page.url
        return page

    yield visit
    for page in pages:
        page.close()
    for desk in started:
        desk.terminate()
        desk.wait(60)
    assert problems == []


def review(visit: Open, out: Path) -> Any:
    page = visit("review", str(out))
    on_screen(page)
    return page


def on_screen(page: Any) -> None:
    """A finding is shown and may be decided. Before the first one there is none that is busy."""
    page.wait_for_selector(".item")
    until(page, "!document.getElementById('detail').hidden && document.getElementById('detail').ariaBusy === 'false'")


class Gate:
    """Holds back what a page asks for from the moment it is shut.

    Made before the page is opened: a route set on an open page reaches the browser on another way than the next key
    does, and on a busy machine comes after it. Then nothing is held back, once in some dozen runs.
    """

    def __init__(self, context: Any, pattern: str) -> None:
        self.held: list[Any] = []
        self._is_shut = False
        context.route(pattern, self._ask)

    def _ask(self, route: Any) -> None:
        if self._is_shut:
            self.held.append((route, route.fetch()))  # answered now, delivered when the gate opens
        else:
            route.continue_()

    def shut(self) -> None:
        self._is_shut = True

    def wait(self, page: Any, seconds: float = 60) -> None:
        """Wait until the page has asked for something that is held back."""
        end = time.monotonic() + seconds
        while not self.held:
            assert time.monotonic() < end, f"the page never asked: {page.locator('main').inner_text()[:2000]}"
            page.wait_for_timeout(20)

    def open(self) -> None:
        self._is_shut = False
        for route, answer in self.held:
            route.fulfill(response=answer)


def picture(page: Any, name: str) -> None:
    if os.environ.get("BAOCAO_PICTURES") == "1":
        page.screenshot(path=str(IMAGES / name))


def settled(page: Any, n: int) -> None:
    until(page, f"document.getElementById('progress').textContent.includes('{n} quyết định')")
    until(page, "document.getElementById('detail').ariaBusy === 'false'")


def test_the_cell_is_framed_where_it_is_printed(visit: Open, out: Path) -> None:
    page = review(visit, out)
    until(page, "document.getElementById('picture').dataset.drawn")
    (row,) = [r for r in rows_of(out / "observations.csv") if r["stt"] == "1"]
    image = page.locator("#picture").bounding_box()
    mark = page.locator("#mark").bounding_box()
    scale = image["width"] / 612  # letter paper, 612 × 792 points
    assert abs(mark["x"] - image["x"] - float(row["x0"]) * scale) < 3
    assert abs(mark["y"] - image["y"] - float(row["top"]) * scale) < 3
    page.wait_for_timeout(200)
    picture(page, "review.png")


def test_the_row_in_question_is_seen_without_scrolling_where_there_is_no_page(visit: Open, tmp_path: Path) -> None:
    text = (CORPUS / "so-ke-hoach-va-dau-tu" / "2024-6-thang.txt").read_text("utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "2024.txt").write_text(text, "utf-8")
    read(tmp_path / "in", out=tmp_path / "out")
    page = review(visit, tmp_path / "out")
    assert "6 tháng đầu năm 2024" in page.locator("#where").inner_text()
    for _ in range(4):
        page.wait_for_selector("#grid tr.marked")
        row, grid = (page.locator(what).bounding_box() for what in ("#grid tr.marked", "#grid"))
        assert grid["y"] <= row["y"]
        assert row["y"] + row["height"] <= min(900, grid["y"] + grid["height"])
        shown = page.locator("#grid").inner_html()
        page.keyboard.press("j")
        on_screen(page)
        until(page, f"document.getElementById('grid').innerHTML !== {json.dumps(shown)}")


def test_correct_accept_reject_and_undo_by_keyboard_alone(visit: Open, out: Path) -> None:
    page = review(visit, out)
    keys = page.keyboard
    keys.press("c")
    keys.type("414")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("cộng lại các dòng")
    keys.press("Enter")
    settled(page, 1)
    keys.press("a")
    settled(page, 2)
    keys.press("r")
    keys.type("không rõ")
    keys.press("Enter")
    settled(page, 3)
    rows = rows_of(out / "corrections.csv")
    assert [(r["expect"], r["value"], r["reason"]) for r in rows] == [
        ("434", "414", "cộng lại các dòng"),
        ("9", "9", "Đúng như bản in"),
        ("396", "", "không rõ"),
    ]
    keys.press("u")
    settled(page, 2)
    assert len(rows_of(out / "corrections.csv")) == 2


def test_a_key_held_down_decides_once(visit: Open, out: Path) -> None:
    page = review(visit, out)
    for _ in range(5):
        page.keyboard.down("a")
    page.keyboard.up("a")
    settled(page, 1)
    assert len(rows_of(out / "corrections.csv")) == 1


def test_nothing_is_decided_before_it_is_on_the_screen(context: Any, visit: Open, out: Path) -> None:
    gate = Gate(context, "**/api/doubt/*")
    page = review(visit, out)
    gate.shut()
    page.keyboard.press("j")
    gate.wait(page)
    page.keyboard.press("a")
    page.wait_for_timeout(200)
    assert rows_of(out / "corrections.csv") == []
    gate.open()
    on_screen(page)
    page.keyboard.press("a")
    settled(page, 1)
    (row,) = rows_of(out / "corrections.csv")
    assert row["expect"] == "9"  # the second one


def test_a_correction_without_a_reason_is_asked_for_one(visit: Open, out: Path) -> None:
    page = review(visit, out)
    page.keyboard.press("c")
    page.keyboard.type("414")
    page.keyboard.press("Enter")
    until(page, "document.activeElement.id === 'reason'")
    assert "lý do" in page.locator("#refused").inner_text()
    assert rows_of(out / "corrections.csv") == []


def test_next_previous_search_and_help_by_keyboard(visit: Open, out: Path) -> None:
    page = review(visit, out)
    first = page.locator("#detail-title").inner_text()
    page.keyboard.press("j")
    until(page, f"document.getElementById('detail-title').textContent !== {first!r}")
    page.keyboard.press("k")
    until(page, f"document.getElementById('detail-title').textContent === {first!r}")
    page.keyboard.press("/")
    page.keyboard.type("cuộc")
    until(page, "document.getElementById('total').textContent.startsWith('1 ')")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    until(page, "document.getElementById('help-box').open")
    page.keyboard.press("Escape")
    until(page, "!document.getElementById('help-box').open")


def test_several_are_settled_together_with_one_reason(visit: Open, out: Path) -> None:
    page = review(visit, out)
    page.locator("#code").select_option("contradiction-operand")
    until(page, "document.getElementById('total').textContent.startsWith('3 ')")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.keyboard.type("đã đối chiếu")
    page.locator("#together-accept").click()
    settled(page, 3)
    assert {r["reason"] for r in rows_of(out / "corrections.csv")} == {"đã đối chiếu"}


def test_the_page_speaks_english_when_asked(visit: Open, out: Path) -> None:
    page = review(visit, out)
    page.locator("#language").click()
    until(page, "document.documentElement.lang === 'en'")
    until(page, "document.getElementById('message').textContent.includes('does not add up')")
    assert "Stands as printed" in page.locator("#accept").inner_text()
    page.locator("#language").click()
    until(page, "document.documentElement.lang === 'vi'")


def test_fifty_thousand_doubts_scroll_and_hostile_words_stay_words(visit: Open, tmp_path: Path) -> None:
    out = many(tmp_path / "out", 50_000)
    page = review(visit, out)
    assert page.title() != "pwned"
    assert page.locator(".item img, #message img, #grid img").count() == 0
    assert page.locator(".item").count() < 60
    page.evaluate("document.getElementById('scroll').scrollTop = 1e9")
    until(page, "[...document.querySelectorAll('.item')].some(e => e.getAttribute('aria-posinset') === '50000')")
    page.locator(".item[aria-posinset='50000']").click()
    until(page, "document.querySelector('.item.chosen')?.getAttribute('aria-posinset') === '50000'")
    on_screen(page)
    assert page.locator("#message").inner_text().endswith(page.locator(".item.chosen .words").inner_text())
    page.keyboard.press("a")
    settled(page, 1)
    until(page, "document.getElementById('total').textContent.startsWith('49.999 ')")
    assert page.title() != "pwned"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_at_the_review_desk(visit: Open, out: Path, scheme: str) -> None:
    page = review(visit, out)
    page.emulate_media(color_scheme=scheme)
    assert faults(page) == []


def test_a_clerk_chooses_a_folder_watches_the_run_and_reviews(visit: Open, made: Path, tmp_path: Path) -> None:
    page = visit("desk", str(tmp_path / "work"))
    until(page, "document.getElementById('start').textContent !== ''")
    assert faults(page) == []
    page.locator("#path").fill(str(made / "in"))
    page.locator("#path").press("Enter")
    until(page, "!document.getElementById('start').disabled")
    page.locator("#start").click()
    until(page, "!document.getElementById('result').hidden", 300)
    assert "1/1" in page.locator("#recap").inner_text()
    assert faults(page) == []
    for ident, shown in (("path", "D:\\Báo cáo CCHC\\2021"), ("chosen", "Thư mục sẽ đọc: D:\\Báo cáo CCHC\\2021")):
        page.evaluate(
            "([id, text]) => { const e = document.getElementById(id); e.value = e.textContent = text; }", [ident, shown]
        )
    page.evaluate("document.getElementById('dropped').textContent = '0 tệp đã thả vào thư mục D:\\\\Bao cao CCHC'")
    picture(page, "desk.png")
    page.locator("#open-review").click()
    page.wait_for_url("**/review/")
    on_screen(page)
    page.keyboard.press("a")
    settled(page, 1)
    assert len(rows_of(tmp_path / "work" / "ket-qua" / "corrections.csv")) == 1


def test_an_answer_that_was_overtaken_is_not_drawn(context: Any, visit: Open, made: Path, tmp_path: Path) -> None:
    gate = Gate(context, "**/api/desk")
    page = visit("desk", str(tmp_path / "work"))
    until(page, "document.getElementById('start').textContent !== ''")
    gate.shut()
    page.locator("#language").click()  # asks for the state, which is answered late
    gate.wait(page)
    page.locator("#path").fill(str(made / "in"))
    page.locator("#path").press("Enter")
    until(page, "!document.getElementById('start').disabled")
    gate.open()
    page.wait_for_timeout(300)
    assert page.locator("#start").is_enabled()


def test_a_file_is_dropped_with_the_file_picker(visit: Open, tmp_path: Path) -> None:
    page = visit("desk", str(tmp_path / "work"))
    page.locator("#files").set_input_files(str(SAMPLE))
    until(page, "!document.getElementById('start').disabled")
    assert [path.name for path in (tmp_path / "work" / "bao-cao").iterdir()] == ["sai-tong.pdf"]
