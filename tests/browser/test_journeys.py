"""The journeys of the design in a real browser: paste, the code, a wrong id, no network, ninety seconds, a bank."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from banking import files, order, run_timers
from browsing_pages import banks, code_for, press, sign_in, staff, to_check_page
from cast import bank, running_as
from thaam.complaints.models import Complaint
from thaam.complaints.numbering import is_number
from thaam.mailbox.models import Answer, Order
from thaam.parties.models import Handle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

JOURNEY_BYTES_MAX = 120_000


@pytest.fixture(autouse=True)
def _directory(live_server):
    banks()


def now() -> datetime:
    return datetime.now(tz=UTC)


@pytest.mark.req("S2.8")
def test_journey_1_paste_and_send_on_a_small_phone_without_scripts(phone: Page):
    sizes: list[int] = []
    wire = phone.context.new_cdp_session(phone)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda done: sizes.append(int(done["encodedDataLength"])))
    to_check_page(phone)
    press(phone, "रोकने का अनुरोध भेजें")
    number = re.sub(r"\D", "", phone.locator(".slab .no").inner_text())
    assert is_number(number)
    expect(phone.locator("main")).to_contain_text("उनचास हज़ार नौ सौ निन्यानवे")
    expect(phone.locator("#code")).to_have_attribute("autocomplete", "one-time-code")
    with running_as("thaam_loops"):
        assert Complaint.objects.get().number == number
        assert not Order.objects.exists()
    assert sum(sizes) <= JOURNEY_BYTES_MAX


@pytest.mark.req("S1.7")
def test_journey_2_the_code_releases_the_hold_and_the_page_says_who_was_asked_when(phone: Page):
    to_check_page(phone)
    press(phone, "रोकने का अनुरोध भेजें")
    phone.locator("#code").fill(code_for())
    press(phone, "रोकने का अनुरोध भेजें")
    with running_as("thaam_loops"):
        run_timers(now())
        assert order("DEMO2").amount_paise == 49_999_00
    phone.get_by_role("link", name="पैसे का हाल देखें").click()
    expect(phone.locator(".turn")).to_contain_text("अब बारी")
    expect(phone.locator(".line")).to_contain_text("₹49,999 रोकने को कहा")
    assert phone.locator(".parts .total .sum").inner_text() == "₹49,999"


def test_journey_3_a_wrong_id_is_caught_explained_and_no_wall(phone: Page):
    phone.goto("/hi/report/details")
    phone.locator("input[name=bank][value=DEMO1]").check(force=True)
    phone.locator("#amount").fill("४९,९९९")
    phone.locator("input[name=choice][value=now]").check(force=True)
    phone.locator("#reference").fill("T2405011359041234567890")
    press(phone, "आगे बढ़ें")
    expect(phone.locator("#reference-look")).to_contain_text("PhonePe")
    phone.locator("#reference").fill("53069309318")
    press(phone, "आगे बढ़ें")
    expect(phone.locator("#reference-look")).to_contain_text("आपने 11 लिखे")
    press(phone, "आगे बढ़ें")
    expect(phone).to_have_url(re.compile("/hi/report/confirm"))


@pytest.mark.req("S3.6")
def test_journey_4_without_network_the_form_waits_and_sends_once(phone_with_scripts: Page):
    page = phone_with_scripts
    to_check_page(page)
    page.context.set_offline(True)
    press(page, "रोकने का अनुरोध भेजें")
    press(page, "रोकने का अनुरोध भेजें")
    expect(page.locator("#no-network")).to_contain_text("नेटवर्क आते ही भेज देंगे")
    assert page.locator("#no-network a").get_attribute("href") == "tel:1930"
    page.context.set_offline(False)
    page.wait_for_url(re.compile("/hi/report/sent"))
    with running_as("thaam_loops"):
        assert Complaint.objects.count() == 1
    assert not [cookie for cookie in page.context.cookies() if cookie["name"].startswith("thaam-draft")]


@pytest.mark.req("S0.14")
def test_journey_5_ninety_seconds_with_the_keyboard_alone(desk: Page):
    staff("operator", "aarti")
    with running_as("thaam_loops"):
        Handle.objects.get_or_create(handle="ybl", bank=bank("DEMO2"))
    sign_in(desk, "aarti")
    desk.evaluate("window.mice = 0")
    desk.goto("/hi/desk/call")
    desk.evaluate("document.addEventListener('mousedown', () => { sessionStorage.mouse = 1 })")
    started = now()
    desk.keyboard.type("9826041234")
    desk.keyboard.press("F2")
    assert desk.evaluate("document.activeElement.form.id") == "call", "the hands are in a field of the call"
    desk.keyboard.press("/")
    expect(desk.locator("#cmd")).to_be_focused()
    desk.keyboard.type("h 49999 sbi 530693093182 ramesh77@ybl")
    desk.keyboard.press("Enter")
    expect(desk.locator("#amount_0")).to_have_value("49,999")
    expect(desk.locator("[data-said=reference]").first).to_contain_text("12 अंक")
    expect(desk.locator("[data-fraud-timer]")).not_to_have_text("--:--")
    desk.keyboard.press("F9")
    desk.wait_for_url(re.compile(r"/call/[0-9a-f-]{36}"))
    assert (now() - started).total_seconds() < 90
    assert desk.evaluate("sessionStorage.mouse") is None
    with running_as("thaam_loops"):
        run_timers(now())
        assert order("DEMO2").issued_by.officer == "aarti"


@pytest.mark.req("S1.7")
def test_journey_6_a_bank_answers_in_three_lines(desk: Page):
    with running_as("thaam_loops"):
        files(at=now())
        run_timers(now())
        asked = order("DEMO2")
    staff("bank_clerk", "john", bank_code="DEMO2")
    sign_in(desk, "john", "en")
    desk.goto(f"/en/bank/order/{asked.id}")
    send = desk.get_by_role("button", name=re.compile("Send answer"))
    expect(send).to_be_disabled()
    desk.locator("#account").fill("BALU0001")
    desk.locator("[name=what_0]").select_option("hold")
    desk.locator("[name=amount_0]").fill("60,001")
    desk.locator("[name=what_1]").select_option("transfer")
    desk.locator("[name=amount_1]").fill("30000")
    desk.locator("[name=bank_1]").fill("DEMO3")
    desk.locator("[name=reference_1]").fill("530693110042")
    desk.locator("[name=what_2]").select_option("atm")
    desk.locator("[name=amount_2]").fill("10000")
    desk.locator("[name=particulars_2]").fill("ATM 17 Durg")
    expect(desk.locator("[data-left]")).to_have_text("−₹1")
    expect(desk.locator("[data-say]")).to_contain_text("₹1 too much")
    expect(send).to_be_disabled()
    desk.locator("[name=amount_0]").fill("60,000")
    expect(desk.locator("[data-left]")).to_contain_text("₹0")
    desk.keyboard.press("F9")
    expect(desk.get_by_role("status")).to_contain_text("The answer was sent")
    with running_as("thaam_loops"):
        assert Answer.objects.get().kind == "HoldAnswer"
