"""Pale and coloured print: told from the back of the sheet, and made as dark as print usually is.

In: a clean page. Out: the page with its pale print darkened, or what of it could not be read. A form filled in with a
weak ribbon, rows in a light colour, red figures: all of that is print, and so pale that one threshold for the whole
page takes it for paper. What pale is depends on the paper: letters are looked for where the smoothed page is darker
than its grain can be. Whether they are print is asked of Tesseract, with a few of their lines on a strip, once as
they stand and once mirrored: of the back of a sheet the mirrored reading makes words, of print the plain one. Pages
without pale letters, nearly all, pay for the look alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import Any, NamedTuple

import cv2
import numpy as np

from extract.readers.scan_image import PAPER, Image, PagePicture, darkened, is_pale, pieces_of, set_level
from extract.readers.scan_level import LETTER_PT, are_letters, boxes_of
from extract.readers.scan_look import in_lines
from extract.readers.scan_tesseract import BLOCK, OcrWord, read_words
from extract.readers.scan_words import INK
from extract.syllables import is_syllable

_SMOOTHED_PT = 0.36  # grain is finer than a stroke of print
_GRAINS, _LEAST = 4.5, 6.0  # print is darker than the paper by so many deviations of its grain, and by so many tones
_LONE = 20.0  # a letter on its own, by so many tones: it may be a stain
_SLIVER_PT = 1.5
_AROUND_PT, _TOUCHING_PT = 1.5, 0.5  # the edge of a dark stroke is pale, too
_BESIDE_PT = 7.0  # letters of one run
_MARKS_PT, _SIDE_PT = 6.0, 2.5  # what belongs to a letter above and below it, and beside it
_STAMP_PT, _STAMP_GAP_PT = 40.0, 3.0  # the least side of a seal or a stamp, and the gaps in its ring
_TEXT_SHARE = 0.5  # so much of coloured ink is letters in lines, and it is print
_SOLID_PT = 4.0  # wider than any stroke of print
_RULE_PT, _THIN_PT = 28.0, 3.0
_USUAL_TINT = 50  # so many of a hundred coloured dots are darker than this tone of theirs
_TINTED = 25  # tones by which coloured ink differs from the page without it
_SAMPLES, _LETTERS = 16, 3  # runs that are asked, and the least letters of one
_PRINT_SHARE, _BETTER = 0.3, 1.5  # letters in words, of all; how much more one reading makes than the other
_SURE, _NEARLY = 0.5, 0.8
_PALE, _INKED = 120, 35  # so many of a hundred dots of ink are darker: it is not pale
_HAND = 12  # more coloured letters in lines than that are hardly a hand's
_FEW = 0.02  # so little dark ink for each pale one, and the whole page is pale
LEFT, WEAK = "page-too-faint", "page-pale"  # what is said of a page
_WEAK = 3.4  # times as far from paper as the palest print that can be seen
Box = tuple[int, int, int, int]


class Kind(Enum):
    PRINT = 1
    BACK = 2  # of the sheet: it is mirrored
    UNKNOWN = 3


class Run(NamedTuple):
    """Letters side by side, in pixels."""

    box: Box
    letters: tuple[Box, ...]


class Pale(NamedTuple):
    """`smooth`: the page without its grain; `white`: from this tone on it is paper; `ink`: pale pixels away from `dark`
    ones; `runs` of letters, longest first; `lone` letters."""

    smooth: Image
    white: float
    ink: Image
    dark: Image
    runs: tuple[Run, ...]
    lone: tuple[Box, ...]
    is_all: bool = False


def with_pale_print(page: PagePicture) -> tuple[PagePicture, str]:
    """The page with its pale print as dark as print usually is; and the code of what is to be said: something pale
    was left that is not known to be the back of the sheet, or print is so weak that some may be missing."""
    pale = find_pale(page)
    if not pale.runs and not pale.lone:
        return page, ""
    kinds = kinds_of(pale, page.scale) if pale.runs else []
    n_print, n_back = kinds.count(Kind.PRINT), kinds.count(Kind.BACK)
    rest = Kind.UNKNOWN if kinds else Kind.PRINT  # lone letters on a page without any other pale ones
    if n_print > n_back:
        rest = Kind.PRINT
    elif n_back:
        rest = Kind.BACK
    if page.under is None and pale.is_all:
        return _all_darkened(page, pale, rest)
    found = [kind if kind is not Kind.UNKNOWN else rest for kind in kinds]
    found += [rest] * (len(pale.runs) - len(found))
    runs = [run.box for run, kind in zip(pale.runs, found, strict=True) if kind is Kind.PRINT]
    lone = [*pale.lone, *(_rules(pale.ink, page.scale) if pale.runs else ())] if rest is Kind.PRINT else []
    hand = sum(len(run.letters) for run in pale.runs if _is_tinted(page, run.box))
    is_left = rest is Kind.UNKNOWN and (hand >= _HAND or any(not _is_tinted(page, run.box) for run in pale.runs))
    code = LEFT if is_left else WEAK if rest is Kind.PRINT and _is_weak(pale) else ""
    if not runs and not lone:
        return page, code
    grey = _with_dark(page, pale, [*runs, *lone])
    if rest is Kind.PRINT and page.under is not None:
        grey = _with_colour(page, pale, grey)
    was_blank = page.is_blank
    page = replace(page, grey=grey, is_blank=False)
    return (set_level(page) if was_blank else page), code


def _is_weak(pale: Pale) -> bool:
    """Is the print hardly darker than what could be seen at all?"""
    boxes = [*(run.box for run in pale.runs), *pale.lone]
    tones = [pale.smooth[y0:y1, x0:x1][pale.ink[y0:y1, x0:x1] > 0] for x0, y0, x1, y1 in boxes]
    if not tones:
        return False
    paper = float(np.median(pale.smooth[::4, ::4]))
    return paper - float(np.percentile(np.concatenate(tones), 25)) < _WEAK * (paper - pale.white)


def _all_darkened(page: PagePicture, pale: Pale, kind: Kind) -> tuple[PagePicture, str]:
    """The page with all of its print darkened; paper where all of it is the back of the sheet."""
    if kind is Kind.BACK:
        return replace(page, is_blank=True), ""
    grey = darkened(pale.smooth, pale.white)
    return set_level(replace(page, grey=grey, is_blank=False, is_faint=True)), WEAK if _is_weak(pale) else ""


def find_pale(page: PagePicture) -> Pale:
    """Pieces of ink as large as letters that are too pale to be seen by the usual threshold, or coloured."""
    scale = page.scale
    under = page.grey if page.under is None else page.under
    smooth = cv2.GaussianBlur(under, (0, 0), _SMOOTHED_PT * scale)
    white = white_of(smooth)
    dark = (page.grey < INK).astype(np.uint8)
    ink = (smooth < white).astype(np.uint8)
    if page.under is not None:
        coloured = cv2.dilate(tinted(page), np.ones((3, 3), np.uint8)) > 0
        dark[coloured] = 0  # taking colour off leaves dark crumbs of its letters
        if coloured.any():  # dark strokes are told from their soft edges, or letters run together
            middle = (float(np.percentile(under[coloured], _USUAL_TINT)) + white) / 2
            ink[coloured] = under[coloured] < middle
    ink[cv2.dilate(dark, _square(2 * _AROUND_PT * scale)) > 0] = 0
    if page.under is not None:
        edge = round(_SIDE_PT * scale)
        for x0, top, x1, bottom in stamps(page):
            ink[max(0, top - edge) : bottom + edge, max(0, x0 - edge) : x1 + edge] = 0
    pieces = pieces_of(ink)
    pieces = pieces[~_are_shade(pieces, ink, scale)]
    letters = boxes_of(pieces[are_letters(pieces, scale)])
    if not len(letters):
        return Pale(smooth, white, ink, dark, (), ())
    lines = in_lines(letters, scale)
    runs = _runs(lines, page.grey.shape, scale)
    inside = {box for run in runs for box in run.letters}
    height = pieces[:, cv2.CC_STAT_HEIGHT]
    joined = (height > LETTER_PT[1] * scale) & (height <= 2 * LETTER_PT[1] * scale)  # letters of two lines that touch
    lone = tuple(
        box
        for box in map(_box, [*letters, *(boxes_of(pieces[joined]) if runs else ())])
        if box not in inside and _may_be_print(smooth, box, scale)
    )
    is_all = bool(np.count_nonzero(dark) < _FEW * np.count_nonzero(ink)) or is_pale(page.grey)
    return Pale(smooth, white, ink, dark, runs, lone, is_all)


def _are_shade(pieces: Any, ink: Image, scale: float) -> Any:
    """Which pieces are shaded places: wide, and solid in some place where no print is."""
    wide = pieces[:, cv2.CC_STAT_WIDTH] > LETTER_PT[1] * scale
    if not wide.any():
        return wide
    solid = cv2.erode(ink, _square(_SOLID_PT * scale))
    return wide & [bool(solid[y : y + h, x : x + w].any()) for x, y, w, h, _ in pieces]


def _may_be_print(smooth: Image, box: Box, scale: float) -> bool:
    """Is a piece on its own no sliver, and darker than a stain is?"""
    x0, top, x1, bottom = box
    return x1 - x0 >= _SLIVER_PT * scale and float(smooth[top:bottom, x0:x1].min()) < PAPER - _LONE - _LEAST


def white_of(smooth: Image) -> float:
    """The tone from which on a smoothed page is paper: no grain of it is darker."""
    paper = float(np.median(smooth[::4, ::4]))
    rows = smooth[::3].astype(np.int16)
    step = np.abs(rows[:, 5::3] - rows[:, :-5:3])
    spread = 0.0
    for _ in range(3):  # what changes by more is print
        step = step[step <= (3 * spread or 12)]
        spread = float(np.sqrt(np.square(step, dtype=np.float32).mean())) if step.size else 0.0
    grain = max(0.8, spread / np.sqrt(2))
    return float(paper - max(_LEAST, _GRAINS * grain))


def stamps(page: PagePicture) -> list[Box]:
    """Places of seals, stamps and signatures in coloured ink, in pixels: large, hardly any of it letters in lines."""
    if page.under is None:
        return []
    scale = page.scale
    coloured = tinted(page)
    closed = cv2.morphologyEx(coloured, cv2.MORPH_CLOSE, _square(2 * _STAMP_GAP_PT * scale))
    stats = cv2.connectedComponentsWithStats(closed, connectivity=8)[2][1:]
    large = [_box((x, y, x + w, y + h)) for x, y, w, h, _ in stats if min(w, h) >= _STAMP_PT * scale]
    if not large:
        return []
    pieces = pieces_of(coloured)
    in_text = np.zeros(coloured.shape, np.uint8)
    for x0, top, x1, bottom in in_lines(boxes_of(pieces[are_letters(pieces, scale)]), scale):
        in_text[top:bottom, x0:x1] = 1
    out = []
    for x0, top, x1, bottom in large:
        own = coloured[top:bottom, x0:x1] > 0
        if in_text[top:bottom, x0:x1][own].mean() < _TEXT_SHARE:
            out.append((x0, top, x1, bottom))
    return out


def tinted(page: PagePicture) -> Image:
    """Where there is coloured ink."""
    if page.under is None:
        return np.zeros(page.grey.shape, np.uint8)
    return (cv2.subtract(page.grey, page.under) > _TINTED).astype(np.uint8)


def _is_tinted(page: PagePicture, box: Box) -> bool:
    """Is the ink in this place coloured? Where little of it says nothing, it is a hand's, or left of a stamp."""
    if page.under is None:
        return False
    x0, top, x1, bottom = box
    difference = cv2.subtract(page.grey[top:bottom, x0:x1], page.under[top:bottom, x0:x1])
    return bool(np.count_nonzero(difference > _TINTED) > 0.02 * difference.size)


