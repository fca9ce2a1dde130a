"""Figures of a scan put right by a sum or a rate that must hold.

In: observations, and what other numbers the readings of their cells give. Out: the observations, each repair with a
finding that holds the raw reading. A figure is changed only where exactly one other reading of one operand makes the
relation true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from extract.model import Cell, Table
from normalize.findings import Doubt
from normalize.model import Observation
from normalize.repair import printed_value

_REASONS = {"sum": "tổng phải khớp", "rate": "tỷ lệ phải khớp"}


def sum_candidates(cell: Cell) -> tuple[Decimal, ...]:
    """Other numbers that a reading of the cell gives."""
    own = printed_value(cell.text)
    others = {printed_value(r.text) for r in cell.readings if "?" not in r.text} - {own, None}
    return tuple(sorted(value for value in others if value is not None))


def other_readings(table: Table, observations: Sequence[Observation]) -> dict[str, tuple[Decimal, ...]]:
    """Further readings of the cells of a table, by the ids of its observations; empty for exact formats."""
    at = {
        (cell.row, round(cell.bbox.x0, 1)): cell
        for cell in (table.cells if table.method == "ocr" else ())
        if cell.bbox is not None and len(cell.readings) > 1
    }
    found: dict[str, tuple[Decimal, ...]] = {}
    for o in observations if at else ():
        cell = at.get((o.row, round(o.x0, 1))) if o.x0 is not None else None
        others = sum_candidates(cell) if cell is not None else ()
        if others:
            found[o.observation_id] = others
    return found


def repaired_sums(
    observations: Sequence[Observation],
    others: Mapping[str, tuple[Decimal, ...]],
    relations: Iterable[tuple[str, str, Sequence[str]]],
) -> tuple[Sequence[Observation], tuple[Doubt, ...]]:
    """Figures put right by a sum or rate that must hold, where exactly one other reading of one operand makes it true.

    `others` are the further readings by observation id, `relations` kind (`sum`, `rate`) and the ids of a whole and of
    its parts (of a rate: the part and the whole it is of).
    """
    if not others:
        return observations, ()
    out = {o.observation_id: o for o in observations}
    doubts: list[Doubt] = []
    columns: dict[tuple[int, str, str, str], str] = {}
    for o in observations:
        columns.setdefault((o.table, o.measure, o.breakdown, o.indicator_id), o.observation_id)
    places = {key[:3] for key in columns}
    for kind, whole, parts in relations:
        for place in places:
            ids = [columns.get((*place, ident)) for ident in (whole, *parts)]
            known = [out[i] for i in ids if i is not None and out[i].value is not None]
            if len(known) != len(parts) + 1:
                continue
            changed = _solved(kind, known, others)
            if changed is not None:
                before = out[changed.observation_id]
                out[changed.observation_id] = changed
                facts = {"raw": before.value_raw, "repaired": str(changed.value), "reason": _REASONS[kind]}
                doubts.append(Doubt.at(changed, "ocr-repaired-doubtful", **facts))
    return tuple(out[o.observation_id] for o in observations), tuple(doubts)


def _solved(
    kind: str, operands: Sequence[Observation], others: Mapping[str, tuple[Decimal, ...]]
) -> Observation | None:
    values = [o.value if o.value is not None else Decimal(0) for o in operands]
    if _holds(kind, values):
        return None
    found = []
    for i, o in enumerate(operands):
        for other in others.get(o.observation_id, ()):
            if _holds(kind, [*values[:i], other, *values[i + 1 :]]):
                found.append(replace(o, value=other))
    return found[0] if len(found) == 1 else None


def _holds(kind: str, values: Sequence[Decimal]) -> bool:
    """Is the first value what the others make? A rate is rounded to the places it is printed with."""
    if kind == "sum":
        return values[0] == sum(values[1:])
    rate, part, whole = values
    exponent = rate.as_tuple().exponent
    slack = Decimal(1).scaleb(min(0, exponent) if isinstance(exponent, int) else 0) / 2
    return whole > 0 and abs(100 * part / whole - rate) <= slack
