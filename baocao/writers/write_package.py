"""`datapackage.json`: the Frictionless description of every file, and the manifest of what is ours.

In: what the writers wrote. Out: the bytes of the manifest. Each table's schema gives every column a title,
a description and its unit. The many indicator files share one schema, `indicators/schema.json`. The
property `baocao` holds the contract's version and the sha256 of every file: what a later run may replace.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from baocao import schema
from baocao.version import __version__
from baocao.writers import Written
from baocao.writers.write_csv import DIALECTS

INDICATOR_SCHEMA = "indicators/schema.json"
_TYPES = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "decimal": "number",
    "boolean": "boolean",
    "date": "date",
}
_MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "js": "text/javascript",
    "css": "text/css",
    "md": "text/markdown",
    "svg": "image/svg+xml",
}


def table_schema(table: str, dialect: str = "") -> dict[str, Any]:
    """The Table Schema of a table."""
    fields = []
    for column in schema.columns(table):
        described: dict[str, Any] = {
            "name": column.name,
            "type": _TYPES[column.type],
            "title": column.title,
            "description": f"{column.description_en} / {column.description_vi}",
        }
        if column.unit:
            described["unit"] = column.unit
        if described["type"] == "number" and dialect:
            described["decimalChar"] = DIALECTS[dialect].decimal
        fields.append(described)
    result: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table in schema.PRIMARY_KEYS:
        result["primaryKey"] = [schema.PRIMARY_KEYS[table]]
    return result


def _resource(written: Written, digest: str, size: int) -> dict[str, Any]:
    stem = written.name.rpartition(".")[0].replace("/", "-").lower()
    name = stem if written.format == "csv" else f"{stem}-{written.format}"
    resource: dict[str, Any] = {"name": name, "path": written.name}
    if written.title:
        resource["title"] = written.title
    resource |= {
        "format": written.format,
        "mediatype": _MEDIA.get(written.format, "application/octet-stream"),
        "bytes": size,
        "hash": f"sha256:{digest}",
    }
    if written.format == "csv":
        is_indicator = written.name.startswith("indicators/")
        resource |= {
            "rows": written.rows,
            "type": "table",
            "profile": "tabular-data-resource",
            "encoding": "utf-8",
            "dialect": {"delimiter": DIALECTS[written.dialect].delimiter, "lineTerminator": "\n", "header": True},
            "schema": INDICATOR_SCHEMA if is_indicator else table_schema(written.table, written.dialect),
        }
    else:
        resource["type"] = "file"  # else frictionless takes a workbook for a table
        if written.table:
            resource["sameRowsAs"] = stem
    return resource


def indicator_schema(dialect: str = "") -> bytes:
    return _json(table_schema("observations", dialect))


def manifest(files: Iterable[Written], facts: Mapping[str, tuple[str, int]], ours: Mapping[str, str]) -> bytes:
    """The manifest of these files, as bytes. `facts` are sha256 and size of each, `ours` (name → sha256) those a later
    run may replace."""
    package = {
        "name": "bao-cao",
        "title": "Dữ liệu lịch sử từ các báo cáo cải cách hành chính / "
        "Historical data from administrative-reform reports",
        "description": "Every figure as printed, with its unit, period, page and place, and every doubt about it.",
        "version": schema.CONTRACT_VERSION,
        "licenses": [
            {
                "name": "CC0-1.0",
                "title": "CC0 1.0 Universal",
                "path": "https://creativecommons.org/publicdomain/zero/1.0/",
            }
        ],
        "resources": [_resource(one, *facts[one.name]) for one in files if one.name != INDICATOR_SCHEMA],
        "baocao": {"contract": schema.CONTRACT_VERSION, "tool": __version__, "files": dict(sorted(ours.items()))},
    }
    return _json(package)


def stage_indicator_schema(staging: Path, dialect: str = "") -> Written:
    (staging / INDICATOR_SCHEMA).write_bytes(indicator_schema(dialect))
    return Written(INDICATOR_SCHEMA, "json")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
