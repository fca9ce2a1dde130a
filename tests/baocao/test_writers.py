"""The files of the dataset: CSV as the contract wants it, Parquet typed, everything described."""

from __future__ import annotations

import csv
import io
import json
import random
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocao import buckets, schema
from baocao.rows import plain_decimal
from baocao.schema import Column
from baocao.writers import write_csv, write_parquet
from baocao.writers.write_csv import header, render
from baocao.writers.write_indicators import file_stem
from tests.baocao.conftest import Run, put, read_csv

ROOT = Path(__file__).parents[2]
TEXT = (Column("text", "string", "", "", "", ""),)


def csv_of(values: list[str | None]) -> bytes:
    return b"".join(render(pa.table({"text": pa.array(values, pa.string())}), TEXT))


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("Số văn bản", "Số văn bản"),
        ("=1+1", "'=1+1"),
        ("+CHỈ TIÊU", "'+CHỈ TIÊU"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-cmd|x", "'-cmd|x"),
        ("\tx", "'\tx"),
        ("\rx", '"\'\rx"'),
        ("＝1", "'＝1"),
        ("＋a", "'＋a"),
        ("－a", "'－a"),
        ("＠a", "'＠a"),
        ("-", "-"),
        ("－", "－"),
        ("-12", "-12"),
        ("+3,5", "+3,5"),
        ("-1.061.234,5", "-1.061.234,5"),
        ("-88,7%", "-88,7%"),
        ("-1+2", "'-1+2"),
        ("- a", "'- a"),
        ("–", "–"),
        ("a=b", "a=b"),
        ('"x"', '"""x"""'),
        ("a,b", '"a,b"'),
        ("a\nb", '"a\nb"'),
        ('=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'),
        ("", ""),
        (None, ""),
    ],
)
def test_a_text_cell_in_csv(cell: str | None, written: str) -> None:
    if written in ("+3,5", "-1.061.234,5", "-88,7%"):
        written = f'"{written}"'  # a comma needs quotes; a signed number is no formula
    assert csv_of([cell]).decode() == written + "\n"


@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=1))
def test_any_text_comes_back_from_csv_but_for_the_guard(values: list[str]) -> None:
    # csv reads a line that is empty as no row at all, so a second column stands beside
    columns = (*TEXT, Column("n", "integer", "", "", "", ""))
    table = pa.table({"text": pa.array(values, pa.string()), "n": pa.array(range(len(values)), pa.int32())})
    rows = list(csv.reader(io.StringIO(b"".join(render(table, columns)).decode(), newline="")))
    assert [row[1] for row in rows] == [str(n) for n in range(len(values))]
    for row, value in zip(rows, values, strict=True):
        assert row[0] == value or row[0] == "'" + value
        assert not row[0].startswith(("=", "@", "\t", "\r", "＝", "＠"))


@pytest.mark.parametrize("dictionary", [False, True])
def test_cells_of_other_types(dictionary: bool) -> None:
    kinds = ("string", "integer", "number", "decimal", "boolean", "date")
    columns = tuple(Column(kind, kind, "", "", "", "") for kind in kinds)
    text = pa.array(["=a", "=a", "-"], pa.string())
    table = pa.table(
        {
            "string": text.dictionary_encode() if dictionary else text,
            "integer": pa.array([1, None, -3], pa.int32()),
            "number": [1.5, None, 57.0],
            "decimal": ["88.7", None, "-5"],
            "boolean": [True, False, None],
            "date": pa.array(["2024-06-11", None, "2023-12-15"]).cast(pa.date32()),
        }
    )
    assert b"".join(render(table.slice(0), columns)).decode() == (
        "'=a,1,1.5,88.7,true,2024-06-11\n'=a,,,,false,\n-,-3,57,-5,,2023-12-15\n"
    )
    assert b"".join(render(table.slice(1, 1), columns)).decode() == "'=a,,,,false,\n"
    assert header(columns) == b"\xef\xbb\xbfstring,integer,number,decimal,boolean,date\n"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4))
def test_decimals_are_written_short_plain_and_equal(value: object) -> None:
    from decimal import Decimal

    assert isinstance(value, Decimal)
    text = plain_decimal(value)
    assert Decimal(text) == value
    assert "E" not in text and not text.endswith(".") and text != "-0"
    assert "." not in text or not text.endswith("0")


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("57", "57"),
        ("5.7E+1", "57"),
        ("88.70", "88.7"),
        ("1E+6", "1000000"),
        ("0.00", "0"),
        ("-0", "0"),
        ("100", "100"),
    ],
)
def test_decimals(printed: str, text: str) -> None:
    from decimal import Decimal

    assert plain_decimal(Decimal(printed)) == text


