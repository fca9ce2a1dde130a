"""White print of a PDF page, told from the objects of the page.

In: the text objects of an open page, and the others with their sides as seen. Out: the boxes of white print under which
nothing lies. White print on a drawing or a picture (a header row) is seen, and so is what stands in a form: what is
under it is not known.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pypdfium2.raw as pdfium

from extract.readers import pdf_calls as calls
from extract.unseen import NEAR, PAPER

PALEST = min(PAPER) - NEAR

Sides = tuple[calls.Array, ...]  # left, top, right, bottom of some objects


def pale_texts(texts: Sequence[int]) -> list[int]:
    """The text objects that are filled with the colour of paper."""
    fills = calls.fills(texts)
    if fills.min(axis=1).max(initial=0) < PALEST:  # of nearly every page: one look says no
        return []
    return [texts[n] for n in np.flatnonzero(_are_pale(texts)).tolist()]


def on_paper(texts: Sides, others: Sequence[int], kinds: Sequence[int], sides: Sides) -> list[tuple[float, ...]]:
    """The boxes of those texts under which no other object lies, but for what is as white as they are."""
    is_white = _are_pale(others) & np.array([kind == pdfium.FPDF_PAGEOBJ_PATH for kind in kinds], bool)
    left, top, right, bottom = (side[~is_white] for side in sides)
    boxes = []
    for box in zip(*(side.tolist() for side in texts), strict=True):
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if not ((left <= x) & (x <= right) & (top <= y) & (y <= bottom)).any():
            boxes.append(box)
    return boxes


def _are_pale(objects: Sequence[int]) -> calls.Array:
    return (calls.fills(objects)[:, :3] >= PALEST).all(axis=1)
