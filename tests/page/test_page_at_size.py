"""50,000 findings, 2,000 indicators: what is loaded and drawn does not grow with the dataset.

No seconds here: counted is what the browser loads and how many elements it holds; both are bounded by what is
shown, and times are only compared with each other.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.page.conftest import until

MOST_ELEMENTS = 3_000


@pytest.fixture
def loaded(visit: Any, large: Path) -> Any:
    one = visit(large)
    one.loaded = []
    one.page.on("request", lambda asked: one.loaded.append(asked.url.rpartition("/")[2]))
    return one


def elements(page: Any) -> int:
    return int(page.evaluate("document.querySelectorAll('*').length"))


def test_the_list_of_doubts_loads_one_piece_and_draws_one_page(loaded: Any) -> None:
    page = loaded.open("#/nghi-van")
    assert "50.000" in page.locator(".count").inner_text()
    assert [name for name in loaded.loaded if name.startswith("findings-")] == ["findings-0000.js"]
    assert elements(page) < MOST_ELEMENTS


def test_the_last_page_of_doubts_loads_one_piece_more(loaded: Any) -> None:
    page = loaded.open("#/nghi-van")
    page.locator("[data-pager=last]").click()
    until(page, "location.hash.includes('trang=1000')")
    until(page, "document.querySelector('.pager span').textContent.startsWith('49.951')")
    assert len([name for name in loaded.loaded if name.startswith("findings-")]) == 2
    assert elements(page) < MOST_ELEMENTS


def test_words_are_searched_in_all_findings(loaded: Any) -> None:
    page = loaded.open("#/nghi-van")
    page.locator("#doubts-words").fill("phat hien thu 49999:")
    until(page, "document.querySelectorAll('.doubts tbody tr').length === 1")


def test_a_filter_by_severity_code_and_file_needs_no_text(loaded: Any) -> None:
    page = loaded.open("#/nghi-van?muc=warning&ma=code-7")
    source = page.locator(".doubts .source").first.inner_text()
    page.locator("#doubts-file").fill(source.upper())
    until(page, "document.querySelectorAll('.doubts tbody tr').length > 0 && [...document.querySelectorAll('.source')]"
                f".every(e => e.textContent === '{source}')")
    assert len([name for name in loaded.loaded if name.startswith("findings-")]) <= 3


def test_an_indicator_among_2000_is_found_without_loading_any_series(loaded: Any) -> None:
    page = loaded.open("#/chi-tieu")
    page.locator("#search").fill("chi tieu so 1999")
    until(page, "document.querySelectorAll('.results a').length === 1")
    assert [name for name in loaded.loaded if name.startswith("chi_tieu")] == []
    page.locator(".results a").click()
    page.wait_for_selector(".chart")
    assert [name for name in loaded.loaded if name.startswith("chi_tieu")] == ["chi_tieu_1999.js"]
    assert elements(page) < MOST_ELEMENTS


def test_a_series_of_300_bodies_draws_those_that_are_chosen(loaded: Any) -> None:
    page = loaded.open("#/chi-tieu/ho_so_giai_quyet_dung_han")
    assert page.locator(".mark").count() == 30
    page.locator(".bodies input[type=search]").fill("xa so 299")
    until(page, "[...document.querySelectorAll('.bodies label')].some(e => e.textContent.includes('UBND xã số 299'))")
    page.locator(".bodies label", has_text="UBND xã số 299").locator("input").check()
    until(page, "document.querySelectorAll('.mark').length === 40")
    assert elements(page) < MOST_ELEMENTS


def test_the_map_of_300_bodies_is_drawn_a_page_at_a_time(loaded: Any) -> None:
    page = loaded.open("#/doc")
    assert page.locator(".map tbody tr").count() == 30
    assert elements(page) < MOST_ELEMENTS


def test_a_page_of_50000_findings_takes_about_as_long_as_the_first(loaded: Any) -> None:
    page = loaded.open("#/nghi-van")
    times = page.evaluate("""async () => {
        const clock = async (key) => {
            const before = performance.now(), old = document.querySelector('.pager span').textContent;
            document.querySelector(`[data-pager=${key}]`).click();
            while (document.querySelector('.pager span').textContent === old) await new Promise(requestAnimationFrame);
            return performance.now() - before;
        };
        const near = [], far = [];
        for (let n = 0; n < 5; n += 1) { near.push(await clock('next')); }
        await clock('last');
        for (let n = 0; n < 5; n += 1) { far.push(await clock('back')); }
        return [Math.min(...near), Math.min(...far)];  // the quickest: other work is not the page's
    }""")
    assert times[1] < 10 * times[0]
