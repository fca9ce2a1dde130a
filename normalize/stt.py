"""STT codes: the printed code of a row → its canonical form, and the tree that the codes of one table span.

In: the first column as printed, with the row's name. Out: `Stt` per code, `SttNode` per row. Codes are
identifiers, not counters: a gap (3.1.2 → 3.4) says nothing; a code that stands twice under one parent, or
one that cannot be a code, is a finding. Rows without a code (`Trong đó:`, `- …`) hang under the coded row
above. Where the same numbers restart under sections (A, I, II), the parent tells them apart.
Source: the official appendix template of 2022 (129 of 145 codes end with a dot, the rest do not).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from extract.records import quick
from extract.text import FOOTNOTE_MARKS
from normalize.text import clean, fold

ARABIC, ROMAN, LETTER, BULLET, MIXED, NONE, ODD = "arabic", "roman", "letter", "bullet", "mixed", "none", "odd"
LETTERS = "abcdđeghiklmnopqrstuvxy"  # the order that lists of a government document follow
DEEPEST, LARGEST, LONGEST = 6, 999, 24

_BULLETS = regex.compile(r"[-‐‑‒–—―−•◦▪■●○*»›·+]{1,2}\.?")
_ROMAN = regex.compile(r"(?=[IVXLC])(?:X{0,4}|XL|LX{0,3}|XC)(?:IX|IV|V?I{0,3})")
_DIGITS_LETTER = regex.compile(r"(\d{1,3})([a-zđ])")
_LETTER_DIGITS = regex.compile(r"([A-ZĐ])(\d{1,3})")
_DAMAGED_ARABIC = regex.compile(r"(?=.*\d)[\dlIiOo|!]+")
_DAMAGED_ROMAN = regex.compile(r"[IVXl1|]{2,}")
_SEPARATORS = regex.compile(r"[.,·:;\-–_]+")
_EDGES = f" .,;:)(]['\"`{FOOTNOTE_MARKS}"
_ASCII = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_TO_DIGITS = str.maketrans("lIi|!Oo", "1111100")
_NOT_CODES = ("trong do", "tong", "cong", "gom", "bao gom", "chia ra", "trong do chia ra", "ghi chu", "stt", "tt")
_TOTALS = ("tong so", "tong cong", "cong", "tong")
_NAME_BULLET = regex.compile(r"\s*([-–—−•*▪●]|\+)\s*(?=\p{L})")


@dataclass(frozen=True, slots=True)
class Stt:
    """One printed code. `style`: arabic, roman, letter, bullet, mixed, none, odd; `canonical` has no trailing
    dot and no space, and is empty for bullets and rows without a code; `parts` are its steps from the root."""

    raw: str
    canonical: str
    style: str
    parts: tuple[str, ...]
    is_valid: bool
    notes: tuple[tuple[str, str], ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class SttNode:
    """Where one row hangs. `parent_stt` is the code of the row above it in the tree and `parent_row` that
    row's index; `depth` counts from 1; `notes` are finding codes with the words that explain them."""

    canonical: str
    parent_stt: str
    depth: int
    notes: tuple[tuple[str, str], ...] = ()
    parent_row: int | None = None


@lru_cache(maxsize=8192)
def parse_stt(raw: str) -> Stt:
    """Read one code by itself. Never raises; a text that cannot be a code is `odd` and not valid."""
    bullet = raw.strip()
    if _BULLETS.fullmatch(bullet):
        return Stt(raw, "", BULLET, (bullet[0],), True)
    text = clean(raw).translate(_ASCII)
    bare = text.strip(_EDGES)
    if not bare or fold(bare) in _NOT_CODES or fold(bare).startswith(("tong ", "trong do")):
        return Stt(raw, "", NONE, (), True)
    if len(bare) > LONGEST:
        return _impossible(raw, "")
    compact = bare.replace(" ", "")
    pieces = [piece for piece in _SEPARATORS.split(compact) if piece]
    parts: list[str] = []
    repaired = compact != ".".join(pieces) or bare != compact
    for i, piece in enumerate(pieces):
        read = _part(piece, alone=len(pieces) == 1, after_arabic=i > 0 and parts[-1].isdigit())
        if read is None:
            return _impossible(raw, compact)
        parts.extend(read[0])
        repaired = repaired or read[1]
    if not parts or len(parts) > DEEPEST:
        return _impossible(raw, compact)
    canonical = ".".join(pieces) if _keeps_shape(pieces) else ".".join(parts)
    notes = (("stt-repaired", f"“{text}” được hiểu là {canonical}"),) if repaired else ()
    return Stt(raw, canonical, _style(parts), tuple(parts), True, notes)


