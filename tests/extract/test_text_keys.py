"""Short ways to an answer give the answer of the long way: keys, spelling of many cells, decomposed text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.captions import caption_of, read_caption
from extract.document import _STAMP, _STAMP_LETTERS
from extract.headings import _NO_CANDIDATE, _split
from extract.legacy import SUSPICIOUS, _is_sound, needs_decoding
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


_BEGIN = st.one_of(
    st.sampled_from([*"PpBbMmCcIVXLĐABĂKSſéìø1(-+•[", "\u212a", "e\u0301", "<b>", "**", "\u200b", " "]),
    st.characters(exclude_categories=["Cs"]),
)
_REST = st.sampled_from(
    [
        "hụ lục 2",
        "iểu 01/PCTN",
        "ẫu số 3",
        ". CÔNG TÁC",
        ") Kết quả",
        "I. KẾT QUẢ",
        ".1. Kết quả",
        "hương I",
        "ý bởi: A",
        "",
    ]
)


@given(_BEGIN, _REST, st.sampled_from(["", "\nB"]))
def test_the_first_letter_only_rules_out_what_is_none(begin: str, rest: str, below: str) -> None:
    text = begin + rest + below
    assert caption_of(text) == read_caption(text.split("\n")[0])
    printed = clean(text)
    if printed and text[0] in _NO_CANDIDATE:
        assert _split(printed) is None
    if printed and _STAMP.match(printed):
        assert printed[0] in _STAMP_LETTERS


@given(
    st.one_of(
        st.text(max_size=12), st.lists(st.sampled_from("aĐđẮừ–…\u0301\xad\u00c4\u2126^\t\n"), max_size=30).map("".join)
    )
)
def test_a_sound_text_is_composed_and_holds_nothing_suspicious(text: str) -> None:
    if _is_sound(text):
        assert SUSPICIOUS.search(text) is None
        assert nfc(text) == text


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
