"""Relations that a report states or shows itself, for rows that no template explains.

In: `ReportView`. Out: `Relation`s from formulas printed in row names (`Tổng số (1=2+3)`), and warnings where
children add up to their parent in one column but not in another. Nothing is concluded from words alone:
`Tổng số` beside rows that overlap (women, party members) is no sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import regex

from extract.text import clean, fold
from normalize.checks.table import rounding_slack
from normalize.checks.view import Column, Relation, ReportView, column_of, unit_of
from normalize.findings import Doubt, number_vi
from normalize.model import Observation

_CODE = r"[(\[]?\s*(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s*[)\]]?"
_FORMULA = regex.compile(r"(?:" + _CODE + r"\s*)?=\s*((?:[\d.\s()+/:×x*%\[\]])+)")
_SUM = regex.compile(_CODE + r"(?:\s*\+\s*" + _CODE + r")+")
_RATE = regex.compile(_CODE + r"\s*[/:]\s*" + _CODE + r"\s*(?:[x×*]\s*100\s*)?%?")


def with_stated_relations(view: ReportView) -> ReportView:
    """The view with the relations its row names state, for rows that no known relation explains."""
    known = {relation.whole for relation in view.relations if relation.kind in ("sum", "rate")}
    stated = tuple(dict.fromkeys(r for r in _stated(view) if r.whole not in known))
    return replace(view, relations=(*view.relations, *stated)) if stated else view


def _stated(view: ReportView) -> Iterator[Relation]:
    for part in view.parts():
        ids = {(o.table, o.stt): o.indicator_id for o in part.observations if o.stt and not o.breakdown_kind}
        for o in part.observations:
            # answers (`Có = 1`) also hold a sign of equality
            if "=" not in o.indicator_raw or o.breakdown_kind or not o.indicator_id:
                continue
            for found in _FORMULA.finditer(clean(o.indicator_raw)):
                relation = _relation(ids, o, found.group(1) or o.stt, found.group(2).strip())
                if relation:
                    yield relation


def _relation(ids: dict[tuple[int, str], str], o: Observation, whole: str, formula: str) -> Relation | None:
    # the closing bracket of `(1=2+3)` belongs to the text around
    for kind, pattern in (("sum", _SUM), ("rate", _RATE)):
        found = pattern.match(formula)
        if found:
            codes = [*found.captures(1), *found.captures(2)]
            parts = [ids.get((o.table, code), "") for code in codes]
            whole_id = ids.get((o.table, whole), "")
            if whole_id and all(parts) and len({whole_id, *parts}) == len(parts) + 1:
                return Relation(kind, whole_id, tuple(parts))
    return None


def sums_broken_in_one_column(view: ReportView) -> Iterator[Doubt]:
    """Children that add up to their parent in one column of a table and not in another."""
    known = {relation.whole for relation in view.relations if relation.kind == "sum"}
    families: dict[tuple[int, int], dict[Column, tuple[Observation, list[Observation]]]] = {}
    for parent, child in view.kin:
        if parent.indicator_id not in known and _alike(parent, child):
            family = families.setdefault((parent.table, parent.row), {})
            family.setdefault(column_of(child), (parent, []))[1].append(child)
    for family in families.values():
        states = [(parent, children, _adds_up(parent, children)) for parent, children in family.values()]
        if any(holds for *_, holds in states):
            for parent, children, holds in states:
                if holds is False and parent.value is not None:
                    figures = [child.value for child in children if child.value is not None]
                    listed = " + ".join(map(number_vi, figures))
                    total = sum(figures, Decimal(0))
                    yield Doubt.at(parent, "sum-pattern-broken", expected=total, actual=parent.value, parts=listed)


def _alike(parent: Observation, child: Observation) -> bool:
    same = fold(parent.unit_raw) == fold(child.unit_raw) != ""
    return same and unit_of(child).kind in ("count", "money") and not fold(child.indicator_raw).startswith("trong do")


def _adds_up(parent: Observation, children: list[Observation]) -> bool | None:
    """True where at least two children above 0 make the parent, False where they do not, None where unknown."""
    figures = [child.value for child in children if child.value is not None]
    if parent.value is None or len(figures) < len(children) or sum(figure > 0 for figure in figures) < 2:
        return None
    return abs(parent.value - sum(figures, Decimal(0))) <= rounding_slack([parent, *children])
