"""Narratives of the samples, written for this project: several sets, so that reports do not look cloned.

The sets stand in `data/prose.toml`. In a paragraph `{year}`, `{period}`, `{agency}`,
`{symbol}` and so on are filled in and `[[4:3.1.1]]` stands for the figure printed in that appendix row; a
paragraph whose figure the report does not print is left out. Which of the paragraphs a report takes
depends on its name only. `¶` marks where a page break may cut a paragraph in text files.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from tools.corpus.figures import noise
from tools.corpus.model import Section
from tools.corpus.template import DATA

_FIGURE = re.compile(r"\[\[([\d:.]+)\]\]")


@lru_cache(maxsize=1)
def outlines() -> dict[str, list[dict[str, Any]]]:
    """Set name → its sections as the TOML file states them."""
    with (DATA / "prose.toml").open("rb") as f:
        return tomllib.load(f)


def narrative(name: str, salt: str, words: Mapping[str, object], printed: Mapping[str, str]) -> tuple[Section, ...]:
    """The sections of set `name` for one report; `printed` maps `4:3.1.1` to the figure as printed."""
    sections = []
    for outline in outlines()[name]:
        label, title, paragraphs = outline["label"], outline["title"], outline.get("paragraphs", [])
        kept = []
        for i, paragraph in enumerate(paragraphs):
            if (
                len(paragraphs) > 2
                and not re.match(r"[-\d a-z]{1,2}[.)]", paragraph)
                and i
                and noise(salt, label, title, i) < 0.2
            ):
                continue
            if any(not printed.get(code) for code in _FIGURE.findall(paragraph)):
                continue
            kept.append(_FIGURE.sub(lambda m: printed[m[1]].rstrip("% "), paragraph).format(**words))
        sections.append(Section(outline["level"], label, title, tuple(kept)))
    return tuple(sections)
