"""Every row of both templates is matched to its indicator, printed as text, as DOCX and as PDF.

`data/templates.pdf` is the DOCX that `write_docx` makes, printed by LibreOffice. To make it anew, run this file with
a folder and print the `templates.docx` it writes there to PDF.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from extract import read_file
from normalize import normalize
from normalize.catalogue import Catalogue, TemplateAppendix, TemplateRow, load_catalogue
from normalize.mapping import UNMATCHED
from normalize.rowmatch import DOUBTFUL
from tests.normalize.printed_tables import damaged

HEAD = ["BÁO CÁO", "Công tác cải cách hành chính năm 2024", "I. KẾT QUẢ", "Số liệu kèm theo."]
COLUMNS = ("STT", "Chỉ tiêu thống kê", "Đơn vị tính", "Số liệu", "Ghi chú")


def caption(appendix: TemplateAppendix) -> list[str]:
    word = "Biểu số" if "/" in appendix.number else "Phụ lục"
    reference = "(Kèm theo Báo cáo số 12/BC-SNV ngày 20/12/2024 của Sở Nội vụ)"
    return [f"{word} {appendix.number}", appendix.titles[0], reference]


def rows(appendix: TemplateAppendix) -> list[tuple[str, str, str, str, str]]:
    return [(row.code, row.names[0], row.units[0] if row.units else "", "", "") for row in appendix.rows]


def write_text(catalogue: Catalogue, directory: Path) -> Path:
    lines = [*HEAD]
    for appendix in catalogue.appendices:
        lines += ["", *caption(appendix), "", "\t".join(COLUMNS), *("\t".join(row) for row in rows(appendix))]
    path = directory / "templates.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def write_docx(catalogue: Catalogue, directory: Path) -> Path:
    document = docx.Document()
    for line in HEAD:
        document.add_paragraph(line)
    for appendix in catalogue.appendices:
        document.add_page_break()
        for line in caption(appendix):
            document.add_paragraph(line)
        table = document.add_table(rows=0, cols=len(COLUMNS))
        table.style = "Table Grid"
        for row in (COLUMNS, *rows(appendix)):
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    path = directory / "templates.docx"
    document.save(str(path))
    return path


def printed_pdf(_: Catalogue, __: Path) -> Path:
    return Path(__file__).parent / "data" / "templates.pdf"


@pytest.mark.parametrize("written", [write_text, write_docx, printed_pdf])
def test_every_row_finds_its_indicator(written: Callable[[Catalogue, Path], Path], tmp_path: Path) -> None:
    catalogue = load_catalogue()
    report = normalize(read_file(written(catalogue, tmp_path)), report_id="r", source="s")
    found: dict[str, list[str]] = {}
    for o in report.observations:
        found.setdefault(o.appendix, []).append(o.indicator_id)
    for appendix in catalogue.appendices:
        assert found[appendix.number] == [row.indicator_id for row in appendix.rows]
    assert [f.message_en for f in report.findings if f.code.startswith("indicator-")] == []


@pytest.mark.parametrize("seed", range(2))
def test_with_one_letter_in_ten_wrong_nearly_every_row_finds_its_indicator(seed: int, tmp_path: Path) -> None:
    rng, catalogue = random.Random(seed), load_catalogue()
    spoiled = tuple(
        replace(template, appendices=tuple(replace(a, rows=tuple(misread(a, rng))) for a in template.appendices))
        for template in catalogue.templates
    )
    path = write_text(replace(catalogue, templates=spoiled), tmp_path)
    report = normalize(read_file(path), report_id="r", source="s")
    told = {f.observation_id for f in report.findings if f.code in (DOUBTFUL, UNMATCHED)}
    rows = [row for appendix in catalogue.appendices for row in appendix.rows]
    wrong = [o for o, row in zip(report.observations, rows, strict=True) if o.indicator_id != row.indicator_id]
    assert len(wrong) <= 0.01 * len(rows)
    assert [o.indicator_raw for o in wrong if o.observation_id not in told] == []


def misread(appendix: TemplateAppendix, rng: random.Random) -> Iterator[TemplateRow]:
    for row in appendix.rows:
        yield replace(row, names=(damaged(row.names[0], rng, 0.1),))


if __name__ == "__main__":
    write_docx(load_catalogue(), Path(sys.argv[1]))
