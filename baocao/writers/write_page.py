"""`index.html` and `page/`: the dataset for people who look, working from disk without a network.

In: the staged dataset. Out: the page, its scripts and styles under `page/assets/`, what the page shows under
`page/data/`, and one `page/<indicator>.js` for each series, loaded when it is looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv

from baocao import schema
from baocao.page.coverage_data import coverage, read_reports
from baocao.page.data_files import as_script
from baocao.page.dataset_card import dataset_card
from baocao.page.doubts_data import Doubts
from baocao.page.series_data import read_series, series_data
from baocao.version import __version__
from baocao.writers import Staged, Written
from baocao.writers.staged_rows import as_tuples, read_rows
from baocao.writers.write_indicators import file_stem

_CATALOGUE = (
    "indicator_id",
    "indicator",
    "indicator_en",
    "unit",
    "kind",
    "flow",
    "appendix",
    "code",
    "parent",
    "formula",
    "template",
    "valid_from",
    "valid_to",
    "first_period",
    "last_period",
    "n_observations",
)
_FORMATS = {".html": "html", ".js": "js", ".css": "css"}
_CARD = "<!--dataset-card-->"


def write(staged: Staged) -> list[Written]:
    """Write the page of a staged dataset."""
    folder = staged.folder / "page"
    for name in ("assets", "data"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    written = [_put(staged.folder, name, content) for name, content in _contents(staged)]
    return sorted(written, key=lambda one: one.name)


def _put(root: Path, name: str, content: bytes) -> Written:
    (root / name).write_bytes(content)
    return Written(name, _FORMATS[Path(name).suffix], title="Trang xem số liệu" if name == "index.html" else "")


def _contents(staged: Staged) -> Iterator[tuple[str, bytes]]:
    doubts = Doubts(staged.folder)
    reports = read_reports(staged.folder)
    counts, doubtful, figures = _counts(staged.folder)
    indicators = [row for row in read_catalogue(staged.folder) if row["n_observations"]]
    numbers = {row["indicator_id"]: at for at, row in enumerate(indicators)}
    covered = coverage(reports)
    statuses = Counter(report["status"] for report in reports)
    index = {
        "tool": __version__,
        "contract": schema.CONTRACT_VERSION,
        "files": dict(sorted(statuses.items())),
        "figures": counts,
        "findings": doubts.by_severity(),
        "rows": staged.n_observations,
        "indicators": _indicator_index(indicators, doubtful, figures),
    }
    yield "page/data/index.js", as_script("index", index)
    yield "page/data/reports.js", as_script("reports", covered)
    yield "page/data/findings.js", as_script("findings", doubts.index())
    for number, chunk in enumerate(doubts.chunks(numbers)):
        yield f"page/data/findings-{number:04d}.js", as_script(f"findings-{number:04d}", chunk)
    reasons = doubts.reasons()
    for indicator_id, rows in read_series(staged):
        stem = file_stem(indicator_id)
        yield f"page/{stem}.js", as_script(stem, series_data(rows, reasons.get(indicator_id, {})))
    yield from _static(dataset_card(staged.n_observations, covered, indicators))


def _static(card: str) -> Iterator[tuple[str, bytes]]:
    source = resources.files("baocao.page") / "static"
    for file in sorted(source.iterdir(), key=lambda one: one.name):
        content = file.read_bytes()
        if file.name == "index.html":
            yield "index.html", content.replace(_CARD.encode(), card.encode())
        elif Path(file.name).suffix in _FORMATS:
            yield f"page/assets/{file.name}", content


def read_catalogue(folder: Path) -> list[dict[str, Any]]:
    """The indicators of a staged dataset, in the order of the catalogue."""
    path = folder / "catalogue.csv"
    with path.open("rb") as file:
        delimiter = ";" if b";" in file.readline() else ","
    types = {name: pa.string() for name in _CATALOGUE} | {"n_observations": pa.int64()}
    options = pacsv.ConvertOptions(column_types=types, include_columns=list(_CATALOGUE), strings_can_be_null=False)
    rows = pacsv.read_csv(
        path, parse_options=pacsv.ParseOptions(newlines_in_values=True, delimiter=delimiter), convert_options=options
    )
    return [dict(zip(_CATALOGUE, row, strict=True)) for row in as_tuples(rows)]


def _counts(folder: Path) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Primary figures by status; how many of each indicator are in doubt; how many cells of it hold something."""
    statuses: Counter[str] = Counter()
    doubtful: Counter[str] = Counter()
    figures: Counter[str] = Counter()
    for rows in read_rows(folder, "observations", ["indicator_id", "status", "is_primary"]):
        rows = rows.filter(rows.column("is_primary"))
        groups = pa.table({name: rows.column(name).cast(pa.string()) for name in ("indicator_id", "status")})
        for one in (
            groups.group_by(["indicator_id", "status"], use_threads=False).aggregate([([], "count_all")]).to_pylist()
        ):
            statuses[one["status"]] += one["count_all"]
            if one["status"] in ("doubtful", "unparsed"):
                doubtful[one["indicator_id"]] += one["count_all"]
            if one["status"] != "blank":
                figures[one["indicator_id"]] += one["count_all"]
    return dict(sorted(statuses.items())), dict(doubtful), dict(figures)


def _indicator_index(
    indicators: list[dict[str, Any]], doubtful: dict[str, int], figures: dict[str, int]
) -> dict[str, list[Any]]:
    """Columns, one entry for each indicator; the stem only where it is not the id."""
    stems = [file_stem(row["indicator_id"]) for row in indicators]
    columns: dict[str, list[Any]] = {
        "id": [row["indicator_id"] for row in indicators],
        "stem": ["" if stem == row["indicator_id"] else stem for stem, row in zip(stems, indicators, strict=True)],
        "doubtful": [doubtful.get(row["indicator_id"], 0) for row in indicators],
        "figures": [figures.get(row["indicator_id"], 0) for row in indicators],
    }
    for short, name in (
        ("name", "indicator"),
        ("en", "indicator_en"),
        ("unit", "unit"),
        ("kind", "kind"),
        ("flow", "flow"),
        ("appendix", "appendix"),
        ("code", "code"),
        ("formula", "formula"),
        ("template", "template"),
        ("from", "valid_from"),
        ("to", "valid_to"),
        ("first", "first_period"),
        ("last", "last_period"),
    ):
        columns[short] = [row[name] for row in indicators]
    return columns
