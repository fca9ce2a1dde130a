"""What the text of one cell can be: the code of a row, a figure, a column number.

In: the text of a cell. Out: yes or no. A file asks this of every cell more than once, and files share their codes and
most of their figures: what was told of a text is kept.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from extract.text import FOOTNOTE_MARKS, clean

KEPT_TEXTS = 16384
_NUMBER_CELL = regex.compile(
    r"^[(\[]?\s*(?:\d{1,2}|[A-Za-zĐđ]|[IVX]{1,4})\s*[)\]]?\s*(?:=\s*[\d()\[\]+\-–x×*/:%. ]+)?$"
)
_FORMULA_CELL = regex.compile(r"^[(\[]?\s*\d{1,2}\s*[)\]]?(?:\s*=\s*[\d()\[\]+\-–x×*/:%. ]+)+$")
_CODE = regex.compile(
    r"^(?:\d{1,3}(?:\s?[.,]\s?\d{1,3}){0,5}|[IVXLivx]{1,6}(?:\.\d{1,3}){0,4}|[A-Za-zĐđ](?:\.\d{1,3}){0,4})\s?[.)]?$"
)
_NUMERIC = regex.compile(r"^[(\-–+]?\s*\d[\d.,  ]*\s*%?\)?$")


@lru_cache(maxsize=KEPT_TEXTS)
def is_code(text: str) -> bool:
    """Could this cell be the code of a row?"""
    return _CODE.match(clean(text).rstrip(FOOTNOTE_MARKS)) is not None


@lru_cache(maxsize=KEPT_TEXTS)
def is_figure(text: str) -> bool:
    """Is this cleaned text a figure as printed: `1.205,5`, `(88,70%)`?"""
    return _NUMERIC.match(text) is not None


@lru_cache(maxsize=KEPT_TEXTS)
def is_column_number(text: str) -> bool:
    """Can this cleaned text stand in a row of column numbers: `(3)`, `B`, `8=10+16`?"""
    text = text.rstrip(FOOTNOTE_MARKS)
    return _NUMBER_CELL.match(text) is not None or _FORMULA_CELL.match(text) is not None
