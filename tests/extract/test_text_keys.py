"""Short ways to an answer give the answer of the long way: keys, spelling of many cells, decomposed text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.legacy import needs_decoding
from extract.legacy_files import decode_text
from extract.syllables import are_broken, is_broken
from extract.text import _INVISIBLE, begins_with, clean, fold, nfc, strip_markup

_WORDS = ["Nơi nhận:", "nơi", "NƠI NHẬN", "N", "Đ", "- ", "…", " ", "\t", "1. ", "n\u031bơi", "ﬁ", "№", "一"]
_MARKS = ["<b>", "</b>", "**", "__", "<", "<sup>1</sup>", "\u200b", "\ufeff", "\u2028", "\x07", "\x7f", "\x80"]
_PIECES = st.sampled_from([*_WORDS, *_MARKS])
_TEXTS = st.one_of(st.lists(_PIECES, max_size=5).map("".join), st.text(max_size=8))


@given(_TEXTS)
def test_how_a_text_begins_is_told_as_by_its_whole_key(text: str) -> None:
    assert begins_with(text, "noi nhan") is fold(text).startswith("noi nhan")
    assert begins_with(clean(text), "noi nhan") is fold(text).startswith("noi nhan")


@given(_TEXTS)
def test_a_text_that_prints_whole_needs_no_search_for_marks_that_do_not(text: str) -> None:
    assert clean(text) == " ".join(_INVISIBLE.sub("", nfc(strip_markup(text))).split())


@given(
    st.lists(
        st.sampled_from(["T ổ ng s ố", "Tổng số văn bản", "v ă n b ả n", "Krông Búk", "", "UBND", "1.2"]), max_size=12
    )
)
def test_many_cells_are_spelled_as_their_text_is(cells: list[str]) -> None:
    assert are_broken(cells) is is_broken("\n".join(cells))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cộng hòa xã hội chủ nghĩa Việt Nam", False),
        (unicodedata.normalize("NFD", "Cộng hòa xã hội chủ nghĩa Việt Nam"), False),
        (unicodedata.normalize("NFD", "Cộng hòa ") + "x· héi chñ nghÜa", True),
        (unicodedata.normalize("NFD", "Cộng hòa Ðộc lập"), True),  # the Icelandic letter, to be put right
    ],
    ids=["composed", "decomposed", "decomposed beside old text", "decomposed with another D"],
)
def test_marks_that_stand_apart_are_no_old_encoding(text: str, expected: bool) -> None:
    assert needs_decoding(text) is expected


def test_a_decomposed_text_file_comes_out_composed() -> None:
    text = "Phụ lục 2\nTổng số\t5\n"
    assert decode_text(unicodedata.normalize("NFD", text).encode()).text == text
