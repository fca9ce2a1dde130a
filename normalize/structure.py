"""Does a table look like one that was read right? The last guard against a wrong grid.

In: the printed rows of one table and its code tree. Out: doubts. A table whose code cells hold no codes, whose
names are figures, or whose figure cells hold words, was cut into the wrong columns: then every figure of it is
doubtful, and one error says so for the whole table. A single such row is a warning on that row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import regex

from extract.model import Table
from extract.text import clean
from normalize.categories import header_kind
from normalize.findings import Doubt, kind_of
from normalize.model import ERROR, WARNING, Observation
from normalize.rows import PrintedRow, figure_lines
from normalize.units import known_units, parse_unit

ONE_IN = 8  # so many rows may hold one odd one before the grid itself is in doubt
_WHOLE_TABLE = frozenset({
    "table-structure-doubtful", "table-text-doubtful", "header-doubtful", "ocr-header-doubtful", "pdf-text-damaged",
    "page-of-scanner", "several-reports",
})  # fmt: skip
_WRONGLY_CUT = frozenset({"table-structure-doubtful", "header-doubtful", "ocr-header-doubtful"})
UNRULED = ("pdf-text", "text-aligned", "ocr")
_FIGURE_FIRST = regex.compile(r"[-–(]?\d[\d.,]*\s?%?\)?(?:\s|$)")
_LENT = regex.compile(r"(?:^|\s)\d[\d.,]*\s?%?(?:\s|$)|\s[-–—]$")
_BESIDE_ANSWER = regex.compile(r"(?<![=\d]\s?)(?<!\S)\d+(?!\s*=)(?!\S)")
_BEFORE_NOTE = regex.compile(r"\d[\d.,]*\s?%? (?:\d|\p{Lu})")
_TWO_FIGURES = regex.compile(r"\d \d|\d%? \p{Lu}|\p{L} \d|\d ?[-–]$")
_NO_GROUPS = regex.compile(r"(?<!\d)\d+ \d{1,2}(?!\d)|(?<!\d)\d+ \d{4}|\d%? \p{Lu}")
FEW_ROWS = 3  # show no habit of beginning names with small letters
_GOES_ON = regex.compile(r"[\p{Ll})\],;%]")
_LETTERS = regex.compile(r"\p{L}{2,}")
_WORDY = 5  # more words than that are no figure
_WORDS_ONLY = regex.compile(r"^\P{N}*\p{L}\P{N}*$")
_FIGURE_ONLY = regex.compile(r"^[\d.,%\s()+\-–/]+$")
_YEARS = regex.compile(r"^(?:19|20)\d{2}(?:\s?[-–]\s?(?:19|20)\d{2})?$")
_CODE_LIKE = regex.compile(r"^[\p{L}\d.,)(/+*•\-– ]{1,14}$")


def structure_doubts(table: Table, rows: Sequence[PrintedRow]) -> Iterator[Doubt]:
    """Doubts about the grid of one table; none for a table that reads as tables do."""
    broken = [(row, cell) for row in rows for cell in row.values.values() if "\n" in cell.text]
    fused = {row.number: row for row, cell in broken if len(figure_lines(cell)) > 1}
    if fused:
        first = next(iter(fused.values()))
        yield Doubt(
            "rows-run-together",
            facts=(("count", len(fused)), ("reason", first.name[:80])),
            appendix=table.caption.appendix,
            table=table.index,
            page=first.page,
            actual=str(len(fused)),
        )
    spilt = next((row for row in rows[:3] if _is_header_words(row)), None)
    if spilt is not None:
        said = ", ".join(clean(cell.text) for cell in spilt.values.values())[:60]
        yield Doubt(
            "table-structure-doubtful",
            facts=(("count", 1), ("rows", len(rows)), ("reason", said)),
            appendix=table.caption.appendix,
            table=table.index,
            page=spilt.page,
            actual=f"1/{len(rows)}",
        )
        return
    has_years = any(c.role == "name" and c.header and header_kind(c.header[-1]) == "year" for c in table.columns)
    odd = {row.number: reason for row in rows if (reason := _odd(row, has_years))}
    if len(odd) >= 2 and len(odd) * ONE_IN > len(rows):
        facts = (("count", len(odd)), ("rows", len(rows)), ("reason", next(iter(odd.values()))))
        yield Doubt(
            "table-structure-doubtful",
            facts=facts,
            appendix=table.caption.appendix,
            table=table.index,
            page=min(table.pages, default=None),
            actual=f"{len(odd)}/{len(rows)}",
        )


def of_doubtful_table(doubts: Sequence[Doubt], observations: Iterable[Observation]) -> Iterator[Doubt]:
    """A doubt about each figure of a table that is doubtful as a whole (cut into the wrong columns, letters missing):
    who looks only at figures that are certain must not find it. Of a table cut wrongly a blank may be a figure that
    stands elsewhere. Figures with a doubt of their own are left out.

    `doubts` and `observations` are those of one table.
    """
    code = next((doubt.code for doubt in doubts if doubt.code in _WHOLE_TABLE and not doubt.observation_id), None)
    if code is None:
        return
    known = {d.observation_id for d in doubts if d.observation_id and kind_of(d.code).severity in (ERROR, WARNING)}
    for observation in observations:
        may_be_wrong = observation.value is not None or code in _WRONGLY_CUT
        if may_be_wrong and observation.observation_id not in known:
            yield Doubt.at(observation, "table-doubtful", finding=code)


def figures_in_notes(table: Table) -> frozenset[int]:
    """Rows of a text set with blanks (by number) whose note has a line that begins with a figure: `27 cơ quan` may be
    the figure 27 and the note `cơ quan`, one blank apart."""
    if table.method != "text-aligned":
        return frozenset()
    notes = {column.index for column in table.columns if column.role == "note"}
    lines = ((cell.row, line) for cell in table.cells if cell.col in notes for line in cell.text.split("\n"))
    return frozenset(row for row, line in lines if _FIGURE_FIRST.match(line))


def displaced_rows(table: Table, rows: Sequence[PrintedRow]) -> frozenset[int]:
    """Rows (by place) in which something stands in a column that is not its own, where columns are told by places: a
    figure behind a unit (`Người 69`), a unit at the end of a name or before a figure in it (`cấp tỉnh Người 44 35`),
    in a text two figures in one cell beside a blank one (`386 881.916`). No figure or blank of them is certain."""
    if table.method not in UNRULED:
        return frozenset()
    lent = {n for n, row in enumerate(rows) if _has_lent(row.unit_raw)}
    unnamed = {row.number: n for n, row in enumerate(rows) if row.name and not _is_unit(row.unit_raw)}
    if unnamed and len(unnamed) < len(rows):
        stray = _stray_unit(tuple(sorted({row.unit_raw for row in rows if _is_unit(row.unit_raw)})))
        names = {column.index for column in table.columns if column.role == "name"}
        cells = (cell for cell in table.cells if cell.col in names and cell.row in unnamed)
        lent |= {unnamed[cell.row] for cell in cells if stray.search(cell.text)}
    n_values = sum(column.role == "value" for column in table.columns)
    if table.method == "text-aligned":
        lent |= {n for n, row in enumerate(rows) if _shares_a_cell(row, n_values) or _BEFORE_NOTE.match(row.note)}
    return frozenset(lent)


@lru_cache(maxsize=4096)
def _has_lent(unit_raw: str) -> bool:
    """Does a unit hold a figure that is not its own? Those of a list of answers stand beside `=`."""
    if "=" not in unit_raw:
        return _LENT.search(unit_raw) is not None
    known = parse_unit(unit_raw) in known_units()  # `2 cấp = 1` has one that does not
    return not known and _BESIDE_ANSWER.search(unit_raw) is not None


@lru_cache(maxsize=64)
def _stray_unit(units: tuple[str, ...]) -> regex.Pattern[str]:
    """A unit inside a name: one of the table's (`units`) behind other words at the end of a line, any before a figure.
    A name may speak of `văn bản`; a unit begins with a capital."""
    known = (unit.name[:1].upper() + unit.name[1:] for unit in known_units() if unit.kind in ("count", "money"))
    at_end, before = _either({*units, "%"}), _either({*units, "%", *known})
    return regex.compile(rf"(?<=\S )(?:{at_end})$|(?:^| )(?:{before}) (?:[-–] ?)?\d", regex.MULTILINE)


def _either(names: Iterable[str]) -> str:
    """An alternative of the names that begin with a capital and hold no digit; the longest first."""
    said = sorted({name for name in names if name[:1].isupper() or name == "%"}, key=lambda name: (-len(name), name))
    return "|".join(regex.escape(name) for name in said if not any(map(str.isdigit, name)))


def _is_unit(text: str) -> bool:
    return bool(text) and parse_unit(text).kind not in ("none", "other")


def _shares_a_cell(row: PrintedRow, n_values: int) -> bool:
    """Does a cell hold what may be two cells', with a blank one beside it, or two figures that are none together?"""
    filled = [text for cell in row.values.values() if (text := clean(cell.text))]
    may_be_two = _TWO_FIGURES if n_values > 1 and len(filled) < n_values else _NO_GROUPS
    return n_values > 1 and any(map(may_be_two.search, filled))


