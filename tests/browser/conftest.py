"""Real pages in Debian's chromium: found on the path, else one clear skipped line (and a failure in CI)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

# Playwright's synchronous interface keeps an event loop in this thread; the ORM is still used one call at a time.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser, one for the session."""
    path = shutil.which("chromium")
    if not path:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed: apt-get install chromium")
        pytest.skip("chromium is not installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium: Any, live_server: Any) -> Iterator[Any]:
    """A page 320 px wide, scripts off: the cheapest phone there is."""
    context = chromium.new_context(
        viewport={"width": 320, "height": 640}, java_script_enabled=False, base_url=live_server.url, locale="hi-IN"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def phone_with_scripts(chromium: Any, live_server: Any) -> Iterator[Any]:
    """A page 390 px wide with scripts; the content policy is off only so that axe can look inside."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, base_url=live_server.url, locale="hi-IN", bypass_csp=True
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(chromium: Any, live_server: Any) -> Iterator[Any]:
    """A page as on an office screen."""
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, base_url=live_server.url, locale="hi-IN", bypass_csp=True
    )
    yield context.new_page()
    context.close()
