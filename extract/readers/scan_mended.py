"""Broken rules made whole: photocopies, faint toner, dotted borders.

In: the pieces of rules that were found, the ink of the page. Out: the rules from end to end, a picture of their ink.
On a page whose rules are whole, pieces in one line have no gaps but those of merged cells, and nothing is done here. On
a page whose rules are broken, shorter pieces in line with one another are looked for as well, and what covers most of
its line, with no gap as high as a row, is one rule; its ends are drawn on to the rule they nearly meet. Strokes of
letters stand in line too, at the start of the lines of a cell, but cover hardly more than half of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import cv2
import numpy as np

from extract.page import Edge
from extract.readers.scan_image import Image

_IN_LINE_PT = 1.2
_GAPS_PT, _MANY = (1.0, 14.0), 4  # gaps within broken rules: less than a row; so many on a page are no chance
_MOST = 2000  # pieces of rules; a broken table has some hundreds
_HOLE_PT, _SHORT_PT = 5.0, 7.0
_COVERED, _SHORTEST_PT = 0.7, 40.0
_BESIDE_RULE_PT = (7.0, 12.0)  # the least of a level and of an upright rule, in line with the rest of it
_MEETS_PT = 4.0  # rules nearer to one another are one
_OFF_PT, _OVERHANG_PT = 2.5, 28.0
_HALF, _SEEN = 0.5, 0.55  # how much of the side of a cell must be found, or seen
_HALF_PT, _BESIDE_PT = 1.2, 0.8  # half of a rule's width, and the paper beside it

Pieces = tuple[list[Edge], Image]
Search = Callable[[Image, float, float], Pieces]  # (ink, longest hole, least length) → thin pieces with empty flanks


def are_broken(across: Sequence[Edge], down: Sequence[Edge]) -> bool:
    """Do pieces in one line leave gaps that no merged cell leaves?"""
    if len(across) + len(down) > _MOST:  # a hatched drawing, or noise
        return False
    return sum(_gaps(across)) + sum(_gaps(down)) >= _MANY


def _gaps(pieces: Sequence[Edge]) -> list[bool]:
    out = []
    for line in _lines(pieces):
        end = line[0].end
        for piece in line[1:]:
            out.append(_GAPS_PT[0] < piece.start - end < _GAPS_PT[1])
            end = max(end, piece.end)
    return out


def _lines(pieces: Sequence[Edge]) -> list[list[Edge]]:
    """Pieces that stand in one line, each list from its start on."""
    lines: list[list[Edge]] = []
    for piece in sorted(pieces, key=lambda e: (e.start, e.pos)):
        home = next((line for line in lines if abs(line[-1].pos - piece.pos) < _IN_LINE_PT), None)
        if home is None:
            lines.append([piece])
        else:
            home.append(piece)
    return lines


def mended(ink: Image, across: Pieces, down: Pieces, scale: float, search: Search) -> tuple[Pieces, Pieces]:
    """The rules of both directions from end to end. `ink` is that of the page, `search` finds shorter pieces in it."""
    sides = []
    for is_horizontal, (pieces, mask) in ((True, across), (False, down)):
        along, found = (ink, mask) if is_horizontal else (cv2.transpose(ink), cv2.transpose(mask))
        more, _ = search(along, _HOLE_PT, _SHORT_PT)
        short = [Edge(is_horizontal, *edge[1:]) for edge in more] if len(more) <= _MOST else []
        known = frozenset(pieces)
        chains = [rule for line in _lines([*pieces, *short]) for rule in _rules(line, known)]
        rules = [_centred(along, rule, scale) for rule in chains]
        rules = [rule for rule in rules if _evidence(along, rule.pos, rule.start, rule.end, scale) >= _SEEN]
        sides.append((rules, along, found))
    (level, *_), (upright, *_) = sides
    turned = [ink for _, ink, _ in sides]
    whole = (_completed(level, upright, turned[0], scale), _completed(upright, level, turned[1], scale))
    out: list[Pieces] = []
    for rules, (_, own, found), is_horizontal in zip(whole, sides, (True, False), strict=True):
        for rule in rules:
            _add_bits(own, found, rule, scale)
        out.append((rules, found if is_horizontal else cv2.transpose(found)))
    return out[0], out[1]


def _rules(line: Sequence[Edge], known: frozenset[Edge]) -> list[Edge]:
    """The rules that the pieces of one line make. Short pieces alone are strokes of letters, unless many are in line or
    a rule is next to them."""
    chains: list[list[Edge]] = []
    end = 0.0
    for piece in line:
        if chains and piece.start - end < _GAPS_PT[1]:
            chains[-1].append(piece)
            end = max(end, piece.end)
        else:
            chains.append([piece])
            end = piece.end
    least = _BESIDE_RULE_PT[0 if line[0].is_horizontal else 1]
    known_to_be = [_is_rule(chain, known) for chain in chains]
    out = []
    for i, chain in enumerate(chains):
        beside = any(known_to_be[max(0, i - 1) : i + 2])
        if known_to_be[i] or beside and _covered(chain) >= least:
            weight = sum(p.end - p.start for p in chain)
            pos = sum(p.pos * (p.end - p.start) for p in chain) / weight
            out.append(Edge(chain[0].is_horizontal, pos, chain[0].start, max(p.end for p in chain)))
    return out


def _is_rule(chain: Sequence[Edge], known: frozenset[Edge]) -> bool:
    length = max(p.end for p in chain) - chain[0].start
    return (length >= _SHORTEST_PT or any(p in known for p in chain)) and _covered(chain) >= _COVERED * length


def _centred(ink: Image, rule: Edge, scale: float) -> Edge:
    """The rule where most ink lies along it: pieces that a letter touches are thicker, and their middle is off."""
    y, x0, x1 = (round(v * scale) for v in (rule.pos, rule.start, rule.end))
    reach = round(_OFF_PT * scale)
    top = max(0, y - reach)
    rows = np.count_nonzero(ink[top : y + reach + 1, x0:x1], axis=1)
    if rows.size < 3:
        return rule
    sums = np.convolve(rows, np.ones(3, int), mode="same")
    best = np.flatnonzero(sums == sums.max())
    return rule._replace(pos=(top + float(best.mean()) + 0.5) / scale)


def _covered(chain: Sequence[Edge]) -> float:
    covered, at = 0.0, chain[0].start
    for piece in chain:
        covered += max(0.0, piece.end - max(at, piece.start))
        at = max(at, piece.end)
    return covered


def _completed(rules: Sequence[Edge], others: Sequence[Edge], ink: Image, scale: float) -> list[Edge]:
    """Rules from one rule across to another: the side of a cell is there from end to end or not at all. Where hardly a
    piece of it was found, letters may touch it, and the ink on its line decides. `ink` lies along the rules."""
    reach = _GAPS_PT[1]
    out: list[Edge] = []
    for line in _lines(rules):
        places = _apart(o.pos for o in others if o.start - reach <= line[0].pos <= o.end + reach)
        runs = _overhang(line, places)
        for start, end in pairwise(places):
            own = [rule for rule in line if min(end, rule.end) > max(start, rule.start)]
            found = sum(min(end, rule.end) - max(start, rule.start) for rule in own)
            pos = min(line, key=lambda rule: max(rule.start - end, start - rule.end, 0.0)).pos
            if found >= _HALF * (end - start) or _evidence(ink, pos, start, end, scale) >= _SEEN:
                runs.append(Edge(line[0].is_horizontal, pos, start, end))
        for run in sorted(runs) if places else line:
            if out and out[-1].pos == run.pos and out[-1].end == run.start:
                out[-1] = out[-1]._replace(end=run.end)
            else:
                out.append(run)
    return out


def _overhang(line: Sequence[Edge], places: Sequence[float]) -> list[Edge]:
    """What of the rules of a line goes on past the first and the last rule across: a side that is not drawn."""
    if not places:
        return []
    before = [rule._replace(end=min(rule.end, places[0])) for rule in line if rule.start < places[0] - _OVERHANG_PT]
    behind = [rule._replace(start=max(rule.start, places[-1])) for rule in line if rule.end > places[-1] + _OVERHANG_PT]
    return [rule for rule in (*before, *behind) if rule.end - rule.start > _OVERHANG_PT]


def _apart(positions: Iterable[float]) -> list[float]:
    """Positions in order, those of one rule once."""
    out: list[float] = []
    for pos in sorted(positions):
        if not out or pos - out[-1] > _MEETS_PT:
            out.append(pos)
    return out


def _evidence(ink: Image, pos: float, start: float, end: float, scale: float) -> float:
    """The share of a line that has ink with paper on one side at least. Print has ink on both sides of it, or none."""
    y, x0, x1 = (round(v * scale) for v in (pos, start, end))
    half, beside = max(1, round(_HALF_PT * scale / 2)), max(1, round(_BESIDE_PT * scale))
    top, bottom = max(0, y - half), y + half + 1
    on = ink[top:bottom, x0:x1].any(axis=0)
    above, below = ink[max(0, top - beside) : top, x0:x1].any(axis=0), ink[bottom : bottom + beside, x0:x1].any(axis=0)
    return float((on & ~(above & below)).mean()) if on.size else 0.0


def _add_bits(ink: Image, mask: Image, rule: Edge, scale: float) -> None:
    """Mark all ink on the line of a rule that has paper on both sides: bits too short to be found by themselves."""
    half, beside = max(1, round(_HALF_PT * scale)), max(1, round(_BESIDE_PT * scale))
    y, x0, x1 = (round(v * scale) for v in (rule.pos, rule.start, rule.end))
    top, bottom = max(0, y - half), y + half + 1
    sides = (ink[max(0, top - beside) : top, x0:x1], ink[bottom : bottom + beside, x0:x1])
    is_alone = ~np.logical_or(*(side.any(axis=0) for side in sides))
    strip = ink[top:bottom, x0:x1]
    mask[top:bottom, x0:x1][:, is_alone] |= strip[:, is_alone]


__all__ = ["are_broken", "mended"]
