"""axe-core finds no serious fault on any view, in both themes and languages; Tab reaches everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.page.conftest import until

SPOT = "?dong=snv2022%2F2%2F1%2F1%2Factual%2F"
VIEWS = ("#/doc", "#/nghi-van", "#/chi-tieu", f"#/chi-tieu/ho_so_giai_quyet_dung_han{SPOT}")


def faults(page: Any) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")
    result = axe.Axe().run(page, options={"preload": False}).response
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in result["violations"]
            if one["impact"] in ("serious", "critical", "moderate")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_no_serious_fault(visit: Any, small: Path, view: str, scheme: str) -> None:
    one = visit(small)
    one.page.emulate_media(color_scheme=scheme)
    assert faults(one.open(view)) == []


def test_axe_finds_no_serious_fault_in_the_codebook(visit: Any, small: Path) -> None:
    one = visit(small)
    one.page.goto((small / "codebook.html").as_uri())
    assert faults(one.page) == []


def test_focus_can_be_seen(visit: Any, small: Path) -> None:
    page = visit(small).open("#/chi-tieu/ho_so_giai_quyet_dung_han")
    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen = page.evaluate("""() => { const e = document.activeElement;
            const s = getComputedStyle(e);
            const isSeen = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;
            return e === document.body || isSeen ? "" : e.outerHTML; }""")
        unseen += [seen] if seen else []
    assert unseen == []


def test_the_page_says_when_a_search_found_something(visit: Any, small: Path) -> None:
    page = visit(small).open("#/chi-tieu")
    page.locator("#search").fill("bien che")
    until(page, "document.getElementById('status').textContent === '1 chỉ tiêu'")
