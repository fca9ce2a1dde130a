"""Old encodings in text files and in runs, against encoders that are not ours."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.legacy import Decoder, Span
from extract.legacy_files import decode_bytes
from extract.legacy_fonts import encoding_of_font, is_capital_font
from extract.legacy_tables import DECODERS
from extract.readers.text import read_text

FOLDER = Path(__file__).parent / "legacy"
SOURCE = unicodedata.normalize("NFC", (FOLDER / "source.txt").read_text(encoding="utf-8"))
LINES = SOURCE.split("\n")
PLAIN_CAPITALS = "ĂÂÊÔƠƯĐ"  # the only accented capitals of TCVN3
needs_iconv = pytest.mark.skipif(shutil.which("iconv") is None, reason="iconv is the encoder of this test")


def iconv(text: str, charset: str) -> bytes:
    done = subprocess.run(
        ["iconv", "-f", "UTF-8", "-t", charset], input=text.encode(), capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip(f"this iconv does not write {charset}")
    return done.stdout


def tcvn3(text: str) -> bytes:
    """TCVN3 as the fonts had it: capitals with tone are the small letters."""
    small = "".join(c.lower() if not c.isascii() and c not in PLAIN_CAPITALS else c for c in text)
    return iconv(small, "TCVN5712-1")


def codes(data: bytes) -> list[str]:
    return [problem.code for problem in decode_bytes(data)[1]]


@needs_iconv
@pytest.mark.parametrize("charset", ["TCVN5712-1", "VISCII", "CP1258"])
def test_a_file_written_by_iconv_comes_out_as_it_went_in(charset: str) -> None:
    text, problems = decode_bytes(iconv(SOURCE, charset))
    assert text == SOURCE
    assert {(p.code, p.severity) for p in problems} == {("encoding-converted", "info")}


@pytest.mark.parametrize("name", ["vni", "tcvn3", "viqr"])
def test_a_file_written_by_another_converter_comes_out_as_it_went_in(name: str) -> None:
    text, problems = decode_bytes((FOLDER / f"{name}.txt").read_bytes())
    assert text == SOURCE
    assert [p.code for p in problems] == ["encoding-converted"]


@needs_iconv
def test_tcvn3_without_its_fonts_loses_capitals_and_nothing_else() -> None:
    text, _ = decode_bytes(tcvn3(SOURCE))
    assert text.lower() == SOURCE.lower()
    assert text.split("\n")[0] == LINES[0]  # a line in capitals gets them back


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read(charset: str) -> None:
    text, problems = decode_bytes(SOURCE.encode(charset))
    assert text == SOURCE
    assert [p.code for p in problems] == ["encoding-converted"]


@pytest.mark.parametrize("charset", ["latin-1", "cp1252"])
def test_utf_8_that_was_read_as_something_else_is_repaired(charset: str) -> None:
    shown = "".join(bytes([b]).decode(charset, "ignore") or chr(b) for b in SOURCE.encode())
    assert decode_bytes(shown.encode())[0] == SOURCE


@needs_iconv
def test_a_file_glued_from_several_encodings_is_read_line_by_line() -> None:
    a, b = len(LINES) // 3, 2 * len(LINES) // 3
    parts = [LINES[:a], LINES[a:b], LINES[b:]]
    vni = (FOLDER / "vni.txt").read_bytes().split(b"\n")[b:]
    data = b"\n".join(["\n".join(parts[0]).encode(), iconv("\n".join(parts[1]), "VISCII"), *vni])
    assert decode_bytes(data)[0] == SOURCE


@needs_iconv
def test_a_unicode_body_with_tables_in_tcvn3_is_read() -> None:
    data = b"\n".join(tcvn3(line) if "\t" in line else line.encode() for line in LINES)
    assert decode_bytes(data)[0].lower() == SOURCE.lower()


def test_stray_bytes_do_not_spoil_the_line_they_stand_in() -> None:
    data = (
        "Sở Nội vụ đã ban hành kế hoạch\n".encode() + b"T\xe1\xbb\x95 ch\xe1\xbb\xa9c \x96 bi\xc3\xaan ch\xe1\xba\xbf\n"
    )
    assert decode_bytes(data)[0] == "Sở Nội vụ đã ban hành kế hoạch\nTổ chức – biên chế\n"


def test_sound_unicode_is_left_alone() -> None:
    for text in (SOURCE, "Phụ lục 2\n1\tSố văn bản\tVăn bản\t12\n", "plain ASCII, 5^2 = 25 and a^2 + b^2 = c^2\n"):
        assert decode_bytes(text.encode()) == (text, ())
    french = "Déjà vu: l'hôtel à Genève, où l'été fut très agréable, reçut la clé\n"
    assert decode_bytes(french.encode())[0] == french


def test_decomposed_letters_are_composed_without_a_word_about_it() -> None:
    assert decode_bytes(unicodedata.normalize("NFD", SOURCE).encode()) == (SOURCE, ())
    tone_only = "Sô\u0301 hô\u0300 sơ đa\u0303 tiê\u0301p nhâ\u0323n"
    assert decode_bytes(tone_only.encode()) == ("Số hồ sơ đã tiếp nhận", ())


@pytest.mark.parametrize(
    "text",
    [
        "Co^.ng ho`a xa~ ho^.i chu? nghi~a Vie^.t Nam",
        "Cộng ho`a",
        "See section 3.1.a. for details (cf. O'Neil). Is it so? Go to. do. no. la. ma.",
        "C:\\data\\so.txt; a^2; e.g. u.v. i.e. co. do~ ; O(n^2)",
    ],
)
def test_a_lone_line_of_seven_bits_is_viqr_only_with_words_enough(text: str) -> None:
    decoded = decode_bytes(text.encode())[0]
    assert decoded == ("Cộng hòa xã hội chủ nghĩa Việt Nam" if text.startswith("Co^") else text)


def test_viqr_keeps_labels_addresses_and_full_stops() -> None:
    typed = [
        ("I. To^? chu+'c bo^. ma'y", "I. Tổ chức bộ máy"),
        ("a. So^' 12/KH-UBND; e-mail: vpubnd@hue.gov.vn.", "a. Số 12/KH-UBND; e-mail: vpubnd@hue.gov.vn."),
        ("Quy mo^ lo+'n. Ve^` quy mo^.", "Quy mô lớn. Về quy mô."),
        ("DDe^` a'n HDDND\\.", "Đề án HĐND."),
    ]
    assert decode_bytes("\n".join(read for read, _ in typed).encode())[0].split("\n") == [meant for _, meant in typed]


def test_bytes_that_make_no_words_in_any_encoding_are_said() -> None:
    assert codes(b"\xe9\xf5\xe9 x\xf5q\xe9\n") == ["encoding-guessed"]


def test_the_rows_of_a_table_keep_the_text_as_read(tmp_path: Path) -> None:
    path = tmp_path / "vni.txt"
    path.write_bytes((FOLDER / "vni.txt").read_bytes())
    cells = [c for block in read_text(path).blocks if hasattr(block, "cells") for c in block.cells]
    converted = [c for c in cells if c.readings]
    assert len(converted) > 200
    assert all(not c.text.isascii() and c.readings[0].reader == "vni" for c in converted)
    assert all(not c.readings for c in cells if c.text.isdigit())


@pytest.mark.parametrize(
    "font, encoding, capital",
    [
        (".VnTime", "tcvn3", False),
        (".VnTimeH", "tcvn3", True),
        (".vntimeh", "tcvn3", False),
        (".VnArial NarrowH", "tcvn3", True),
        ("ABCDEF+.VnHelvetInsH,Bold", "tcvn3", True),
        (".VnTimeH-BoldItalic", "tcvn3", True),
        ("VNI-Times", "vni", False),
        ("VPS Times", "vps", False),
        ("Times New Roman", "", False),
        ("Vni", "vni", False),
        ("", "", False),
    ],
)
def test_fonts_of_the_time_are_known_by_name(font: str, encoding: str, capital: bool) -> None:
    assert (encoding_of_font(font), is_capital_font(font)) == (encoding, capital)


def decoded(*passages: list[Span]) -> list[str]:
    decoder = Decoder.of(passages)
    return ["".join(s.text for s in spans) if decoder is None else decoder.decode(spans).text for spans in passages]


def test_a_run_of_one_word_follows_its_font() -> None:
    body = [Span("Céng hßa x· héi chñ nghÜa ViÖt Nam, ®Çu t\xad vµ ph¸t triÓn", ".VnTime")]
    assert decoded(body, [Span("hãa", ".VnTime")], [Span("t\xad", ".VnTime")])[1:] == ["hóa", "tư"]


def test_unicode_under_an_old_font_stays() -> None:
    assert decoded([Span("Sở Nội vụ báo cáo", ".VnTime")], [Span("Ghi chú", ".VnTime")], [Span("và", ".VnTimeH")]) == [
        "Sở Nội vụ báo cáo", "Ghi chú", "và",
    ]  # fmt: skip


def test_capital_fonts_draw_capitals_also_inside_a_word_and_of_ascii() -> None:
    heading = [Span("bé tµi chÝnh", ".VnTimeH")]
    mixed = [Span("ñ", ".VnTimeH"), Span("y ban nh©n d©n", ".VnTime")]
    assert decoded(heading, mixed, [Span("bao cao", ".VnTimeH")]) == ["BỘ TÀI CHÍNH", "Ủy ban nhân dân", "BAO CAO"]


def test_a_letter_cut_in_two_by_runs_is_whole_again() -> None:
    decoder = Decoder.of([[Span("Haïnh phuùc vaø töï do cho moïi ngöôøi", "VNI-Times")]])
    assert decoder is not None
    assert decoder.decode([Span("Ha", "VNI-Times"), Span("ï", "VNI-Times"), Span("nh", "VNI-Times")]).texts == (
        "Hạ",
        "",
        "nh",
    )


def test_numbers_are_untouched() -> None:
    rows = [[Span("Tæng sè hå s¬ ®· tiÕp nhËn", ".VnTime")], [Span("1.061,5", ".VnTime")], [Span("88,70%", ".VnTimeH")]]
    assert decoded(*rows)[1:] == ["1.061,5", "88,70%"]


def test_a_tie_is_left_as_it_is_and_said() -> None:
    lone = [Span("biªn")]  # biên in TCVN3, biến in VISCII
    decoder = Decoder.of([lone])
    assert decoder is not None
    found = decoder.decode(lone)
    assert (found.text, found.encoding) == ("biªn", "tie")
    assert [(p.code, p.severity) for p in decoder.problems()] == [("encoding-tie", "warning")]


def test_the_font_settles_what_the_letters_leave_open() -> None:
    assert decoded([Span("biªn", ".VnTime")]) == ["biên"]


@needs_iconv
@given(st.lists(st.sampled_from(LINES), min_size=4, max_size=8), st.sampled_from(["TCVN5712-1", "VISCII", "CP1258"]))
@settings(max_examples=12, deadline=None)
def test_a_few_lines_are_enough_to_know_the_encoding(lines: list[str], charset: str) -> None:
    long = [line for line in LINES if len(line) > 80][:3]
    text = "\n".join([*lines, *long])
    assert decode_bytes(iconv(text, charset))[0] == text


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_text_of_some_kind(data: bytes) -> None:
    text, problems = decode_bytes(data)
    assert isinstance(text, str)
    assert all(problem.severity in ("info", "warning") for problem in problems)


@given(st.text(alphabet=[chr(c) for c in range(0x20, 0x100)], max_size=60), st.sampled_from(sorted(DECODERS)))
@settings(max_examples=100, deadline=None)
def test_decoders_keep_the_places_of_the_text(text: str, name: str) -> None:
    assert len(DECODERS[name](text)) == len(text)
