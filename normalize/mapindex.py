"""The catalogue prepared for look-up: names, codes, parents and units of every template appendix.

In: a `Catalogue`. Out: a `CatalogueIndex`, built once per catalogue (a few ms) and then read only.
`normalize.mapping` asks it what is exactly equal and how near two names are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from normalize.catalogue import Catalogue, TemplateAppendix, TemplateRow, unit_kind
from normalize.namekeys import (
    forms,
    is_qualified_otherwise,
    look_up,
    name_keys,
    nearest_forms,
    plain_name,
    similarity,
)
from normalize.text import fold
from normalize.units import known_units, parse_unit


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
    parents: tuple[int, ...]
    units: tuple[frozenset[str], ...]
    by_code: Mapping[str, int]
    exact: Mapping[str, tuple[int, ...]]

    def find(self, name: str) -> tuple[int, ...]:
        """The rows whose name this is, by the strictest key that finds any."""
        return self.exact.get(fold(name)) or look_up(_loose(self), name)

    def ancestors(self, row: int) -> list[int]:
        out = []
        while (row := self.parents[row]) != -1:
            out.append(row)
        return out

    def has_unit(self, row: int, unit_raw: str) -> bool:
        """The printed unit is one of the row's units."""
        return parse_unit(unit_raw).id in self.units[row]

    def fits_unit(self, row: int, unit_raw: str) -> bool:
        """The printed unit is the row's, a misreading of it, of its kind, or missing on one side."""
        unit = parse_unit(unit_raw)
        if not unit.id or not any(self.units[row]) or unit.id in self.units[row]:
            return True
        if unit.kind != "code" and unit.id not in _known_unit_ids() and _is_misread(unit_raw, self.rows[row].units):
            return True
        kinds = {unit_kind(text) for text in self.rows[row].units} | {self.rows[row].kind}
        plain = {"percent", "code", "money"}
        return unit.kind in kinds if unit.kind in plain else bool(kinds - plain)

    def nearness(self, row: int, name: str) -> float:
        """How near a printed name is to the row's nearest wording, 0–1, with or without its brackets."""
        return _nearness(self.rows[row].names, name)[0]

    def closest(self, row: int, name: str) -> tuple[str, str]:
        """The row's wording and the form of the printed name that are nearest to each other."""
        return _nearness(self.rows[row].names, name)[1:]

    def context_words(self, row: int) -> frozenset[str]:
        """The words of the headings above a row: a name may repeat them without meaning another thing."""
        return frozenset(
            w for up in self.ancestors(row) for name in self.rows[up].names for w in forms(name)[0].split()
        )

    def is_qualified_otherwise(self, row: int, name: str, index: CatalogueIndex) -> bool:
        """Brackets of the printed name say something no wording of the row says (see `namekeys`)."""
        if fold(name) in self.exact or not ("(" in name or "[" in name):
            return False
        known, context, units = known_words(index), self.context_words(row), self.units[row]
        return all(is_qualified_otherwise(wording, name, known, context, units) for wording in self.rows[row].names)

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
    """All appendices; `exact` finds (appendix, row) places by folded name."""

    appendices: tuple[AppendixIndex, ...]
    exact: Mapping[str, tuple[tuple[int, int], ...]]

    def find(self, name: str, depth: int = 3) -> tuple[tuple[int, int], ...]:
        """All places of a name in the catalogue, by the strictest of its first `depth` keys that finds any."""
        return self.exact.get(fold(name)) or look_up(_loose_everywhere(self), name, depth)


@lru_cache(maxsize=256)
def _loose(at: AppendixIndex) -> Mapping[str, tuple[int, ...]]:
    """Rows by every key of every name. Made when a name is first not found as it stands."""
    keys: dict[str, dict[int, None]] = {}
    for n, row in enumerate(at.rows):
        for name in row.names:
            for key in name_keys(name):
                keys.setdefault(key, {})[n] = None
    return {key: tuple(rows) for key, rows in keys.items()}


@lru_cache(maxsize=8)
def _loose_everywhere(index: CatalogueIndex) -> Mapping[str, tuple[tuple[int, int], ...]]:
    return _merged((at.order, _loose(at)) for at in index.appendices)


def _merged(
    keyed: Iterable[tuple[int, Mapping[str, tuple[int, ...]]]],
) -> Mapping[str, tuple[tuple[int, int], ...]]:
    out: dict[str, list[tuple[int, int]]] = {}
    for order, keys in keyed:
        for key, rows in keys.items():
            out.setdefault(key, []).extend((order, row) for row in rows)
    return {key: tuple(places) for key, places in out.items()}


@lru_cache(maxsize=1)
def _known_unit_ids() -> frozenset[str]:
    return frozenset(unit.id for unit in known_units())


@lru_cache(maxsize=4096)
def _is_misread(printed: str, units: tuple[str, ...]) -> bool:
    """An unknown unit with half the letters of one of these: `Hõ xơ` for `Hồ sơ`; a lone sign may have been a `%`."""
    return len(printed.strip()) == 1 or any(similarity(fold(printed), fold(unit)) >= 0.5 for unit in units)


@lru_cache(maxsize=65536)
def _nearness(names: tuple[str, ...], name: str) -> tuple[float, str, str]:
    printed = forms(name)
    return max((nearest_forms(forms(wording), printed) for wording in names), key=lambda found: found[0])


@lru_cache(maxsize=8)
def known_words(index: CatalogueIndex) -> frozenset[str]:
    """Every word of every catalogued name: what a printed word may be without being damage. Made when first needed."""
    names = (name for at in index.appendices for row in at.rows for name in row.names)
    return frozenset(word for name in names for form in forms(name) for word in form.split())


@lru_cache(maxsize=8)
def index_of(catalogue: Catalogue) -> CatalogueIndex:
    """The index of a catalogue, built on first use and kept."""
    appendices = [(template.family, appendix) for template in catalogue.templates for appendix in template.appendices]
    indexed = tuple(_index(order, family, appendix) for order, (family, appendix) in enumerate(appendices))
    return CatalogueIndex(indexed, _merged((at.order, at.exact) for at in indexed))


def _index(order: int, family: str, appendix: TemplateAppendix) -> AppendixIndex:
    place = {row.indicator_id: n for n, row in enumerate(appendix.rows)}
    exact: dict[str, tuple[int, ...]] = {}
    for n, row in enumerate(appendix.rows):
        for key in dict.fromkeys(map(fold, row.names)):
            exact[key] = (*exact.get(key, ()), n)
    return AppendixIndex(
        order=order,
        family=family,
        appendix=appendix,
        rows=appendix.rows,
        titles=tuple(plain_name(title) for title in appendix.titles),
        parents=tuple(place.get(row.parent, -1) for row in appendix.rows),
        units=tuple(frozenset(parse_unit(unit).id for unit in row.units) for row in appendix.rows),
        by_code={row.code: n for n, row in enumerate(appendix.rows) if row.code},
        exact=exact,
    )
