"""Findings: from a doubt raised in code to a row of the dataset with a sentence in two languages.

In: `Doubt`s (a code, the facts the sentence needs, the place). Out: `normalize.model.Finding`s in a
total order with stable ids. Code raises codes only; severity, sentences (Vietnamese, English) and what
to do stand in `codelists/findings.csv`, one row per code. Numbers are handed over as numbers and printed
in the manner of the sentence's language: `1.061` and `88,7` in Vietnamese, `1,061` and `88.7` in English.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from extract.records import Packed, Room, quick
from normalize.model import ERROR, INFO, WARNING, Finding, Observation

SEVERITIES = (ERROR, WARNING, INFO)
Fact: TypeAlias = str | int | Decimal
_CODELIST = Path(__file__).parent / "codelists" / "findings.csv"


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One row of the findings catalogue. Messages are `str.format` templates with named fields."""

    code: str
    severity: str
    message_vi: str
    message_en: str
    action_vi: str
    action_en: str


@quick
@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt as a check or parser raises it: the code, the facts of its sentence, the place.

    `expected` and `actual` are what the dataset's columns of that name hold (dot decimal, no groups).
    A doubt about a whole table leaves `stt` empty and `row` None; about a whole report `table` too.
    """

    code: str
    facts: tuple[tuple[str, Fact], ...] = ()
    observation_id: str = ""
    appendix: str = ""
    stt: str = ""
    table: int | None = None
    row: int | None = None
    measure: str = ""
    breakdown: str = ""
    indicator_id: str = ""
    page: int | None = None
    expected: str = ""
    actual: str = ""

    @classmethod
    def at(
        cls,
        observation: Observation,
        code: str,
        *,
        expected: Fact | None = None,
        actual: Fact | None = None,
        **facts: Fact,
    ) -> Doubt:
        """A doubt about one observation. `name`, `value_raw`, `value`, `unit` and `stt` are facts by themselves."""
        own: dict[str, Fact] = {
            "name": observation.indicator_raw or observation.indicator,
            "value_raw": observation.value_raw,
            "unit": observation.unit,
            "stt": observation.stt,
        }
        if observation.value is not None:
            own["value"] = observation.value
        facts = own | facts
        if expected is not None:
            facts.setdefault("expected", expected)
        if actual is not None:
            facts.setdefault("actual", actual)
        return cls(
            code=code,
            facts=tuple(sorted(facts.items())),
            observation_id=observation.observation_id,
            appendix=observation.appendix,
            stt=observation.stt,
            table=observation.table,
            row=observation.row,
            measure=observation.measure,
            breakdown=observation.breakdown,
            indicator_id=observation.indicator_id,
            page=observation.page,
            expected=plain(expected),
            actual=observation.value_raw if actual is None else plain(actual),
        )


def read_findings(path: Path) -> dict[str, FindingKind]:
    """Load a findings catalogue. Raises ValueError on a repeated code or an unknown severity."""
    kinds: dict[str, FindingKind] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            kind = FindingKind(**{name: (row.get(name) or "").strip() for name in FindingKind.__dataclass_fields__})
            if kind.code in kinds:
                raise ValueError(f"{path.name}: code {kind.code!r} stands twice")
            if kind.severity not in SEVERITIES:
                raise ValueError(f"{path.name}: {kind.code!r} has severity {kind.severity!r}")
            kinds[kind.code] = kind
    return kinds


@lru_cache(maxsize=1)
def load_findings() -> Mapping[str, FindingKind]:
    """The findings catalogue of the project, by code, in the order of the file."""
    return MappingProxyType(read_findings(_CODELIST))


FINDINGS: Mapping[str, FindingKind] = load_findings()


def kind_of(code: str) -> FindingKind:
    """The catalogue row of a code. Raises KeyError naming the file to add it to."""
    try:
        return FINDINGS[code]
    except KeyError:
        raise KeyError(f"finding code {code!r} has no row in normalize/codelists/findings.csv") from None


def plain(value: Fact | None) -> str:
    """As written into the columns `expected` and `actual`: dot decimal, no groups, no exponent."""
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def number_vi(value: Decimal | int) -> str:
    """`1061.5` → `1.061,5` (Accounting Law 2003, article 12.2)."""
    return number_en(value).translate(_SWAP_MARKS)


def number_en(value: Decimal | int) -> str:
    """`1061.5` → `1,061.5`."""
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


_SWAP_MARKS = str.maketrans(",.", ".,")


class _Blanks(dict[str, str]):
    """A fact nobody gave prints as an ellipsis: a poor sentence is better than a lost finding."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentences(code: str, facts: Iterable[tuple[str, Fact]]) -> tuple[str, str]:
    """The Vietnamese and the English sentence of a code for the given facts."""
    kind, vi, en = kind_of(code), _Blanks(), _Blanks()
    for name, value in facts:
        if isinstance(value, str):
            vi[name] = en[name] = value
        else:
            vi[name], en[name] = number_vi(value), number_en(value)
    return kind.message_vi.format_map(vi), kind.message_en.format_map(en)


