"""Readings of figure cells: shapes, votes, labels of headings."""

from __future__ import annotations

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.model import OCR_READERS, Paragraph, Reading  # noqa: E402
from extract.readers import scan_glyphs as shapes  # noqa: E402
from extract.readers.scan_cells import INKED, PAGE, STRIP  # noqa: E402
from extract.readers.scan_cover import COVER  # noqa: E402
from extract.readers.scan_labels import repaired_labels  # noqa: E402
from extract.readers.scan_tesseract import words_of_table  # noqa: E402
from extract.readers.scan_vote import SHAPES, decide  # noqa: E402
from extract.readers.scan_words import to_words  # noqa: E402


def test_readers_of_pictures_are_known_by_name() -> None:
    assert {PAGE, STRIP, INKED, SHAPES, COVER} == OCR_READERS


def page(text: str, sure: float = 0.9) -> Reading:
    return Reading(text, sure, "tesseract")


def strip(text: str, sure: float = 0.9) -> Reading:
    return Reading(text, sure, "tesseract-digits")


def shape(text: str, sure: float = 1.0) -> Reading:
    return Reading(text, sure, "shapes")


@pytest.mark.parametrize(
    "readings, text",
    [
        ((page("412"), strip("412"), shape("412")), "412"),
        ((page("8m5", 0.4), strip("35"), shape("3,5")), "3,5"),  # letters in a figure: the other two decide
        ((page("12025"), strip("12025"), shape("12.025")), "12.025"),  # a mark is the shapes' business
        ((page("52 419"), strip("52419"), shape("52 419")), "52 419"),
        ((page("1.4.3\n:"), strip("14.3\n."), shape("1.4.3\n.")), "1.4.3\n."),
        ((page("59"), strip("55"), shape("55")), "55"),
        ((page("59"), strip("55"), shape("57", 0.6)), "59"),  # no two agree: the page's own stays
        ((page("", 0.0), strip("7"), shape("2", 0.0)), "7"),
        ((page("Không có"), strip("66"), shape("??????", 0.0)), "Không có"),
        ((page("Ví)", 0.4), strip("79"), shape("79", 0.9)), "79"),
        ((page("VÀ", 0.9), strip("7"), shape("?", 0.0)), "7"),  # two letters, one glyph
        ((page("Sỹ", 0.9), strip("57"), shape("5?", 0.0)), "Sỹ"),
        ((page("Ban", 0.95), strip("13"), shape("Ban", 0.9)), "Ban"),
        ((page("9 cuộc"), strip("9"), shape("9 cuộc", 0.7)), "9 cuộc"),
        ((page("", 0.0), shape("-")), "-"),
    ],
)
def test_two_readings_that_agree_decide(readings: tuple[Reading, ...], text: str) -> None:
    assert decide(readings) == text


def drawn(text: str) -> np.ndarray:
    picture = np.full((60, 40 + 26 * len(text)), 255, np.uint8)
    cv2.putText(picture, text, (10, 42), cv2.FONT_HERSHEY_DUPLEX, 1.0, 0, 2, cv2.LINE_AA)
    return picture


HEIGHT = 22.0


def test_shapes_outvote_a_slip_of_the_page_reading() -> None:
    texts = ["1234567890", "908", "5713", "26", "4450"]
    lines = [shapes.take_apart(drawn(text), HEIGHT) for text in [*texts, "318"]]
    known = shapes.label(lines, [*texts, "818"], [0.9] * 6)
    read, sure = shapes.read_line(lines[-1], known, 5)
    assert read == "318"
    assert sure > 0.5


def test_a_shape_that_the_page_does_not_have_is_not_guessed() -> None:
    lines = [shapes.take_apart(drawn(text), HEIGHT) for text in ("111", "11")]
    known = shapes.label(lines, ["111", "11"], [0.9, 0.9])
    assert shapes.read_line(shapes.take_apart(drawn("8"), HEIGHT), known, 9) == ("?", 0.0)


@pytest.mark.parametrize(
    "box, mark",
    [((0, 20, 3, 23), "."), ((0, 20, 3, 28), ","), ((0, 12, 9, 15), "-")],
)
def test_marks_are_told_by_their_place(box: tuple[int, int, int, int], mark: str) -> None:
    picture = np.full((40, 60), 255, np.uint8)
    for x in (4, 44):
        picture[4:27, x : x + 10] = 0
    x0, top, x1, bottom = box
    picture[top + 4 : bottom + 4, x0 + 24 : x1 + 24] = 0
    line = shapes.take_apart(picture, 23.0)
    assert [g.mark for g in line.glyphs] == ["", mark, ""]


