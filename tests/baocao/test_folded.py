"""Lines of CSV and small Parquet files do not show what was worked out together for many of them."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from baocao import schema
from baocao.once import encoded, said_once
from baocao.writers import folded, small_parquet, write_csv
from baocao.writers.write_csv import EXCEL_VI, RFC, Dialect, render, render_runs
from baocao.writers.write_parquet import published

STORED = encoded(schema.arrow_schema("observations", stored=True))
TEXTS = ["", "Số văn bản", "a,b", 'x "y"', "-1", "=1+1", "1,5", "dài " * 99, "88.7", "\n"]


def cell(draw: random.Random, kind: str, few: int) -> Any:
    if kind == "string":
        return draw.choice(TEXTS[:few])
    if kind == "date":
        return date(2020, 1, draw.randint(1, 28))
    if kind == "decimal":
        return str(draw.randint(-9, 10**few) / 10)
    return {"integer": draw.randint(0, 300), "number": draw.randint(0, few) / 4, "boolean": draw.random() < 0.5}[kind]


def observations(seed: int, n: int) -> pa.Table:
    """Rows as they are stored: columns that say few or many things, lack cells here and there, or all."""
    draw = random.Random(seed)
    columns = []
    for column, field in zip(
        schema.columns("observations"), schema.arrow_schema("observations", stored=True), strict=True
    ):
        lacking = draw.choice([0, 0, 0.2, 0.9, 1])
        few = draw.randint(1, 6)
        run = 0
        cells: list[Any] = []
        for _ in range(n):
            run = run - 1 if run else draw.choice([0, 0, 1, 7, 8, 9, 40])
            if column.type != "string" and (draw.random() < lacking if not run else bool(cells) and cells[-1] is None):
                cells.append(None)
            else:
                cells.append(cell(draw, column.type, few))
        columns.append(pa.array(cells, field.type))
    return pa.Table.from_arrays(columns, schema=schema.arrow_schema("observations", stored=True))


@pytest.mark.parametrize("dialect", [RFC, EXCEL_VI], ids=["rfc", "excel"])
@pytest.mark.parametrize("is_encoded", [False, True])
def test_folded_columns_give_the_lines_of_single_cells(
    dialect: Dialect, is_encoded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, columns = observations(7, 1_500), schema.columns("observations")
    plain = b"".join(b"".join(render(rows.slice(at, 99), columns, dialect)) for at in range(0, 1_500, 99))
    monkeypatch.setattr(write_csv, "_WINDOW_ROWS", 1_200)
    monkeypatch.setattr(write_csv, "_BATCH_ROWS", 500)
    monkeypatch.setattr(folded, "_WORTH", 300)
    given = said_once(rows, STORED) if is_encoded else rows
    assert b"".join(render(given, columns, dialect)) == plain
    spans = [(0, 1), (1, 499), (499, 1_201), (1_201, 1_500)]
    pieces: list[bytes] = [b""] * len(spans)
    for number, lines in render_runs(given, columns, spans, dialect):
        pieces[number] += lines
    assert b"".join(pieces) == plain
    assert pieces[2] == b"".join(render(rows.slice(499, 702), columns, dialect))


@pytest.mark.parametrize("is_encoded", [False, True])
def test_small_parquet_files_made_together_hold_what_each_has_to(
    is_encoded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small_parquet, "_ROWS_TOGETHER", 700)
    for seed in range(6):  # in all of them together every column lacks none, some and all of its cells
        rows = observations(seed, 900)
        given = said_once(rows, STORED) if is_encoded else rows
        spans = [(0, 1), (1, 2), (2, 9), (9, 11), (11, 19), (19, 150), (150, 399), (399, 890), (890, 900)]
        for (start, stop), content in zip(spans, small_parquet.files(given, "observations", spans), strict=True):
            meant = published(rows.slice(start, stop - start), "observations")
            found = pq.read_table(pa.BufferReader(content))
            found.validate(full=True)
            assert found.schema.equals(meant.schema)
            assert found.equals(meant)
            described = pq.read_metadata(pa.BufferReader(content)).row_group(0)
            chunks = [described.column(at) for at in range(described.num_columns)]
            assert sum(chunk.total_compressed_size for chunk in chunks) == len(content) - _size_of_footer(content) - 4
            assert sum(chunk.total_uncompressed_size for chunk in chunks) == described.total_byte_size


def _size_of_footer(content: bytes) -> int:
    return int.from_bytes(content[-8:-4], "little") + 8
