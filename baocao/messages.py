"""What the command line says, in Vietnamese and English.

In: a key and named fields. Out: a sentence in the user's language. The sentences are data, one row
each in `messages.csv`; the language is Vietnamese where the locale says so (`LANG=vi_VN.UTF-8`) or
`BAOCAO_LANG=vi`, English elsewhere. Findings have their own table in `normalize`.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("en", "vi")
_VARIABLES = ("BAOCAO_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def language(environment: Mapping[str, str] = os.environ) -> str:
    """`vi` or `en`. The first variable that is set decides, as POSIX orders them; ours comes first."""
    for name in _VARIABLES:
        if chosen := environment.get(name, ""):
            return "vi" if chosen.lower().replace("-", "_").split("_")[0].split(".")[0] == "vi" else "en"
    return "en"


@lru_cache(maxsize=1)
def table() -> Mapping[str, Mapping[str, str]]:
    """Every sentence by key, then by language."""
    lines = Path(__file__).with_name("messages.csv").read_text(encoding="utf-8").splitlines()
    return {row["key"]: {name: row[name] for name in LANGUAGES} for row in csv.DictReader(lines)}


@dataclass(frozen=True, slots=True)
class Messages:
    """The sentences of one language: `say("recap.read", read=3, total=4)`."""

    language: str

    def __call__(self, key: str, **fields: object) -> str:
        """The sentence of a key with its fields filled in; whole numbers get separators. KeyError without a row."""
        values = {name: self.number(value) if type(value) is int else value for name, value in fields.items()}
        return table()[key][self.language].format(**values)

    def has(self, key: str) -> bool:
        return key in table()

    def word(self, name: str) -> str:
        """A word of the data (`cumulative`, `stated`) for people: with its translation where it has one."""
        key = f"word.{name}"
        return f"{self(key)} [{name}]" if self.language == "vi" and self.has(key) else name

    def day(self, value: date | None) -> str:
        """A day for people: 15/12/2023 in Vietnamese, 2023-12-15 in English, – for none."""
        if value is None:
            return "–"
        return f"{value:%d/%m/%Y}" if self.language == "vi" else value.isoformat()

    def number(self, value: int) -> str:
        """A count for people: 12,345 in English, 12.345 in Vietnamese."""
        text = f"{value:,}"
        return text.replace(",", ".") if self.language == "vi" else text
