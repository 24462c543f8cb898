"""The 1930 room and the camp in a real browser: numbers fill themselves in, two see each other, a field is offline."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from banking import files, run_timers
from browsing_pages import banks, sign_in, staff
from cast import running_as
from thaam.complaints.models import Complaint
from thaam.web.shared.telephony import sign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def now() -> datetime:
    return datetime.now(tz=UTC)


def rings(secret: str) -> None:
    body = json.dumps({"id": "c-9", "event": "answered", "caller": "+91 98260 41234", "agent": "aarti"}).encode()
    head = {"x-thaam-telephony": sign(body, secret=secret, at=now())}
    assert Client().post("/telephony/events", body, content_type="application/json", headers=head).status_code == 200


KEPT_ROWS = """() => new Promise(done => { const ask = indexedDB.open("thaam-camp"); ask.onsuccess = () => {
  const rows = ask.result.transaction("reports").objectStore("reports").getAll();
  rows.onsuccess = () => done(rows.result.map(row => JSON.stringify(row) + new TextDecoder().decode(row.box))); }; })"""


# The page and its scripts lie in the cache it is opened from without a network.
KEPT_PAGE = """async () => { const kept = await caches.open("thaam-camp");
  const files = [location.href, ...[...document.scripts].map(script => script.src).filter(Boolean)];
  return (await Promise.all(files.map(file => kept.match(file)))).every(Boolean); }"""


def open_with(page, pin):
    page.locator("#pin").fill(pin)
    page.locator("[data-lock] button").click()


@pytest.mark.req("S4.4")
def test_an_answered_call_fills_in_the_number_and_a_dropped_one_becomes_a_task(desk: Page, settings):
    settings.TELEPHONY_SECRET = "monsoon"
    staff("operator", "aarti")
    sign_in(desk, "aarti")
    desk.goto("/hi/desk/call")
    rings("monsoon")
    expect(desk.locator("#mobile")).to_have_value("9826041234")
    expect(desk.locator("[data-line]")).to_contain_text("लाइन पर")
    desk.locator("#cmd").fill("cb 10")
    desk.locator("#cmd").press("Enter")
    expect(desk.locator("[data-room-said]")).to_have_text("10 मिनट बाद वापस कॉल करनी है।")
    desk.keyboard.press("Alt+d")
    expect(desk.locator("[data-room-said]")).to_contain_text("वापस कॉल का काम बन गया")
    expect(desk.locator("[data-tasks]")).to_have_text("2")


def test_two_officers_on_one_complaint_see_each_other_type(desk: Page, another: Callable[[], Page]):
    with running_as("thaam_loops"):
        complaint = files(at=now())
        run_timers(now())
    staff("operator", "aarti")
    staff("supervisor", "devi")
    sign_in(desk, "aarti")
    desk.goto(f"/hi/desk/call/{complaint.pk}")
    page = another()
    sign_in(page, "devi")
    page.goto(f"/hi/desk/complaint/{complaint.pk}")
    desk.locator("[name=words]").first.type("नकली ऐप")
    expect(page.locator("[data-others]")).to_contain_text("aarti")
    expect(desk.locator("[data-others]")).to_contain_text("devi")


@pytest.mark.req("S3.10")
def test_a_report_written_in_a_field_without_a_network_is_handed_over_once(desk: Page):
    banks()
    staff("constable", "irfan")
    desk.goto("/hi/desk/sign-in")
    desk.locator("#username").fill("irfan")
    desk.locator("#password").fill("rain-2026")
    desk.keyboard.press("Enter")
    desk.wait_for_url(re.compile("/(police|desk)/$"))
    desk.goto("/hi/police/camp")
    desk.locator("#camp").fill("DURG-0210")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="शिविर बंद करें")).to_be_visible()
    desk.goto("/hi/police/camp/offline")
    desk.evaluate("navigator.serviceWorker.ready.then(() => true)")
    desk.reload()
    desk.wait_for_function("navigator.serviceWorker.controller !== null")
    desk.wait_for_function(KEPT_PAGE)
    desk.context.set_offline(True)
    desk.reload()
    open_with(desk, "neem-2026")
    desk.locator("#amount").fill("4500")
    desk.locator("#bank").select_option("DEMO1")
    desk.locator("#reference").fill("530693093182")
    desk.locator("#mobile").fill("9826041234")
    desk.get_by_role("button", name="लिख लें").click()
    expect(desk.locator("[data-count]")).to_have_text("1")
    lying = desk.evaluate(KEPT_ROWS)
    assert len(lying) == 1
    assert "9826041234" not in lying[0]
    desk.reload()
    expect(desk.locator("[data-count]")).to_have_text("1")
    open_with(desk, "wrong-pin")
    expect(desk.locator("[data-pin-said]")).to_contain_text("PIN सही नहीं")
    expect(desk.locator("[data-capture]")).to_be_hidden()
    desk.context.set_offline(False)
    open_with(desk, "neem-2026")
    expect(desk.locator("[data-waiting]")).to_be_hidden(timeout=8000)
    desk.reload()
    expect(desk.locator("[data-waiting]")).to_be_hidden()
    with running_as("thaam_loops"):
        complaint = Complaint.objects.get()
    assert (complaint.camp, complaint.mobile) == ("DURG-0210", "9826041234")
