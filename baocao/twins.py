"""Twins compared row by row: two copies of one report that say different figures.

In: the rows of the primary report and of its twin. Out: doubts for both sides, by row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from baocao.plan import Entry
from normalize.findings import Doubt


def compare_twin_rows(
    primary: tuple[Entry, list[dict[str, Any]]], other: tuple[Entry, list[dict[str, Any]]],
) -> Iterator[tuple[int, Doubt]]:
    """(0 for the primary, 1 for the other; the doubt). Rows meet by appendix, code, measure and breakdown."""
    sides = (primary, other)
    placed = [{_place(row): row for row in rows} for _, rows in sides]
    for place in placed[0].keys() & placed[1].keys():
        pair = [side[place] for side in placed]
        if pair[0]["value"] == pair[1]["value"]:
            continue
        for own in (0, 1):
            row, twin = pair[own], pair[1 - own]
            actual, expected = (_shown(r) for r in (row, twin))
            facts = (("actual", actual), ("expected", expected), ("name", row["indicator_raw"]),
                     ("other_source", sides[1 - own][0].source))
            yield own, Doubt(
                "twins-differ", facts=facts, observation_id=_own_id(row["observation_id"], sides[own][0].report_id),
                appendix=row["appendix"], stt=row["stt"], table=row["table"], row=row["row"], measure=row["measure"],
                breakdown=row["breakdown"], indicator_id=row["indicator_id"], page=row["page"],
                expected=twin["value"] or "", actual=row["value"] or "")


def _place(row: dict[str, Any]) -> tuple[str, ...]:
    name = "" if row["stt"] else row["indicator_id"]
    return row["appendix"], row["stt"], name, row["measure"], row["breakdown"]


def _shown(row: dict[str, Any]) -> str:
    return row["value"] or row["value_raw"] or "–"


def _own_id(observation_id: str, report_id: str) -> str:
    return report_id + "/" + observation_id.partition("/")[2] if observation_id else ""
