"""Words outside tables → paragraphs in reading order.

Three steps: words become pieces of printed lines (cut at wide gaps); pieces that stand in two columns
side by side (letterhead, signature block) are told from pieces of one justified line and read column
by column; lines become paragraphs by spacing, indent, label, weight, and by whether the next line's
first word would still have fitted.

A letterhead is two blocks without rules: agency and number on the left, the country's name, motto
and date on the right [NĐ 30/2020, Annex I]; fused lines would lose both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from extract.model import Paragraph
from extract.page import JUMP_GAP, WIDE_GAP, Line, PageContent, Style
from extract.records import maker

_made = maker(Paragraph)
_LABEL = regex.compile(r"^(?:[-–—+•▪*➢✓o□]|\(?(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[a-zđ])[.)]|\d{1,2}(?:\.\d{1,2})+)$")
LONGEST_SMALL = 2  # letters of a label that begins with a small one
_ALONE = regex.compile(
    r"^(?:Phụ lục|PHỤ LỤC|Biểu|BIỂU|Mẫu|Nơi nhận|Kính gửi|BÁO CÁO|Điều \d|Chương|CHƯƠNG|Phần|PHẦN)\b"
)


@dataclass(frozen=True, slots=True)
class Margins:
    left: float
    right: float


def in_reading_order(items: list[Line]) -> list[Line]:
    """Pieces → lines: columns side by side one after the other, other pieces joined again."""
    out: list[Line] = []
    index = 0
    while index < len(items):
        zone = _zone(items, index) if _has_neighbour(items, index) else None
        if zone is not None:
            first, left, right = zone
            del out[len(out) - (index - first) :]
            for piece in [*left, *right]:
                piece.in_column = True
            out += [*left, *right]
            index = first + len(left) + len(right)
            continue
        line = items[index]
        index += 1
        if out and not out[-1].in_column and _is_same_line(out[-1], line):
            out[-1] = out[-1].and_(line)
        else:
            out.append(line)
    return out


def _has_neighbour(items: Sequence[Line], index: int) -> bool:
    """Does the next piece stand beside this one?"""
    if index + 1 >= len(items):
        return False
    a, b = items[index], items[index + 1]
    return abs(b.base - a.base) <= 0.75 * min(a.size, b.size)


def _is_same_line(left: Line, right: Line) -> bool:
    return abs(left.base - right.base) < 0.4 * min(left.size, right.size) and right.x0 >= left.x1 - 1


def _zone(items: list[Line], index: int) -> tuple[int, list[Line], list[Line]] | None:
    """The block of two columns that begins with the pieces at `index`: first index, left, right."""
    a, b = items[index], items[index + 1]
    left_piece, right_piece = (a, b) if a.x0 < b.x0 else (b, a)
    low, high = left_piece.x1, right_piece.x0
    size = min(a.size, b.size)
    if high - low < JUMP_GAP * size:
        return None
    left, right = [left_piece], [right_piece]
    bottom = max(a.base, b.base)
    end = index + 2
    while end < len(items):
        piece = items[end]
        if piece.base - bottom > 2.2 * size:
            break
        if piece.x1 < high and (piece.x0 < low or piece.x1 < (low + high) / 2):
            if max(low, piece.x1) > high - 0.3 * size:
                break
            low = max(low, piece.x1)
            left.append(piece)
        elif piece.x0 > low:
            if min(high, piece.x0) < low + 0.3 * size:
                break
            high = min(high, piece.x0)
            right.append(piece)
        else:
            break
        bottom = max(bottom, piece.base)
        end += 1
    _give_back(left, right)
    if not _is_zone(left, right, high - low, size):
        return None
    return index, left, right


def _give_back(left: list[Line], right: list[Line]) -> None:
    """Trailing lines below the other column that do not belong to their own column's block."""
    for own, other in ((left, right), (right, left)):
        while len(own) > 1 and own[-1].base > other[-1].base + own[-1].size and not _in_block(own[:-1], own[-1]):
            own.pop()


def _in_block(block: Sequence[Line], line: Line) -> bool:
    """A line goes on with a block: same spacing, and the same left edge or the same middle."""
    last = block[-1]
    if line.base - last.base > 1.75 * line.size:
        return False
    middle = abs((line.x0 + line.x1) / 2 - (last.x0 + last.x1) / 2) < 0.6 * line.size
    return middle or abs(line.x0 - last.x0) < 0.5 * line.size


def _is_zone(left: list[Line], right: list[Line], gutter: float, size: float) -> bool:
    if all(_LABEL.match(p.text) for p in left):
        return False
    pairs = _pairs(left, right)
    jumps = sum(not 0 <= r.words[0].start - p.words[-1].start - p.words[-1].length <= 3 for p, r in pairs)
    if len(left) + len(right) >= 3 and max(len(left), len(right)) >= 2:
        return (
            gutter >= JUMP_GAP * size if jumps else (gutter >= WIDE_GAP * size and len(pairs) >= 2) or gutter > 2 * size
        )
    return gutter > (1.5 if jumps else 3.0) * size


def _pairs(left: list[Line], right: list[Line]) -> list[tuple[Line, Line]]:
    return [
        (p, r) for p in left for r in right if abs(p.base - r.base) < 0.75 * min(p.size, r.size)
    ]  # a zone has a handful of lines


