"""Glyphs → words: neither fused nor split."""

from __future__ import annotations

import unicodedata

import pytest

from extract.page import Glyph
from extract.readers.pdf_layout import joined
from extract.readers.pdf_order import codes_of
from extract.readers.pdf_words import (
    are_two_words,
    is_unmapped,
    odd_places,
    printed,
    without_false_spaces,
    words_of,
)
from extract.unseen import unseen


def glyphs(text: str, gaps: dict[int, float] | None = None, size: float = 10.0) -> list[Glyph]:
    """Glyphs 5 wide on one base line; `gaps` widens the place before a glyph."""
    out, x = [], 0.0
    for i, char in enumerate(text):
        x += (gaps or {}).get(i, 0.0)
        out.append(Glyph(char, x, 0.0, x + 5, 11.0, 9.0, size))
        x += 5
    return out


def test_words_are_parted_by_gaps_even_without_spaces() -> None:
    run = glyphs("Tiếpnhậnvănbản", {4: 2.5, 8: 2.5, 11: 2.5})
    assert [w.text for w in words_of(run, 0)] == ["Tiếp", "nhận", "văn", "bản"]


def test_a_space_that_the_setting_closed_is_none() -> None:
    run = glyphs("ĐIỀ U")
    shut = [*run[:3], run[3], run[4]._replace(x0=run[2].x1, x1=run[2].x1 + 5)]
    assert [w.text for w in without_false_spaces(words_of(shut, 0), shut)] == ["ĐIỀU"]


def test_a_footnote_mark_does_not_become_a_digit() -> None:
    run = [*glyphs("2017"), Glyph("1", 20.0, 0.0, 23.0, 8.0, 5.0, 6.0)]
    assert [w.text for w in words_of(run, 0)] == ["2017¹"]


def test_a_lowered_digit_is_no_digit_and_one_too_small_to_read_is_marked() -> None:
    lowered = [*glyphs("2017"), Glyph("1", 20.0, 8.0, 23.0, 14.0, 12.0, 6.0)]
    tiny = [*glyphs("2017"), Glyph("1", 20.0, 8.0, 20.5, 9.0, 9.0, 1.0)]
    assert [w.text for w in words_of(lowered, 0) + words_of(tiny, 0)] == ["2017₁", "2017" + unseen("1")]


def test_glyphs_drawn_twice_count_once() -> None:
    run = [g for glyph in glyphs("Tổng") for g in (glyph, glyph._replace(x0=glyph.x0 + 0.3, x1=glyph.x1 + 0.3))]
    assert [w.text for w in words_of(run, 0)] == ["Tổng"]


@pytest.mark.parametrize(
    "raw, expected",
    [("hồ", "hồ"), ("\ufb01", "fi"), ("\uf0b7", "•"), ("QĐ\x02", "QĐ-"), ("a\u0302\u0323", "ậ")],
)
def test_text_is_nfc_without_symbol_font_codes(raw: str, expected: str) -> None:
    assert printed(raw) == expected


def test_of_plain_characters_none_is_replaced_and_none_says_nothing() -> None:
    plain = [char for char in map(chr, range(0xFFFF)) if not len(odd_places(codes_of(char)))]
    assert len(plain) > 10_000
    assert not any(is_unmapped(char) or printed(char) != unicodedata.normalize("NFC", char) for char in plain)


@pytest.mark.parametrize("text, count", [("chữ rõ", 0), ("ch\ufffd\ufffd", 2), ("\uf0b7 mục", 0), ("\ue123x", 1)])
def test_glyphs_without_a_character_are_counted(text: str, count: int) -> None:
    assert is_unmapped(text) == count


@pytest.mark.parametrize(
    "text, line, expected",
    [
        ("12/QĐ-", "UBND", "12/QĐ-UBND"),
        ("Độc lập -", "Tự do", "Độc lập - Tự do"),
        ("ngày 05/", "7/2023", "ngày 05/7/2023"),
        ("hồ sơ", "đúng hạn", "hồ sơ đúng hạn"),
    ],
)
def test_lines_are_joined_as_they_were_broken(text: str, line: str, expected: str) -> None:
    assert joined(text, line) == expected


@pytest.mark.parametrize(
    ("left", "right", "are_two"),
    [("kế", "từ", True), ("(Sử", "dụng", True), ("từ", "70%", True), ("ĐI", "ỀU", False), ("đi", "ề", False),
     ("ĐIỀ", "U", False), ("đồng", "ý", True)],
)  # fmt: skip
def test_words_whose_space_a_letter_covers_are_told_by_their_spelling(left: str, right: str, are_two: bool) -> None:
    assert are_two_words(left, right) is are_two
