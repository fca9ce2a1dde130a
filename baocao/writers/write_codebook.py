"""`codebook.md` and `codebook.html`: what every file, column, code and indicator of this dataset means.

In: the schema, the code lists and the staged dataset. Out: one text in two forms, made from the same
blocks, so they cannot say different things. Only indicators, codes and bodies that occur are listed.
"""

from __future__ import annotations

import html
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from baocao import schema
from baocao.writers import Staged, Written
from baocao.writers.staged_rows import read_rows
from baocao.writers.write_page import read_catalogue
from normalize.findings import load_findings
from normalize.provinces import province_by_id

_MOST_BODIES = 2_000


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the codebook: a heading, paragraphs, then a table (both may be empty)."""

    title: str
    level: int
    text: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@lru_cache(maxsize=1)
def _prose() -> dict[str, Any]:
    """`codebook.toml`: paragraphs, and the words of each column that is no free text."""
    return tomllib.loads(Path(__file__).with_name("codebook.toml").read_text("utf-8"))


def write(staged: Staged) -> list[Written]:
    """Write both forms of the codebook."""
    blocks = tuple(_blocks(staged.folder))
    (staged.folder / "codebook.md").write_bytes(as_markdown(blocks).encode())
    (staged.folder / "codebook.html").write_bytes(as_html(blocks).encode())
    return [Written("codebook.html", "html", title="Mô tả các cột"), Written("codebook.md", "md", title="Codebook")]


def _blocks(folder: Path) -> Iterator[Block]:
    prose = _prose()
    preface = tuple(text.format(contract=schema.CONTRACT_VERSION) for text in prose["about"])
    yield Block("Mô tả dữ liệu / Codebook", 1, preface)
    yield Block("Nối với bảng khác / Joining other panels", 2, tuple(prose["joining"]))
    yield from _bodies(folder)
    yield Block("Từ dùng trong dữ liệu / Words of the data", 2)
    for column, words in prose["words"].items():
        meanings = tuple((word, *both) for word, both in words.items())
        yield Block(column, 3, heads=("giá trị / value", "nghĩa", "meaning"), rows=meanings)
    yield Block("Các tệp và cột / Files and columns", 2, tuple(prose["files"]))
    for table, columns in schema.tables().items():
        title, about = schema.TITLES[table]
        rows = tuple(
            (
                one.name,
                one.title,
                "number" if one.type == "decimal" else one.type,
                one.unit,
                one.description_vi,
                one.description_en,
            )
            for one in columns
        )
        yield Block(
            f"{table}: {title}",
            3,
            (f"{about}.",),
            ("cột / column", "tên", "kiểu / type", "đơn vị / unit", "nghĩa", "meaning"),
            rows,
        )
    yield _indicators(folder)
    yield _findings(folder)


def _bodies(folder: Path) -> Iterator[Block]:
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for rows in read_rows(folder, "reports", ["agency_id", "province_id", "agency", "province"]):
        groups = pa.table({name: rows.column(name).cast(pa.string()) for name in rows.column_names})
        for one in groups.group_by(groups.column_names, use_threads=False).aggregate([]).to_pylist():
            if one["agency_id"]:
                seen[one["agency_id"], one["province_id"]] = (one["agency"], one["province"])
    provinces = sorted({province_id for _, province_id in seen if province_id})
    lines = []
    for province_id in provinces:
        province = province_by_id(province_id)
        if province is not None:
            lines.append(
                (
                    province_id,
                    province.code,
                    province.name,
                    province.id_2025,
                    province.name_2025,
                    province.valid_from.isoformat(),
                )
            )
    yield Block(
        "Tỉnh có trong dữ liệu / Provinces",
        3,
        heads=(
            "province_id",
            "mã GSO / GSO code",
            "tên / name",
            "province_id_2025",
            "tên từ 1/7/2025 / name since",
            "hiệu lực từ / in force since",
        ),
        rows=tuple(lines),
    )
    bodies = sorted((*key, *names) for key, names in seen.items())
    text = (f"{len(bodies)} cơ quan; {_MOST_BODIES} cơ quan đầu.",) if len(bodies) > _MOST_BODIES else ()
    yield Block(
        "Cơ quan có trong dữ liệu / Agencies",
        3,
        text,
        ("agency_id", "province_id", "cơ quan / agency", "tỉnh / province"),
        tuple(bodies[:_MOST_BODIES]),
    )


def _indicators(folder: Path) -> Block:
    rows = tuple(
        (
            one["indicator_id"],
            one["indicator"],
            one["indicator_en"],
            one["unit"],
            one["flow"],
            one["formula"],
            f"{one['first_period']} – {one['last_period']}",
        )
        for one in read_catalogue(folder)
        if one["n_observations"]
    )
    return Block(
        "Chỉ tiêu có số liệu / Indicators with figures",
        2,
        (),
        ("indicator_id", "tên", "name", "đơn vị / unit", "flow", "cách tính / formula", "kỳ / periods"),
        rows,
    )


def _findings(folder: Path) -> Block:
    counts: Counter[str] = Counter()
    for rows in read_rows(folder, "findings", ["code"]):
        for pair in rows.column("code").cast(pa.string()).value_counts().to_pylist():
            counts[pair["values"]] += pair["counts"]
    kinds = load_findings()
    rows_ = tuple(
        (code, str(count), kinds[code].severity, kinds[code].action_vi, kinds[code].action_en)
        if code in kinds
        else (code, str(count), "", "", "")
        for code, count in sorted(counts.items())
    )
    return Block(
        "Mã phát hiện có trong dữ liệu / Finding codes",
        2,
        (),
        ("code", "số lượng / count", "severity", "việc cần làm", "what to do"),
        rows_,
    )


# ---------------------------------------------------------------- two forms


def as_markdown(blocks: Sequence[Block]) -> str:
    """GitHub-flavoured Markdown; no cell can break out of its table."""
    parts = []
    for block in blocks:
        lines = [f"{'#' * block.level} {block.title}", *(line for text in block.text for line in ("", text))]
        if block.heads:
            lines += ["", _md_row(block.heads), "|" + "---|" * len(block.heads), *(_md_row(row) for row in block.rows)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _md_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_md(cell) for cell in cells) + " |"


def _md(cell: str) -> str:
    flat = " ".join(cell.split())
    for letter in "\\`*_[]<|":
        flat = flat.replace(letter, f"\\{letter}")
    return flat


_HEAD = """<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mô tả dữ liệu / Codebook</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="page/assets/style.css">
</head>
<body>
<header class="top"><p class="brand"><a href="index.html">Số liệu báo cáo cải cách hành chính</a></p></header>
<main>
"""


def as_html(blocks: Sequence[Block]) -> str:
    """One page without scripts; every text is escaped."""
    parts = []
    for block in blocks:
        title = html.escape(block.title)
        parts.append(f"<h{block.level}>{title}</h{block.level}>\n")
        parts += [f"<p>{html.escape(text)}</p>\n" for text in block.text]
        if block.heads:
            head = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in block.heads)
            body = "".join(
                "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>\n" for row in block.rows
            )
            parts.append(
                f'<div class="scroll" tabindex="0" role="region" aria-label="{title}"><table>\n'
                f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n"
            )
    return _HEAD + "".join(parts) + "</main>\n</body>\n</html>\n"
