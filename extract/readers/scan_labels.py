"""Labels of headings that OCR misread, put right by their sequence: `II.` before `IV.` and behind `II.` is `III.`.

In: the blocks of a scanned report. Out: the same blocks. Strokes of Roman numbers run together or are lost
(`HI.`, `II.` for `III.`), and `1.` reads as `l.` or `I.`. A label is changed only where it looks like the one
that must come next and the one behind it does not say otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import regex
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from extract.captions import read_caption
from extract.model import Block, Grid, Paragraph, Problem
from extract.readers.scan_spelling import respelled
from extract.syllables import is_common, is_syllable
from extract.text import fold

_FIXED = {"bao cao": "BÁO CÁO", "noi nhan": "Nơi nhận:"}
_CAPTION = regex.compile(r"^(PHỤ LỤC|Phụ lục)\s+([\p{L}|!\]\[][\p{L}\d|!\]\[]{0,5})((?:[.:]|\s*)$)")
_LIKE_CAPTION = regex.compile(
    r"^\W*(\p{L}{1,4}\s?\p{L}{2,4})\s*(s[ốỐóoồ])?\s*[:.]?\s*(\d{1,2}|[IVX]{1,5})\s*[.:]?\W*$", regex.IGNORECASE
)
MAX_CAPTION, _CAPITALS, _TITLE_ROWS = 24, 4, 3
_QUOTED = regex.compile(r"\b[Bb]áo cáo số\s*:?\s*(\d{1,5}\s?/\s?[\p{Lu}\d][\p{Lu}\d&-]{2,30})")
_OWN = regex.compile(r"^\s*S[ốôỐÔ]\s?[:.;]?\s*(\d{1,5}\s?/\s?\S{2,30})")

_HEAD = regex.compile(r"^\s*([IVXHTLlïíìÍÌỊịVYỈỉi1|!\]\[UN]{1,6})\s?([.,:)]?)\s+(\p{L}.*)$", regex.DOTALL)
_MARKS = regex.compile(
    r"^\s*([IVX]{1,5}|\d{1,2}(?:\.\d{1,2}){0,3})\s?(\.[.,]{1,3}|,\.{0,2})\s+(\p{Lu}.*)$", regex.DOTALL
)
_HEADING = 200  # characters: a paragraph that begins with a number is longer
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_STROKES = str.maketrans({
    "H": "II", "T": "I", "L": "I", "l": "I", "1": "I", "|": "I", "!": "I", "]": "I", "[": "I", "i": "I", "Í": "I",
    "Ì": "I", "Ị": "I", "ị": "I", "Ỉ": "I", "ỉ": "I", "ï": "I", "í": "I", "ì": "I", "Y": "V", "U": "II", "N": "II",
})  # fmt: skip


def repaired_labels(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Problem, ...]]:
    """Blocks with their heading labels in sequence, and a problem for each one that was changed."""
    out, problems = _numbers_agree([_caption(_fixed(block)) for block in blocks])
    out, dotted = _dotted(out)
    problems += dotted
    out, respelt = _respelled(out)
    problems += respelt
    heads = [(i, found) for i, block in enumerate(out) if (found := _head(block)) is not None]
    last = 0
    for n, (i, (label, mark, rest)) in enumerate(heads):
        if _is_capitals(rest):
            number = _next(label, last, [h[1][0] for h in heads[n + 1 : n + 2] if _is_capitals(h[1][2])])
            if number is None:
                last = _ROMANS.index(label) + 1 if label in _ROMANS else last
                continue
            last = number
            right = _ROMANS[number - 1]
        elif label in ("l", "I", "i", "|", "!", "]", "ï", "í", "ì", "Í", "Ì"):
            right = "1"
        else:
            continue
        if right != label or (mark != "." and _is_capitals(rest)):
            out[i] = _retold(out[i], f"{right}. {rest}")
            message = f"The label {label}{mark} of a heading was read as {right}."
            detail = f"{label}{mark} → {right}."
            problems.append(Problem("ocr-label-repaired", "info", message, out[i].page, detail=detail))
    return tuple(out), tuple(problems)


def _dotted(blocks: list[Block]) -> tuple[list[Block], list[Problem]]:
    """Headings whose label ends in one dot, whatever grains of the paper made of it: `I.. CÔNG TÁC`, `5, Cải cách`."""
    out, problems = [], []
    for block in blocks:
        found = _MARKS.match(block.text) if isinstance(block, Paragraph) and len(block.text) < _HEADING else None
        if found is not None:
            text = f"{found[1]}. {found[3]}"
            detail = f"{found[1]}{found[2]} → {found[1]}."
            message = f"The marks behind the label {found[1]} of a heading were read as a dot."
            problems.append(Problem("ocr-label-repaired", "info", message, block.page, detail=detail))
            block = _retold(block, text)
        out.append(block)
    return out, problems


def _respelled(blocks: list[Block]) -> tuple[list[Block], list[Problem]]:
    """Headings in capitals with words that are none put right by one stroke: `HIƯỚNG` → `HƯỚNG`."""
    out, problems = [], []
    for block in blocks:
        found = _head(block)
        if isinstance(block, Paragraph) and found is not None and _is_capitals(found[2]):
            text = regex.sub(r"\b(\p{L}{1,3}) (\p{L}{2,})", lambda m: _one_word(m[1], m[2]), block.text)
            text = regex.sub(r"\p{L}+", lambda m: respelled(m[0]), text)
            if text != block.text:
                detail = f"{block.text[:80]} → {text[:80]}"
                message = "A word of a heading was misspelled."
                problems.append(Problem("ocr-label-repaired", "info", message, block.page, detail=detail))
                block = replace(block, text=text)
        out.append(block)
    return out, problems


def _one_word(first: str, second: str) -> str:
    """`HI ƯỚNG` → `HƯỚNG`: a word that a stroke too many cut in two."""
    whole = respelled(first + second)
    is_cut = not is_common(first) and not is_syllable(first + second) and is_common(whole)
    return whole if is_cut else f"{first} {second}"


def _fixed(block: Block) -> Block:
    """A line that can only be one of the fixed words of a report, in its spelling."""
    if isinstance(block, Paragraph) and len(block.text) < 16 and fold(block.text) in _FIXED:
        return replace(block, text=_FIXED[fold(block.text)])
    return block


def caption_line(text: str) -> str:
    """A short line that is all but a caption, as one: `Thụ lục số03` → `Phụ lục số 03`. Other lines as they are.

    A caption that is missed costs most: its table is filed under the appendix before.
    """
    found = _LIKE_CAPTION.match(text) if len(text) <= MAX_CAPTION and read_caption(text) is None else None
    if found is None:
        return text
    word = fold(found[1]).replace(" ", "")
    if Levenshtein.distance(word, "phuluc", score_cutoff=2) > 2:
        return text
    name = "PHỤ LỤC" if sum(c.isupper() for c in found[1]) >= _CAPITALS else "Phụ lục"
    line = " ".join(filter(None, (name, "số" if found[2] else "", found[3])))
    return line if read_caption(line) is not None else text


def _grid_caption(grid: Grid) -> Grid:
    """A grid whose first rows are one cell each, with a caption among them put right."""
    cells = [
        replace(c, text="\n".join(map(caption_line, c.text.split("\n"))))
        if c.row < _TITLE_ROWS and c.col == 0 and c.col_span >= grid.n_cols - 1
        else c
        for c in grid.cells
    ]
    return replace(grid, cells=tuple(cells))


def _caption(block: Block) -> Block:
    """`Phụ lục H` → `Phụ lục II`: a number that is none, by its strokes; a caption with a wrong letter."""
    if isinstance(block, Grid):
        return _grid_caption(block)
    first, _, rest = block.text.partition("\n")
    if caption_line(first) != first:
        block = replace(block, text=caption_line(first) + ("\n" + rest if rest else ""))
    found = _CAPTION.match(block.text)
    if found is None or found[2] in _ROMANS:
        return block
    strokes = found[2].translate(_STROKES)
    return _retold(block, f"{found[1]} {strokes}{found[3]}") if strokes in _ROMANS else block


def _numbers_agree(blocks: list[Block]) -> tuple[list[Block], list[Problem]]:
    """The report's number on the first page against the one that its appendices quote, if two of these agree."""
    quoted: Counter[str] = Counter()
    own: list[tuple[int, str]] = []
    for i, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            found = _QUOTED.search(block.text)
            if found:
                quoted["".join(found[1].split())] += 1
            elif not own and (block.page or 1) == 1 and (found := _OWN.match(block.text)):
                own.append((i, found[1]))
    if not own or not quoted:
        return blocks, []
    (best, count), (i, printed) = quoted.most_common(1)[0], own[0]
    bare = "".join(printed.split()).rstrip(".,;")
    if count < 2 or bare == best or fuzz.ratio(bare, best) < 60:
        return blocks, []
    message = f"The number {bare} was read as {best}, as {count} appendices quote it."
    problem = Problem("ocr-label-repaired", "info", message, blocks[i].page, detail=f"{bare} → {best}")
    block = blocks[i]
    text = block.text.replace(printed, best) if isinstance(block, Paragraph) else ""
    return [*blocks[:i], _retold(block, text), *blocks[i + 1 :]], [problem]


def _retold(block: Block, text: str) -> Block:
    return replace(block, text=text) if isinstance(block, Paragraph) else block


def _head(block: Block) -> tuple[str, str, str] | None:
    if not isinstance(block, Paragraph):
        return None
    found = _HEAD.match(block.text)
    return (found[1], found[2], found[3]) if found else None


def _is_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 5 and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def _next(label: str, last: int, following: Sequence[str]) -> int | None:
    """The number this label stands for, None where it is what it says or nothing is known."""
    if last >= len(_ROMANS):
        return None
    expected = _ROMANS[last]
    if label == expected:
        return last + 1
    strokes = label.translate(_STROKES)
    if strokes == expected:
        return last + 1
    if label in _ROMANS and _ROMANS.index(label) >= last:
        return None  # a number that was skipped is the report's business
    if label == "I" and following[:1] == ["II"]:
        return None  # a new part begins anew
    if abs(len(strokes) - len(expected)) > 1 or strokes.strip("I") != expected.strip("I"):
        return None
    behind = following[0].translate(_STROKES) if following else ""
    after = _ROMANS[last + 1] if last + 1 < len(_ROMANS) else ""
    return last + 1 if not following or behind in (after, expected) else None
