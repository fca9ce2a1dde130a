"""The pictures of the documentation: the page of the sample reports, as a browser shows it.

`BAOCAO_PICTURES=1` writes them into docs/images; otherwise they are only taken, so that they can be.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from baocao.batch import ingest

ROOT = Path(__file__).parents[2]
PICTURES = (
    ("page-read", "#/doc", "light", None),
    ("page-doubts", "#/nghi-van", "light", None),
    ("page-series", "#/chi-tieu/ho_so_da_giai_quyet", "light", 2),
    ("page-series-dark", "#/chi-tieu/ty_le_hoan_thanh_ke_hoach_cchc", "dark", None),
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sample") / "out"
    ingest(ROOT / "corpus", out)
    return out


@pytest.mark.slow
@pytest.mark.parametrize(("name", "address", "scheme", "steps"), PICTURES)
def test_a_picture_of_the_page(visit: Any, sample: Path, tmp_path: Path, name: str, address: str, scheme: Any,
                               steps: int | None) -> None:
    one = visit(sample)
    one.page.set_viewport_size({"width": 1280, "height": 860})
    one.page.emulate_media(color_scheme=scheme)
    page = one.open(address)
    if steps:
        page.locator(".chart").focus()
        for _ in range(steps):
            page.keyboard.press("ArrowRight")
    folder = ROOT / "docs" / "images" if os.environ.get("BAOCAO_PICTURES") == "1" else tmp_path
    page.screenshot(path=folder / f"{name}.png")
    assert (folder / f"{name}.png").stat().st_size > 20_000
