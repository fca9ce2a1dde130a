"""Ids for rows and columns that no template knows, until a person gives them one.

In: the title of the table, the name, and what stands above it. Out: `x_<title>_<name>`, made of nothing else, so
it is the same in every run and every report and a series can be drawn before the indicator is catalogued.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from normalize.namekeys import core_name, plain_name, subject
from normalize.text import slug

MAX_PROVISIONAL = 60


def provisional_id(title: str, name: str, above: Sequence[str] = ()) -> str:
    """`x_<title>_<name>`: made of this row only, so it is the same in every run and report.

    Title and name enter in canonical form (`TTHC` = `thủ tục hành chính`). A hash is added where something
    was cut off, or where headings above tell equal names apart.
    """
    about, core = plain_name(subject(title)), core_name(name)
    ident = "_".join(part for part in ("x", slug(about, 20), slug(core, 30)) if part)
    full = "_".join(part for part in ("x", slug(about), slug(core)) if part)
    if ident != full or above or plain_name(name) != core:
        digest = hashlib.sha256("\x1f".join((about, *above, plain_name(name))).encode()).hexdigest()[:6]
        ident = f"{ident[: MAX_PROVISIONAL - 7]}_{digest}"
    return ident
