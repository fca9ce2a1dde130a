"""Data as a script the page can load: `baocao.data("name", {…})`.

In: plain values. Out: bytes. The text is JSON, which is JavaScript too once the two line separators are
escaped; `<` is escaped as well, so no cell can close a script element wherever the data is put.
"""

from __future__ import annotations

import json
from typing import Any

_ESCAPES = (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))


def as_json(value: Any, *, indent: int | None = None) -> str:
    """JSON that may stand inside a script element. Raises ValueError for NaN and infinities."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=separators, indent=indent)
    for letter, escape in _ESCAPES:  # much quicker than `translate` on long texts
        text = text.replace(letter, escape)
    return text


def as_script(name: str, value: Any) -> bytes:
    """A script that hands `value` over under `name`."""
    return f"baocao.data({as_json(name)},{as_json(value)});\n".encode()


class Dictionary:
    """Different values in the order they first came, each with a number."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        number = self._numbers.get(value)
        if number is None:
            number = self._numbers[value] = len(self.values)
            self.values.append(list(value) if isinstance(value, tuple) else value)
        return number
