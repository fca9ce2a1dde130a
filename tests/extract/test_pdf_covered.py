"""Pages of a PDF that are pictures, with text that a scanner's program put behind them or a signature over them."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest

pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.model import Paragraph, RawDocument
from extract.problems import ToolMissing
from extract.readers.pdf import read_pdf
from extract.readers.pdf_page import Carried, Placed
from extract.readers.scan import ScannedPage
from extract.text import UNREAD
from tests.extract.test_pdf_reader import one_page, texts

PICTURE = b" q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xfe EI Q "
MASK = b" q 595 0 0 842 0 0 cm BI /W 2 /H 1 /IM true /BPC 1 ID \x40 EI Q "  # paints its left half only
TEXT = b"BT /F1 12 Tf 14 TL 72 780 Td " + b"".join(b"(Line %d of the report) Tj T* " % n for n in range(40)) + b"ET "
SIGNATURE = b"BT /F1 7 Tf 8 TL 400 820 Td (Signed by: SO NOI VU) Tj T* (Time: 12.06.2024 08:15) Tj ET "
UNSEEN = b"3 Tr " + TEXT + b"0 Tr "
SCANS = {
    "nothing but a signature": PICTURE + SIGNATURE,
    "unseen text": UNSEEN + PICTURE,
    "unseen text over the picture": PICTURE + UNSEEN,
    "unseen text and a signature": PICTURE + UNSEEN + SIGNATURE,
    "text under the picture": TEXT + PICTURE,
    "text under the picture, a signature over it": TEXT + PICTURE + SIGNATURE,
}
each_scan = pytest.mark.parametrize("content", SCANS.values(), ids=SCANS.keys())


def read(folder: Path, *pages: bytes) -> RawDocument:
    path = folder / "pages.pdf"
    whole = pdfium.PdfDocument.new()
    for content in pages:
        whole.import_pages(pdfium.PdfDocument(one_page(content)))
    whole.save(str(path))
    return read_pdf(path)


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.readers.scan_tesseract.languages", frozenset)


def ocr_reads(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("extract.readers.scan_tesseract.require", lambda: None)
    seen = ScannedPage([Placed(0.0, Paragraph(text, 1))], Carried())
    monkeypatch.setattr("extract.readers.scan.read_picture", lambda *_: seen)


@each_scan
def test_a_scan_is_read_from_its_picture(content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ocr_reads(monkeypatch, "what the picture says " * 10)
    document = read(tmp_path, content)
    assert (document.method, document.problems) == ("ocr", ())
    assert texts(document) == ["what the picture says " * 10]


@each_scan
@pytest.mark.usefixtures("without_ocr")
def test_without_ocr_a_scan_is_refused_and_a_page_of_it_said(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(ToolMissing):
        read(tmp_path, content)
    (problem,) = read(tmp_path, TEXT, content).problems
    is_read = b"report" in content and not content.endswith(SIGNATURE)
    assert (problem.code, problem.severity) == ("page-of-scanner" if is_read else "page-without-text", "error")
    assert problem.page == 2


@pytest.mark.parametrize(
    "content",
    [PICTURE + TEXT, TEXT + MASK, TEXT + b"q 0.3 0 0 0.3 0 0 cm" + PICTURE + b"Q "],
    ids=["a picture under the text", "a mask over the text", "a small picture over the text"],
)
@pytest.mark.usefixtures("without_ocr")
def test_printed_text_is_read_whatever_pictures_there_are(content: bytes, tmp_path: Path) -> None:
    document = read(tmp_path, content)
    assert (document.method, document.problems) == ("pdf", ())
    assert len(texts(document)) == 40


def test_a_few_words_over_a_picture_stay_text_where_the_picture_says_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ocr_reads(monkeypatch, "THE Y3AR IN FlGURES")
    document = read(tmp_path, PICTURE + b"BT /F1 30 Tf 72 500 Td (THE YEAR IN FIGURES) Tj ET")
    assert texts(document) == ["THE YEAR IN FIGURES"]


SMALL = PICTURE.replace(b"595 0 0 842 0 0 cm", b"%d 0 0 %d 72 %d cm")
STRIPS = SMALL % (400, 20, 460) + SMALL % (400, 230, 480)
LINES = [b"BT /F1 12 Tf 72 %d Td (%s) Tj ET " % (y, text) for y, text in ((780, b"Above"), (380, b"Below"))]


@pytest.mark.parametrize(
    ("picture", "kept"),
    [
        (SMALL % (400, 250, 460), ["Above", UNREAD, "Below"]),
        (SMALL % (400, 250, 80), ["Above", "Below", UNREAD]),
        (STRIPS, ["Above", UNREAD, "Below"]),
        (SMALL % (110, 110, 460), ["Above", "Below"]),
        (SMALL % (400, 250, 460) + TEXT, None),
    ],
    ids=["a picture", "at the foot", "in strips", "a seal", "behind text"],
)
def test_a_picture_as_wide_as_a_table_keeps_its_place_among_printed_lines(
    picture: bytes, kept: list[str] | None, tmp_path: Path
) -> None:
    found = texts(read(tmp_path, picture + b"".join(LINES)))
    assert found == kept if kept else UNREAD not in found
