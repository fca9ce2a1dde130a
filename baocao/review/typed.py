"""A number as a person types it into the desk or the workbook → shortest plain text, or None.

`1234,5`, `1.234,5`, `1,234.5`, `-3`, `88.7` are certain. `1.234` and `1,234` are not (a thousand and
something, or one and something): they are refused, and the person is asked to type it without separators.
A leading zero decides: `0.125` can only be a fraction.
"""

from __future__ import annotations

from decimal import Decimal

import regex

from baocao.rows import plain_decimal

_PLAIN = regex.compile(r"^-?[0-9]{1,40}(?:[.,][0-9]{1,20})?$")
_GROUPED_VI = regex.compile(r"^-?[0-9]{1,3}(?:\.[0-9]{3}){1,12}(?:,[0-9]{1,20})?$")
_GROUPED_EN = regex.compile(r"^-?[0-9]{1,3}(?:,[0-9]{3}){1,12}(?:\.[0-9]{1,20})?$")
_UNCERTAIN = regex.compile(r"^-?[1-9][0-9]{0,2}[.,][0-9]{3}$")


def typed_number(text: str) -> str | None:
    """See above. `typed_number("1.234,5") == "1234.5"`; `typed_number("1.234") is None`."""
    bare = text.strip().replace("\u2212", "-").replace("\u00a0", "").replace(" ", "")
    if _UNCERTAIN.match(bare):
        return None
    if _PLAIN.match(bare):
        return plain_decimal(Decimal(bare.replace(",", ".")))
    if _GROUPED_VI.match(bare):
        return plain_decimal(Decimal(bare.replace(".", "").replace(",", ".")))
    if _GROUPED_EN.match(bare):
        return plain_decimal(Decimal(bare.replace(",", "")))
    return None
