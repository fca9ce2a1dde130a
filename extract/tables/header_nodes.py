"""What a header without rules is made of: runs of words, and cells with the cells below them.

Shared by the ways in which such headers are understood (`header_tree`, `header_flush`, `header_justified`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from extract.page import Word, line_text
from extract.records import quick

MIN_STRIP = 1.5
APART = 1.3  # of the leading: lines further apart are two cells


class Run(Protocol):
    @property
    def x0(self) -> float: ...
    @property
    def x1(self) -> float: ...
    @property
    def base(self) -> float: ...
    @property
    def size(self) -> float: ...
    @property
    def words(self) -> tuple[Word, ...]: ...


AnyRun = TypeVar("AnyRun", bound=Run)


@quick
@dataclass(frozen=True, slots=True)
class Node:
    """A header cell: the runs of its own text, the cells below it, and the text of the group above it."""

    runs: tuple[Run, ...]
    children: tuple[Node, ...] = ()
    above: str = ""

    @property
    def x0(self) -> float:
        return min(r.x0 for r in self.runs)

    @property
    def x1(self) -> float:
        return max(r.x1 for r in self.runs)

    @property
    def first(self) -> float:
        return min(r.base for r in self.runs)

    @property
    def last(self) -> float:
        return max(r.base for r in self.runs)

    @property
    def level(self) -> float:
        """The middle of its lines."""
        return (self.first + self.last) / 2

    @property
    def text(self) -> str:
        return text_of(self.runs)


def leaves_of(node: Node) -> list[Node]:
    return [leaf for child in node.children for leaf in leaves_of(child)] if node.children else [node]


def depth_of(node: Node) -> int:
    return 1 + max((depth_of(child) for child in node.children), default=0)


def all_of(node: Node) -> list[Node]:
    return [node, *(n for child in node.children for n in all_of(child))]


def lines_of(runs: Sequence[AnyRun]) -> list[list[AnyRun]]:
    out: list[list[AnyRun]] = []
    for run in sorted(runs, key=lambda r: (r.base, r.x0)):
        if out and run.base - out[-1][0].base < 0.4 * run.size:
            out[-1].append(run)
        else:
            out.append([run])
    return out


def text_of(runs: Sequence[Run]) -> str:
    return " ".join(line_text(r.words) for r in sorted(runs, key=lambda r: (r.base, r.x0)))
