"""A sheet photographed from aside → the sheet as a scanner would see it.

In: a picture as it comes. Out: the sheet on it as a rectangle, and the way back; nothing where the picture is the
sheet. Under a camera the sides of a sheet run together, so its lines have a different angle in each row, which no angle
and no bend puts right: rules part from their table and captions from their words. The sheet is told by its outline:
one bright place with four straight sides, darker things all round it. Where a side is beyond the picture
the outline says nothing, and the picture stays as it is.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import cv2
import numpy as np

from extract.model import BBox
from extract.readers.scan_pdf import MAX_PIXELS

Image: TypeAlias = Any

_WIDTH = 500  # of the picture in which the outline is looked for
_PAPER, _RING = 0.75, 0.9  # of the tone of paper; so much of the picture's edge is paper, and there is no outline
_PRINT = 0.03  # of the width: dark places within the sheet
_LEAST, _WITHIN = 0.3, 0.004  # of the picture: the least sheet, and how far inside it stands
_FULL = 0.97  # of its four sides: the sheet has no other
_ASIDE, _ASKEW = 0.5, 4.0  # degrees between opposite sides, and from level: less is for other steps
_CORNERS = (0.12, 0.88)  # of a side: its ends are rounded
_A4, _NEARLY = 2**0.5, 0.2
_A4_PT = 842.0


class Sheet(NamedTuple):
    """`picture` at `scale` pixels per point; `way` is the map from its pixels to those of the picture it is from."""

    picture: Image
    scale: float
    way: Any = None
    scale_before: float = 1.0

    def seen(self, box: BBox | None) -> BBox | None:
        """A box on the sheet, in points, as the one round it on the picture."""
        if box is None or self.way is None:
            return box
        corners = [(box.x0, box.top), (box.x1, box.top), (box.x1, box.bottom), (box.x0, box.bottom)]
        at = np.array([corners], np.float32) * self.scale
        x, y = cv2.perspectiveTransform(at, self.way)[0].T / self.scale_before
        return BBox(float(x.min()), float(y.min()), float(x.max()), float(y.max()))


def flat_sheet(picture: Image, scale: float) -> Sheet:
    """The sheet on a picture as a rectangle. `scale` is pixels per point of the picture."""
    corners = _outline(picture)
    if corners is None:
        return Sheet(picture, scale)
    top, right, bottom, left = (float(np.linalg.norm(corners[k] - corners[(k + 1) % 4])) for k in range(4))
    width, height = max(top, bottom), max(left, right)
    dense = scale
    if abs(max(width, height) / min(width, height) / _A4 - 1) < _NEARLY:
        short = max(min(width, height), max(width, height) / _A4)
        width, height = (short, short * _A4) if height > width else (short * _A4, short)
        dense = short * _A4 / _A4_PT
    smaller = min(1.0, (MAX_PIXELS / (width * height)) ** 0.5 * 0.999)
    width, height, dense = width * smaller, height * smaller, dense * smaller
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    way = cv2.getPerspectiveTransform(flat, corners.astype(np.float32))
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    size = round(width), round(height)
    out = cv2.warpPerspective(picture, way, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return Sheet(out, dense, way, scale)


def _outline(picture: Image) -> Any:
    """The corners of a sheet that lies askew on a picture, clockwise from the upper left one; None where none does."""
    height, width = picture.shape[:2]
    factor = _WIDTH / min(height, width)
    if factor >= 1:
        return None
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    grey = small if small.ndim == 2 else cv2.cvtColor(small[:, :, :3], cv2.COLOR_BGR2GRAY)
    paper = float(np.percentile(grey, 90))
    ring = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    if float((ring > _PAPER * paper).mean()) > _RING:  # nearly every page
        return None
    bright = cv2.threshold(cv2.GaussianBlur(grey, (5, 5), 0), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
    closed = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((round(_PRINT * _WIDTH),) * 2, np.uint8))
    contours = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    contour = max(contours, key=cv2.contourArea, default=None)
    if contour is None or cv2.contourArea(contour) < _LEAST * grey.size:
        return None
    corners = _four_corners(contour)
    if corners is None:
        return None
    edge = _WITHIN * _WIDTH
    inside = (corners > edge) & (corners < np.array(grey.shape[::-1]) - 1 - edge)
    if not inside.all() or not _is_askew(corners):
        return None
    return (corners + 0.5) / factor - 0.5


def _four_corners(contour: Any) -> Any:
    """The corners of an outline of four straight sides."""
    hull = cv2.convexHull(contour)
    length = cv2.arcLength(hull, True)
    rounded = (cv2.approxPolyDP(hull, share * length, True) for share in (0.01, 0.02, 0.04))
    rough = next((corners for corners in rounded if len(corners) == 4), None)
    if rough is None or cv2.contourArea(contour) < _FULL * cv2.contourArea(rough):
        return None
    rough = _clockwise(rough[:, 0].astype(np.float64))
    points = contour[:, 0].astype(np.float64)
    lines = []
    for start, end in zip(rough, np.roll(rough, -1, axis=0), strict=True):
        along = end - start
        size = float(along @ along)
        at = (points - start) @ along / size
        off = np.abs((points - start) @ np.array([-along[1], along[0]])) / size**0.5
        own = points[(at > _CORNERS[0]) & (at < _CORNERS[1]) & (off < 0.02 * _WIDTH)]
        if len(own) < 20:
            return None
        vx, vy, x, y = cv2.fitLine(own.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        lines.append((np.array([x, y], np.float64), np.array([vx, vy], np.float64)))
    return np.array([_crossing(lines[k - 1], lines[k]) for k in range(4)])


def _crossing(one: Any, other: Any) -> Any:
    (p, v), (q, w) = one, other
    share = np.linalg.solve(np.array([v, -w]).T, q - p)[0]
    return p + share * v


def _clockwise(corners: Any) -> Any:
    """From the corner nearest to the upper left on."""
    middle = corners.mean(axis=0)
    order = np.argsort(np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0]))
    corners = corners[order]
    return np.roll(corners, -int(np.argmin(corners.sum(axis=1))), axis=0)


def _is_askew(corners: Any) -> bool:
    """Do opposite sides run together, or does the sheet lean by more than is looked for elsewhere?"""
    sides = np.roll(corners, -1, axis=0) - corners
    angles = [float(np.degrees(np.arctan2(side[1], side[0]))) - 90 * k for k, side in enumerate(sides)]
    angles = [(angle + 180) % 360 - 180 for angle in angles]
    apart = max(abs(angles[0] - angles[2]), abs(angles[1] - angles[3]))
    return apart > _ASIDE or max(map(abs, angles)) > _ASKEW
