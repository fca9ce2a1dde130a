"""One real browser for all tests, properties without a clock, and slow tests only where they are asked for.

Debian's Chromium is driven without a network; the driver bears no second instance in one process. Without Chromium its
tests are skipped and say what to install; in CI that is a failure (`BAOCAO_BROWSER=1`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

_FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync"]
_NAMES = ("chromium", "chromium-browser", "google-chrome")


# On a busy machine an example may take long; that says nothing about what it tests.
settings.register_profile("baocao", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("baocao")


@pytest.fixture(scope="session")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    program = next((found for name in _NAMES if (found := shutil.which(name))), None)
    must = os.environ.get("BAOCAO_BROWSER") == "1"
    if program is None:
        reason = "no Chromium: apt-get install chromium"
        pytest.fail(reason) if must else pytest.skip(reason)
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("profile")), executable_path=program, headless=True, args=_FLAGS,
            viewport={"width": 1280, "height": 900}, locale="vi-VN", color_scheme="light")
        browser.set_default_timeout(60_000)  # a busy machine is no fault
        yield browser
        browser.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("BAOCAO_SLOW") != "1":
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="slow: set BAOCAO_SLOW=1"))
