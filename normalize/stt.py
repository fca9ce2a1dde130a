"""STT codes → canonical codes and a tree per table. First working version; being deepened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from normalize.text import clean


@dataclass(frozen=True, slots=True)
class Stt:
    """One printed code. `style`: arabic, roman, letter, bullet, mixed, none, odd."""

    raw: str
    canonical: str
    style: str
    parts: tuple[str, ...]
    is_valid: bool
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SttNode:
    """Where one row hangs: canonical code, the code of its parent row, depth from 1, finding codes."""

    canonical: str
    parent_stt: str
    depth: int
    notes: tuple[tuple[str, str], ...] = ()


def parse_stt(raw: str) -> Stt:
    text = clean(raw).replace(" ", "").strip(".)")
    parts = tuple(p for p in text.split(".") if p)
    style = "none" if not parts else "arabic" if all(p.isdigit() for p in parts) else "mixed"
    return Stt(raw, ".".join(parts), style, parts, True)


def code_tree(rows: Sequence[tuple[str, str]]) -> list[SttNode]:
    """`(stt_raw, name)` per row of one table → one node per row."""
    out: list[SttNode] = []
    seen: set[str] = set()
    for raw, _ in rows:
        stt = parse_stt(raw)
        parent = ".".join(stt.parts[:-1])
        out.append(SttNode(stt.canonical, parent if parent in seen else "", max(1, len(stt.parts))))
        seen.add(stt.canonical)
    return out
