"""The catalogue: both templates whole, their relations sound, broken files refused, drafts that load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from normalize.catalogue import COLUMNS, MAX_ID, CatalogueError, load_catalogue, suggest_toml, unit_kind

CATALOGUE = load_catalogue()

# Counted by hand on the printed forms: coded rows per appendix.
CODED_ROWS = {"2": 27, "3": 14, "4": 19, "5": 21, "6": 16, "7": 13, "8": 35, "01/PCTN": 121}

MINIMAL = """
id = "t"
family = "cchc"
title = "T"
valid_from = "2020"

[[appendix]]
number = "9"
title = "Phụ lục"

[[appendix.row]]
code = "1"
id = "a"
name = "Tổng"
name_en = "Total"
unit = "Hồ sơ"
"""


@pytest.mark.parametrize(("number", "count"), CODED_ROWS.items())
def test_every_coded_row_of_the_official_forms_is_there(number: str, count: int) -> None:
    appendix = next(a for a in CATALOGUE.appendices if a.number == number)
    assert sum(bool(row.code) for row in appendix.rows) == count


@pytest.mark.parametrize(
    ("template", "appendix", "code", "ident"),
    [
        ("hue_2022", "4", "3.1.2", "ho_so_giai_quyet_dung_han"),
        ("hue_2022", "4", "3.1.1", "ho_so_da_giai_quyet"),
        ("hue_2022", "2", "5.1", "nhiem_vu_ubnd_tinh_giao_tong_so"),
        ("hue_2022", "2", "6.1", "nhiem_vu_chinh_phu_giao_tong_so"),
        ("ttcp_2025_01pctn", "01/PCTN", "84.4", "pctn_doi_tuong_dac_biet_nghiem_trong"),
    ],
)
def test_a_code_stands_for_its_indicator(template: str, appendix: str, code: str, ident: str) -> None:
    assert CATALOGUE.row_id(template, appendix, code) == ident


def test_an_id_is_a_short_ascii_slug_and_stands_once() -> None:
    ids = [indicator.id for indicator in CATALOGUE.indicators]
    assert len(set(ids)) == len(ids)
    assert all(i.isascii() and i == i.lower() and len(i) <= MAX_ID and "__" not in i for i in ids)


def test_every_indicator_has_both_names_and_they_differ() -> None:
    assert [i.id for i in CATALOGUE.indicators if not i.name or not i.name_en or i.name == i.name_en] == []


def test_no_english_name_is_given_to_two_indicators() -> None:
    names = [indicator.name_en for indicator in CATALOGUE.indicators]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_relations_name_catalogued_indicators_and_never_the_whole_itself() -> None:
    for relation in CATALOGUE.relations:
        assert {relation.whole, *relation.parts} <= set(CATALOGUE.by_id)
        assert relation.whole not in relation.parts


def test_a_rate_is_in_percent_and_takes_two_counts_of_one_unit() -> None:
    rates = [relation for relation in CATALOGUE.relations if relation.kind == "rate"]
    assert len(rates) == 12
    for rate in rates:
        assert CATALOGUE.by_id[rate.whole].unit == "%"
        numerator, denominator = (CATALOGUE.by_id[part] for part in rate.parts)
        assert numerator.unit == denominator.unit


def test_a_sum_and_its_parts_have_one_unit() -> None:
    for relation in CATALOGUE.relations:
        if relation.kind == "sum":
            assert len({CATALOGUE.by_id[i].unit for i in (relation.whole, *relation.parts)}) == 1


@pytest.mark.parametrize(
    ("kind", "whole", "parts"),
    [
        ("sum", "vbqppl_ban_hanh", ("vbqppl_cap_tinh_ban_hanh", "vbqppl_cap_huyen_ban_hanh", "vbqppl_cap_xa_ban_hanh")),
        ("rate", "ty_le_ho_so_dung_han", ("ho_so_giai_quyet_dung_han", "ho_so_da_giai_quyet")),
        ("part", "bien_che_duoc_giao", ("bien_che_co_mat",)),
        ("part", "tthc_truc_tuyen_muc_3", ("tthc_truc_tuyen_muc_3_co_ho_so",)),
        ("sum", "pctn_thu_hoi_bang_tien", ("pctn_thu_hoi_tien_hanh_chinh", "pctn_thu_hoi_tien_tu_phap")),
    ],
)
def test_what_the_forms_state_is_a_relation(kind: str, whole: str, parts: tuple[str, ...]) -> None:
    assert any((r.kind, r.whole, r.parts) == (kind, whole, parts) for r in CATALOGUE.relations)


def test_a_parent_is_the_row_one_step_up_unless_the_file_says_otherwise() -> None:
    assert CATALOGUE.by_id["ho_so_giai_quyet_dung_han"].parent == "ty_le_ho_so_dung_han"
    assert CATALOGUE.by_id["pctn_van_ban_bai_bo"].parent == "pctn_chinh_sach_phap_luat"
    assert CATALOGUE.by_id["van_ban_chi_dao_cchc"].parent == ""


def test_the_row_whose_printed_unit_contradicts_its_name_keeps_it_and_counts() -> None:
    row = CATALOGUE.by_id["co_quan_duoc_thanh_tra"]
    assert (row.unit, row.kind) == ("%", "count")


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("%", "percent"),
        ("Có = 1; Không = 0", "code"),
        ("Triệu đồng", "money"),
        ("", "group"),
        ("Hồ sơ", "count"),
        ("m2", "count"),
    ],
)
def test_the_unit_decides_the_kind(unit: str, kind: str) -> None:
    assert unit_kind(unit) == kind


def test_rows_of_the_catalogue_file_have_its_columns_and_one_row_per_template_row() -> None:
    rows = CATALOGUE.to_rows()
    assert len(rows) == sum(len(appendix.rows) for appendix in CATALOGUE.appendices)
    assert all(tuple(row) == COLUMNS for row in rows)
    row = next(row for row in rows if row["indicator_id"] == "ty_le_ho_so_dung_han")
    assert row["formula"] == "rate(ho_so_giai_quyet_dung_han, ho_so_da_giai_quyet)"
    assert (row["appendix"], row["code"], row["direction"], row["valid_from"]) == ("4", "3.1", "up", "2022-02-24")


def test_a_template_of_the_users_own_joins_the_catalogue(tmp_path: Path) -> None:
    (tmp_path / "t.toml").write_text(MINIMAL, encoding="utf-8")
    catalogue = load_catalogue(tmp_path)
    assert catalogue.by_id["a"].appendix == "9"
    assert len(catalogue.indicators) == len(CATALOGUE.indicators) + 1


def test_an_id_that_goes_on_in_a_newer_template_is_one_indicator_with_two_carriers(tmp_path: Path) -> None:
    newer = MINIMAL.replace('"a"', '"ho_so_da_giai_quyet"').replace('"2020"', '"2026"')
    (tmp_path / "t.toml").write_text(newer, encoding="utf-8")
    catalogue = load_catalogue(tmp_path)
    assert len(catalogue.indicators) == len(CATALOGUE.indicators)
    assert catalogue.by_id["ho_so_da_giai_quyet"].template == "t"
    assert [c.template for c in catalogue.carriers if c.id == "ho_so_da_giai_quyet"] == ["hue_2022", "t"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('unit = "Hồ sơ"', 'unit = "Hồ sơ"\nsum_of = ["1.1"]', "1.1"),
        ('name_en = "Total"', "", "name_en"),
        ('id = "a"', 'id = "Số A"', "ASCII"),
        ('unit = "Hồ sơ"', 'colour = "red"', "colour"),
        ('unit = "Hồ sơ"', 'flow = "up"', "flow"),
        ('unit = "Hồ sơ"', 'rate_of = ["1"]', "numerator"),
        ('unit = "Hồ sơ"', "unit = 5", "unit must be a text"),
        ('unit = "Hồ sơ"', 'aka = "Tổng cộng"', "aka must be a list"),
        ('number = "9"', "", "number"),
        ('family = "cchc"', "", "family"),
        ('id = "t"', 'id = "hue_2022"', "taken"),
        ('title = "T"', "title = ", "t.toml"),
        ('id = "t"', 'id = "t"\nappendix = "x"', "t.toml"),
    ],
)
def test_a_broken_template_is_refused_with_the_place(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    (tmp_path / "t.toml").write_text(MINIMAL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=complaint) as error:
        load_catalogue(tmp_path)
    assert "t.toml" in str(error.value)


def test_unmatched_rows_become_a_draft_that_loads_once_the_todos_are_filled_in(tmp_path: Path) -> None:
    rows = [
        {
            "appendix": "9",
            "title": 'Biểu "mới"',
            "stt": "1",
            "indicator_id": "x_bieu_a",
            "indicator": "A",
            "unit": "Hồ sơ",
        },
        {
            "appendix": "9",
            "title": 'Biểu "mới"',
            "stt": "1",
            "indicator_id": "x_bieu_a",
            "indicator": "A",
            "unit": "Hồ sơ",
        },
        {"appendix": "9", "title": 'Biểu "mới"', "stt": "1.1", "indicator_id": "x_bieu_b", "indicator": "B\n\\ C"},
    ]
    draft = suggest_toml(rows)
    assert draft.count("[[appendix.row]]") == 2
    (tmp_path / "draft.toml").write_text(draft.replace("TODO", "2026"), encoding="utf-8")
    catalogue = load_catalogue(tmp_path)
    assert catalogue.row_id("2026", "9", "1.1") == "bieu_b"
    assert catalogue.by_id["bieu_a"].name == "A"


def test_a_column_of_a_cross_table_takes_neither_code_nor_name_of_its_category() -> None:
    row = {"appendix": "9", "stt": "3", "indicator_id": "x_a", "indicator_raw": "Đất đai", "breakdown": "Đất đai"}
    draft = suggest_toml([row])
    assert "Đất đai" not in draft
    assert "code =" not in draft
    assert 'name = "Đã giải quyết"' in suggest_toml([{**row, "indicator": "Đã giải quyết"}])


def test_a_draft_gives_no_id_twice() -> None:
    rows = [{"appendix": str(n), "indicator_id": "x_" + "a" * 80, "indicator": "A"} for n in range(3)]
    ids = [line for line in suggest_toml(rows).splitlines() if line.startswith('id = "a')]
    assert len(set(ids)) == 3


def test_loading_the_catalogue_needs_no_package_beyond_the_standard_library() -> None:
    code = "import sys; import normalize.catalogue as c; c.load_catalogue(); print('rapidfuzz' in sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
