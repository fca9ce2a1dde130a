"""Units that OCR misread by a letter, put right by the code list.

In: a scanned table. Out: the table with such unit cells in the spelling of the list, and a repair for each, with what
was read. `Cơ quan, đơn v]`, `Thú tuc`: a unit that is none of the list and is one of it but for a letter. A unit that
is the list's needs nothing, one that is like two of it is left.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from extract.model import Table
from extract.text import clean, fold
from normalize.repair import Repair
from normalize.units import known_units, parse_unit

SHORTEST = 5  # letters of a unit in which one may be wrong
_LONG = 12  # … and of one in which two may


def repaired_units(table: Table) -> tuple[Table, tuple[Repair, ...]]:
    """Only tables that were read by OCR; lists of answers (`Có = 1`) are read as they are."""
    column = next((c.index for c in table.columns if c.role == "unit"), None)
    if column is None or table.method != "ocr":
        return table, ()
    repairs = []
    cells = []
    for cell in table.cells:
        raw = clean(cell.text)
        meant = _meant(raw) if cell.col == column and raw else ""
        if meant:
            repairs.append(Repair(cell.row, raw, meant, "đơn vị tính", is_certain=True))
            cell = replace(cell, text=meant)
        cells.append(cell)
    return (replace(table, cells=tuple(cells)), tuple(repairs)) if repairs else (table, ())


@lru_cache(maxsize=1024)
def _meant(text: str) -> str:
    """The unit that was meant, '' where the text is a known one or nothing is near."""
    if parse_unit(text).id in _ids() or "=" in text:
        return ""
    key = _key(text)
    if len(key) < SHORTEST:
        return ""
    most = 2 if len(key) >= _LONG else 1
    near = {
        unit.name for unit in known_units() if Levenshtein.distance(key, _key(unit.name), score_cutoff=most) <= most
    }
    return near.pop() if len(near) == 1 else ""


@lru_cache(maxsize=1)
def _ids() -> frozenset[str]:
    return frozenset(unit.id for unit in known_units())


def _key(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


__all__ = ["repaired_units"]