@pytest.mark.parametrize(
    "ident",
    ["../x", "CON", "con", "a" * 300, "số", "A", "a", "", ".", "x\u202ey", "a/b", "a b", "nul.txt", "-x", "a.b"],
)
def test_names_of_indicator_files_are_safe(ident: str) -> None:
    stem = file_stem(ident)
    assert stem.isascii() and stem == stem.lower() and len(f"{stem}.parquet") <= 80
    assert not set(stem) & set('/\\:*?"<>| ') and not stem.startswith((".", "-"))
    assert stem.split(".")[0] not in ("con", "nul") or "." in stem


@given(st.lists(st.text(min_size=1, max_size=100), unique=True, max_size=30))
def test_two_indicators_never_share_a_file(idents: list[str]) -> None:
    assert len({file_stem(ident).casefold() for ident in idents}) == len(idents)


def test_a_plain_id_is_its_own_file_name() -> None:
    assert file_stem("ho_so_giai_quyet_dung_han") == "ho_so_giai_quyet_dung_han"


def test_parquet_is_typed_raw_and_says_the_same_as_csv(run: Run, tmp_path: Path) -> None:
    put(
        tmp_path / "in",
        "a.json",
        agency="Sở Nội vụ",
        period="2024",
        end="2024-12-14",
        note="=1+1",
        rows=[["2", "1", "A", "%", "88.70"], ["2", "2", "B", "x", None], ["2", "3", "C", "x", "57"]],
    )
    run()
    out = tmp_path / "out"
    table = pq.read_table(out / "observations.parquet")
    assert table.schema.equals(schema.arrow_schema("observations"))
    assert table.column("value").to_pylist() == [88.7, None, 57.0]
    assert table.column("note").to_pylist() == ["=1+1"] * 3
    rows = read_csv(out / "observations.csv")
    assert [row["value"] for row in rows] == ["88.7", "", "57"]
    assert rows[0]["note"] == "'=1+1"
    assert (rows[0]["period_end"], rows[0]["is_primary"], rows[0]["row"]) == ("2024-12-14", "true", "1")
    content = (out / "observations.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and b"\r" not in content and content.endswith(b"\n")
    group = pq.ParquetFile(out / "observations.parquet").metadata.row_group(0)
    assert {group.column(i).compression for i in range(group.num_columns)} == {"ZSTD"}
    for name in schema.ROW_TYPES:
        assert len(read_csv(out / f"{name}.csv")) == pq.read_table(out / f"{name}.parquet").num_rows


def test_the_history_of_an_indicator_is_one_sorted_file(run: Run, tmp_path: Path) -> None:
    for agency in ("Sở Y tế", "Sở Nội vụ"):
        for year in (2023, 2021, 2022):
            put(
                tmp_path / "in",
                f"{agency}{year}.json",
                agency=agency,
                period=f"{year}",
                end=f"{year}-12-14",
                rows=[["2", "1", "A", "x", year]],
                ids={"1": "van_ban_chi_dao_cchc"},
            )
    run()
    rows = read_csv(tmp_path / "out" / "indicators" / "van_ban_chi_dao_cchc.csv")
    assert [(row["agency"], row["value"]) for row in rows] == [
        (agency, year) for agency in ("Sở Nội vụ", "Sở Y tế") for year in ("2021", "2022", "2023")
    ]
    catalogue = {row["indicator_id"]: row for row in read_csv(tmp_path / "out" / "catalogue.csv")}
    row = catalogue["van_ban_chi_dao_cchc"]
    assert (row["first_period"], row["last_period"], row["n_observations"], row["is_catalogued"]) == (
        "2021",
        "2023",
        "6",
        "true",
    )
    assert read_csv(tmp_path / "out" / "unmatched.csv") == []


def test_rows_without_a_catalogued_indicator_are_listed(run: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", "a.json", rows=[["2", "1", "Chỉ tiêu lạ", "x", 1]])
    run()
    (row,) = read_csv(tmp_path / "out" / "unmatched.csv")
    assert (row["indicator_id"], row["indicator_raw"], row["stt"]) == ("x_2_1", "Chỉ tiêu lạ", "1")
    catalogue = {row["indicator_id"]: row for row in read_csv(tmp_path / "out" / "catalogue.csv")}
    assert catalogue["x_2_1"]["is_catalogued"] == "false"


@pytest.mark.parametrize("few_buckets", [2, 8])
def test_grouping_on_disk_gives_what_grouping_in_memory_gives(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few_buckets: int
) -> None:
    for n in range(8):
        put(
            tmp_path / "in",
            f"{n}.json",
            agency=f"Sở {n % 3}",
            period=f"20{10 + n}",
            end=f"20{10 + n}-12-14",
            rows=[["2", str(i), f"Chỉ tiêu {i}", "x", i * n] for i in range(12)],
        )
    run()
    monkeypatch.setattr(buckets, "_BUCKET_ROWS", 7)
    monkeypatch.setattr(buckets, "_MOST_BUCKETS", 5)
    monkeypatch.setattr(buckets, "_FEW_BUCKETS", few_buckets)
    monkeypatch.setattr(write_csv, "_BATCH_ROWS", 5)
    run(out=tmp_path / "out2")
    for path in (tmp_path / "out" / "indicators").iterdir():
        assert path.read_bytes() == (tmp_path / "out2" / "indicators" / path.name).read_bytes()
    assert not (tmp_path / "out2" / ".work" / "scratch" / "indicators").exists()


def test_the_package_is_valid_and_names_every_file(run: Run, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    put(
        tmp_path / "in",
        "a.json",
        agency="Sở Nội vụ",
        period="2024",
        end="2024-12-14",
        note='a\nb,"c"',
        rows=[["2", "1", "A", "%", "88.7"], ["2", "2", "B", "x", None]],
    )
    put(tmp_path / "in", "b.json", do="bug")
    run()
    out = tmp_path / "out"
    report = frictionless.validate(str(out / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "message"])
    package = json.loads((out / "datapackage.json").read_text("utf-8"))
    named = {resource["path"] for resource in package["resources"]} | {"datapackage.json", "indicators/schema.json"}
    standing = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file() and ".work" not in p.parts}
    assert named == standing
    assert package["baocao"]["contract"] == schema.CONTRACT_VERSION
    fields = {f["name"]: f for r in package["resources"] if r["name"] == "observations" for f in r["schema"]["fields"]}
    assert fields["x0"]["unit"] == "pt"
    assert all(field["description"] for field in fields.values())


def test_every_column_is_described_on_the_reference_page() -> None:
    page = (ROOT / "docs" / "reference" / "columns.md").read_text("utf-8")
    assert page == schema.reference(), "run: python -m baocao.schema > docs/reference/columns.md"
    for table, columns in schema.tables().items():
        assert f"## {table}" in page
        assert all(c.description_vi and c.description_en and c.title for c in columns)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_portions_do_not_show_in_the_bytes_of_parquet(seed: int) -> None:
    """Nor does it show whether text came encoded, or with a dictionary that holds more than the portion says."""
    import tempfile

    chance = random.Random(seed)
    fields = schema.arrow_schema("citations", stored=True)
    arrays = [
        pa.nulls(50, f.type) if f.type == pa.date32() else pa.array([str(chance.randrange(n + 2)) for _ in range(50)])
        for n, f in enumerate(fields)
    ]
    table = pa.Table.from_arrays([a.cast(f.type) for a, f in zip(arrays, fields, strict=True)], schema=fields)
    encoded = pa.table({f.name: table[f.name].dictionary_encode() for f in fields if pa.types.is_string(f.type)})
    encoded = pa.table({f.name: encoded[f.name] if f.name in encoded.column_names else table[f.name] for f in fields})
    cuts = sorted(chance.sample(range(1, 50), 5))
    written = set()
    with tempfile.TemporaryDirectory() as folder:
        for rows, edges in ((table, [0, 50]), (table, [0, *cuts, 50]), (encoded, [0, *cuts, 50])):
            file = write_parquet.ParquetFile(Path(folder) / "a", "citations")
            file._rows = 16
            for start, stop in pairwise(edges):
                file.add(rows.slice(start, stop - start))
            file.close()
            written.add((Path(folder) / "a").read_bytes())
            assert pq.ParquetFile(Path(folder) / "a").read().equals(write_parquet.published(table, "citations"))
    assert len(written) == 1
