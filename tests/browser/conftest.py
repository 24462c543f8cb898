"""Real pages in Debian's chromium: found on the path, else one clear skipped line (and a failure in CI).

What is waited for comes at once or not at all; how long we would wait is a busy machine's affair, never a test's.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
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
PATIENCE_MS = 90_000
OFFICE = {"viewport": {"width": 1440, "height": 900}, "locale": "hi-IN", "bypass_csp": True}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser, one for the session."""
    path = shutil.which("chromium")
    if not path:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed: apt-get install chromium")
        pytest.skip("chromium is not installed: apt-get install chromium")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium: Any, live_server: Any) -> Iterator[Any]:
    """A page 320 px wide, scripts off: the cheapest phone there is."""
    yield from _page(
        chromium, live_server, viewport={"width": 320, "height": 640}, java_script_enabled=False, locale="hi-IN"
    )


@pytest.fixture
def phone_with_scripts(chromium: Any, live_server: Any) -> Iterator[Any]:
    """A page 390 px wide with scripts; the content policy is off only so that axe can look inside."""
    yield from _page(chromium, live_server, viewport={"width": 390, "height": 844}, locale="hi-IN", bypass_csp=True)


@pytest.fixture
def desk(chromium: Any, live_server: Any) -> Iterator[Any]:
    """A page as on an office screen."""
    yield from _page(chromium, live_server, **OFFICE)


@pytest.fixture
def another(chromium: Any, live_server: Any) -> Iterator[Callable[[], Any]]:
    """The office screen of one more person at each call."""
    with ExitStack() as open_:
        yield lambda: open_.enter_context(contextmanager(_page)(chromium, live_server, **OFFICE))


def _page(chromium: Any, live_server: Any, **how: Any) -> Iterator[Any]:
    context = chromium.new_context(base_url=live_server.url, **how)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()
