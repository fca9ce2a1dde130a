"""The catalogue prepared for look-up: names, codes, parents and units of every template appendix.

In: a `Catalogue`. Out: a `CatalogueIndex`, built once per catalogue (a few ms) and then read only.
`normalize.mapping` asks it what is exactly equal and how near two names are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from normalize.catalogue import Catalogue, TemplateAppendix, TemplateRow, unit_kind
from normalize.namekeys import forms, name_keys, nearest_forms, plain_name
from normalize.units import parse_unit


class PrintedRow(Protocol):
    """What the index needs of a printed row."""

    @property
    def stt(self) -> str: ...
    @property
    def name_raw(self) -> str: ...
    @property
    def unit_raw(self) -> str: ...


@dataclass(frozen=True, slots=True, eq=False)
class AppendixIndex:
    """One appendix of one template. Rows are named by their place; `parents` holds places, -1 for none."""

    order: int
    family: str
    appendix: TemplateAppendix
    rows: tuple[TemplateRow, ...]
    titles: tuple[str, ...]
    names: tuple[tuple[tuple[str, ...], ...], ...]
    parents: tuple[int, ...]
    units: tuple[frozenset[str], ...]
    by_code: Mapping[str, int]
    by_key: Mapping[str, tuple[int, ...]]

    def ancestors(self, row: int) -> list[int]:
        out = []
        while (row := self.parents[row]) != -1:
            out.append(row)
        return out

    def has_unit(self, row: int, unit_raw: str) -> bool:
        """The printed unit is one of the row's units."""
        return parse_unit(unit_raw).id in self.units[row]

    def fits_unit(self, row: int, unit_raw: str) -> bool:
        """The printed unit is the row's, of its kind, or missing on one side."""
        unit = parse_unit(unit_raw)
        if not unit.id or not any(self.units[row]) or unit.id in self.units[row]:
            return True
        kinds = {unit_kind(text) for text in self.rows[row].units} | {self.rows[row].kind}
        plain = {"percent", "code", "money"}
        return unit.kind in kinds if unit.kind in plain else bool(kinds - plain)

    def nearness(self, row: int, name: str) -> float:
        """How near a printed name is to the row's nearest wording, 0–1, with or without its brackets."""
        return _nearness(self.names[row], name)[0]

    def closest(self, row: int, name: str) -> tuple[str, str]:
        """The row's wording and the form of the printed name that are nearest to each other."""
        return _nearness(self.names[row], name)[1:]

    def context_words(self, row: int) -> frozenset[str]:
        """The words of the headings above a row: a name may repeat them without meaning another thing."""
        return frozenset(w for up in self.ancestors(row) for wording in self.names[up] for w in wording[0].split())

    def code_share(self, rows: Sequence[PrintedRow]) -> float:
        """The share of rows whose code stands here with a unit that fits."""
        hits = [self.by_code.get(row.stt) for row in rows]
        good = sum(at is not None and self.fits_unit(at, row.unit_raw) for at, row in zip(hits, rows, strict=True))
        return good / len(rows) if rows else 0.0

    def near_share(self, rows: Sequence[PrintedRow]) -> float:
        """The share of rows whose name is near to the row of their code, or of any row where codes fail."""
        good = sum(self._is_near(row) for row in rows)
        return good / len(rows) if rows else 0.0

    def _is_near(self, row: PrintedRow) -> bool:
        at = self.by_code.get(row.stt)
        if at is not None and self.nearness(at, row.name_raw) >= 0.7:
            return True
        return any(self.nearness(other, row.name_raw) >= 0.8 for other in range(len(self.rows)))


@dataclass(frozen=True, slots=True, eq=False)
class CatalogueIndex:
    """All appendices; `by_key` finds (appendix, row) places by name key, `words` are all words of all names."""

    appendices: tuple[AppendixIndex, ...]
    by_key: Mapping[str, tuple[tuple[int, int], ...]]
    words: frozenset[str]


@lru_cache(maxsize=65536)
def _nearness(names: tuple[tuple[str, ...], ...], name: str) -> tuple[float, str, str]:
    printed = forms(name)
    return max((nearest_forms(wording, printed) for wording in names), key=lambda found: found[0])


@lru_cache(maxsize=8)
def index_of(catalogue: Catalogue) -> CatalogueIndex:
    """The index of a catalogue, built on first use and kept."""
    indexed: list[AppendixIndex] = []
    everywhere: dict[str, dict[tuple[int, int], None]] = {}
    for template in catalogue.templates:
        for appendix in template.appendices:
            at = _index(len(indexed), template.family, appendix)
            indexed.append(at)
            for key, rows in at.by_key.items():
                everywhere.setdefault(key, {}).update(dict.fromkeys((at.order, row) for row in rows))
    words = frozenset(
        w for at in indexed for names in at.names for wording in names for form in wording for w in form.split()
    )
    return CatalogueIndex(tuple(indexed), {key: tuple(places) for key, places in everywhere.items()}, words)


def _index(order: int, family: str, appendix: TemplateAppendix) -> AppendixIndex:
    place = {row.indicator_id: n for n, row in enumerate(appendix.rows)}
    keys: dict[str, dict[int, None]] = {}
    names: list[tuple[tuple[str, ...], ...]] = []
    for n, row in enumerate(appendix.rows):
        for name in row.names:
            for key in name_keys(name):
                keys.setdefault(key, {})[n] = None
        names.append(tuple(forms(name) for name in row.names))
    return AppendixIndex(
        order=order,
        family=family,
        appendix=appendix,
        rows=appendix.rows,
        titles=tuple(plain_name(title) for title in appendix.titles),
        names=tuple(names),
        parents=tuple(place.get(row.parent, -1) for row in appendix.rows),
        units=tuple(frozenset(parse_unit(unit).id for unit in row.units) for row in appendix.rows),
        by_code={row.code: n for n, row in enumerate(appendix.rows) if row.code},
        by_key={key: tuple(rows) for key, rows in keys.items()},
    )
