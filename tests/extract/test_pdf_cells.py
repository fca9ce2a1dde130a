"""Words → cells of ruled tables: lines of a cell, words across a rule, cells that are not given line by line."""

from __future__ import annotations

import pytest

from extract.page import Edge, Glyph, PageContent, Style, Word
from extract.page_words import PageWords
from extract.readers.pdf_cells import CellWords, words_in_cells
from extract.readers.pdf_grids import ruled_grid
from extract.tables.ruled import RuledTable, find_tables


def word(text: str, x0: float, base: float, *, size: float = 12, turn: int = 0) -> Word:
    return Word(text, x0, base - 0.9 * size, x0 + 6 * len(text), base + 0.22 * size, base, size, turn=turn)


def page(words: list[Word], glyphs: list[Glyph] | None = None) -> PageContent:
    return PageContent(1, 600, 800, words, [], lambda first, n: glyphs or [], lambda _: Style(False, False))


def grid(xs: list[float], ys: list[float]) -> RuledTable:
    edges = [Edge(True, y, xs[0], xs[-1]) for y in ys] + [Edge(False, x, ys[0], ys[-1]) for x in xs]
    return find_tables(edges)[0]


TABLE = grid([0, 100, 200], [0, 50, 100])


def cells(words: list[Word]) -> tuple[CellWords, list[Word]]:
    (found,), outside = words_in_cells(PageWords.of(words), [TABLE], page(words))
    return found, outside.some()


@pytest.mark.parametrize(
    "words, text",
    [
        pytest.param([word("Tổng", 5, 12), word("số", 40, 12), word("hồ", 5, 26)], "Tổng số\nhồ", id="line by line"),
        pytest.param([word("hồ", 5, 26), word("sơ", 40, 26), word("Tổng", 5, 12)], "Tổng\nhồ sơ", id="low line first"),
        pytest.param([word("số", 40, 12), word("Tổng", 5, 12)], "Tổng số", id="right word first"),
        pytest.param([word("12", 5, 12), word("12", 5.5, 12)], "12", id="drawn twice"),
        pytest.param([word("12", 5, 12), word("12", 40, 12)], "12 12", id="the same figure beside itself"),
        pytest.param([word("2017", 5, 12), word("a", 40, 11)], "2017 a", id="raised a little"),
        pytest.param([word("Tron", 5, 12), word("g", 5, 26)], "Trong", id="a word cut by a narrow column"),
        pytest.param([word("03/02/202", 5, 12), word("3", 5, 26)], "03/02/2023", id="a year cut"),
    ],
)  # fmt: skip
def test_the_lines_of_a_cell(words: list[Word], text: str) -> None:
    found, outside = cells([word("trái", 110, 12), *words, word("dưới", 5, 80)])
    assert [found.text(i) for i in range(4)] == [text, "trái", "dưới", ""]
    assert outside == []


@pytest.mark.parametrize(
    ("x0", "text"),
    [
        pytest.param(8, "82,98 %", id="the cell is as wide as both"),
        pytest.param(64, "82,98\n%", id="it is not"),
        pytest.param(14, "82,98\n%", id="it is not between margins as wide as those of the table"),
    ],
)
def test_a_share_that_had_room_on_a_line_was_broken_at_a_space(x0: float, text: str) -> None:
    table = grid([0, 60, 100, 200], [0, 50, 100])
    words = [word("82,98", x0, 12), word("%", x0 + 12, 26), word("văn", 100 + min(x0, 14), 12)]
    (found,), _ = words_in_cells(PageWords.of(words), [table], page(words))
    drawn = ruled_grid(table, found, page(words)).grid
    assert next(cell.text for cell in drawn.cells if "82" in cell.text) == text


def test_lines_are_those_printed_where_a_word_was_cut() -> None:
    found, _ = cells([word("Tron", 5, 12), word("g", 5, 26)])
    assert found.lines(0) == ["Tron", "g"]


def test_text_that_runs_upwards_is_read_along_its_run() -> None:
    words = [Word("Ghi", 10, 40, 22, 48, 20, 12, turn=1), Word("chú", 10, 20, 22, 32, 20, 12, turn=1)]
    assert cells(words)[0].text(0) == "Ghi chú"


def test_a_word_belongs_to_the_smallest_table_round_it() -> None:
    inner = grid([10, 50, 90], [10, 30, 45])
    words = [word("trong", 12, 25), word("ngoài", 110, 25), word("xa", 300, 25)]
    found, outside = words_in_cells(PageWords.of(words), [TABLE, inner], page(words))
    assert [own.text(i) for own in found for i in range(4)] == ["", "ngoài", "", "", "trong", "", "", ""]
    assert outside.some() == [words[2]]


def test_a_figure_glued_to_a_name_across_a_rule_is_cut_off() -> None:
    glued = Word("bản416", 82, 1, 118, 15, 12, 12, 0, 6)
    glyphs = [Glyph(char, 82 + 6 * i, 1, 88 + 6 * i, 15, 12, 12) for i, char in enumerate("bản416")]
    words = [word("Văn", 60, 12), glued]
    (found,), _ = words_in_cells(PageWords.of(words), [TABLE], page(words, glyphs))
    assert [found.text(0), found.text(1)] == ["Văn bản", "416"]


def test_words_asked_for_are_those_given() -> None:
    words = [word("1", 5, 12), word("Tổng", 110, 12, turn=2)]
    columns = PageWords.of(words)
    again = PageWords(
        columns.texts, columns.x0, columns.top, columns.x1, columns.bottom, columns.base, columns.size, columns.start,
        columns.length, turn=columns.turn,
    )  # fmt: skip
    assert list(again) == list(columns) == words
    assert list(again.where(columns.x0 > 100)) == [words[1]] == again[1:]