def cut_names(table: Table, rows: Sequence[PrintedRow]) -> frozenset[int]:
    """Rows (by place) with a code whose name goes on with another's, where the rows were told apart without rules: a
    small letter or a closing bracket at its head, though the names of the table begin with capitals."""
    if table.method not in UNRULED:
        return frozenset()
    cut = [n for n, row in enumerate(rows) if row.stt_raw and _GOES_ON.match(row.name)]
    return frozenset(cut) if 2 * len(cut) < len(rows) or len(rows) < FEW_ROWS else frozenset()


def _is_header_words(row: PrintedRow) -> bool:
    """A first row without code and name whose figure cells hold words: the rest of a header that was cut too high."""
    words = [text for cell in row.values.values() if _WORDS_ONLY.match(text := clean(cell.text))]
    return not row.name and not row.stt_raw and len(words) >= 2


@lru_cache(maxsize=8192)
def _is_code_like(text: str) -> bool:
    return _CODE_LIKE.match(text) is not None and len(text.split()) <= 3


@lru_cache(maxsize=8192)
def _is_figure(text: str) -> bool:
    return _FIGURE_ONLY.match(text) is not None


def _odd(row: PrintedRow, has_years: bool = False) -> str:
    """What is odd about a row, '' where nothing is. `has_years`: the table has a row for each year."""
    if row.stt_raw and not _is_code_like(row.stt_raw):
        return row.stt_raw[:60]
    cells = row.values.values()
    if row.name:
        if _is_figure(row.name) and not (has_years and _YEARS.match(row.name)):
            return row.name[:60]
    elif any(map(_FIGURE_ONLY.match, figures := [clean(cell.text) for cell in cells])):
        return ", ".join(figures)[:60]
    long = [clean(cell.text) for cell in cells if len(cell.text) > 3 * _WORDY]
    return next((text[:60] for text in long if len(_LETTERS.findall(text)) > _WORDY), "")
