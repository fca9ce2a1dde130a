"""Draw the picture of the result that stands in the README, from a dataset that `baocao ingest` wrote.

    python scripts/picture.py out INDICATOR_ID docs/images/result.svg

In: `OUT/indicators/INDICATOR_ID.csv`. Out: one SVG, the first rows of the file on the left, the series of
each agency on the right, doubtful values as hollow rings. Plain SVG text and lines, no library, no clock:
the same dataset gives the same picture.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

WIDTH, HEIGHT, TABLE_WIDTH, MARGIN, LINE = 1180, 400, 640, 24, 24
COLOURS = ("#1b6ca8", "#c8553d", "#4c8c4a", "#7d5ba6", "#b8860b", "#4a4a4a")
COLUMNS = (("agency", 24), ("period", 260), ("value", 390), ("status", 408), ("source", 480))  # name, left edge
ROWS = 11
DOUBTS = ("doubtful", "unparsed")


@dataclass(frozen=True, slots=True)
class Point:
    """One value of the series; `day` is the last day of its period."""

    agency: str
    period: str
    day: date
    value: float
    status: str
    source: str


def read_series(path: Path) -> tuple[str, str, list[Point]]:
    """Name, unit and the values of an indicator's file, `actual` ones only, in the file's order."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [
            row for row in csv.DictReader(lines) if row["measure"] == "actual" and row["value"] and row["period_end"]
        ]
    if not rows:
        raise SystemExit(f"{path}: no values to draw")
    points = [
        Point(
            row["agency"],
            row["period"],
            date.fromisoformat(row["period_end"]),
            float(row["value"]),
            row["status"],
            row["source"],
        )
        for row in rows
    ]
    return rows[0]["indicator"], rows[0]["unit"], points


def words(x: float, y: float, text: str, style: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {style}>{escape(text)}</text>'


def shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def number(value: float) -> str:
    return f"{value:g}"


def draw_table(points: Sequence[Point], file_name: str) -> list[str]:
    top = 92
    shapes = [words(MARGIN, 66, f"out/indicators/{shortened(file_name, 64)}", 'class="mono"')]
    for name, x in COLUMNS:
        shapes.append(words(x, top, name, 'class="head"', "end" if name == "value" else "start"))
    shapes.append(f'<line x1="{MARGIN}" y1="{top + 7}" x2="{TABLE_WIDTH - 10}" y2="{top + 7}" stroke="#999"/>')
    for i, point in enumerate(points[:ROWS], start=1):
        y = top + 4 + i * LINE
        style = 'class="doubt"' if point.status in DOUBTS else ""
        cells = (
            shortened(point.agency, 32),
            point.period,
            number(point.value),
            point.status,
            shortened(point.source.rsplit("/", 1)[-1], 20),
        )
        for (name, x), cell in zip(COLUMNS, cells, strict=True):
            shapes.append(words(x, y, cell, style, "end" if name == "value" else "start"))
    if len(points) > ROWS:
        shapes.append(words(MARGIN, top + 4 + (ROWS + 1) * LINE, f"… {len(points) - ROWS} more", 'class="dim"'))
    return shapes


def draw_chart(points: Sequence[Point]) -> list[str]:
    left, right, top, bottom = TABLE_WIDTH + 60, WIDTH - MARGIN, 66, HEIGHT - 96
    first, last = min(p.day for p in points), max(p.day for p in points)
    years = range(first.year, last.year + 1)
    days = (date(last.year, 12, 31) - date(first.year, 1, 1)).days
    lowest, highest = min(p.value for p in points), max(p.value for p in points)
    lowest = lowest if lowest > highest / 2 else min(0.0, lowest)  # the axis leaves 0 only where all is far from it
    step = next(s * 10**e for e in range(-3, 12) for s in (1, 2, 5) if (highest - lowest) / (s * 10**e) <= 5)
    floor, ceiling = step * (lowest // step), step * max(1, -(-highest // step))

    def at(point: Point) -> tuple[float, float]:
        x = left + (right - left) * (point.day - date(first.year, 1, 1)).days / days
        return x, height_of(point.value)

    def height_of(value: float) -> float:
        return bottom - (bottom - top) * (value - floor) / (ceiling - floor)

    shapes = []
    for i in range(round((ceiling - floor) / step) + 1):
        y = height_of(floor + i * step)
        shapes.append(f'<line x1="{left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="#e2e2e2"/>')
        shapes.append(words(left - 8, y + 4, number(floor + i * step), 'class="dim"', "end"))
    for year in years:
        new_year = left + (right - left) * (date(year, 1, 1) - date(first.year, 1, 1)).days / days
        shapes.append(f'<line x1="{new_year:.1f}" y1="{top}" x2="{new_year:.1f}" y2="{bottom + 6}" stroke="#e2e2e2"/>')
        x = left + (right - left) * (date(year, 7, 1) - date(first.year, 1, 1)).days / days
        shapes.append(words(x, bottom + 20, str(year), 'class="dim"', "middle"))
    for i, agency in enumerate(dict.fromkeys(p.agency for p in points)):
        colour = COLOURS[i % len(COLOURS)]
        series = sorted((p for p in points if p.agency == agency), key=lambda p: (p.day, p.period))
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(at, series))
        shapes.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        for point in series:
            x, y = at(point)
            fill = "white" if point.status in DOUBTS else colour
            title = escape(f"{agency} {point.period}: {number(point.value)}")
            shapes.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{fill}" stroke="{colour}" stroke-width="2">'
                f"<title>{title}</title></circle>"
            )
        column, line = i % 2, i // 2
        x, y = left + column * (right - left) / 2, bottom + 46 + line * 20
        shapes.append(f'<circle cx="{x + 4:.1f}" cy="{y - 4:.1f}" r="4" fill="{colour}"/>')
        shapes.append(words(x + 14, y, shortened(agency, 34)))
    return shapes


def draw(name: str, unit: str, points: Sequence[Point], file_name: str) -> str:
    """The whole SVG."""
    style = (
        "text{font:13px system-ui,'Segoe UI','DejaVu Sans',sans-serif;fill:#222}.head{font-weight:600}"
        ".dim{fill:#777}.doubt{fill:#b35900;font-weight:600}"
        ".mono{font-family:ui-monospace,'DejaVu Sans Mono',monospace;fill:#555}"
        ".title{font-size:17px;font-weight:600}"
    )
    heading = f"{name} ({unit})" if unit else name
    view_box = f"0 0 {WIDTH} {HEIGHT}"
    shapes = [words(MARGIN, 36, heading, 'class="title"'), *draw_table(points, file_name), *draw_chart(points)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="{view_box}">',
            f"<title>{escape(heading)}</title>",
            f"<style>{style}</style>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" rx="8" fill="white" stroke="#ddd"/>',
            *shapes,
            "</svg>",
            "",
        ]
    )


def main(out: str, indicator_id: str, picture: str) -> None:
    source = Path(out) / "indicators" / f"{indicator_id}.csv"
    Path(picture).parent.mkdir(parents=True, exist_ok=True)
    Path(picture).write_text(draw(*read_series(source), source.name), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