def _impossible(raw: str, compact: str) -> Stt:
    return Stt(raw, compact, ODD, (compact,) if compact else (), False, (("stt-impossible", "không thể là mã số"),))


def _keeps_shape(pieces: list[str]) -> bool:
    """`1a` and `A1` stay as printed although they have two steps."""
    last = pieces[-1]
    fused = _DIGITS_LETTER.fullmatch(last) or (_LETTER_DIGITS.fullmatch(last) and not _DAMAGED_ARABIC.fullmatch(last))
    return bool(fused) and all(piece.isdigit() for piece in pieces[:-1])


def _part(piece: str, alone: bool, after_arabic: bool) -> tuple[tuple[str, ...], bool] | None:
    """Steps of one piece between dots, and whether it had to be repaired; None where it cannot be part of a code."""
    if piece.isdigit() and piece.isascii():
        number = int(piece)
        return ((str(number),), False) if 0 < number <= LARGEST else None
    if piece in ("l", "|", "!") and not alone:
        return ("1",), True
    if piece == "I" and after_arabic:
        return ("1",), True
    if piece in ("O", "o") and alone:
        return None
    if len(piece) == 1 and piece.lower() in LETTERS and piece not in "IVX":
        return (piece,), False
    if _ROMAN.fullmatch(piece):
        return (piece,), False
    if piece.islower() and _ROMAN.fullmatch(piece.upper()):
        return (piece,), False
    if _DAMAGED_ARABIC.fullmatch(piece):
        number = int(piece.translate(_TO_DIGITS))
        return ((str(number),), True) if 0 < number <= LARGEST else None
    fixed = piece.translate(str.maketrans("l1|", "III"))
    if _DAMAGED_ROMAN.fullmatch(piece) and _ROMAN.fullmatch(fixed):
        return (fixed,), True
    fused = _DIGITS_LETTER.fullmatch(piece) or _LETTER_DIGITS.fullmatch(piece)
    if fused:
        return (fused[1], fused[2]), False
    return None


def _kind(part: str) -> str:
    if part.isdigit():
        return ARABIC
    if part.upper() in ("I", "V", "X") or len(part) > 1:
        return ROMAN if part.isupper() or len(part) > 1 else LETTER
    return LETTER


def _style(parts: Sequence[str]) -> str:
    kinds = {_kind(part) for part in parts}
    return kinds.pop() if len(kinds) == 1 and (len(parts) == 1 or ARABIC in kinds) else MIXED


# --- the tree of one table -------------------------------------------------------------------------


@quick
@dataclass(frozen=True, slots=True)
class _Open:
    """A row that rows below may hang under."""

    row: int
    parts: tuple[str, ...]
    rank: tuple[int, int]
    canonical: str
    depth: int


def code_tree(rows: Sequence[tuple[str, str]]) -> tuple[SttNode, ...]:
    """`(stt_raw, name)` per row of one table, in order → one node per row."""
    return _code_tree(tuple(rows))


@lru_cache(maxsize=256)  # a form comes again and again with the same codes and names
def _code_tree(rows: tuple[tuple[str, str], ...]) -> tuple[SttNode, ...]:
    codes = _in_context([parse_stt(raw) for raw, _ in rows])
    ranks = _ranks(codes)
    out: list[SttNode] = []
    path: list[_Open] = []
    seen: dict[tuple[int | None, int, str], int] = {}
    scope = 0
    dash_row: int | None = None
    for i, (stt, (_, name)) in enumerate(zip(codes, rows, strict=True)):
        if not stt.canonical or not stt.is_valid:
            bullet = stt.parts[0] if stt.style == BULLET else _name_bullet(name)
            if not bullet and stt.is_valid and _is_heading(name):
                path.clear()
                scope += 1
                out.append(SttNode(stt.canonical, "", 1, stt.notes))
                dash_row = None
                continue
            node, is_dash = _hang(stt, bullet, name, path, dash_row, out)
            dash_row = i if is_dash else dash_row
            out.append(node)
            continue
        dash_row = None
        rank = _rank(stt, ranks)
        while path and path[-1].rank >= rank:
            path.pop()
        parent = _parent(stt, path)
        if parent is not None:
            while path[-1] is not parent:
                path.pop()
        key = (parent.row if parent else None, scope, stt.canonical)
        notes = stt.notes
        if key in seen:
            notes = (*notes, ("stt-repeated", f"mã {stt.canonical} đã có ở dòng {seen[key] + 1}"))
        seen.setdefault(key, i)
        depth = parent.depth + 1 if parent else 1
        out.append(
            SttNode(stt.canonical, parent.canonical if parent else "", depth, notes, parent.row if parent else None)
        )
        path.append(_Open(i, stt.parts, rank, stt.canonical, depth))
    return tuple(out)


