"""Fields of Word: which text of a paragraph is printed, and what a field prints that holds no result.

In: the marks of fields (`w:fldChar`) and their instructions, in order. Out: whether text stands in an instruction (it
prints nothing, nor does the result of a field in it), and the print of a field that ends without a result: the answer
of an old form's list or box; `UNREAD` where Word works it out itself (`EQ`, `AUTONUM`, a letter that was not merged).

Source of the rules: ECMA-376 part 1, 17.16.5 (fields), 17.16.6 to 17.16.34 (form fields).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from extract.readers.docx_numbering import W
from extract.text import UNREAD

_VAL = W + "val"
# Fields that print nothing where they hold no result, and those whose print is no part of a report's text.
_SILENT = frozenset((
    "", "XE", "TC", "TA", "RD", "SET", "ASK", "PRIVATE", "ADVANCE", "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES",
    "TOC", "INDEX", "TOA", "HYPERLINK", "NEXT", "NEXTIF", "SKIPIF", "BIDIOUTLINE", "FORMTEXT", "PAGEREF", "PRINT",
))  # fmt: skip


@dataclass(slots=True)
class _Field:
    """A field under way. `form`: what an old form keeps of it."""

    form: Any
    instruction: str = ""
    has_result: bool = False


@dataclass(slots=True)
class Fields:
    """The fields of one paragraph that are open."""

    _open: list[_Field] = field(default_factory=list)

    @property
    def is_hidden(self) -> bool:
        """Are we in an instruction?"""
        return any(not one.has_result for one in self._open)

    def instruct(self, text: str) -> None:
        if self._open and not self._open[-1].has_result:
            self._open[-1].instruction += text

    def mark(self, element: Any) -> str:
        """A field begins, comes to its result, or ends; what it prints of its own."""
        kind = element.get(W + "fldCharType")
        if kind == "begin":
            self._open.append(_Field(element.find(W + "ffData")))
        elif kind == "separate" and self._open:
            self._open[-1].has_result = True
        elif kind == "end" and self._open:
            ended = self._open.pop()
            if not self.is_hidden and (not ended.has_result or _is_box(ended.instruction)):
                return without_result(ended.instruction, ended.form)
        return ""


def without_result(instruction: str, form: Any = None) -> str:
    """What a field prints that holds no result."""
    name = (instruction.split() or [""])[0].upper()
    if form is not None and (box := form.find(W + "checkBox")) is not None:
        state = box.find(W + "checked")
        state = box.find(W + "default") if state is None else state
        return "☒" if state is not None and state.get(_VAL, "1") not in ("0", "false", "off") else "☐"
    if form is not None and (choices := form.find(W + "ddList")) is not None:
        return _chosen(choices)
    return "" if name in _SILENT else UNREAD


def _is_box(instruction: str) -> bool:
    """A form's box or list prints what it is set to, not what stands as its result."""
    return instruction.strip().upper() in ("FORMCHECKBOX", "FORMDROPDOWN")


def _chosen(choices: Any) -> str:
    said = choices.find(W + "result")
    said = choices.find(W + "default") if said is None else said
    entries = [entry.get(_VAL, "") for entry in choices.iterfind(W + "listEntry")]
    try:
        at = int(said.get(_VAL, "0")) if said is not None else 0
    except ValueError:
        return UNREAD
    return entries[at] if 0 <= at < len(entries) else UNREAD
