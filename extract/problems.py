"""The errors a reader may raise, and nothing else.

One small tree. Each error carries a code (its row in the findings catalogue), a sentence for the
person who reads the recap, and the next step. One boundary (`extract.read_file`) lets these pass;
anything else that a library raises inside a reader is turned into `Unreadable` there, with its
cause kept, so that a bug keeps its traceback.
"""

from __future__ import annotations


class ExtractError(Exception):
    """A file that cannot be read. `code` is stable; `next_step` tells the user what to do."""

    code = "unreadable"

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __reduce__(self) -> tuple[type[ExtractError], tuple[str, str]]:
        return type(self), (self.message, self.next_step)


class Unreadable(ExtractError):
    """The content is damaged, or no reader understands it."""


class Encrypted(ExtractError):
    """A password is needed."""

    code = "encrypted"


class LimitExceeded(ExtractError):
    """A limit on time, memory, pages or inflated size was met; the message says limit and actual."""

    code = "limit-exceeded"


class ToolMissing(ExtractError):
    """An external program is needed; the next step is the line to type."""

    code = "tool-missing"


class UnknownFormat(ExtractError):
    """The bytes are of no format this project reads."""

    code = "unknown-format"


class NoReport(ExtractError):
    """The file was read and holds no report: it is skipped, not failed."""

    code = "no-report"
