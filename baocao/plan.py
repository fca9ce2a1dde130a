"""What the dataset will hold: one `Entry` for each file, in the order of the source names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from baocao.ledger import Reading


@dataclass(slots=True)
class Entry:
    """A file's place in the dataset. `part` and `place` say where its rows lie once it is read; `status`
    is failed or skipped with `code`, `message` and `next_step` where it has none, empty otherwise."""

    order: int
    source: str
    sha256: str
    report_id: str
    status: str = ""
    code: str = ""
    message: str = ""
    next_step: str = ""
    part: str = ""
    place: int = 0

    def settle(self, reading: Reading) -> None:
        """Take over what was read, or what it failed with. A file that holds no report is skipped."""
        self.part, self.place = reading.part, reading.place
        if reading.code:
            self.status = "skipped" if reading.code == "no-report" else "failed"
            self.code, self.message, self.next_step = reading.code, reading.message, reading.next_step


def unopened_id(source: str) -> str:
    """The id of a file that is never opened: from its name, since its content is not known."""
    return "x" + hashlib.sha256(source.encode("utf-8", "replace")).hexdigest()[:11]
