"""What Vietnamese can spell, and what it cannot."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import regex

from extract.syllables import is_broken, is_common, is_syllable

SOURCE = Path(__file__).parent / "legacy" / "source.txt"


@pytest.mark.parametrize(
    "words", ["nghiêng hoà hòa quý quí quỹ giếng gì giữ thuỷ thủy", "khuỷu người của huyện Uỷ Ủy ở NGUYỄN quốc Đắk"]
)
def test_syllables_are_known_with_both_places_of_the_tone(words: str) -> None:
    assert [word for word in words.split() if not is_syllable(word)] == []


@pytest.mark.parametrize("word", ["cỏc", "quôc", "ghà", "café", "kgà", "qúy", "ngiêng", "bàc", "hèt", "ÿ", "n¨m", "lµ"])
def test_what_breaks_a_spelling_rule_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


def test_every_accented_word_of_a_report_is_a_syllable_except_abbreviations() -> None:
    words = regex.findall(r"\p{L}+", unicodedata.normalize("NFC", SOURCE.read_text(encoding="utf-8")))
    strange = {w for w in words if not w.isascii() and not is_syllable(w)}
    assert {w for w in strange if not w.isupper()} == set()


def test_common_syllables_can_be_spelled() -> None:
    assert is_common("số")
    assert not is_common("sổ")


@pytest.mark.parametrize(
    "text,expected",
    [
        ("T ổ ng s ố văn b ả n quy ph ạ m pháp lu ậ t do đ ị a ph ươ ng ban hành", True),
        ("Sè v¨n b¶n quy ph¹m ph¸p luËt do ®Þa ph­¬ng ban hµnh trong kú", True),
        ("Tổng số văn bản quy phạm pháp luật do địa phương ban hành trong kỳ", False),
        ("Xã Ea Kly Xã Krông Búk Xã Cư M'gar Xã Ea Kar Xã Ea Kiết Xã Cư Pơng Xã Tơ Tung", False),
        ("the number of documents issued by the province in the period of the report and so on", False),
        ("Số TTHC, VBQPPL, ĐVSNCL, PAKN, UBND, HĐND, CCHC, DVCTT a b c d đ e g h", False),
        ("T ổ ng s ố", False),
    ],
)
def test_text_in_pieces_is_told_from_names_and_other_languages(text: str, expected: bool) -> None:
    assert is_broken(text) is expected
