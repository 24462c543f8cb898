"""Journeys: a citizen checks a number, a telecom answers a request, an officer reads a ring; axe clean, no overflow."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from playwright.sync_api import Page, expect

from browsing_pages import banks, sign_in, staff
from cast import bank, running_as
from thaam.journal.ids import id_from
from thaam.parties.models import Bank, Officer
from thaam.suspects.blocking import ask_operator
from thaam.suspects.models import Identifier, Sighting
from thaam.suspects.naming import IdentifierKind
from thaam.suspects.reporting import lodge_report
from thaam.suspects.sighting import note_sighting

from .test_looks import overflows, serious

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BALU = "9876500001"


def seen(*typed: tuple[IdentifierKind, str], times: int = 5) -> Identifier:
    now = dt.datetime.now(tz=dt.UTC)
    with running_as("thaam_loops"):
        for number in range(times):
            for kind, words in typed:
                note_sighting(
                    sighting_id=id_from("browser", words, number), kind=kind, typed=words,
                    source=f"complaint:26116{number:06}", confidence=70, reason=Sighting.Reason.CALLED, seen_at=now,
                    by="loop:work", at=now,
                )  # fmt: skip
        return Identifier.objects.get(kind=typed[0][0].value)


@pytest.mark.req("S3.7", "S1.23")
@pytest.mark.parametrize("lang", ["hi", "en"])
def test_a_citizen_checks_a_number_on_a_small_phone_and_reports_another(phone_with_scripts: Page, lang):
    banks()
    seen((IdentifierKind.PHONE, BALU))
    page = phone_with_scripts
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"/{lang}/")
    page.locator("a.door", has_text="नंबर या लिंक जाँचें" if lang == "hi" else "Check a number").click()
    page.fill("#asked", "98765 00001")
    page.locator("main button").click()
    expect(page.get_by_role("status")).to_contain_text("पैसा न भेजें" if lang == "hi" else "Do not send money")
    assert serious(page) == []
    assert not overflows(page)
    page.goto(f"/{lang}/check/mine")
    assert serious(page) == []
    assert not overflows(page)
    page.goto(f"/{lang}/suspicious")
    page.fill("#seen", "9876500055")
    page.fill("#words", "parcel")
    page.locator("main form button").click()
    page.locator("[role=status] a").click()
    assert serious(page) == []
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.req("S3.7")
def test_a_telecom_answers_a_request_with_two_clicks(desk: Page):
    with running_as("thaam_loops"):
        bank("DEMOTEL")
        Bank.objects.filter(pk="DEMOTEL").update(kind=Bank.Type.TELECOM)
    identifier = seen((IdentifierKind.PHONE, BALU))
    with running_as("thaam_loops"):
        ravi, _ = Officer.objects.get_or_create(username="ravi", defaults={"role": "investigator"})
        ask_operator(
            request_id=str(uuid.uuid4()), identifier=identifier, partner=Bank.objects.get(pk="DEMOTEL"),
            action="verify_again", words="Five reports of one kind.", officer=ravi, at=dt.datetime.now(tz=dt.UTC),
        )  # fmt: skip
    staff("bank_clerk", "tara", bank_code="DEMOTEL")
    desk.goto("/en/desk/sign-in")
    desk.locator("#username").fill("tara")
    desk.locator("#password").fill("rain-2026")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/en/telecom/")
    assert serious(desk) == []
    desk.locator("a.row").click()
    assert serious(desk) == []
    desk.get_by_label("User not verified").check()
    desk.locator("button.main").click()
    expect(desk.locator("main")).to_contain_text("The answer was sent.")
    desk.goto("/en/telecom/?tab=done")
    expect(desk.locator("main")).to_contain_text(BALU)


@pytest.mark.req("S3.11")
@pytest.mark.parametrize("lang", ["hi", "en"])
def test_an_officer_works_the_registry_and_reads_a_ring(desk: Page, lang):
    from banking import files

    now = dt.datetime.now(tz=dt.UTC)
    with running_as("thaam_loops"):
        numbers = [files(at=now, name=f"v{n}", mobile=f"98765432{n:02}", confirmed=False).number for n in range(3)]
        for number in numbers:
            for kind, typed in ((IdentifierKind.PHONE, BALU), (IdentifierKind.VPA, f"balu{number[-1]}@demo2")):
                note_sighting(
                    sighting_id=id_from("ring", number, typed), kind=kind, typed=typed, source=f"complaint:{number}",
                    confidence=70, reason=Sighting.Reason.CALLED, seen_at=now, by="x", at=now,
                )  # fmt: skip
        lodge_report(
            report_id=str(uuid.uuid4()), kind=IdentifierKind.PERSON, typed="Balu", words="x", by="citizen", at=now
        )
    staff("supervisor", "devi")
    sign_in(desk, "devi", lang)
    for path in ("", "reports", "network", "tricks", "warnings"):
        desk.goto(f"/{lang}/suspects/{path}")
        assert serious(desk) == [], path
    desk.goto(f"/{lang}/suspects/network")
    desk.locator("a.row").first.click()
    expect(desk.locator("svg circle").first).to_be_visible()
    assert serious(desk) == []
    assert not overflows(desk)
    desk.locator("main table a.mono").first.click()
    assert serious(desk) == []
