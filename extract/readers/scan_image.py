"""One picture of a page → a clean, upright, grey page: what every later step of the scan reader works on.

In: a picture as it comes (grey or colour, any quarter turn, a few degrees askew, mildly curled, stamped and signed).
Out: a `PagePicture`: paper white, ink dark, text level, at a known number of pixels per point. The idea, step by step:

1. coloured ink (red seals, blue signatures) is lifted to the paper by the channel in which it is bright;
2. the paper's shade is divided out, so that one threshold serves the whole page;
3. the angle of the text is where the profile of its rows is sharpest, looked for within ±5°. (Curl: `scan_curl`.)

Sources: OpenCV's documentation of the calls; the profile method is Postl's (US 4723297).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import cv2
import numpy as np

from extract.readers.scan_pdf import MAX_PIXELS
from extract.readers.scan_streaks import without_streaks

Image: TypeAlias = Any  # numpy array of uint8, rows × columns, sometimes × 3 (blue, green, red)

__all__ = [
    "LEAST_SIDE",
    "MAX_PIXELS",
    "PAPER",
    "Image",
    "PagePicture",
    "bands",
    "changed",
    "clean_page",
    "darkened",
    "has_print",
    "is_pale",
    "pieces_of",
    "set_level",
    "skew_of",
    "turned",
    "without_grain",
]

MAX_SKEW = 5.0
_COARSE_WIDTH, _FINE_WIDTH = 500, 1100
PAPER = 255
LEAST_SIDE = 20  # pixels: less holds no line of print
_KEPT, _WHITE = 160, 215  # up to the first a tone stays, from the second on it is paper
_PALE, _USUAL = 120, 50  # the darkest tenth of print: on a faint page, and as it should be
_PRINT = 35  # so many of a hundred dots of pale print become as dark as print is: thin strokes and rules are paler
_LEVELS = np.interp(np.arange(256), (0, _KEPT, _WHITE, 255), (0, _KEPT, PAPER, PAPER)).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class PagePicture:
    """`grey` is the clean page; `scale` pixels per point; `angle` the degrees it was turned back by. `bright` is the
    brightest tone round each eighth pixel before the paper's shade was divided out; the print of a page that `is_faint`
    was darkened (`scan_pale`). `under` is the page with its coloured ink, where there is any; `streaks` is paper with
    the streaks that were taken off the page, where there were some (`scan_streaks`)."""

    grey: Image
    scale: float
    angle: float = 0.0
    is_blank: bool = False
    is_faint: bool = False
    bright: Image | None = None
    under: Image | None = None
    streaks: Image | None = None

    @property
    def width(self) -> float:
        return float(self.grey.shape[1]) / self.scale

    @property
    def height(self) -> float:
        return float(self.grey.shape[0]) / self.scale


def clean_page(picture: Image, scale: float) -> PagePicture:
    """The page clean and level. `scale` is pixels per point of the picture."""
    if min(picture.shape[:2]) < LEAST_SIDE:
        return PagePicture(np.full(picture.shape[:2], PAPER, np.uint8), scale, is_blank=True)
    tinted = picture if picture.ndim == 2 else cv2.cvtColor(picture[:, :, :3], cv2.COLOR_BGR2GRAY)
    grey = without_colour(picture, tinted)
    bright = brightness(grey)
    under = None if grey is tinted else flat_paper(tinted, bright)
    grey, streaks = without_streaks(flat_paper(grey, bright), scale)
    is_blank = not has_print(without_grain(grey), scale)
    return set_level(PagePicture(grey, scale, is_blank=is_blank, bright=bright, under=under, streaks=streaks))


def set_level(page: PagePicture) -> PagePicture:
    """The page with level lines, where there are any."""
    angle = 0.0 if page.is_blank else skew_of(page.grey)
    if abs(angle) <= 0.02:
        return replace(page, angle=page.angle + angle)
    return changed(page, lambda picture: turned(picture, angle), page.angle + angle)


def changed(page: PagePicture, change: Callable[[Image], Image], angle: float) -> PagePicture:
    """The page, all of its pictures changed alike."""
    bright, under, streaks = (p if p is None else change(p) for p in (page.bright, page.under, page.streaks))
    return replace(page, grey=change(page.grey), bright=bright, under=under, streaks=streaks, angle=angle)


def without_colour(picture: Image, tinted: Image | None = None) -> Image:
    """Grey picture in which red and blue ink is as bright as the paper; black print under a seal stays. `tinted` is
    the grey picture with that ink; it comes back where there is hardly any."""
    if picture.ndim == 2:
        return picture
    if tinted is None:
        tinted = cv2.cvtColor(picture[:, :, :3], cv2.COLOR_BGR2GRAY)
    blue, green, red = cv2.split(picture[:, :, :3])
    brightest = cv2.max(cv2.max(blue, green), red)
    darkest = cv2.min(cv2.min(blue, green), red)
    if int(np.percentile(cv2.subtract(brightest, darkest)[::4, ::4], 99.9)) < 40:
        return tinted
    grey = tinted
    soft = [cv2.GaussianBlur(channel, (3, 3), 0) for channel in (blue, green, red)]
    paper = float(np.percentile(grey[::4, ::4], 80))
    for strong, others in ((soft[2], (soft[0], soft[1])), (soft[0], (soft[2], soft[1]))):
        excess = cv2.subtract(strong, cv2.max(*others))
        mask = (excess > 30) & (strong > 90)
        if not mask.any():
            continue
        near = cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        raw = red if strong is soft[2] else blue
        # Ink of one colour is as bright in its own channel as it gets; that much is added back up to the paper.
        level = float(np.median(raw[mask]))
        lifted = np.clip(raw.astype(np.float32) * (paper / max(level, 1.0)), 0, paper)
        blend = np.where(mask, lifted, np.maximum(grey, np.minimum(raw.astype(np.float32), paper)))
        grey = np.where(near, blend, grey).astype(np.uint8)
    return grey


def brightness(grey: Image) -> Image:
    """The brightest tone round each eighth pixel: that of the paper, where there is any."""
    small = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    return cv2.dilate(small, np.ones((5, 5), np.uint8))


def flat_paper(grey: Image, bright: Image | None = None) -> Image:
    """Divide the paper's shade out: paper 255, print dark, whatever the lamp did. `bright` is its `brightness`."""
    bright = brightness(grey) if bright is None else bright
    shade = cv2.resize(cv2.medianBlur(bright, 15), (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(grey, np.maximum(shade, 60), scale=float(PAPER))


def is_pale(grey: Image) -> bool:
    """Is all print of a page pale?"""
    ink = grey[::2, ::2]
    ink = ink[ink < _WHITE]
    return bool(ink.size) and float(np.percentile(ink, 10)) >= _PALE


def darkened(piece: Image, white: float, ink: Image | None = None) -> Image:
    """The page, or a piece of it, with its pale print as dark as print usually is and its paper white. `white`: the
    tone from which on it is paper; `ink`: where the pale print stands, if there is darker one, too."""
    tones = piece[piece < white] if ink is None else piece[ink > 0]
    tone = float(np.percentile(tones, _PRINT)) if tones.size else white
    levels = np.interp(np.arange(256), (0, min(tone, white - 1), white, 255), (0, _USUAL, PAPER, PAPER))
    return cv2.LUT(piece, levels.astype(np.uint8))


def without_grain(grey: Image) -> Image:
    """The page with its paper pure white. Grain of an almost empty page is all that Tesseract's threshold finds there:
    it then takes a minute for a page with nothing on it."""
    return cv2.LUT(grey, _LEVELS)


def has_print(grey: Image, scale: float) -> bool:
    """Does anything the size of a letter stand on the page?"""
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    ink = (small < _WHITE).astype(np.uint8)
    stats = pieces_of(ink)
    return bool((np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= 1.2 * scale).any())


def bands(ink: Image) -> list[tuple[int, int]]:
    """First and last row (not included) of each band of rows with anything in it. A piece of ink lies in one band, and
    most of a page is paper: pieces are looked for band by band."""
    filled = ink.max(axis=1) > 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], filled.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def pieces_of(ink: Image) -> Any:
    """Left, top, width, height and area of every connected piece of ink."""
    columns = np.flatnonzero(ink.max(axis=0))
    if not columns.size:
        return np.zeros((0, 5), np.int32)
    left, right = int(columns[0]), int(columns[-1]) + 1
    found = []
    for top, bottom in bands(ink):
        stats = cv2.connectedComponentsWithStats(ink[top:bottom, left:right], connectivity=8)[2][1:]
        found.append(stats + np.array([left, top, 0, 0, 0], np.int32))
    return np.concatenate(found)


def turned(grey: Image, angle: float) -> Image:
    """The picture turned by `angle` degrees (counter-clockwise) about its middle; new corners are paper."""
    height, width = grey.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=PAPER)


