"""Lines that a curled page bends, made straight.

In: a level page. Out: how far its lines are bent, and the page without it. A page in a book or under a camera bends its
lines up or down along x, by polynomials of the second to the fourth degree, the second of which may turn over from head
to foot; a wave was taken for an angle, too. As with the angle (`scan_image.skew_of`) the bend is the one with which the
profile of rows is sharpest: the profiles of strips are shifted against each other, so trying a bend costs no
picture. A flat page, whose profile no bend makes clearly sharper, stays as it is. A sheet seen from aside that fills
the picture has level lines whose angle turns from head to foot, and upright ones that lean or run together: the first
are a bend, the others are looked for likewise, on the page lying on its side, where there are rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import atan, degrees
from typing import Any, TypeAlias

import cv2
import numpy as np

from extract.readers.scan_image import PAPER, Image, PagePicture, changed, turned

Factors: TypeAlias = tuple[float, ...]
_WIDTHS, _STRIP = (550, 1100), 25  # of the picture for the first and the second search, and of a strip
_MOST, _STEP = 0.036, 0.003  # of the width: the widest bend that is looked for, and the first steps
_TURNED = (-1.2, 0.0, 1.2)  # of a bend: the angle that it was taken for
_SIZES = (1.0, 0.5, 0.25)  # of a step, in the second search
_TRIED = 8
_LEANS, _LEAN_STEP, _UPRIGHT = 5, 0.005, 1.05  # steps, of the height; how much sharper columns must be
_HOPE, _SHARPER = 1.01, 1.4  # how much sharper a bend must make the page, in the first search and in the end
_LEAST = 0.0016  # of the width: what is no bend yet
_TERMS = 6  # first to fourth degree, the second with the height, and the first with the height
_FLAT: Factors = (0.0,) * _TERMS
_FAN, _FANNED = 5, 2.0  # the last of them; how much sharper columns are that no longer run together
_RULE = 0.15  # of the height: a page of less than one such rule shows no lean


@dataclass(frozen=True, slots=True)
class Bend:
    """Factors of the terms, in parts of the page's width."""

    factors: Factors

    def at(self, x: Any, y: Any) -> Any:
        """How far down the print stands that belongs at `y`; both from -1 to 1, the result in parts of the width."""
        first, second, third, fourth, turning, fan = self.factors
        bow = _bow(x)
        return (first + fan * y) * x + (second + turning * y) * bow + third * x * bow + fourth * bow * (7 * x * x - 1)


def _bow(x: Any) -> Any:
    return 1 - x * x


def bend_of(grey: Image) -> Bend | None:
    """How the lines of a level page are bent; None where they are straight."""
    rough = _Strips(grey, _WIDTHS[0])
    flat = rough.score(_FLAT)
    steps = [_STEP * k for k in range(-round(_MOST / _STEP), round(_MOST / _STEP) + 1)]
    bents = [bent for step in steps for bent in ((step, 0.0), (0.0, step))]
    tried = [(share * sum(bent), *bent, 0.0, 0.0, 0.0) for bent in bents for share in _TURNED]
    tried += [(share * step, 0.0, 0.0, 0.0, 0.0, step) for step in steps[::2] for share in _TURNED]
    if max(map(rough.score, tried)) < _HOPE * flat:  # nearly every page
        return None
    wide = steps[::2]
    tried += [(first, second, third, 0.0, 0.0, 0.0) for first in wide for second in wide for third in wide]
    hopeful = sorted(((rough.score(one), one) for one in tried), reverse=True)[:_TRIED]
    best, factors = max(rough.polished(one, best, _STEP) for best, one in hopeful)
    fine = _Strips(grey, _WIDTHS[1])
    flat, best = fine.score(_FLAT), fine.score(factors)
    for size in _SIZES:
        best, factors = fine.polished(factors, best, _STEP * size)
    bend = Bend(factors)
    is_bent = float(np.abs(bend.at(fine.x, fine.y)).max()) >= _LEAST and best >= _SHARPER * flat
    return bend if is_bent else None


