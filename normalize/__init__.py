"""The meaning stage: a `Document` in, a `NormalizedReport` out. Pure and fast; it opens no file of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract.model import Document
    from normalize.model import NormalizedReport

__all__ = ["normalize"]


def normalize(document: Document, *, report_id: str, source: str) -> NormalizedReport:
    """What the document means: see `normalize.pipeline`. Code lists and catalogue are loaded on first use."""
    from normalize.pipeline import normalize as run

    return run(document, report_id=report_id, source=source)