def skew_of(grey: Image) -> float:
    """Degrees by which to turn the page so that its lines are level; 0 where nothing shows it."""
    coarse = _ink(grey, _COARSE_WIDTH)
    if int(coarse.sum()) == 0:
        return 0.0
    angle = _sharpest(coarse, np.arange(-MAX_SKEW, MAX_SKEW + 0.01, 0.25))
    fine = _ink(grey, _FINE_WIDTH)
    angle = _sharpest(fine, angle + np.arange(-0.25, 0.26, 0.05))
    return float(_sharpest(fine, angle + np.arange(-0.04, 0.05, 0.02)))


def _ink(grey: Image, width: int) -> Image:
    factor = min(1.0, width / grey.shape[1])
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return cv2.threshold(small, 190, 255, cv2.THRESH_BINARY_INV)[1]


def _sharpest(ink: Image, angles: Any) -> float:
    height, width = ink.shape
    margin_y, margin_x = height // 20, width // 20
    best, found = -1.0, 0.0
    for angle in angles:
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), float(angle), 1.0)
        level = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR)
        inside = level[margin_y : height - margin_y, margin_x : width - margin_x]
        rows = cv2.reduce(inside, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
        score = float(np.square(np.diff(rows.ravel().astype(np.float64))).sum())
        if score > best:
            best, found = score, float(angle)
    return found
