"""Which lines of a page are the header of a table without rules.

In: a page's lines as runs, and one of them that may be header. Out: the first and the last line of the header round it:
told from the caption above and the first row below by look (weight, brackets), place (between, under or beside header
words) and content (no code, no figure).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import regex

from extract.captions import REFERENCE
from extract.page import Line, Style
from extract.syllables import is_syllable
from extract.tables.aligned_lines import Run, across, printed_lines, runs_of
from extract.tables.header import is_number_row
from extract.tables.header_tree import are_under_one, blocks_of, is_flush_over, is_over_two
from extract.tables.header_words import completes, word_role
from extract.tables.rows import is_code_text, is_number_text

LEADING = 1.15  # usual distance of base lines, in font sizes
_ANCHORS = frozenset(("STT", "TT", "TIÊU", "DUNG", "ĐVT", "SỐ", "MỤC", "MS", "MÃ", "LIỆU", "VỰC", "CHỈ", "NỘI", "ĐƠN"))
STOP = regex.compile(r"^(?:PHỤ LỤC|Phụ lục|BIỂU MẪU|Biểu mẫu|BIỂU SỐ|Biểu số|Mẫu số|MẪU SỐ)\b")
STOP_LETTERS = frozenset("PBM")  # what `STOP` begins with
_YEAR = regex.compile(r"^(?:19|20)\d\d$")
_ANSWERS = regex.compile(r"\p{L}{2,}\s?=\s?\d\b")
_LABEL = regex.compile(r"^(?:[IVX]{1,5}|[A-ZĐ]|\d{1,2}(?:\.\d{1,2})*)[.)]$")
MAX_LINES = 16


def may_be_headed(items: Sequence[Line]) -> bool:
    """Can one of these lines be a header's? One is several runs, with a header word among them but neither a code nor a
    figure (`II.` `KẾT QUẢ`): pages of prose have none, and need not be looked at word by word."""
    return any(
        (len(line) > 1 or line[0].is_gapped)
        and any(_is_anchor(text) for item in line for text in item.texts)
        and not holds_row(runs_of(across(line)))
        for line in printed_lines(items)
    )


def may_be_header(strip: Sequence[Run]) -> bool:
    return len(strip) >= 2 and any(_is_anchor(w.text) for run in strip for w in run.words)


@lru_cache(maxsize=4096)
def _is_anchor(text: str) -> bool:
    return text.upper().strip("()") in _ANCHORS


def holds_row(strip: Sequence[Run]) -> bool:
    """Is one of the runs a code or a figure? No header has such a line, but for a year beside `STT` and `Chỉ tiêu`."""
    figures = [run.text for run in strip if is_number_text(run.text) or is_code_text(run.text)]
    if not figures or not all(map(_YEAR.match, figures)):
        return bool(figures)
    return not {"stt", "name"} <= {word_role(run.text) for run in strip}


def zone_of(strips: Sequence[Sequence[Run]], index: int, style: Callable[[int], Style], floor: int) -> tuple[int, int]:
    """The first and last line of the header that the line `index` is part of."""
    size = strips[index][0].size
    is_bold = style(strips[index][0].words[0].start).is_bold
    is_plain = not any(style(run.words[0].start).is_bold for run in strips[index])
    header = list(strips[index])
    first = last = index
    numbers = _number_row(strips, index)
    size_of = len(header) - 1
    while len(header) != size_of:  # what was found above can explain what stands below
        size_of = len(header)
        while last + 1 < len(strips) and last - index < MAX_LINES:
            strip = strips[last + 1]
            step = (strip[0].base - strips[last][0].base) / size
            if not _may_be_part(strip, header, is_bold, style, upwards=False):
                break
            if is_plain and all(style(run.words[0].start).is_bold for run in strip):
                break  # the header begins here: what stands above it is the rest of a row
            if last + 1 < numbers and step < 3.2 * LEADING:
                is_part = True
            elif is_bold:
                is_near = step < 1.3 * LEADING or len(strip) > 1 or _is_under(strip[0], header)
                is_part = step < 3.2 * LEADING and is_near
            else:
                is_part = step < 0.85 or (step < 1.35 * LEADING and _goes_on_below(strip, header))
                says_so = names_columns(strip) or _is_completing(strip, header) or are_under_one(strip, header)
                is_part |= step < 3.2 * LEADING and says_so
            if not is_part:
                break
            header.extend(strip)
            last += 1
        while first > floor and index - first < MAX_LINES:
            strip = strips[first - 1]
            step = (strips[first][0].base - strip[0].base) / size
            reach = (3.2 if is_bold else 2.4 if len(strip) == 1 and is_over_two(strip[0], header) else 1.5) * LEADING
            if not _may_be_part(strip, header, is_bold, style, upwards=True) or _ends_reference(strips, first - 1):
                break
            if step >= 0.85 and (step > reach or (len(strip) == 1 and not _stands_over(strip[0], header))):
                break
            header.extend(strip)
            first -= 1
    return first, last


def _ends_reference(strips: Sequence[Sequence[Run]], at: int) -> bool:
    """Is this the last line of `(Ban hành kèm theo … của Sở Giáo dục và⏎Đào tạo)`?"""
    if len(strips[at]) > 1 or not strips[at][0].text.endswith(")"):
        return False
    text = " ".join(run.text for strip in strips[max(0, at - 3) : at] for run in strip)
    return REFERENCE.match(text[max(text.rfind("("), 0) :]) is not None


def _number_row(strips: Sequence[Sequence[Run]], index: int) -> int:
    """The line of column numbers below a header line, or -1: everything between is header."""
    for at in range(index + 1, min(index + MAX_LINES, len(strips))):
        texts = [run.text for run in strips[at]]
        if is_number_row(texts):
            return at
        if any(is_code_text(text) or (is_number_text(text) and not _YEAR.match(text)) for text in texts):
            return -1
    return -1


def _may_be_part(
    strip: Sequence[Run], header: Sequence[Run], is_bold: bool, style: Callable[[int], Style], *, upwards: bool
) -> bool:
    """Can this line be header by what it says and how it looks?"""
    low, high = min(h.x0 for h in header), max(h.x1 for h in header)
    if upwards and _is_title(strip, header):
        return False
    is_named = not upwards and names_columns(strip)
    for run in strip:
        text = run.text
        if len(text) > 60 or text.endswith((":", ".", ";")) or STOP.match(text) or (upwards and ":" in text):
            return False
        is_year = _YEAR.match(text) and any(h.x0 < run.x1 and run.x0 < h.x1 for h in header)
        is_figure = (is_code_text(text) or is_number_text(text)) and not is_year
        if is_figure and not ends_word(run, header) and not _is_in_open_bracket(run, header):
            return False
        if _ANSWERS.search(text):  # `Chưa = 0; Hoàn thành = 1` is the unit of a row
            return False
        if _LABEL.match(run.words[0].text) or abs(run.size - header[0].size) > 0.2 * run.size:
            return False
        is_plain = is_bold and not style(run.words[0].start).is_bold
        if is_plain and not is_named and not (not upwards and _is_in_brackets(run, header)):
            return False
        if len(strip) == 1 and run.x1 - run.x0 > 0.62 * (high - low) and not _is_in_brackets(run, header):
            return False
    return True


def names_columns(strip: Sequence[Run]) -> bool:
    """`Đơn vị tính` and `Số liệu` in one line: no row of figures says that, however the line looks."""
    roles = [word_role(run.text) for run in strip]
    return "unit" in roles and len(set(roles) & {"stt", "name", "value", "note"}) > 0


def ends_word(run: Run, header: Sequence[Run]) -> bool:
    """The end of a word that a narrow column cut: `T` under `ST`, `c hạn` under `Trướ`."""
    near = [h for h in header if run.x0 < h.x1 and h.x0 < run.x1 and abs(run.base - h.base) < 1.35 * run.size]
    if not run.words[0].text.isalpha():
        return False
    if run.text.isalpha() and any(word_role(h.text + run.text) or word_role(run.text + h.text) for h in near):
        return True
    ends = [h.words[-1].text for h in near if h.base < run.base]
    own = run.words[0].text
    is_piece = own.islower() and not is_syllable(own)  # no word, as `h` of `kế hoạch`
    return any((is_piece or not is_syllable(end)) and is_syllable(end + own) for end in ends)


def _is_in_brackets(run: Run, header: Sequence[Run]) -> bool:
    """A remark under a header word, and its next lines: `(Sử dụng trong kỳ báo cáo … năm)`."""
    above = "".join(h.text for h in header if h.base < run.base and run.x0 < h.x1 and h.x0 < run.x1)
    return run.text.startswith("(") or above.count("(") > above.count(")")


def _is_in_open_bracket(run: Run, header: Sequence[Run]) -> bool:
    """A word that justifying drew away from its line, in a bracket that a line above opened: `quý,  6` of `(hàng quý,
    6 tháng)`."""
    opened = [h for h in header if h.text.startswith("(") and h.base < run.base and h.x0 < run.x0 + 2]
    if not opened:
        return False
    left = max(opened, key=lambda h: (h.base, h.x0))
    right = min((h.x0 for h in header if h.x0 > left.x0 and word_role(h.text)), default=0.0)
    inside = "".join(h.text for h in header if left.x0 - 2 <= h.x0 < right and left.base <= h.base < run.base + 1)
    return run.x0 < right and inside.count("(") > inside.count(")")


def _is_title(strip: Sequence[Run], header: Sequence[Run]) -> bool:
    """A line alone in the middle of the table's width is a caption over it, not a cell of its header."""
    if len(strip) != 1 or is_flush_over(strip[0], header) and not strip[0].text.isupper():
        return False
    middle = (min(h.x0 for h in header) + max(h.x1 for h in header)) / 2
    near = min(header, key=lambda h: abs(h.base - strip[0].base))
    under = [h for h in header if strip[0].x0 < h.x1 and h.x0 < strip[0].x1 and h.base < near.base + 0.4 * h.size]
    step = abs(near.base - strip[0].base) / strip[0].size
    if step < 0.85 or (len(under) == 1 and step < 1.35):
        return False
    return abs((strip[0].x0 + strip[0].x1) / 2 - middle) < 1.5 * strip[0].size


