"""Rules that are broken, and frames that are thick."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.page import Edge
from extract.readers.scan_image import PAPER, PagePicture
from extract.readers.scan_lines import find_rules
from extract.readers.scan_mended import are_broken
from extract.tables.ruled import RuledTable, find_tables

SCALE = 2.0
XS, YS = (100, 200, 520, 700, 900), (200, 280, 360, 440, 520, 600, 680)


def _with_gaps(rng: np.random.Generator, length: int, piece: tuple[int, int], gap: tuple[int, int]) -> np.ndarray:
    """Where a rule of this length has ink: pieces and gaps of so many dots, in turn."""
    ink = np.ones(length, bool)
    at = 0
    while at < length:
        at += int(rng.uniform(*piece))
        width = int(rng.uniform(*gap))
        ink[at : at + width] = False
        at += width
    return ink


def gapped(rng: np.random.Generator, length: int) -> np.ndarray:
    """Long pieces, gaps of up to ten points."""
    return _with_gaps(rng, length, (20, 110), (4, 20))


def holed(rng: np.random.Generator, length: int) -> np.ndarray:
    """Short pieces and small holes: a dotted border, or faint toner."""
    return _with_gaps(rng, length, (5, 26), (1, 7))


def table(broken: object, seed: int, is_merged: bool = False) -> np.ndarray:
    """A table whose rules have ink where `broken` says. Merged: the third row is one cell behind the code."""
    rng = np.random.default_rng(seed)
    page = np.full((1200, 1000), 250, np.uint8)
    for y in YS:
        page[y : y + 2, XS[0] : XS[-1] + 2][:, broken(rng, XS[-1] + 2 - XS[0])] = 30  # type: ignore[operator]
    for x in XS:
        ink = broken(rng, YS[-1] + 2 - YS[0])  # type: ignore[operator]
        if is_merged and x in XS[2:-1]:
            ink[YS[2] + 2 - YS[0] : YS[3] - YS[0]] = False
        page[YS[0] : YS[-1] + 2, x : x + 2][ink] = 30
    for y in YS[:-1]:
        for x in XS[:-1]:  # print at the start of each cell, its stems one below the other
            for line in (14, 46):
                for at in range(x + 14, x + 60, 12):
                    page[y + line : y + line + 20, at : at + 3] = 20
                    page[y + line + 8 : y + line + 11, at : at + 9] = 20
    return page


def drawn(page: np.ndarray) -> RuledTable:
    (found,) = find_tables(find_rules(PagePicture(page, SCALE)).edges)
    return found


@pytest.mark.parametrize("broken", [gapped, holed])
@pytest.mark.parametrize("seed", range(6))
def test_a_table_with_broken_rules_has_all_its_cells(broken: object, seed: int) -> None:
    found = drawn(table(broken, seed))
    assert len(found.cells) == (len(XS) - 1) * (len(YS) - 1)
    assert np.allclose([x * SCALE for x in found.xs], XS, atol=5)
    assert np.allclose([y * SCALE for y in found.ys], YS, atol=5)


@pytest.mark.parametrize("seed", range(6))
def test_a_merged_cell_stays_merged_where_rules_are_broken(seed: int) -> None:
    found = drawn(table(gapped, seed, is_merged=True))
    (merged,) = (cell for cell in found.cells if cell.col_span > 1)
    assert (merged.row, merged.col, merged.col_span) == (2, 1, 3)


@pytest.mark.parametrize("broken", [gapped, holed])
def test_the_pieces_of_broken_rules_are_erased_and_print_is_not(broken: object) -> None:
    page = table(broken, 3)
    erased = find_rules(PagePicture(page, SCALE)).erased
    rules = np.zeros(page.shape, bool)
    for y in YS:
        rules[y : y + 2, XS[0] : XS[-1]] = True
    for x in XS:
        rules[YS[0] : YS[-1], x : x + 2] = True
    assert np.count_nonzero(erased[rules] < 150) < 0.01 * np.count_nonzero(page[rules] < 150)
    print_ = (page < 25) & ~rules
    assert np.count_nonzero(erased[print_] < 60) > 0.98 * np.count_nonzero(print_)


def test_whole_rules_and_merged_cells_are_not_broken() -> None:
    whole = [Edge(True, 100.0, 50.0, 400.0), Edge(True, 140.0, 50.0, 120.0), Edge(True, 140.0, 180.0, 400.0)]
    assert not are_broken(whole, whole)
    broken = [Edge(True, 100.0, 50.0 + 60 * i, 103.0 + 60 * i) for i in range(5)]
    assert are_broken(broken, ())


def test_a_thick_frame_is_a_rule_and_is_erased() -> None:
    page = table(lambda rng, length: np.ones(length, bool), 1)
    for y in (YS[0] - 4, YS[-1] - 4):
        page[y : y + 9, XS[0] - 4 : XS[-1] + 5] = 20
    for x in (XS[0] - 4, XS[-1] - 4):
        page[YS[0] - 4 : YS[-1] + 5, x : x + 9] = 20
    ruling = find_rules(PagePicture(page, SCALE))
    (found,) = find_tables(ruling.edges)
    assert len(found.cells) == (len(XS) - 1) * (len(YS) - 1)
    assert ruling.erased[YS[0] - 4 : YS[0] + 5, XS[0] : XS[-1]].min() == PAPER
    assert ruling.erased[YS[0] + 6 : YS[-1] - 6, XS[0] - 4 : XS[0] + 5].min() == PAPER
