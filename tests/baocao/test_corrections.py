"""A correction finds the row it means, also where a newer reader counts otherwise, and never another one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from baocao import decisions, schema
from baocao.corrections import FINDING, Correction, Corrections, ensure_file, load_corrections, read_rows
from baocao.errors import UsageError

SHA = "a" * 64
MEANT = Correction(
    sha256=SHA,
    table="1",
    row="2",
    measure="actual",
    breakdown="",
    column="value",
    expect="20",
    value="15",
    reason="cộng lại",
    who="Lan",
    when="2025-01-01",
    appendix="2",
    stt="1.1",
    indicator_id="i",
    indicator_raw="Số nhiệm vụ",
)


def row(**cells: Any) -> dict[str, Any]:
    blank = {
        f.name: "" if pa.types.is_string(f.type) else None for f in schema.arrow_schema("observations", stored=True)
    }
    own = {"table": 1, "row": 2, "measure": "actual", "appendix": "2", "stt": "1.1", "indicator_id": "i"}
    named = {"indicator_raw": "Số nhiệm vụ", "value": "20", "value_kind": "number", "unit": "Nhiệm vụ", "status": "ok"}
    made = {**blank, **own, **named, **cells}
    made["observation_id"] = made["observation_id"] or f"r/{made['appendix']}/{made['table']}/{made['row']}/actual/"
    return made


def values_after(rows: list[dict[str, Any]], *corrections: Correction) -> tuple[list[str | None], int]:
    """The values, and how many corrections were not applied."""
    table = pa.Table.from_pylist(rows, schema=schema.arrow_schema("observations", stored=True))
    applied = Corrections(corrections).apply(SHA, table)
    return applied.rows.column("value").to_pylist(), len(applied.doubts)


OTHER = {"stt": "9", "indicator_raw": "Khác", "indicator_id": "k"}
BARE = replace(MEANT, appendix="", stt="", indicator_id="", indicator_raw="")


@pytest.mark.parametrize(
    "what, rows, correction, values, stale",
    [
        ("where it was", [row()], MEANT, ["15"], 0),
        ("counted one row later", [row(**OTHER), row(row=3)], MEANT, ["20", "15"], 0),
        ("in another table", [row(table=2, row=7)], MEANT, ["15"], 0),
        ("another row of the same value stands there", [row(**OTHER)], MEANT, ["20"], 1),
        ("its name is read better now", [row(indicator_raw="Số nhiệm vụ được giao")], MEANT, ["15"], 0),
        ("its indicator is another now", [row(indicator_id="j")], MEANT, ["15"], 0),
        ("its appendix is known now", [row(appendix="4")], MEANT, ["15"], 0),
        ("two rows could be meant", [row(row=5), row(row=6)], MEANT, ["20", "20"], 1),
        ("two appendices have it", [row(row=5, appendix="2"), row(row=6, appendix="3")], MEANT, ["15", "20"], 0),
        ("the value is another", [row(value="21")], MEANT, ["21"], 1),
        ("the value is gone", [row(value=None)], MEANT, [None], 1),
        ("typed without saying which row", [row(**OTHER)], BARE, ["15"], 0),
        ("cross-table, told by the indicator", [row(), row(indicator_id="j")], MEANT, ["15", "20"], 0),
        ("cross-table, not told", [row(), row(indicator_id="j")], BARE, ["20", "20"], 1),
        ("cross-table, told by the guard", [row(), row(indicator_id="j", value="3")], BARE, ["15", "3"], 0),
        ("no such row", [], MEANT, [], 1),
    ],
)
def test_the_row_that_is_meant_is_found_or_none(
    what: str, rows: list[dict[str, Any]], correction: Correction, values: list[str | None], stale: int
) -> None:
    assert values_after(rows, correction) == (values, stale)


def test_corrections_of_one_cell_follow_on_each_other() -> None:
    second = replace(MEANT, expect="15", value="16")
    assert values_after([row()], MEANT, second) == (["16"], 0)
    assert values_after([row()], second, MEANT) == (["15"], 1)


@pytest.mark.parametrize("column", ["status", "observation_id", "sha256", "nothing", "page", "is_primary", "row"])
def test_what_is_no_reading_is_never_corrected(column: str) -> None:
    assert values_after([row()], replace(MEANT, column=column, expect="", value="x"))[1] == 1


@pytest.mark.parametrize(
    "unit, kind, value, base, label",
    [
        ("Triệu đồng", "number", "15", "15000000", ""),
        ("Nhiệm vụ", "number", "15", None, ""),
        ("Có/Không", "code", "1", None, "Có"),
        ("Triệu đồng", "number", "", None, ""),
    ],
)
def test_what_is_made_from_the_value_follows_it(unit: str, kind: str, value: str, base: str | None, label: str) -> None:
    made = row(unit=unit, value_kind=kind, value_base="1", value_label="x")
    table = pa.Table.from_pylist([made], schema=schema.arrow_schema("observations", stored=True))
    (after,) = Corrections([replace(MEANT, value=value)]).apply(SHA, table).rows.to_pylist()
    assert (after["value"] or "", after["value_base"], after["value_label"]) == (value, base, label)
    assert after["status"] == "corrected"


def test_a_finding_is_settled_by_its_code_place_and_words() -> None:
    settled = Correction(SHA, "1", "", "", "", FINDING + "table-odd", "x", "x")
    finding = {"code": "table-odd", "table": 1, "row": None, "measure": "", "stt": "", "actual": "x"}
    assert Corrections([settled]).settles(SHA, finding)
    for other in ({"code": "b"}, {"table": 2}, {"actual": "y"}, {"row": 3}):
        assert not Corrections([settled]).settles(SHA, {**finding, **other})


@pytest.mark.parametrize("reason", ["=1+1", "-x", "+x", "@x", 'a,b;c"d', "hai\ndòng", "＝x", "-", "'quoted"])
def test_what_is_written_is_read_back(tmp_path: Path, reason: str) -> None:
    path = tmp_path / "corrections.csv"
    made = replace(MEANT, reason=reason, value="-5")
    decisions.append(path, [made])
    decisions.append(path, [replace(made, row="3")])
    assert read_rows(path) == [made, replace(made, row="3")]
    lines = path.read_bytes()
    assert lines.startswith(b"\xef\xbb\xbfsha256,")
    assert decisions.take_back(path, [made]) == 1
    assert [r.row for r in read_rows(path)] == ["3"]
    assert decisions.take_back(path, [made]) == 0


def test_nothing_is_written_when_the_file_is_no_table_of_corrections(tmp_path: Path) -> None:
    path = tmp_path / "corrections.csv"
    path.write_text("một,hai\n1,2\n", "utf-8")
    with pytest.raises(UsageError):
        decisions.append(path, [MEANT])
    assert path.read_text("utf-8") == "một,hai\n1,2\n"
    with pytest.raises(UsageError):
        load_corrections(tmp_path / "missing.csv")


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "corrections.csv"
    decisions.append(path, [MEANT])
    before = path.read_bytes()

    def broken(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(decisions, "sync", broken)
    with pytest.raises(KeyboardInterrupt):
        decisions.append(path, [replace(MEANT, row="3")])
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".new"] == []


def test_a_run_killed_while_it_makes_the_file_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, scratch = tmp_path / "corrections.csv", tmp_path / ".work"
    scratch.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            ensure_file(path, scratch)
    assert not path.exists()
    ensure_file(path, scratch)
    whole = path.read_bytes()
    assert read_rows(path) == []
    path.write_bytes(b"")  # an older program was killed there
    ensure_file(path, scratch)
    assert path.read_bytes() == whole
    path.write_bytes(b"mine")
    ensure_file(path, scratch)
    assert path.read_bytes() == b"mine"