def _is_under(run: Run, header: Sequence[Run]) -> bool:
    """Centred under, or flush with, the nearest header word above it."""
    over = [h for h in header if run.x0 < h.x1 and h.x0 < run.x1]
    if not over:
        return False
    near = min(over, key=lambda h: abs(run.base - h.base))
    is_centred = abs((run.x0 + run.x1) / 2 - (near.x0 + near.x1) / 2) < 0.8 * run.size
    return is_centred or abs(run.x0 - near.x0) < 2 or _is_in_brackets(run, header)


def _is_completing(strip: Sequence[Run], header: Sequence[Run]) -> bool:
    """Is each run of the line the rest of a header word above it, however far below it stands?"""
    over = [[h for h in header if h.base < run.base and run.x0 < h.x1 and h.x0 < run.x1] for run in strip]
    return all(any(completes(h.text, run.text) for h in above) for run, above in zip(strip, over, strict=True))


def _goes_on_below(strip: Sequence[Run], header: Sequence[Run]) -> bool:
    """Without a look of its own: does each run of the line go on with a header word, or stand under a group?"""
    has_role = any(word_role(run.text) for run in strip)
    for run in strip:
        if _is_in_brackets(run, header):
            continue
        over = [h for h in header if run.x0 < h.x1 and h.x0 < run.x1]
        near = max(over, key=lambda h: h.base, default=None)
        if near is None:
            if not (has_role and len(strip) > 1):
                return False
            continue
        beside = [r for r in strip if r.x0 < near.x1 and near.x0 < r.x1]
        if len(beside) > 1 and has_role:
            continue
        if not _is_under(run, [near]):
            return False
        if near.text.endswith(")") and not has_role:  # the remark of a header's cell is its last line
            return False
        # A line is broken where the next word has no room: one that had is no line of this cell.
        room = max(run.x1 - run.x0, max(h.x1 - h.x0 for h in over)) - (near.x1 - near.x0)
        if run.words[0].x1 - run.words[0].x0 + 0.25 * run.size < room and not (has_role and len(strip) > 1):
            return False
    return True


def _stands_over(run: Run, header: Sequence[Run]) -> bool:
    """A line of one run above a header: does it stand over one of its cells, in the middle or at the left of several?

    Several cells with the first among them make no group: such a line is a caption or prose.
    """
    spans = blocks_of(header)
    middle = (run.x0 + run.x1) / 2
    under = [i for i, (x0, x1) in enumerate(spans) if run.x0 < x1 and x0 < run.x1]
    first, last = (under[0], under[-1]) if under else (len(spans), 0)
    for i in range(1, len(spans)):
        for j in range(i, len(spans)):
            if i <= first and j >= last and abs((spans[i][0] + spans[j][1]) / 2 - middle) < 1.5 * run.size:
                return True
    is_over_first = under == [0] and abs((spans[0][0] + spans[0][1]) / 2 - middle) < run.size
    return is_flush_over(run, header) or is_over_first and run.x0 > spans[0][0] - run.size
