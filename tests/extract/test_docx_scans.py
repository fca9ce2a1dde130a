"""A Word file whose pages are pictures."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import numpy as np
import pytest

pytest.importorskip("cv2", reason="scans need the ocr extra")
Image = pytest.importorskip("PIL.Image", reason="pages are drawn with Pillow")

from extract.model import Paragraph, RawDocument  # noqa: E402
from extract.problems import ToolMissing  # noqa: E402
from extract.readers.docx import read_docx  # noqa: E402

GREYS = (240, 200, 160)


def word_file(path: Path, *, side: int = 700, text: str = "") -> Path:
    document = docx.Document()
    if text:
        document.add_paragraph(text)
    for grey in GREYS:
        picture = BytesIO()
        Image.fromarray(np.full((side, side), grey, np.uint8)).save(picture, format="png")
        document.add_picture(BytesIO(picture.getvalue()))
    document.save(str(path))
    return path


def test_the_pictures_are_read_as_pages_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def read_pictures(pictures: list[Any], progress: Any) -> RawDocument:
        seen.extend(pictures)
        return RawDocument((Paragraph("read"),), "ocr", len(pictures))

    monkeypatch.setattr("extract.readers.scan.read_pictures", read_pictures)
    document = read_docx(word_file(tmp_path / "scans.docx", text="Báo cáo (bản chụp)"))
    assert (document.method, document.pages) == ("ocr", 3)
    assert [int(picture[0, 0, 0]) for picture in seen] == list(GREYS)


@pytest.mark.parametrize("kind", [{"side": 100}, {"text": "một báo cáo có chữ " * 10}], ids=["logos", "a report"])
def test_pictures_of_a_report_with_text_and_small_ones_are_no_pages(
    kind: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.readers.scan.read_pictures", lambda *_: pytest.fail("read as scans"))
    assert read_docx(word_file(tmp_path / "report.docx", **kind)).method == "docx"


def test_a_small_report_with_a_large_logo_keeps_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.readers.scan.read_pictures", lambda *_: pytest.fail("read as scans"))
    path = word_file(tmp_path / "report.docx")
    document = docx.Document(str(path))
    row = document.add_table(1, 4).rows[0]
    for cell, text in zip(row.cells, ("1", "Số văn bản", "Văn bản", "12"), strict=True):
        cell.text = text
    document.save(str(path))
    assert read_docx(path).method == "docx"


def test_without_tesseract_the_line_to_type_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.readers.scan_tesseract.languages", frozenset)
    with pytest.raises(ToolMissing) as missing:
        read_docx(word_file(tmp_path / "scans.docx"))
    assert "tesseract-ocr-vie" in missing.value.next_step
