"""A drawn page, scanned: the reader from picture to blocks, with Tesseract."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="scans need the ocr extra")
image = pytest.importorskip("PIL.Image", reason="pages are drawn with Pillow")

from PIL import ImageDraw, ImageFont  # noqa: E402

from extract.model import Grid  # noqa: E402
from extract.problems import ToolMissing, Unreadable  # noqa: E402
from extract.readers import scan, scan_tesseract  # noqa: E402

needs_tesseract = pytest.mark.skipif("vie" not in scan_tesseract.languages(), reason="Tesseract with vie is missing")
ROWS = [
    ("STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu"),
    ("1.", "Tổng số văn bản đã ban hành", "Văn bản", "1.061"),
    ("1.1.", "Số văn bản cấp tỉnh", "Văn bản", "52 419"),
    ("1.2.", "Tỷ lệ xử lý sau kiểm tra", "%", "88,70%"),
    ("1.3.", "Số văn bản cấp xã", "Văn bản", ""),
    ("2.", "Số hồ sơ đã tiếp nhận", "Hồ sơ", "07"),
    ("2.1.", "Số hồ sơ giải quyết đúng hạn", "Hồ sơ", "7"),
    ("2.2.", "Số hồ sơ giải quyết trước hạn", "Hồ sơ", "3.475"),
    ("2.3.", "Số hồ sơ giải quyết quá hạn", "Hồ sơ", "1683"),
    ("3.", "Số thủ tục hành chính nội bộ", "Thủ tục", "247"),
    ("3.1.", "Số thủ tục được công bố", "Thủ tục", "93"),
    ("3.2.", "Số thủ tục được rà soát", "Thủ tục", "137"),
    ("3.3.", "Tỷ lệ thủ tục được rà soát", "%", "55,47"),
]
EDGES = (130, 260, 860, 1120, 1400)


def font(size: int) -> ImageFont.FreeTypeFont:
    for name in ("LiberationSerif-Regular.ttf", "DejaVuSerif.ttf"):
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    pytest.skip("no font with Vietnamese letters is installed")


@pytest.fixture(scope="module")
def page() -> np.ndarray:
    picture = image.new("L", (1654, 2339), 250)
    draw = ImageDraw.Draw(picture)
    face = font(34)
    draw.text((600, 200), "PHỤ LỤC 3", fill=20, font=face)
    draw.text((420, 260), "THỐNG KÊ SỐ LIỆU CẢI CÁCH THỂ CHẾ", fill=20, font=face)
    for r, row in enumerate(ROWS):
        y = 340 + 70 * r
        draw.line((EDGES[0], y, EDGES[-1], y), fill=40, width=2)
        for c, text in enumerate(row):
            draw.text((EDGES[c] + 14, y + 12), text, fill=20, font=face)
    bottom = 340 + 70 * len(ROWS)
    draw.line((EDGES[0], bottom, EDGES[-1], bottom), fill=40, width=2)
    for x in EDGES:
        draw.line((x, 340, x, bottom), fill=40, width=2)
    noise = np.random.default_rng(7).normal(0, 5, (2339, 1654))
    return np.clip(np.asarray(picture.rotate(1.3, fillcolor=250)) + noise, 0, 255).astype(np.uint8)


@needs_tesseract
@pytest.mark.slow
@pytest.mark.parametrize("suffix, turns", [("png", 0), ("jpg", 1), ("tiff", 2)])
def test_a_scanned_table_gives_codes_and_figures_in_any_position(
    page: np.ndarray, tmp_path: Path, suffix: str, turns: int
) -> None:
    path = tmp_path / f"page.{suffix}"
    cv2.imwrite(str(path), np.ascontiguousarray(np.rot90(page, turns)))
    document = scan.read_image(path)
    assert document.method == "ocr"
    (grid,) = (b for b in document.blocks if isinstance(b, Grid))
    rows = [[c.text for c in grid.cells if c.row == r] for r in range(grid.n_rows)]
    assert len(rows) == len(ROWS)
    right = [got[0] == want[0] and got[3] == want[3] for got, want in zip(rows, ROWS, strict=True)]
    # A page with so few figures shows each shape once or twice: one slip is allowed, and it must not look sure.
    assert sum(right) >= len(ROWS) - 1
    for n, is_right in enumerate(right):
        if not is_right:
            doubtful = [
                c for c in grid.cells if c.row == n and c.col in (0, 3) and c.text not in (ROWS[n][0], ROWS[n][3])
            ]
            assert all(sum(r.text == c.text for r in c.readings) < 2 for c in doubtful)


@needs_tesseract
@pytest.mark.slow
def test_figures_keep_all_their_readings_and_their_place(page: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    cv2.imwrite(str(path), page)
    document = scan.read_image(path)
    (grid,) = (b for b in document.blocks if isinstance(b, Grid))
    cell = next(c for c in grid.cells if c.row == 1 and c.col == 3)
    assert [r.reader for r in cell.readings] == ["tesseract", "tesseract-digits", "shapes"]
    assert cell.bbox is not None
    assert cell.bbox.x0 == pytest.approx(1120 / 2.777, abs=12)
    blank = next(c for c in grid.cells if c.row == 4 and c.col == 3)
    assert (blank.text, [r.confidence for r in blank.readings]) == ("", [1.0])


def test_without_tesseract_the_line_to_type_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.readers.scan_tesseract.languages", frozenset)
    path = tmp_path / "page.png"
    cv2.imwrite(str(path), np.full((200, 200), 255, np.uint8))
    with pytest.raises(ToolMissing) as missing:
        scan.read_image(path)
    assert missing.value.next_step == "sudo apt-get install tesseract-ocr tesseract-ocr-vie"


@needs_tesseract
def test_a_damaged_picture_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    with pytest.raises(Unreadable):
        scan.read_image(path)