def margins_of(lines: Sequence[Line], width: float, known: Margins | None) -> Margins:
    """Where the body text begins and ends, from the lines of a page; from earlier pages if it has few."""
    body = [line for line in lines if not line.in_column]
    long = [line for line in body if line.x1 - line.x0 > 0.45 * width]
    if len(long) < 4 and known is not None:
        return Margins(min([known.left, *(p.x0 for p in long)]), max([known.right, *(p.x1 for p in long)]))
    if not long:
        return Margins(0.14 * width, 0.93 * width)
    return Margins(min(p.x0 for p in long), max(p.x1 for p in long))


class _Styles(dict[int, Style]):
    """The style of each line by its number, asked for where it matters: most lines of prose go on with the one before
    whatever they look like."""

    def __init__(self, lines: Sequence[Line], style: Callable[[int], Style]) -> None:
        super().__init__()
        self._lines, self._style = lines, style

    def __missing__(self, number: int) -> Style:
        found = self[number] = self._style(self._lines[number].start)
        return found


def paragraphs(
    lines: Sequence[Line],
    page: PageContent,
    margins: Margins,
    style: Callable[[int], Style],
    leading: float = 0.0,
) -> list[tuple[float, Paragraph]]:
    """Paragraphs with the y at which each begins. `lines` are in reading order, `leading` apart (`leading_of`)."""
    styles = _Styles(lines, style)
    centred = [_is_centred(line, margins) for line in lines]
    out: list[tuple[float, Paragraph]] = []
    group: list[int] = []
    for i in range(len(lines)):
        if group and _starts_new(lines, group, i, margins, styles, centred, leading):
            out.append(_paragraph([lines[k] for k in group], page, styles[group[0]], centred[group[-1]]))
            group = []
        group.append(i)
    if group:
        out.append(_paragraph([lines[k] for k in group], page, styles[group[0]], centred[group[-1]]))
    return out


def leading_of(lines: Sequence[Line]) -> float:
    """The distance of base lines within a paragraph, in font sizes; 0 where nothing shows it.

    Measured only where one line certainly goes on with another: it begins with a small letter and the
    line before does not end a sentence.
    """
    steps = sorted(
        (b.base - a.base) / b.size
        for a, b in pairwise(lines)
        if abs(a.size - b.size) < 0.6
        and not a.in_column and not b.in_column
        and b.texts[0][:1].islower() and (len(b.texts[0]) > LONGEST_SMALL or not _LABEL.match(b.texts[0]))
        and a.texts[-1][-1] not in ".;:!?"
        and 0.9 < (b.base - a.base) / b.size < 2.5
    )  # fmt: skip
    return steps[len(steps) // 2] if steps else 0.0


def _is_centred(line: Line, margins: Margins) -> bool:
    return line.x0 - margins.left > 1.2 * line.size and _is_symmetric(line, margins)


def _is_symmetric(line: Line, margins: Margins) -> bool:
    return abs(line.x0 - margins.left - (margins.right - line.x1)) < 1.2 * line.size


def _starts_new(
    lines: Sequence[Line], group: Sequence[int], i: int, margins: Margins,
    styles: Mapping[int, Style], centred: Sequence[bool], leading: float,
) -> bool:  # fmt: skip
    line, last, first = lines[i], lines[group[-1]], lines[group[0]]
    if line.in_column or last.in_column:
        return True
    step = (line.base - last.base) / line.size
    if abs(line.size - last.size) > 0.12 * line.size or step <= 0 or step > 2.3:
        return True
    text = line.text
    if _ALONE.match(text):
        return True
    own = (lines[group[1]].base - first.base) / line.size if len(group) > 1 else leading
    if own and step > max(own, 1.0) + 0.17:
        return True
    ends = last.texts[-1][-1] in ".;:!?" and not text[:1].islower()
    if not own and (step > 1.9 or (step > 1.25 and ends)):
        return True
    fits = last.x1 + 0.25 * line.size + line.opening < margins.right - 0.1 * line.size
    if centred[group[-1]] or centred[i]:
        goes_on = _is_symmetric(last, margins) and _is_symmetric(line, margins)
        return fits or not goes_on or styles[group[-1]] != styles[i]
    if fits:
        return True
    if not text[:1].islower() and styles[group[-1]].is_bold != styles[i].is_bold:
        return True
    if line.x0 > last.x0 + 0.8 * line.size and not _is_hanging(last, line):
        return True
    is_indented = line.x0 > margins.left + 0.8 * line.size
    return bool(_LABEL.match(line.texts[0])) and (is_indented or line.texts[0] in "-+•▪*➢✓")


def _is_hanging(labelled: Line, line: Line) -> bool:
    return (
        len(labelled.texts) > 1
        and bool(_LABEL.match(labelled.texts[0]))
        and abs(labelled.words[1].x0 - line.x0) < 0.4 * line.size
    )


def _paragraph(lines: Sequence[Line], page: PageContent, style: Style, centred: bool) -> tuple[float, Paragraph]:
    first = lines[0]
    text, x0, top, x1, bottom = first.text, first.x0, first.top, first.x1, first.bottom
    for line in lines[1:]:
        text = joined(text, line.text)
        x0, top, x1, bottom = min(x0, line.x0), min(top, line.top), max(x1, line.x1), max(bottom, line.bottom)
    box = page.seen(x0, top, x1, bottom)
    paragraph = _made(
        text, page.number, box, is_bold=style.is_bold, is_italic=style.is_italic, is_centred=centred,
    )  # fmt: skip
    return top, paragraph


def joined(text: str, line: str) -> str:
    """Two printed lines as one text: a hyphen or slash that ties (`QĐ-` `UBND`) takes no space."""
    ties = len(text) > 1 and text[-1] in "-/" and text[-2].isalnum() and line[:1].isalnum()
    return text + line if ties else f"{text} {line}"
