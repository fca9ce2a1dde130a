"""Pages read together are what they are when each is read alone."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest

from extract.problems import Unreadable
from extract.readers import pdf_pdfium
from extract.readers.pdf import read_pdf
from extract.readers.pdf_pdfium import PdfiumDocument

ROOT = Path(__file__).parents[2]
SAMPLES = sorted([*ROOT.glob("corpus/*/*.pdf"), *ROOT.glob("tests/extract/data/pdf/*.pdf")])


def mixed(path: Path) -> None:
    """A page of each sample, some turned: portrait, landscape and sideways, in order and out of order."""
    document = pdfium.PdfDocument.new()
    for sample in SAMPLES:
        with pdfium.PdfDocument(sample) as one:
            document.import_pages(one, [0, len(one) - 1])
    for index in range(0, len(document), 5):
        document[index].set_rotation(90 * (index % 4))
    document.save(path)


def told(path: Path, order: list[int] | None = None) -> dict[int, tuple[object, ...]]:
    source = PdfiumDocument(path)
    out: dict[int, tuple[object, ...]] = {}
    for index in order or range(source.page_count):
        with source.page(index) as page:
            words: list[object] = [(*word[:7], word.turn, page.style(word.start)) for word in page.words]
            words += [page.glyphs(word.start, word.length) for word in page.words[::20]]
            out[index] = (page.number, page.width, page.turns, page.n_glyphs, page.unmapped, words, page.edges)
    source.close()
    return out


@pytest.mark.parametrize("together", [3, 8])
def test_pages_read_together_are_as_each_alone(together: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mixed.pdf"
    mixed(path)
    monkeypatch.setattr(pdf_pdfium, "TOGETHER", together)
    found = told(path)
    assert {0, 1, 2, 3} == {page[2] for page in found.values()}
    monkeypatch.setattr(pdf_pdfium, "TOGETHER", 1)
    assert told(path) == found


def test_pages_may_be_asked_for_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "mixed.pdf"
    mixed(path)
    found = told(path)
    order = [*range(5), 2, *range(len(found) - 1, -1, -2)]
    assert all(page == found[index] for index, page in told(path, order).items())


def test_a_page_that_cannot_be_read_is_said_in_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    path = max(SAMPLES, key=lambda sample: len(pdfium.PdfDocument(sample)))
    whole = read_pdf(path)
    load = pdf_pdfium.pdfium.FPDF_LoadPage
    monkeypatch.setattr(
        pdf_pdfium.pdfium, "FPDF_LoadPage", lambda handle, index: None if index == 2 else load(handle, index)
    )
    source = PdfiumDocument(path)
    seen: list[object] = []
    for index in range(5):
        try:
            with source.page(index) as page:
                seen.append(page.number)
        except Unreadable as error:
            seen.append(error.message)
    source.close()
    assert seen == [1, 2, "Page 3 cannot be opened.", 4, 5]
    again = read_pdf(path)  # the second reader reads that page
    assert not again.problems and {b.page for b in again.blocks} == {b.page for b in whole.blocks}