def _parent(stt: Stt, path: list[_Open]) -> _Open | None:
    """The nearest open row whose code begins this one; else the nearest open section of another style.

    A section is an open row of a style that ranks above: `1` under `II`, `a` under `1.1`, but `2.1` never under `1`.
    """
    for row in reversed(path):
        if len(row.parts) < len(stt.parts) and stt.parts[: len(row.parts)] == row.parts:
            return row
    for row in reversed(path):
        if _kind_of_first(row.parts) != _kind_of_first(stt.parts):
            return row
    return None


def _kind_of_first(parts: tuple[str, ...]) -> str:
    kind = _kind(parts[0])
    return kind + (" upper" if kind == LETTER and parts[0].isupper() else "")


def _ranks(codes: Sequence[Stt]) -> dict[str, int]:
    """Which style stands outside which: letters A, Roman, Arabic, letters a — unless the table shows
    otherwise, by an outer style that starts anew under each row of an inner one."""
    order = [LETTER + " upper", ROMAN, ARABIC, LETTER]
    firsts = {LETTER + " upper": "A", ROMAN: "I", ARABIC: "1", LETTER: "a"}
    starts = {style: sum(code.canonical == first for code in codes) for style, first in firsts.items()}
    for outer, inner in ((0, 1), (1, 2), (2, 3)):
        if starts[order[outer]] > 1 and starts[order[inner]] == 1:
            order[outer], order[inner] = order[inner], order[outer]
    return {style: i for i, style in enumerate(order)}


def _rank(stt: Stt, ranks: dict[str, int]) -> tuple[int, int]:
    return ranks[_kind_of_first(stt.parts)], len(stt.parts)


def _in_context(codes: list[Stt]) -> list[Stt]:
    """Codes that only their table explains: `v` behind `iv`; `I` or `l` alone where the table counts 2, 3, 1.1 and has
    no other Roman code or letter k, a damaged 1."""
    canonical = {code.canonical for code in codes}
    if {"ii", "iii"} <= canonical:  # small Roman numbers: i, v and x are no letters there
        codes = [
            replace(c, style=ROMAN, parts=(c.canonical.upper(),)) if c.canonical in ("i", "v", "x") else c
            for c in codes
        ]
    needs_one = "1" not in canonical and any(c == "2" or c.startswith("1.") for c in canonical)
    if not needs_one or canonical & {"II", "III", "k"}:
        return codes
    out = list(codes)
    for i, code in enumerate(codes):
        if code.canonical in ("I", "l"):
            note = ("stt-repaired", f"“{code.raw.strip()}” được hiểu là 1")
            out[i] = replace(code, canonical="1", style=ARABIC, parts=("1",), notes=(*code.notes, note))
            break
    return out


def _name_bullet(name: str) -> str:
    match = _NAME_BULLET.match(name)
    return match[1] if match else ""


def _is_heading(name: str) -> bool:
    """A row without a code, in capitals: it opens a part of the table, and codes may start anew below it."""
    letters = [c for c in name if c.isalpha()]
    misread = len(letters) // 8 if len(letters) > 20 else 0  # of many letters a few may be
    is_capital = len(letters) > 3 and sum(not c.isupper() for c in letters) <= misread
    return is_capital and not fold(name).startswith(_TOTALS)


def _hang(
    stt: Stt, bullet: str, name: str, path: list[_Open], dash_row: int | None, out: list[SttNode]
) -> tuple[SttNode, bool]:
    """A row without a code hangs under the coded row above; `+` under the `-` before it; totals hang nowhere."""
    above = path[-1] if path else None
    if not bullet and fold(name) in _TOTALS:
        return SttNode(stt.canonical, "", 1, stt.notes), False
    if bullet == "+" and dash_row is not None:
        dash = out[dash_row]
        return SttNode(stt.canonical, dash.parent_stt, dash.depth + 1, stt.notes, dash_row), False
    if above is None:
        return SttNode(stt.canonical, "", 1, stt.notes), bool(bullet) and bullet != "+"
    node = SttNode(stt.canonical, above.canonical, above.depth + 1, stt.notes, above.row)
    return node, bool(bullet) and bullet != "+"