def texts_of(labels: list[str]) -> list[str]:
    blocks, _ = repaired_labels([Paragraph(text, 1) for text in labels])
    return [b.text for b in blocks if isinstance(b, Paragraph)]


@pytest.mark.parametrize(
    "read, right",
    [
        (["I. CÔNG TÁC", "II. KẾT QUẢ", "II. ĐÁNH GIÁ", "IV. PHƯƠNG HƯỚNG"], 2),
        (["L CÔNG TÁC", "II. KẾT QUẢ", "HI. ĐÁNH GIÁ", "IV. PHƯƠNG HƯỚNG"], 2),
        (["1. CÔNG TÁC", "H. KẾT QUẢ", "III. ĐÁNH GIÁ", "IV. PHƯƠNG HƯỚNG"], 2),
    ],
)
def test_roman_labels_follow_their_sequence(read: list[str], right: int) -> None:
    assert [text.split()[0] for text in texts_of(read)] == ["I.", "II.", "III.", "IV."]


@pytest.mark.parametrize(
    "read",
    [
        ["I. CÔNG TÁC", "II. KẾT QUẢ", "I. TÌNH HÌNH CHUNG", "II. NHIỆM VỤ"],  # a new part begins anew
        ["I. CÔNG TÁC", "III. ĐÁNH GIÁ", "IV. PHƯƠNG HƯỚNG"],  # the report skips a number
        ["1. Về kế hoạch", "2. Về tổ chức"],
    ],
)
def test_labels_that_may_be_right_are_left(read: list[str]) -> None:
    assert texts_of(read) == read


def test_a_repaired_label_is_told() -> None:
    _, problems = repaired_labels([Paragraph("l. Về kế hoạch", 3)])
    assert [(p.code, p.severity, p.page, p.detail) for p in problems] == [
        ("ocr-label-repaired", "info", 3, "l. → 1."),
    ]


def test_the_number_is_what_the_appendices_quote() -> None:
    quoted = "(Ban hành kèm theo Báo cáo số 1192/BC-STTTT ngày 28/12/2022 của Sở Thông tin)"
    assert texts_of(["Số: 1192/BC-SI", quoted, quoted])[0] == "Số: 1192/BC-STTTT"
    assert texts_of(["Số: 1192/BC-SI", quoted])[0] == "Số: 1192/BC-SI"


def test_the_table_of_tesseract_gives_its_words() -> None:
    head = "level\tpage\tblock\tpar\tline\tword\tleft\ttop\twidth\theight\tconf\ttext"
    rows = ["1\t1\t0\t0\t0\t0\t0\t0\t9\t9\t-1\t", "5\t1\t1\t1\t2\t1\t10\t20\t30\t12\t91.5\tSố", "5\t1\t1"]
    (word,) = words_of_table("\n".join([head, *rows]))
    assert (word.text, word.x0, word.top, word.x1, word.bottom, word.confidence) == ("Số", 10, 20, 40, 32, 0.915)


def test_a_word_without_ink_is_invented_and_a_speck_is_a_full_stop() -> None:
    picture = np.full((200, 400), 255, np.uint8)
    picture[50:70, 20:60] = 0
    picture[66:70, 64:68] = 0
    table = "head\n" + "\n".join(
        f"5\t1\t1\t1\t1\t{i}\t{x}\t48\t{w}\t24\t80\t{text}"
        for i, (x, w, text) in enumerate([(18, 44, "TTHC"), (62, 8, "ễ"), (200, 30, "_")])
    )
    read = to_words(words_of_table(table), picture, 2.0)
    assert [w.text for w in read.words] == ["TTHC", "."]


@pytest.mark.parametrize(
    ("readings", "printed"),
    [
        ((page("1"), strip("1"), shape("1 1")), "11"),
        ((page("1"), strip("11"), shape("1 1 1")), "111"),
        ((page("1"), strip("1"), shape("11", 0.6)), "1"),
        ((page("1"), strip("1"), shape("17")), "1"),
        ((page("11"), strip("11"), shape("1")), "11"),
        ((page("11"), strip("1"), shape("11")), "11"),
    ],
)
def test_equal_figures_in_a_row_are_counted_by_their_ink(readings: tuple[Reading, ...], printed: str) -> None:
    assert decide(readings) == printed
