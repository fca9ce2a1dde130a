"""Words run together, header words, captions and labels: put right where the spelling itself shows it."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.model import BBox, Cell, Grid, Paragraph
from extract.page import Word
from extract.readers.scan_columns import Region
from extract.readers.scan_labels import caption_line, repaired_labels
from extract.readers.scan_regions import headed
from extract.readers.scan_spelling import header_word, parted, respelled, spelled_headers
from extract.readers.scan_words import ReadWords, joined_labels


def word(text: str, x0: float = 0, base: float = 20, start: int = 0) -> Word:
    return Word(text, x0, base - 8, x0 + 5 * len(text), base, base, 12.0, start, len(text))


@pytest.mark.parametrize(
    ("read", "parts"),
    [
        ("Cùngkỳ", ["Cùng", "kỳ"]),
        ("(Lũykếtừ", ["(Lũy", "kế", "từ"]),
        ("kêTTHC", ["kê", "TTHC"]),
        ("tuyểndụng", ["tuyển", "dụng"]),
        ("banhành", ["ban", "hành"]),
        ("KiểmtraCCHC", ["Kiểm", "tra", "CCHC"]),
        ("ĐVSNCLthuộcUBNDcấp", ["ĐVSNCL", "thuộc", "UBND", "cấp"]),
        ("nghiêm", ["nghiêm"]),
        ("UBND", ["UBND"]),
        ("1.061", ["1.061"]),
        ("Kđăm", ["Kđăm"]),
    ],
)
def test_words_run_together_are_parted_where_one_cut_alone_makes_syllables(read: str, parts: list[str]) -> None:
    got = parted(ReadWords((word(read, start=7),), {7: 0.8}, 12.0, frozenset({7})))
    assert [w.text for w in got.words] == parts
    assert all(got.confidence[w.start] == 0.8 and w.start in got.bold for w in got.words)
    assert got.words[-1].x1 == word(read).x1


def test_words_run_together_part_at_the_gap_in_their_ink() -> None:
    page = np.full((40, 60), 255, np.uint8)
    page[12:20, 2:38] = 20
    page[12:20, 19:23] = 255  # a wide gap behind `Ghi`, which its letters do not tell
    page[12:20, 28] = 255
    got = parted(ReadWords((word("GhiChú", x0=2),), {0: 0.8}, 12.0), page, 1.0)
    assert [(w.text, w.x0, w.x1) for w in got.words] == [("Ghi", 2, 19), ("Chú", 23, 32)]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Đơnvj\ntính", "Đơn vị tính"),
        ("Gihị chú", "Ghi chú"),
        ("Kỳbáo\ncáo", "Kỳ báo cáo"),
        ("Số liệu", "Số liệu"),
        ("Số người có mặt", ""),
        ("Ban", ""),
    ],
)
def test_a_header_word_is_put_right_by_a_letter_and_no_more(read: str, meant: str) -> None:
    assert header_word(read) == meant


def grid(*rows: tuple[str, ...]) -> Grid:
    box = BBox(0, 0, 9, 9)
    cells = tuple(Cell(r, c, text, bbox=box) for r, row in enumerate(rows) for c, text in enumerate(row))
    return Grid(cells, len(rows), len(rows[0]), "ocr", 1)


def test_only_the_header_of_a_grid_is_spelled_and_each_change_is_said() -> None:
    read = grid(("5TT", "Chỉ tiêu", "Sốlieu"), ("1.", "Sốlieu", "3"), ("1.1", "x", "4"), ("2.", "y", "5"))
    spelled, problems = spelled_headers(read)
    assert [c.text for c in spelled.cells[:3]] == ["STT", "Chỉ tiêu", "Số liệu"]
    assert spelled.cells[4].text == "Sốlieu"
    assert [p.detail for p in problems] == ["5TT → STT", "Sốlieu → Số liệu"]


@pytest.mark.parametrize(
    ("left", "right", "columns"),
    [
        ("Kết quả\nĐơn vị tính", "thống kê\nSố liệu", ["Đơn vị tính", "Số liệu"]),
        ("Kết quả\nĐơn vị\ntính", "thống kê\nSố liệu", ["Đơn vị tính", "Số liệu"]),
        ("Đơn vị\ntính", "Kỳ báo\ncáo", ["Đơn vị\ntính", "Kỳ báo\ncáo"]),
        ("Kết quả\nĐơn vị tính", "Ghi\nchú", ["Kết quả\nĐơn vị tính", "Ghi\nchú"]),
    ],
)
def test_a_header_over_two_columns_that_the_gutter_cut_is_none_of_either(
    left: str, right: str, columns: list[str]
) -> None:
    rows = [("1.", "Số văn bản", "Văn bản", "3"), ("2.", "Số hồ sơ", "Hồ sơ", "4"), ("3.", "Số người", "Người", "5")]
    fixed, problems = spelled_headers(grid(("STT", "Chỉ tiêu", left, right), *rows))
    assert [c.text for c in fixed.cells if c.row == 0][2:] == columns
    assert len(problems) == (2 if columns[1] == "Số liệu" else 0)


def test_a_column_of_codes_without_rules_is_read_as_figures_under_stt() -> None:
    region = Region(0, 200, (40, 90), ())
    words = [word(t, 5, 20 + 20 * i, 10 * i) for i, t in enumerate(["s1r", "1.", "l.1.", "4A.", "4.5.", "5."])]
    words.append(word("l.1.", 60, 60, 99))
    assert [w.text for w in headed(words, [region])] == ["STT", "1.", "1.1.", "44.", "4.5.", "5.", "l.1."]


def test_a_header_over_codes_without_rules_is_put_right_by_a_letter() -> None:
    region = Region(0, 200, (40, 90), ())
    codes = [word(t, 5, 20 + 20 * i, 10 * i) for i, t in enumerate(["sTT", "1.", "1.1.", "4.5.", "5."])]
    names = [
        word("Tĩnh", 42, 20, 900),
        word("vực", 66, 20, 910),
        word("Đơnvịtính:", 92, 20, 915),
        word("Tĩnh", 42, 60, 920),
    ]
    got = headed([*codes, *names], [region])
    assert got[0].text == "STT"
    assert [w.text for w in got][-4:] == ["Lĩnh", "vực", "Đơnvịtính:", "Tĩnh"]


def test_a_header_that_a_narrow_column_broke_stays_in_two_lines() -> None:
    region = Region(0, 200, (40, 90), ())
    words = [word(t, 5, 20 + 20 * i, 10 * i) for i, t in enumerate(["ST", "T", "1.", "1.1.", "4.5.", "5."])]
    assert [w.text for w in headed(words, [region])][:2] == ["ST", "T"]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Thụ lục số03", "Phụ lục số 03"),
        ("IHụ lục IV", "Phụ lục IV"),
        ("Phụ lục 4", "Phụ lục 4"),
        ("Mục lục 3", "Mục lục 3"),
        ("Trang 3", "Trang 3"),
    ],
)
def test_a_caption_with_a_wrong_letter_is_one(read: str, meant: str) -> None:
    assert caption_line(read) == meant


def test_a_heading_that_lost_its_dot_or_gained_a_stroke_is_one_again() -> None:
    read = ["I. CÔNG TÁC CHỈ ĐẠO", "II KẾT QUẢ THỰC HIỆN", "III. PHƯƠNG HIƯỚNG, NHIỆM VỤ"]
    blocks, problems = repaired_labels([Paragraph(text, 1) for text in read])
    texts = [b.text for b in blocks if isinstance(b, Paragraph)]
    assert texts == ["I. CÔNG TÁC CHỈ ĐẠO", "II. KẾT QUẢ THỰC HIỆN", "III. PHƯƠNG HƯỚNG, NHIỆM VỤ"]
    assert len(problems) == 2
    assert respelled("Kđăm") == "Kđăm"


def test_the_tab_behind_a_number_is_closed_up_outside_tables() -> None:
    line = [word("II.", 10, 20, 0), word("KẾT", 60, 20, 4)]
    assert joined_labels(line, ())[0].x1 == pytest.approx(60 - 3.6)
    assert joined_labels(line, [(0.0, 40.0)]) == tuple(line)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("I.. CÔNG TÁC CHỈ ĐẠO", "I. CÔNG TÁC CHỈ ĐẠO"),
        ("5, Cải cách tài chính công", "5. Cải cách tài chính công"),
        ("2.1., Kiểm soát thủ tục", "2.1. Kiểm soát thủ tục"),
        ("5,2 triệu lượt truy cập", "5,2 triệu lượt truy cập"),
        ("2. Cải cách thể chế", "2. Cải cách thể chế"),
    ],
)
def test_the_marks_behind_a_label_are_one_dot(read: str, meant: str) -> None:
    blocks, problems = repaired_labels([Paragraph(read, 1)])
    assert isinstance(blocks[0], Paragraph)
    assert blocks[0].text == meant
    assert len(problems) == (read != meant)
