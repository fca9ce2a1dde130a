"""The runs of the batch tests, here too, without what is made from the tables afterwards."""

from __future__ import annotations

import pytest

from baocao import consolidate
from tests.baocao.conftest import _run as _run


@pytest.fixture(autouse=True)
def _only_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workbook and page have tests of their own: here they would only take time."""
    monkeypatch.setattr(consolidate, "WRITERS", {})