def _runs(letters: Any, shape: tuple[int, ...], scale: float) -> tuple[Run, ...]:
    mask = np.zeros(shape, np.uint8)
    for x0, top, x1, bottom in letters:
        mask[top:bottom, x0:x1] = 1
    kernel = np.ones((1, max(1, round(_BESIDE_PT * scale))), np.uint8)
    labels = cv2.connectedComponents(cv2.dilate(mask, kernel))[1]
    members: dict[int, list[Box]] = {}
    for box in map(_box, letters):
        members.setdefault(int(labels[(box[1] + box[3]) // 2, (box[0] + box[2]) // 2]), []).append(box)
    runs = [
        Run((min(b[0] for b in m), min(b[1] for b in m), max(b[2] for b in m), max(b[3] for b in m)), tuple(m))
        for m in members.values()
        if len(m) >= _LETTERS
    ]
    return tuple(sorted(runs, key=lambda run: (-len(run.letters), run.box)))


def _box(row: Any) -> Box:
    x0, top, x1, bottom = (int(v) for v in row)
    return x0, top, x1, bottom


def kinds_of(pale: Pale, scale: float) -> list[Kind]:
    """What the first runs are, by their plain and their mirrored reading."""
    runs = pale.runs[:_SAMPLES]
    strip, places = _strip(pale, runs, scale)
    plain = _read(strip, places, scale)
    mirrored = _read(np.ascontiguousarray(strip[:, ::-1]), places, scale)
    total = sum(len(run.letters) for run in runs)
    most = max(sum(plain), sum(mirrored))
    if most < _PRINT_SHARE * total:
        return [Kind.UNKNOWN] * len(runs)
    is_back = sum(mirrored) > sum(plain)
    return [_kind(a, b, len(run.letters) if is_back else 0) for run, a, b in zip(runs, plain, mirrored, strict=True)]


def _kind(plain: int, mirrored: int, least: int) -> Kind:
    """What a run is, by the letters in words of both readings. `least`: where the back of the sheet shows through,
    print has to be read nearly whole."""
    if plain >= max(_LETTERS, _NEARLY * least) and plain > _BETTER * mirrored:
        return Kind.PRINT
    return Kind.BACK if mirrored >= _LETTERS and mirrored > _BETTER * plain else Kind.UNKNOWN


def _strip(pale: Pale, runs: Sequence[Run], scale: float) -> tuple[Image, list[tuple[int, int]]]:
    """The runs one below the other, nothing but their own ink on them; and first and last row of each."""
    margin, gap = round(_MARKS_PT * scale), round(8 * scale)
    pieces = []
    for run in runs:
        x0, top, x1, bottom = run.box
        at = np.s_[max(0, top - margin) : bottom + margin, max(0, x0 - margin) : x1 + margin]
        piece = darkened(pale.smooth[at], pale.white, pale.ink[at])
        piece[_lines(pale.ink[at], scale) > 0] = PAPER
        piece[cv2.dilate(pale.ink[at], np.ones((3, 3), np.uint8)) == 0] = PAPER
        pieces.append(piece)
    width = max(piece.shape[1] for piece in pieces) + 2 * gap
    strip = np.full((sum(piece.shape[0] + gap for piece in pieces) + gap, width), PAPER, np.uint8)
    places, y = [], gap
    for piece in pieces:
        strip[y : y + piece.shape[0], gap : gap + piece.shape[1]] = piece
        places.append((y, y + piece.shape[0]))
        y += piece.shape[0] + gap
    return strip, places


def _read(strip: Image, places: Sequence[tuple[int, int]], scale: float) -> list[int]:
    """For each run the letters that stand in words."""
    found = [0] * len(places)
    for word in read_words(strip, 72 * scale, BLOCK):
        middle = (word.top + word.bottom) / 2
        at = next((i for i, (top, bottom) in enumerate(places) if top <= middle < bottom), None)
        if at is not None:
            found[at] += said(word)
    return found


def said(word: OcrWord) -> int:
    """How many letters of a word are those of a syllable or a figure, read with confidence."""
    core = "".join(c for c in word.text if c.isalnum())
    is_word = len(core) >= 2 and word.confidence >= _SURE and (core.isdigit() or is_syllable(core))
    return len(core) if is_word else 0


def _with_dark(page: PagePicture, pale: Pale, boxes: Sequence[Box]) -> Image:
    """The page with what stands in these places as dark as print usually is."""
    scale = page.scale
    above, beside = round(_MARKS_PT * scale), round(_SIDE_PT * scale)
    under = page.grey if page.under is None else page.under
    out = page.grey.copy()
    touching = cv2.dilate(pale.dark, _square(2 * _TOUCHING_PT * scale)) > 0
    for x0, top, x1, bottom in boxes:
        at = np.s_[max(0, top - above) : bottom + above, max(0, x0 - beside) : x1 + beside]
        ink = pale.ink[at] > 0
        own = under[at]
        if ink.any() and float(np.percentile(own[ink], _INKED)) >= _PALE:  # dark coloured ink stays as it is
            own = darkened(pale.smooth[at], pale.white, pale.ink[at])
        out[at] = np.where(touching[at], out[at], np.minimum(out[at], own))
    return out


def _with_colour(page: PagePicture, pale: Pale, grey: Image) -> Image:
    """The page with all coloured ink that is no stamp: where most of it is print, broken letters are, too."""
    if page.under is None:
        return grey
    coloured = tinted(page)
    for x0, top, x1, bottom in stamps(page):
        coloured[top:bottom, x0:x1] = 0
    there = cv2.dilate(coloured, _square(_SIDE_PT * page.scale)) > 0
    is_dark = float(np.percentile(page.under[coloured > 0], _INKED)) < _PALE if coloured.any() else False
    own = page.under if is_dark else darkened(pale.smooth, pale.white, coloured)
    return np.where(there, np.minimum(grey, own), grey)


def _rules(ink: Image, scale: float) -> list[Box]:
    """Pieces of ink that are rules, or grids of rules."""
    lines = _lines(ink, scale)
    if not lines.any():
        return []
    pieces = pieces_of(ink)
    long = pieces[np.maximum(pieces[:, cv2.CC_STAT_WIDTH], pieces[:, cv2.CC_STAT_HEIGHT]) >= _RULE_PT * scale]
    return [_box(row) for row in boxes_of(long) if lines[row[1] : row[3], row[0] : row[2]].any()]


def _lines(ink: Image, scale: float) -> Image:
    """The rules in a picture of ink: longer than any stroke of a letter, and thin."""
    length = max(2, round(_RULE_PT * scale))
    thick = _square(_THIN_PT * scale)
    thin = cv2.subtract(ink, cv2.morphologyEx(ink, cv2.MORPH_OPEN, thick))
    across = cv2.morphologyEx(thin, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(thin, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))


def _square(side: float) -> Any:
    return np.ones((max(1, round(side)),) * 2, np.uint8)
