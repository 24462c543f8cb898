"""What every page must be for everybody: no serious finding of axe, nothing cut at 320 px, targets large enough."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from banking import files, hold_answer, order, run_timers, says
from browsing_pages import banks, sign_in, staff, to_check_page
from cast import running_as
from thaam.grievances.telling import tell_holder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC = [
    "",
    "report/sms",
    "report/details",
    "status",
    "callback",
    "held",
    "suspicious",
    "help/now",
    "help/reference-number",
    "verify-officer",
    "accessibility",
    "offline",
    "no-such-page",
]
SMALL_TARGETS = """
[...document.querySelectorAll('main .button, main button, .door, .todo, main input:not([type=radio], [type=hidden])')]
  .filter(e => e.offsetHeight && e.offsetHeight < 47).map(e => e.outerHTML.slice(0, 80))
"""
SPACING = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"


def serious(page: Page) -> list[str]:
    """Axe's serious and critical findings, as one line each."""
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found if each["impact"] in ("serious", "critical")
    ]


def overflows(page: Page) -> bool:
    """Whether the page can be pushed sideways."""
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


@pytest.mark.req("S2.8")
@pytest.mark.parametrize("lang", ["hi", "en"])
def test_public_pages_please_axe_and_fit_a_small_phone(phone_with_scripts: Page, lang):
    banks()
    page = phone_with_scripts
    page.set_viewport_size({"width": 320, "height": 640})
    for path in PUBLIC:
        page.goto(f"/{lang}/{path}")
        assert serious(page) == [], path
        assert not overflows(page), path
        small = page.evaluate(SMALL_TARGETS)
        assert small == [], path
        page.add_style_tag(content=SPACING)
        assert not overflows(page), f"{path} with wide spacing"


def test_every_step_of_the_report_pleases_axe(phone_with_scripts: Page):
    banks()
    page = phone_with_scripts
    to_check_page(page)
    assert serious(page) == []
    for step in ("confirm", "receiver", "more", "contact"):
        page.goto(f"/hi/report/{step}")
        assert serious(page) == [], step
        assert not overflows(page), step
    page.goto("/hi/report/check")
    page.get_by_role("button", name="रोकने का अनुरोध भेजें", exact=True).click()
    assert serious(page) == []


def test_the_status_page_and_the_desk_please_axe(phone_with_scripts: Page, desk: Page):
    at = datetime.now(tz=UTC)
    with running_as("thaam_loops"):
        complaint = files(at=at)
        run_timers(at)
        says("DEMO2", hold_answer(order("DEMO2"), at=at), at=at)
    page = phone_with_scripts
    page.goto(f"/hi/s/{complaint.link}")
    assert serious(page) == []
    assert not overflows(page)
    staff("supervisor", "devi")
    sign_in(desk, "devi")
    with running_as("thaam_loops"):
        hold_id = order("DEMO2").id
    for path in (
        "",
        "call",
        "queue",
        "find?q=zzz",
        f"complaint/{complaint.pk}",
        f"complaint/{complaint.pk}/trail",
        f"hold/{hold_id}",
        "approvals",
    ):
        desk.goto(f"/hi/desk/{path}")
        assert serious(desk) == [], path
    desk.context.add_cookies([{"name": "thaam-theme", "value": "dark", "url": desk.url}])
    desk.goto("/hi/desk/")
    assert serious(desk) == [], "dark"
    more, courts = desk.locator(".more summary"), desk.locator(".more a", has_text="न्यायालय")
    more.press("Enter")
    expect(courts).to_be_visible()
    assert serious(desk) == [], "dark, the rest of the pages open"
    courts.press("Escape")
    expect(courts).to_be_hidden()
    more.click()
    courts.click()
    expect(desk.locator(".more summary.here")).to_be_visible()


def test_a_clerks_pages_please_axe(desk: Page):
    at = datetime.now(tz=UTC)
    with running_as("thaam_loops"):
        files(at=at)
        run_timers(at)
        orders = [order("DEMO2").id]
    staff("bank_clerk", "john", bank_code="DEMO2")
    sign_in(desk, "john", "en")
    for path in ("", "?tab=done", *(f"order/{each}" for each in orders)):
        desk.goto(f"/en/bank/{path}")
        assert serious(desk) == [], path


def test_pages_behind_a_link_or_a_code_please_axe_and_fit_a_small_phone(phone_with_scripts: Page):
    at = datetime.now(tz=UTC)
    with running_as("thaam_loops"):
        complaint = files(at=at)
        run_timers(at)
        says("DEMO2", hold_answer(order("DEMO2"), at=at), at=at)
        code = tell_holder(hold_id=order("DEMO2").id, at=at).code
    page = phone_with_scripts
    page.set_viewport_size({"width": 320, "height": 640})
    for lang in ("hi", "en"):
        for path in (
            f"s/{complaint.link}",
            f"s/{complaint.link}/add",
            f"s/{complaint.link}/tasks",
            f"s/{complaint.link}/evidence",
            f"s/{complaint.link}/people",
            f"s/{complaint.link}/identity",
            f"s/{complaint.link}/station",
            f"s/{complaint.link}/take-back",
            f"s/{complaint.link}/fix/1",
            f"s/{complaint.link}/restore",
            f"s/{complaint.link}/print",
            f"held/notice/{code}",
            f"held/notice/{code}/object",
        ):
            page.goto(f"/{lang}/{path}")
            assert serious(page) == [], path
            assert not overflows(page), path


def test_the_wall_the_help_desk_and_objections_please_axe(desk: Page):
    at = datetime.now(tz=UTC)
    with running_as("thaam_loops"):
        files(at=at)
        run_timers(at)
    staff("supervisor", "devi")
    sign_in(desk, "devi")
    room = ("desk/tasks", "desk/offers", "desk/handover", "desk/reviews", "desk/bank/DEMO1")
    for path in ("desk/wallboard", "desk/objections", "police/", "police/walk-in", "police/camp", "review/", *room):
        desk.goto(f"/hi/{path}")
        assert serious(desk) == [], path
