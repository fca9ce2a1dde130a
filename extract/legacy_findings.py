"""What is told of text that was in an old encoding: readings of cells, problems of table rows, samples of bytes.

In: text as read and the name of its encoding. Out: a `Reading` that a cell keeps, and `Problem`s: `encoding-converted`
(info), `encoding-tie` and `letter-lost` (warnings), with the text as read in their detail.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extract.legacy_tables import byte_of
from extract.model import Problem, Reading, Table

NAMES = {
    "tcvn3": "TCVN3 (ABC)", "tcvn5712": "TCVN 5712 (VN1)", "vni": "VNI-Windows", "vps": "VPS", "viscii": "VISCII",
    "cp1258": "Windows-1258", "utf-8": "UTF-8 read as Windows-1252", "viqr": "VIQR", "utf-16": "UTF-16",
}  # fmt: skip
TIE = "tie"
LOST = "lost"  # words that may have lost a letter


def sample(raw: str, size: int = 160) -> str:
    """The bytes as read, printable: control characters and the soft hyphen as `\\xad`."""
    head = raw[:size]
    return "".join(c if c.isprintable() or c in " \t" else c.encode("unicode_escape").decode("ascii") for c in head)


def bytes_of(raws: Sequence[str]) -> str:
    """A sample of what was converted: as it looks undecoded, and its first bytes in hexadecimal."""
    raw = max(raws[:20], key=len)[:60].strip()
    codes = " ".join(f"{byte_of(c):02x}" if byte_of(c) >= 0 else f"U+{ord(c):04X}" for c in raw[:24])
    return f"{sample(raw)} [{codes}]"


def reading_of(raw: str, encoding: str) -> tuple[Reading, ...]:
    """What a cell keeps of its text as read; nothing where nothing was converted."""
    return (Reading(sample(raw), 1.0, encoding),) if encoding else ()


def lost_problem(words: Sequence[str]) -> Problem:
    """One problem for all words of a page or file that may have lost a letter."""
    detail = sample(", ".join(dict.fromkeys(words)))
    return Problem("letter-lost", "warning", f"{len(words)} words may have lost a letter", detail=detail)


def row_problems(tables: Iterable[Table]) -> tuple[Problem, ...]:
    """One problem per table row that holds converted (or undecided) text, its detail the text as read."""
    out: list[Problem] = []
    for table in tables:
        rows: dict[tuple[int, str], list[str]] = {}
        for cell in table.cells:
            for reading in cell.readings:
                if reading.reader in NAMES or reading.reader in (TIE, LOST):
                    rows.setdefault((cell.row, reading.reader), []).append(reading.text)
        for (row, name), raws in sorted(rows.items()):
            detail = " | ".join(dict.fromkeys(raws))
            if name == TIE:
                message = "can be read in more than one encoding"
                out.append(Problem("encoding-tie", "warning", message, table=table.index, row=row, detail=detail))
            elif name == LOST:
                message = "a word may have lost a letter"
                out.append(Problem("letter-lost", "warning", message, table=table.index, row=row, detail=detail))
            else:
                detail = f"{NAMES[name]}: {detail}"
                out.append(Problem("encoding-converted", "info", "row", table=table.index, row=row, detail=detail))
    return tuple(out)