class _Strips:
    """The profiles of a page's strips, and how sharp they are together when bent back."""

    def __init__(self, grey: Image, width: int) -> None:
        factor = min(1.0, width / grey.shape[1])
        small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        ink = cv2.threshold(small, 190, 255, cv2.THRESH_BINARY_INV)[1]
        self.width, n = ink.shape[1], width // _STRIP
        strips = [cv2.reduce(part, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S) for part in np.array_split(ink, n, axis=1)]
        self.profiles = np.concatenate(strips, axis=1).T
        ends = np.linspace(-1, 1, n + 1)
        self.x = ((ends[1:] + ends[:-1]) / 2)[:, None]
        self.rows = np.arange(ink.shape[0])[None, :]
        self.y = np.linspace(-1, 1, ink.shape[0])[None, :]

    def score(self, factors: Factors) -> float:
        return float(np.square(np.diff(self.together(factors))).sum())

    def together(self, factors: Factors) -> Any:
        """How much ink there is in each row of all strips, bent back."""
        y = self.y if factors[4] or factors[_FAN] else 0.0
        down = np.rint(Bend(factors).at(self.x, y) * self.width).astype(int)
        at = np.clip(self.rows + down, 0, self.profiles.shape[1] - 1)
        return np.take_along_axis(self.profiles, at, axis=1).sum(axis=0).astype(np.float64)

    def polished(self, factors: Factors, best: float, step: float) -> tuple[float, Factors]:
        """The sharpest factors near these ones."""
        for term in (1, 2, 0, _FAN, 4, 3, 1, 2, 0, _FAN):
            factors, best = self.better(factors, best, term, [step * k for k in range(-3, 4)])
        return best, factors

    def better(self, factors: Factors, best: float, term: int, steps: list[float]) -> tuple[Factors, float]:
        """The factors with the best of these steps in one term."""
        start = factors
        for step in steps:
            tried = (*start[:term], start[term] + step, *start[term + 1 :])
            found = self.score(tried)
            if found > best:
                factors, best = tried, found
        return factors, best


def uncurled(page: PagePicture) -> PagePicture:
    """The page with straight lines."""
    bend = None if page.is_blank else bend_of(page.grey)
    if bend is not None and abs(bend.factors[0]) >= _LEAST / 2:  # of a bent page the angle was wrong, too
        angle = degrees(atan(2 * bend.factors[0]))
        page = changed(page, lambda picture: turned(picture, angle), page.angle + angle)
        bend = bend_of(page.grey)
    if bend is not None:
        page = changed(page, partial(straightened, bend=bend), page.angle)
    if page.is_blank:
        return page
    lean = _lean_of(page.grey, _FANNED if bend is None else _UPRIGHT)
    return page if lean is None else changed(page, partial(_upright, lean=lean), page.angle)


def _lean_of(grey: Image, sharper: float) -> Bend | None:
    """How what stands upright leans and runs together, of the transposed page; None where nothing shows. A slight angle
    passes for a bend, and upright rules show it."""
    standing = cv2.transpose(grey)
    rough = _Strips(standing, _WIDTHS[0])
    wide = [_LEAN_STEP * k for k in range(-_LEANS, _LEANS + 1)]
    tried: list[Factors] = [(lean, 0.0, 0.0, 0.0, 0.0, fan) for lean in wide for fan in wide]
    hope, factors = max((rough.score(one), one) for one in tried)
    if hope <= (sharper + 1) / 2 * rough.score(_FLAT):  # nearly every page
        return None
    strips = _Strips(standing, _WIDTHS[1])
    flat = strips.score(_FLAT)
    for size in (4, 16):  # both together: a rule is sharp only where both fit
        near = [_LEAN_STEP * k / size for k in range(-5, 6)]
        tried = [(factors[0] + lean, 0.0, 0.0, 0.0, 0.0, factors[_FAN] + fan) for lean in near for fan in near]
        best, factors = max((strips.score(one), one) for one in tried)
    has_rule = strips.together(factors).max() >= _RULE * 255 * strips.width
    return Bend(factors) if has_rule and best >= sharper * flat else None


def _upright(grey: Image, lean: Bend) -> Image:
    return cv2.transpose(straightened(cv2.transpose(grey), lean))


def straightened(grey: Image, bend: Bend) -> Image:
    """The page with its lines straight."""
    height, width = grey.shape
    x = np.linspace(-1, 1, width)[None, :]
    y = np.linspace(-1, 1, height)[:, None]
    down = (np.arange(height)[:, None] + bend.at(x, y) * width).astype(np.float32)
    across = np.broadcast_to(np.arange(width, dtype=np.float32)[None, :], down.shape)
    return cv2.remap(grey, np.ascontiguousarray(across), down, cv2.INTER_CUBIC, borderValue=PAPER)
