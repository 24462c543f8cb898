"""A victim reports a fraud on the platform's public pages, as a person would: six pages, a code by SMS, sent."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from thaam.language.dates import IST
from thaam.world.browsing import Browser, Page, PageFailed

CODE_WAIT_SECONDS = 45.0


@dataclass(frozen=True, slots=True)
class Report:
    """What the victim knows and types. `reference` empty: they do not know it; the same for the payee's side."""

    payer_bank: str
    amount_paise: int
    paid_at: datetime
    reference: str
    payer_last4: str
    mobile: str
    name: str
    district: str
    payee_account: str = ""
    payee_ifsc: str = ""
    payee_vpa: str = ""
    story: str = ""
    lang: str = "en"


class NoCode(Exception):
    """No code came to the gateway for this mobile in time."""


def file_report(
    *,
    browser: Browser,
    report: Report,
    read_code: Callable[[str], str | None],
    turn: AbstractContextManager[object] | None = None,
) -> str:
    """Fill in and send the report, enter the code that `read_code(mobile)` finds; the complaint number.

    The sending itself happens inside `turn`, for callers who want an order. Raises PageFailed with the page's words
    when a page does not take an answer, NoCode.
    """
    page = send_report(browser=browser, report=report, turn=turn or nullcontext())
    number = number_on(page)
    code = wait_for_code(report.mobile, read_code)
    page = browser.submit(page, page.form_with("code"), code=code)
    return number or number_on(page) or ""


def send_report(*, browser: Browser, report: Report, turn: AbstractContextManager[object]) -> Page:
    """The six pages; the page that comes after sending."""
    root = f"/{report.lang}/report"
    page = browser.get(f"{root}/details")
    form = page.form("step")
    known = report.payer_bank in form.choices.get("bank", [])
    paid = report.paid_at.astimezone(IST)
    rupees, paise = divmod(report.amount_paise, 100)
    page = browser.submit(
        page,
        form,
        bank=report.payer_bank if known else "other",
        bank_other="" if known else report.payer_bank,
        amount=f"{rupees}.{paise:02d}",
        choice="date",
        on=f"{paid:%Y-%m-%d}",
        clock=f"{paid:%H:%M}",
        reference=report.reference,
        last4=report.payer_last4,
    )
    if page.url.endswith("/details"):  # a doubtful reference is asked about once
        page = browser.submit(page, page.form("step"))
    page = browser.submit(page, page.form("step"))
    page = _receiver(browser, page, report)
    page = browser.submit(page, page.form("step"), more="no")
    page = browser.submit(page, page.form("step"), mobile=report.mobile, name=report.name, district=report.district)
    with turn:
        form = page.form("step")
        typed: dict[str, str] = {"story": report.story} if "story" in form.names else {}
        page = browser.submit(page, form, button=None, **typed)
    if not page.url.endswith("/sent"):
        raise PageFailed(f"{page.url}: {page.words[:400]}")
    return page


def wait_for_code(mobile: str, read_code: Callable[[str], str | None]) -> str:
    """Look at the gateway until a code for this mobile is there. Raises NoCode."""
    until = time.monotonic() + CODE_WAIT_SECONDS
    while time.monotonic() < until:
        if code := read_code(mobile):
            return code
        time.sleep(0.1)
    raise NoCode(mobile)


def number_on(page: Page) -> str:
    """The complaint number (eleven digits, however the page groups them), or nothing."""
    for found in re.finditer(r"(?<!\d)\d[\d \u00a0\u202f-]{9,16}\d(?!\d)", page.words):
        digits = re.sub(r"\D", "", found.group())
        if len(digits) == 11:
            return digits
    return ""


def _receiver(browser: Browser, page: Page, report: Report) -> Page:
    form = page.form("step")
    if not (report.payee_account or report.payee_vpa):
        return browser.submit(page, form, button=("skip", "1"))
    return browser.submit(page, form, vpa=report.payee_vpa, account=report.payee_account, ifsc=report.payee_ifsc)
