"""What fills the page: data files, gaps, merged units, sentences in both languages; no browser needed."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.page.coverage_data import coverage
from baocao.page.data_files import as_json, as_script
from baocao.page.doubts_data import Doubts
from baocao.page.units_now import unit_now
from baocao.writers.write_codebook import Block, as_html, as_markdown
from tests.page import synthetic

STATIC = Path(__file__).parents[2] / "baocao" / "page" / "static"
SCRIPTS = sorted(STATIC.glob("*.js"))


def texts() -> dict[str, list[str]]:
    source = (STATIC / "texts.js").read_text("utf-8")
    found = re.findall(r'^  ("[^"]+"): (\["(?:[^"\\]|\\.)*", "(?:[^"\\]|\\.)*"\]),$', source, re.M)
    return {json.loads(key): json.loads(both) for key, both in found}


def value_of(script: bytes) -> Any:
    match = re.fullmatch(r'baocao\.data\("[^"]+",(.*)\);\n', script.decode(), re.S)
    assert match is not None
    return json.loads(match[1])


@given(st.recursive(st.text() | st.integers(-(2**53), 2**53) | st.none(), lambda inner: st.lists(inner, max_size=4)))
def test_a_data_file_says_what_it_was_given_and_cannot_close_a_script(value: Any) -> None:
    script = as_script("x", value)
    assert value_of(script) == value
    assert not {"<", "\u2028", "\u2029"} & set(script.decode())


def test_a_data_file_refuses_what_json_cannot_say() -> None:
    with pytest.raises(ValueError, match="JSON"):
        as_json(float("nan"))


def report(period: str, **cells: Any) -> dict[str, Any]:
    row = synthetic.report_of([synthetic.observation(f"r{period}", 1, period)])
    return row | {"error": "", "error_message": "", "next_step": "", **cells}


@pytest.mark.parametrize(("periods", "gaps"), [
    (("2020", "2021", "2022"), []),
    (("2020", "2022"), ["2021"]),
    (("2020", "2022-H1"), []),
    (("2020-H1", "2021", "2023-H1"), ["2021-H1", "2022-H1"]),
    (("1990", "2024"), []),  # a year that was misread makes no thirty columns
    (("2021-2026",), []),
])  # fmt: skip
def test_a_gap_is_a_skipped_period_of_a_reported_kind(periods: tuple[str, ...], gaps: list[str]) -> None:
    covered = coverage([report("2021") | {"period": period, "period_end": None} for period in periods])
    assert [covered["periods"][column][0] for _, column in covered["gaps"]] == gaps


def test_columns_of_the_map_stand_in_time() -> None:
    covered = coverage([report("2022"), report("2021-9M"), report("2022-H1")])
    assert [covered["periods"][at][0] for at in covered["order"]] == ["2021-9M", "2022-H1", "2022"]


def test_a_body_that_was_renamed_has_one_row_under_its_last_province() -> None:
    covered = coverage([report("2024"), report("2025-H1", province="Huế", province_id="46@2025-01-01")])
    assert [body[2:] for body in covered["agencies"]] == [["Sở Nội vụ", "Huế"]]


@pytest.mark.parametrize(("agency_id", "province_id", "now"), [
    ("so-ke-hoach-va-dau-tu", "46@2025-07-01", ("so-tai-chinh", "Sở Tài chính", "Huế")),
    ("so-noi-vu", "48@2025-07-01", ("so-noi-vu", "Tên cũ", "Đà Nẵng")),
    ("ubnd-tinh-quang-nam", "48@2025-07-01", ("ubnd-thanh-pho-da-nang", "UBND thành phố Đà Nẵng", "Đà Nẵng")),
    ("ubnd-huyen-phu-vang", "46@2025-07-01", ("", "", "Huế")),
    ("x-khong-ai-biet", "", ("x-khong-ai-biet", "Tên cũ", "")),
])  # fmt: skip
def test_the_unit_of_today(agency_id: str, province_id: str, now: tuple[str, str, str]) -> None:
    unit = unit_now(agency_id, "Tên cũ", province_id)
    assert (unit.agency_id, unit.agency, unit.province) == now


def test_the_worst_findings_are_kept_and_the_rest_is_counted(tmp_path: Path) -> None:
    rows = [synthetic.observation(f"r{n}", n, "2024") for n in range(1, 11)]
    found = [synthetic.finding(row, n, severity=("info", "error")[n % 2]) for n, row in enumerate(rows)]
    staged = synthetic.stage(tmp_path / "out", {"observations": rows, "findings": found})
    doubts = Doubts(staged.folder, most=6)
    index = doubts.index()
    assert [(code[0], code[2]) for code in index["codes"]] == [("error", 5), ("info", 1)]
    assert (index["total"], index["shown"], len(index["source"])) == (10, 6, 6)


def test_the_same_dataset_gives_the_same_page(tmp_path: Path) -> None:
    from tests.page.conftest import with_page

    pages = [with_page(synthetic.small(tmp_path / name / "out")) for name in ("one", "two")]
    files = [{path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
             for root in pages]
    assert files[0] == files[1]
    assert not [path for path in files[0] if path.name.startswith(".")]


def test_scripts_and_data_never_share_a_name_with_a_series(small: Path) -> None:
    own = {path.name for folder in ("assets", "data") for path in (small / "page" / folder).iterdir()}
    assert own
    assert {path.name for path in (small / "page").glob("*.js")} == {
        f"{path.stem}.js" for path in (small / "indicators").glob("*.csv")}


def test_the_page_has_no_script_or_style_of_its_own_and_a_content_policy(small: Path) -> None:
    source = (small / "index.html").read_text("utf-8")
    assert "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:" in source
    assert re.findall(r"<script(?![^>]*(?:src=|ld\+json))", source) == []
    source = re.sub(r'<script type="application/ld\+json">.*?</script>', "", source, flags=re.S)
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", source) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//', source) == []


def test_the_dataset_is_described_for_search_engines(small: Path) -> None:
    source = (small / "index.html").read_text("utf-8")
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', source, re.S)
    assert match is not None
    card = json.loads(match[1])
    assert (card["@type"], card["temporalCoverage"]) == ("Dataset", "2020/2025")
    assert {"ho_so_giai_quyet_dung_han", "x_la"} <= {one["propertyID"] for one in card["variableMeasured"]}


def test_every_sentence_of_the_page_is_there_in_both_languages_and_used() -> None:
    source = "".join(path.read_text("utf-8") for path in [*SCRIPTS, STATIC / "index.html"] if path.name != "texts.js")
    known = texts()
    asked = set(re.findall(r'\bt\("([^"]+)"', source)) | set(re.findall(r'data-t(?:-label)?="([^"]+)"', source))
    assert asked - set(known) == set()
    families = ("pager.", "theme.", "break.", "cell.", "flow.", "kind.", "measure.", "severity.", "status.", "period.")
    unused = {key for key in known if key not in asked and not key.startswith(families)}
    assert unused == set()
    assert [key for key, both in known.items() if not all(both)] == []
    fields = {key: [sorted(re.findall(r"\{\w+\}", text)) for text in both] for key, both in known.items()}
    assert [key for key, (one, two) in fields.items() if one != two] == []


def test_scripts_make_no_element_from_text() -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|fetch\(|XMLHttpRequest"
    assert [path.name for path in SCRIPTS if re.search(forbidden, path.read_text("utf-8"))] == []


def test_no_cell_breaks_out_of_the_codebook() -> None:
    block = Block("A <b>", 2, ("<script>",), ("x",), ((synthetic.EVIL + " | a\n\nb `c`",),))
    shown = as_html([block])
    assert "<img" not in shown
    assert "<script" not in shown
    row = as_markdown([block]).splitlines()[-1]
    assert row.count("|") - row.count("\\|") == 2
    assert "<img" not in row.replace("\\<", "")


def test_dates_of_the_synthetic_rows_are_real() -> None:
    assert synthetic.observation("r", 1, "2024-9M")["period_end"] == date(2024, 9, 28)
