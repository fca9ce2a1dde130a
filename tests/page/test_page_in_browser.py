"""The page as a person uses it, in a real browser: read, doubt, search, draw, keyboard, two languages, print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.page.conftest import until
from tests.page.synthetic import EVIL

SERIES = "#/chi-tieu/ho_so_giai_quyet_dung_han"


def test_the_map_shows_what_was_read_and_what_is_missing(visit: Any, small: Path) -> None:
    page = visit(small).open()
    row = page.locator(".map tbody tr", has_text="Sở Nội vụ")
    assert row.locator(".cell.gap").count() == 2  # 2023 and its first half
    assert row.locator(".cell.doubtful").count() == 1
    row.locator(".cell.doubtful").click()
    assert "snv2022.docx" in page.locator(".coverage .detail").inner_text()


def test_a_file_that_was_not_read_says_why_and_what_to_do(visit: Any, small: Path) -> None:
    unread = visit(small).open().locator("#unread")
    assert "khoá.pdf" in unread.inner_text()
    assert "mật khẩu" in unread.inner_text()


def test_the_map_is_walked_with_arrow_keys(visit: Any, small: Path) -> None:
    page = visit(small).open()
    first = page.locator(".map tbody tr", has_text="Sở Nội vụ").locator("button").first
    first.focus()
    before = first.get_attribute("aria-label")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") != before
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == before


def test_findings_are_filtered_by_severity_and_words_and_lead_to_the_spot(visit: Any, small: Path) -> None:
    page = visit(small).open("#/nghi-van")
    assert page.locator(".doubts tbody tr").count() == 2
    page.get_by_role("button", name="lỗi (1)").click()
    until(page, "document.querySelectorAll('.doubts tbody tr').length === 1")
    page.get_by_role("button", name="Tất cả (2)").click()
    until(page, "document.querySelectorAll('.doubts tbody tr').length === 2")
    page.locator("#doubts-words").fill("tong khong khop")
    until(page, "document.querySelectorAll('.doubts tbody tr').length === 1")
    page.locator(".doubts a").click()
    page.wait_for_selector(".chart")
    assert "Tổng không khớp" in page.locator("#point").inner_text()
    assert "snv2022.docx" in page.locator("#point").inner_text()


WORDS = ("dung han ho so", "HỒ SƠ TTHC GIẢI", "ho_so_giai_quyet", "đúng hạn số hồ sơ", "3.1.2")


@pytest.mark.parametrize("words", WORDS)
def test_an_indicator_is_found_with_or_without_marks_and_by_its_id(visit: Any, small: Path, words: str) -> None:
    page = visit(small).open("#/chi-tieu")
    page.locator("#search").fill(words)
    until(page, "document.querySelector('.results a').textContent === 'Số hồ sơ TTHC giải quyết đúng hạn'")


def test_a_heading_is_listed_when_it_carries_a_figure(visit: Any, small: Path) -> None:
    page = visit(small).open("#/chi-tieu")
    names = page.locator(".results a").all_inner_texts()
    assert [name for name in names if name.startswith("Vị trí việc làm")]
    assert [name for name in names if name.startswith("Thống kê")] == []
    page.goto((small / "index.html").as_uri() + "#/doc")
    page.wait_for_selector(".tiles")
    assert page.locator(".tiles li", has_text="chỉ tiêu có số liệu").locator("strong").inner_text() == str(len(names))


def test_how_a_rate_is_made_is_told_in_names_that_lead_on(visit: Any, small: Path) -> None:
    page = visit(small).open("#/chi-tieu/ty_le_hoan_thanh_ke_hoach_cchc")
    fact = page.locator(".facts dt", has_text="Cách tính").locator("xpath=following-sibling::dd[1]")
    name = fact.get_by_role("link").inner_text()  # the other one is not in this dataset: its id
    assert fact.inner_text() == f"nhiem_vu_ke_hoach_cchc_hoan_thanh ÷ {name} × 100"
    fact.get_by_role("link").click()
    until(page, f"document.querySelector('h1').textContent === {name!r}")


def test_words_typed_before_leaving_do_not_change_the_next_view(visit: Any, small: Path) -> None:
    page = visit(small).open("#/nghi-van")
    page.evaluate("""() => {
        const words = document.getElementById("doubts-words");
        words.value = "tổng"; words.dispatchEvent(new Event("input"));
        location.hash = "#/chi-tieu/bien_che"; }""")
    page.wait_for_selector(".chart")
    page.wait_for_timeout(500)  # longer than the list waits for more words
    assert page.evaluate("location.hash").startswith("#/chi-tieu/bien_che")


def test_search_to_chart_with_the_keyboard_alone(visit: Any, small: Path) -> None:
    page = visit(small).open("#/chi-tieu")
    page.locator("#search").focus()
    page.keyboard.type("bien che")  # and on at once: the list is that of all that was typed
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(300)  # nothing that was still to come takes the focus away
    assert page.evaluate("document.activeElement.textContent") == "Biên chế có mặt"
    page.keyboard.press("Enter")
    page.wait_for_selector(".chart")
    page.locator(".chart").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert "Biên chế" in page.locator("h1").inner_text()
    assert "Sở Nội vụ, 2020, 41 Người, tại thời điểm, như in" in page.locator("#status").inner_text()
    assert "snv20" in page.locator("#point").inner_text()


def test_a_doubtful_point_has_a_ring_and_a_kind_of_figure_its_shape(visit: Any, small: Path) -> None:
    page = visit(small).open(SERIES)
    assert page.locator(".mark.doubtful .ring").count() == 1
    assert page.locator(".mark.cumulative > circle:first-child").count() > 0
    page.goto((small / "index.html").as_uri() + "#/chi-tieu/bien_che")
    page.wait_for_selector(".mark.stock > path")
    assert page.locator(".mark.none").count() == 2  # the blank cells of 2021


def test_mergers_and_new_templates_are_drawn_as_breaks(visit: Any, small: Path) -> None:
    page = visit(small).open("#/chi-tieu/bien_che")
    assert page.locator(".break", has_text="biểu mẫu").count() == 1
    page.goto((small / "index.html").as_uri() + "#/chi-tieu/ho_so_giai_quyet_dung_han?ky=H1")
    until(page, "document.querySelector('h1').textContent === 'Số hồ sơ TTHC giải quyết đúng hạn'")
    assert page.locator(".break", has_text="hợp nhất").count() == 1


def test_a_missing_period_is_dotted_never_bridged(visit: Any, small: Path) -> None:
    page = visit(small).open(f"{SERIES}?ky=Y")
    assert page.locator(".line.gap").count() == 1


def test_units_of_today_add_counts_of_merged_bodies_and_say_so(visit: Any, small: Path) -> None:
    page = visit(small).open(f"{SERIES}?dv=nay")
    body = page.locator(".bodies label", has_text="Sở Tài chính")
    assert page.locator(".bodies label", has_text="Kế hoạch").count() == 0
    assert body.count() == 1
    rows = page.locator(".rows tbody tr", has_text="Sở Tài chính")
    assert "130" in rows.filter(has_text="2024").inner_text()
    assert "cộng các đơn vị" in rows.filter(has_text="2024").inner_text()


def test_measure_and_breakdown_can_be_chosen(visit: Any, small: Path) -> None:
    page = visit(small).open(SERIES)
    page.locator("#choose-measure").select_option("plan")
    until(page, "document.querySelector('.rows tbody').innerText.includes('20')")
    page.locator("#choose-measure").select_option("actual")
    page.locator("#choose-breakdown").select_option("Đất đai")
    until(page, "location.hash.includes('pt=')")
    assert page.locator(".rows tbody tr").count() == 8


def test_table_and_csv_stand_beside_the_chart(visit: Any, small: Path) -> None:
    page = visit(small).open(SERIES)
    link = page.get_by_role("link", name="ho_so_giai_quyet_dung_han.csv").get_attribute("href")
    assert (small / link).is_file()
    shown = page.locator(".rows tbody tr").all_inner_texts()
    assert len(shown) == page.locator(".mark").count()


def test_the_language_is_switched_and_kept(visit: Any, small: Path) -> None:
    page = visit(small).open()
    page.get_by_role("button", name="English").click()
    until(page, "document.querySelector('h1').textContent === 'What was read'")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.reload()
    until(page, "document.querySelector('h1')?.textContent === 'What was read'")
    page.get_by_role("button", name="Tiếng Việt").click()
    until(page, "document.querySelector('h1').textContent === 'Đã đọc gì'")


def test_the_theme_is_switched(visit: Any, small: Path) -> None:
    page = visit(small).open()
    backgrounds = set()
    for _ in range(3):
        backgrounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.locator("#theme").click()
    assert backgrounds == {"rgb(255, 255, 255)", "rgb(20, 24, 29)"}


def test_a_cell_that_is_html_is_shown_as_text(visit: Any, small: Path) -> None:
    page = visit(small).open("#/chi-tieu/x_la")
    assert page.locator("h1").inner_text() == EVIL
    assert page.locator("main img, main b").count() == 0
    page.goto((small / "index.html").as_uri() + "#/nghi-van")
    page.wait_for_selector(".doubts")
    assert EVIL in page.locator(".doubts").inner_text()
    assert page.locator("main img").count() == 0
    assert page.title() == "Số liệu báo cáo cải cách hành chính"


def test_print_leaves_out_the_tools_and_keeps_the_chart(visit: Any, small: Path) -> None:
    page = visit(small).open(SERIES)
    page.emulate_media(media="print")
    assert not page.locator(".tools").is_visible()
    assert not page.locator(".finder").is_visible()
    assert page.locator(".chart").is_visible()
    page.emulate_media(media="screen")


def test_the_map_is_printed_whole(visit: Any, small: Path) -> None:
    page = visit(small).open()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1030, "height": 700})  # what is printed on of a sheet that lies on its side
    shown = page.evaluate("""() => {
        const boxes = (what) => [...document.querySelectorAll(what)].map((e) => e.getBoundingClientRect());
        const names = boxes(".map th[scope=row]")[0].right;
        return boxes(".map .cell").map((cell) => cell.left >= names - 1 && cell.right <= innerWidth);
    }""")
    page.emulate_media(media="screen")
    assert shown
    assert all(shown)


@pytest.mark.parametrize("view", ["#/doc", "#/nghi-van", "#/chi-tieu"])
def test_a_narrow_screen_shows_every_view(visit: Any, small: Path, view: str) -> None:
    one = visit(small)
    one.page.set_viewport_size({"width": 390, "height": 800})
    page = one.open(view)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    if view == "#/nghi-van":
        cells = "[...document.querySelectorAll('.doubts td')]"
        assert page.evaluate(f"{cells}.every(cell => cell.getBoundingClientRect().right < 390)")


def test_a_narrow_screen_needs_no_sideways_scrolling(visit: Any, small: Path) -> None:
    page = visit(small).open(SERIES)
    page.set_viewport_size({"width": 390, "height": 800})
    page.reload()
    page.wait_for_selector(".chart")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_an_unknown_address_says_so_and_a_lost_file_too(visit: Any, small: Path) -> None:
    page = visit(small).open("#/chi-tieu/khong-co")
    assert "Không có chỉ tiêu khong-co" in page.locator("main").inner_text()
