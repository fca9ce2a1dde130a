"""XLS files made record by record: what the library of values leaves out, and where it counts from."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from extract import read_file
from extract.problems import Encrypted, NoReport, Unreadable
from extract.readers import sheet_xls
from extract.readers.sheet_model import SheetCell
from extract.readers.sheet_xls import read_facts, read_sheets
from extract.readers.sheet_xls_strings import rich_strings
from extract.sniff import sniff
from extract.struck import struck
from tests.extract.test_doc_reader import compound

SUPER, STRIKE = 1, 8


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def font(flags: int = 0, script: int = 0) -> bytes:
    name = b"\x05\x00Arial"
    return record(0x0031, struct.pack("<HHHHHBBBB", 200, flags, 0x7FFF, 400, script, 0, 0, 0, 0) + name)


def rich(text: str, *runs: tuple[int, int]) -> bytes:
    """A shared string of two bytes a letter; `runs` are (first letter, font)."""
    head = struct.pack("<HB", len(text), 9) + struct.pack("<H", len(runs))
    return head + text.encode("utf-16-le") + b"".join(struct.pack("<HH", *run) for run in runs)


def workbook(path: Path, cells: Sequence[bytes], strings: Sequence[bytes], codes: Sequence[str] = ()) -> Path:
    """One sheet `PL 2`; style 0 is plain in font 0, style 1 + n has format `codes[n]`; style 9 is struck through."""
    formats = b"".join(
        record(0x041E, struct.pack("<HHB", 164 + n, len(c), 0) + c.encode()) for n, c in enumerate(codes)
    )
    fonts = font() + font(script=SUPER) + font(STRIKE) + font()
    pairs = [(0, 0), *((0, 164 + n) for n in range(len(codes)))]
    pairs += [(0, 0)] * (9 - len(pairs)) + [(2, 0)]
    styles = b"".join(record(0x00E0, struct.pack("<HH", *pair) + bytes(16)) for pair in pairs)
    shared = record(0x00FC, struct.pack("<II", len(strings), len(strings)) + b"".join(strings))

    def book(at: int) -> bytes:
        sheet = struct.pack("<IH", at, 0) + b"\x04\x00PL 2"
        begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
        return begin + fonts + formats + styles + record(0x0085, sheet) + shared + record(0x000A, b"")

    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 16, 0, 0, 0, 0)) + b"".join(cells) + record(0x000A, b"")
    path.write_bytes(compound({"Workbook": book(len(book(0))) + sheet}))
    return path


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, style, value))


def text(row: int, column: int, at: int, style: int = 0) -> bytes:
    return record(0x00FD, struct.pack("<HHHI", row, column, style, at))


def cells_of(path: Path) -> dict[tuple[int, int], SheetCell]:
    (sheet,) = read_sheets(path)
    return sheet.cells


def test_a_table_away_from_the_first_column_keeps_its_formats_and_merges(tmp_path: Path) -> None:
    merge = record(0x00E5, struct.pack("<HHHHH", 1, 5, 5, 3, 4))
    path = workbook(tmp_path / "a.xls", [number(5, 3, 0.5, 1), number(7, 2, 12), merge], [], ["0.0%"])
    (sheet,) = read_sheets(path)
    assert {place: cell.text for place, cell in sheet.cells.items()} == {(5, 3): "50%", (7, 2): "12"}
    assert sheet.merges == [(5, 3, 5, 4)]


@pytest.mark.parametrize(
    "cell",
    [
        record(0x0205, struct.pack("<HHHBB", 4, 3, 0, 0x07, 1)),
        record(0x0006, struct.pack("<HHH", 4, 3, 0) + b"\x02\x00\x07\x00\x00\x00\xff\xff" + bytes(8)),
    ],
    ids=["value", "formula"],
)
def test_an_error_is_no_blank(tmp_path: Path, cell: bytes) -> None:
    cells = cells_of(workbook(tmp_path / "a.xls", [number(3, 3, 1), cell, number(5, 3, 2)], []))
    assert (cells[4, 3].text, cells[4, 3].kind) == ("#DIV/0!", "error")


def test_raised_digits_and_struck_words_are_told(tmp_path: Path) -> None:
    strings = [rich("152", (2, 1)), rich("12 34", (0, 2), (2, 5)), rich("12 34", (2, 1))]
    cells = cells_of(workbook(tmp_path / "a.xls", [text(0, 0, 0), text(1, 0, 1), text(2, 0, 2, style=9)], strings))
    assert cells[0, 0].text == "15²"
    assert cells[1, 0].text == struck("12") + " 34"
    assert cells[2, 0].text == struck("12") + " ³⁴" and not cells[2, 0].is_struck


def test_strings_cut_by_the_border_of_a_record_are_whole() -> None:
    """The text goes on with a new width, all else as it stood."""
    whole = rich("số 52", (4, 1))
    head, tail = whole[:9], whole[9:15]
    body = struct.pack("<II", 2, 2) + struct.pack("<HB", 1, 0) + b"a" + head
    parts = [body, b"\x01" + tail[:2], b"\x00" + tail[2:6:2] + whole[15:]]
    (found,) = rich_strings(parts).values()
    assert (found.text, found.runs) == ("số 52", ((4, 1),))


def test_formats_and_hidden_parts_of_an_xls_are_found(tmp_path: Path) -> None:
    def two(*numbers: int) -> bytes:
        return b"".join(n.to_bytes(2, "little") for n in numbers)

    def book(at: int) -> bytes:
        name = b"\x04\x00PL 2"
        return b"".join(
            [
                record(0x0809, two(0x0600, 5, 0, 0)),
                record(0x041E, two(164, 4) + b"\x000.0%"),
                record(0x00E0, two(0, 0) + bytes(16)),
                record(0x00E0, two(0, 164) + bytes(16)),
                record(0x0085, at.to_bytes(4, "little") + b"\x01\x00" + name),
                record(0x000A, b""),
            ]
        )

    sheet = b"".join(
        [
            record(0x0809, two(0x0600, 16, 0, 0)),
            record(0x007D, two(2, 3, 0, 0, 1)),
            record(0x0208, two(6, 0, 5, 0, 0, 0, 0x20, 0)),
            record(0x0203, two(6, 3, 1) + bytes(8)),
            record(0x00BD, two(7, 0) + two(1, 0, 0) + two(0, 0, 0) + two(1)),
            record(0x000A, b""),
        ]
    )
    path = tmp_path / "a.xls"
    path.write_bytes(compound({"Workbook": book(len(book(0))) + sheet}))
    assert sniff(path) == "xls"
    facts = read_facts(path)
    assert facts.codes == ["General", "0.0%"]
    (found,) = facts.sheets
    assert (found.name, found.is_hidden, found.hidden_rows, found.hidden_columns) == ("PL 2", True, {6}, {2, 3})
    assert found.styles == {(6, 3): 1, (7, 0): 1, (7, 1): 0}


def test_an_xls_with_a_password_is_encrypted(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(compound({"Workbook": record(0x0809, bytes(8)) + record(0x002F, bytes(6))}))
    with pytest.raises(Encrypted):
        read_file(path)


def test_a_panic_of_the_library_is_a_fault_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Panic(BaseException):
        """What the library raises is no Exception."""

    def explode(path: str) -> None:
        raise Panic("index out of bounds")

    class Book:
        from_path = staticmethod(explode)

    monkeypatch.setattr("python_calamine.CalamineWorkbook", Book)
    with pytest.raises(Unreadable, match="Panic"):
        sheet_xls.read_values(tmp_path / "a.xls", None)


def test_a_broken_xls_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(compound({"Workbook": b"\x09\x08\x10\x00nothing of the kind"}))
    with pytest.raises((Unreadable, NoReport)):
        read_file(path)