def to_finding(doubt: Doubt, report_id: str, source: str) -> Finding:
    """One doubt as a row of the dataset. Its id hashes its content: stable when other doubts come or go."""
    message_vi, message_en = sentences(doubt.code, doubt.facts)
    place = (doubt.appendix, doubt.stt, doubt.table, doubt.row, doubt.measure, doubt.breakdown, doubt.observation_id)
    content = "\x1f".join(map(str, (doubt.code, *place, doubt.expected, doubt.actual, message_vi)))
    digest = hashlib.sha256(content.encode()).hexdigest()[:10]
    return Finding(
        finding_id=f"{report_id}/{doubt.code}/{digest}",
        report_id=report_id,
        source=source,
        observation_id=doubt.observation_id,
        appendix=doubt.appendix,
        stt=doubt.stt,
        table=doubt.table,
        row=doubt.row,
        measure=doubt.measure,
        indicator_id=doubt.indicator_id,
        page=doubt.page,
        code=doubt.code,
        severity=kind_of(doubt.code).severity,
        message=message_vi,
        message_en=message_en,
        expected=doubt.expected,
        actual=doubt.actual,
    )


class Doubts:
    """All doubts about one report, in piles of some tables: those of a pile become findings together. A doubt about one
    figure is said once, whoever raised it: as it was raised last."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._piles: dict[int, Packed[Doubt]] = {}

    def extend(self, doubts: Iterable[Doubt]) -> None:
        for number, some in groupby(doubts, _pile_of):
            if number not in self._piles:
                self._piles[number] = Packed(self._room)
            self._piles[number].extend(some)

    def findings(self, number: int, report_id: str, source: str) -> tuple[Finding, ...]:
        """The findings about the tables of a pile, in their order; the pile is gone then."""
        pile = self._piles.pop(number, ())
        once = {(d.code, d.observation_id or (d.table, d.row, d.facts)): d for d in pile}
        return to_findings(once.values(), report_id, source)

    def piles(self) -> tuple[int, ...]:
        return tuple(sorted(self._piles))


def _pile_of(doubt: Doubt) -> int:
    """The pile of the doubts about some tables; those about the report lie in front."""
    return (doubt.table or 0) // 64


def to_findings(doubts: Iterable[Doubt], report_id: str, source: str) -> tuple[Finding, ...]:
    """All doubts of one report as rows: in reading order, each only once."""
    return in_order(to_finding(doubt, report_id, source) for doubt in doubts)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Total order (table, row, severity, code, id); a finding that says the same twice is kept once."""
    unique = {finding.finding_id: finding for finding in findings}
    return tuple(sorted(unique.values(), key=_order))


def _order(finding: Finding) -> tuple[int, int, int, str, str]:
    return (
        finding.table or 0,
        finding.row or 0,
        SEVERITIES.index(finding.severity),
        finding.code,
        finding.finding_id,
    )


def reference() -> str:
    """`docs/reference/findings.md`: every code, what it means and what to do (`python -m normalize.findings`)."""
    meaning = {
        ERROR: "figures that cannot all be true, or something printed that could not be read",
        WARNING: "a reading decided between two, a bound that looks broken, a disagreement",
        INFO: "blanks, rows the report leaves out, values that can be derived",
    }
    lines = [
        "# Findings",
        "",
        "Every code that can stand in `findings.csv`: what it says and what to do.",
        "Made from `normalize/codelists/findings.csv` by `python -m normalize.findings > docs/reference/findings.md`;",
        "do not edit by hand. Words in braces are filled in from the report.",
    ]
    for severity in SEVERITIES:
        lines += ["", f"## {severity}: {meaning[severity]}", ""]
        for kind in sorted((k for k in FINDINGS.values() if k.severity == severity), key=lambda k: k.code):
            lines += [
                f"### `{kind.code}`",
                "",
                f"{kind.message_vi}  ",
                f"*Nên làm:* {kind.action_vi}",
                "",
                f"{kind.message_en}  ",
                f"*What to do:* {kind.action_en}",
                "",
            ]
        lines.pop()
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(reference())
