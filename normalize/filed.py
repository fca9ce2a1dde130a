"""Rows filed under the wrong appendix: a table whose caption was not read goes under the one before it.

In: table by table, its stretches (where the codes start again, a new table may have begun), each with the form its
rows were found to be of, and the printed number. Out: the stretches that stand under a number that is not theirs, and a
doubt on each of their figures. Two signs: under one number stand rows of two forms, where other numbers have one each;
or the codes start again under a number whose successor was never read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from normalize.findings import Doubt
from normalize.mapping import TOP_CODES, Match, stretches
from normalize.model import Observation
from normalize.rows import PrintedRow
from normalize.stt import SttNode

ENOUGH_ROWS = 4  # recognised rows that tell a form
MOST = 0.8  # of the recognised rows of a stretch are of one form


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of one table, `first` to `last` by their numbers, under the printed number `appendix`. `form`: template and
    number of the form they are of, None where too few rows tell. `begins_again`: their codes start from the top."""

    table: int
    appendix: str
    first: int
    last: int
    form: tuple[str, str] | None
    begins_again: bool


def filed(
    table: int, appendix: str, rows: Sequence[PrintedRow], nodes: Sequence[SttNode], matches: Sequence[Match]
) -> list[Stretch]:
    """The stretches of one table in reading order; none for a table without rows."""
    codes = [node.canonical for node in nodes]
    return [
        Stretch(table, appendix, rows[a].number, rows[b - 1].number, _form(matches[a:b]), codes[a] in TOP_CODES)
        for a, b in stretches(codes)
        if a < b
    ]


def _form(matches: Sequence[Match]) -> tuple[str, str] | None:
    found = Counter((match.template, match.appendix) for match in matches if match.template)
    form, count = max(found.items(), key=lambda pair: pair[1], default=(None, 0))
    return form if count >= max(ENOUGH_ROWS, MOST * found.total()) else None


def misfiled(all_stretches: Sequence[Stretch]) -> Iterator[tuple[Stretch, str]]:
    """The stretches that stand under a number that is not theirs, or under none, each with the number it should have
    had."""
    runs = [list(run) for _, run in groupby(all_stretches, lambda stretch: stretch.appendix)]
    printed = {run[0].appendix for run in runs}
    shifts = Counter(shift for run in runs if (shift := _shift(run[0])) is not None)
    usual = max(shifts, key=shifts.__getitem__, default=None)
    for run, behind in pairwise([*runs, []]):
        number = run[0].appendix
        if not number:
            yield from _of_none(run, runs, usual)
            continue
        is_numbered_as_forms = _shift(run[0]) == 0 or any(_is_of_one_form(other) for other in runs if other is not run)
        successor = str(int(number) + 1) if number.isdigit() else ""
        following = behind[0].appendix if behind else ""
        is_gap = number.isdigit() and following.isdigit() and int(following) > int(successor)
        is_gap = is_gap and successor not in printed
        for stretch in run[1:]:
            if stretch.form is not None and stretch.form == run[0].form:
                continue
            if run[0].form and stretch.form and is_numbered_as_forms:
                yield stretch, _moved(stretch.form[1], usual) or (successor if is_gap else "?")
            elif is_gap and stretch.begins_again:
                yield stretch, successor


def _of_none(
    run: Sequence[Stretch], runs: Sequence[Sequence[Stretch]], usual: int | None
) -> Iterator[tuple[Stretch, str]]:
    """Stretches without a number, of forms that stand under none, in a report that numbers its appendices as the
    forms are numbered."""
    elsewhere = {stretch.form for other in runs if other is not run for stretch in other}
    for stretch in run if usual is not None else ():
        if stretch.form is not None and stretch.form not in elsewhere:
            yield stretch, _moved(stretch.form[1], usual) or "?"


def _is_of_one_form(run: Sequence[Stretch]) -> bool:
    return bool(run[0].appendix) and run[0].form is not None and all(stretch.form == run[0].form for stretch in run)


def _shift(stretch: Stretch) -> int | None:
    """How far the printed number is from the form's; None where no form was found or one of them is no number."""
    if stretch.form is None:
        return None
    if stretch.appendix.isdigit() and stretch.form[1].isdigit():
        return int(stretch.appendix) - int(stretch.form[1])
    return 0 if stretch.appendix == stretch.form[1] else None


def _moved(number: str, shift: int | None) -> str:
    if number.isdigit():
        return str(int(number) + shift) if shift is not None else ""
    return number


def filing_doubts(all_stretches: Sequence[Stretch], observations: Iterable[Observation]) -> Iterator[Doubt]:
    """A doubt on each figure and blank of the rows that stand under a number that is not theirs; one on each table
    without a number."""
    wrong: dict[int, list[tuple[Stretch, str]]] = {}
    for stretch, number in misfiled(all_stretches):
        if stretch.appendix:
            wrong.setdefault(stretch.table, []).append((stretch, number))
        else:
            yield Doubt("appendix-unread", (("expected", number),), table=stretch.table, expected=number)
    for observation in observations if wrong else ():
        for stretch, number in wrong.get(observation.table, ()):
            if stretch.first <= observation.row <= stretch.last:
                yield Doubt.at(observation, "appendix-doubtful", expected=number, actual=observation.appendix)
