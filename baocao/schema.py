"""Every column of the dataset in one place: name, type, unit, and what it means in two languages.

In: `columns.csv` (one row per column, several tables where they share it) and the row types of
`normalize.model`, whose field order is the column order. Out: `TABLES`, from which the writers, the
datapackage, the reference page and the tests are made (`python -m baocao.schema` prints the page).

Types: string, integer, number (measured, a float), decimal (printed, exact until written), boolean,
date. In Parquet `decimal` and `number` are doubles; the parts under `.work/` keep decimals as text.
"""

from __future__ import annotations

import csv
import dataclasses
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from normalize import model

if TYPE_CHECKING:
    import pyarrow as pa

CONTRACT_VERSION = "1.0"
_COLUMNS_FILE = Path(__file__).with_name("columns.csv")

# Tables whose rows are a type of the seam, then those whose columns stand in the order of columns.csv.
ROW_TYPES: dict[str, type[Any]] = {
    "observations": model.Observation,
    "reports": model.ReportRow,
    "sections": model.Section,
    "tables": model.TableRow,
    "findings": model.Finding,
    "citations": model.Citation,
}
OTHER_TABLES: dict[str, tuple[str, ...]] = {
    "catalogue": (
        "indicator_id",
        "indicator",
        "indicator_en",
        "unit",
        "kind",
        "parent",
        "formula",
        "direction",
        "flow",
        "template",
        "appendix",
        "code",
        "valid_from",
        "valid_to",
        "is_catalogued",
        "first_period",
        "last_period",
        "n_observations",
    ),
    "unmatched": (
        "indicator_id",
        "indicator",
        "indicator_raw",
        "unit_raw",
        "appendix",
        "stt",
        "measure",
        "breakdown",
        "value_raw",
        "agency",
        "period",
        "report_id",
        "source",
        "page",
        "table",
        "row",
    ),
    "corrections": (
        "sha256",
        "table",
        "row",
        "measure",
        "breakdown",
        "column",
        "expect",
        "value",
        "reason",
        "who",
        "when",
        "appendix",
        "stt",
        "indicator_id",
        "indicator_raw",
    ),
}
TITLES: dict[str, tuple[str, str]] = {
    "observations": ("Số liệu", "One row per appendix row and value column, group rows and blanks included"),
    "reports": ("Báo cáo", "One row per source file, failed and skipped ones included"),
    "sections": ("Đề mục", "The numbered headings of the narrative, in reading order"),
    "tables": ("Bảng", "One row per appendix table"),
    "findings": ("Phát hiện", "Every doubt, problem and contradiction"),
    "citations": ("Viện dẫn", "The documents a report cites"),
    "catalogue": ("Danh mục chỉ tiêu", "The indicators: ids, names, units, parents, formulas, periods"),
    "unmatched": ("Chưa có trong danh mục", "Rows without a catalogued indicator"),
    "corrections": ("Đính chính", "People's corrections; never rewritten by a run"),
}
PRIMARY_KEYS = {
    "observations": "observation_id",
    "reports": "report_id",
    "findings": "finding_id",
    "catalogue": "indicator_id",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `unit` is empty where the value has none; `title` is Vietnamese, for people."""

    name: str
    type: str
    unit: str
    title: str
    description_vi: str
    description_en: str


@lru_cache(maxsize=1)
def tables() -> dict[str, tuple[Column, ...]]:
    """Table name → its columns in order. Raises ValueError where a column is described not at all or twice."""
    described: dict[tuple[str, str], Column] = {}
    with _COLUMNS_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = row.pop("tables").split()
            for table in names:
                if (table, row["name"]) in described:
                    raise ValueError(f"columns.csv: {table}.{row['name']} stands twice")
                described[table, row["name"]] = Column(**row)
    orders = {table: tuple(f.name for f in dataclasses.fields(kind)) for table, kind in ROW_TYPES.items()}
    orders |= OTHER_TABLES
    missing = [f"{table}.{name}" for table, names in orders.items() for name in names if (table, name) not in described]
    if missing:
        raise ValueError(f"columns.csv does not describe {', '.join(missing)}")
    return {table: tuple(described[table, name] for name in names) for table, names in orders.items()}


def columns(table: str) -> tuple[Column, ...]:
    return tables()[table]


@lru_cache(maxsize=32)
def arrow_schema(table: str, *, stored: bool = False) -> pa.Schema:
    """The Arrow schema of a table: as published, or (`stored`) as the parts keep it, decimals as text."""
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "integer": pa.int32(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "decimal": pa.string() if stored else pa.float64(),
    }
    return pa.schema([pa.field(column.name, types[column.type]) for column in columns(table)])


def reference() -> str:
    """`docs/reference/columns.md`: every column of every file."""
    lines = [
        "# Columns",
        "",
        "Every column of the dataset. Made from `baocao/columns.csv` by",
        "`python -m baocao.schema > docs/reference/columns.md`; do not edit by hand.",
        "Text cells that a spreadsheet would take for a formula have one `'` in front in CSV, not in Parquet.",
    ]
    for table, described in tables().items():
        title, about = TITLES[table]
        lines += [
            "",
            f"## {table}: {title}",
            "",
            f"{about}.",
            "",
            "| column | type | unit | meaning | nghĩa |",
            "|---|---|---|---|---|",
        ]
        for column in described:
            kind = "number" if column.type == "decimal" else column.type
            cells = (f"`{column.name}`", kind, column.unit, column.description_en, column.description_vi)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(reference())
