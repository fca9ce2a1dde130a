"""Tests marked slow run only where they are asked for: `make soak`, or `BAOCAO_SLOW=1`."""

from __future__ import annotations

import os

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("BAOCAO_SLOW") != "1":
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="slow: set BAOCAO_SLOW=1"))
