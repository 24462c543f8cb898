"""Journey 12 and the pages of review and shared work in a real browser: they add up, please axe, and fit a phone."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from browsing_pages import press
from cast import NOON, bank, running_as
from thaam.journal.ids import new_id
from thaam.oversight import press as noting
from thaam.oversight.models import Counted, PressNote, Snapshot
from thaam.oversight.places import districts_of, population
from thaam.oversight.taking import take_snapshot
from thaam.parties.districts import districts
from thaam.parties.models import Office, Officer
from thaam.project import filling
from thaam.project.history import carry_over
from thaam.project.seeding import seed
from thaam.world.history import complaints

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("THAAM_SHOTS")
SEED_4 = """Balod, 40,000
Dhamtari, 1,00,000
Balodabazar, 1,95,000
Durg, 1,53,000
Bastar, 1,05,000
Jashpur, 1,50,000
Bemetara, 1,39,000
Kabirdham, 2,08,000
Bijapur, 12,000
Kanker, 66,000
Bilaspur, 45,000
Koriya, 35,000
Dantewada, 36,000
Mahasamund, 55,236
Cyber helpline number, 1,55,000
Raigarh, 42,000
Raipur, 5,82,000
Rajnandgaon, 3,47,000
Surajpur, 45,000
Citizen, 2,39,000
"""


@pytest.fixture
def month(live_server):
    """Two months of a state, each frozen; a reviewer, a second officer, an auditor."""
    with running_as("thaam_loops"):
        codes = ["DEMO1", "DEMO2", "DEMO3"]
        for code in codes:
            bank(code)
        weights = {districts()[code].name_en: population()[code] for code in districts_of(22) if code != 642}
        told = complaints(first=dt.date(2026, 9, 1), end=NOON, a_month=160, weights=weights, banks=codes, seed=2)
        carry_over(told, name="journey", now=NOON)
        for start, end in ((dt.date(2026, 9, 1), dt.date(2026, 10, 1)), (dt.date(2026, 10, 1), dt.date(2026, 11, 1))):
            snapshot = take_snapshot(
                snapshot_id=new_id(), from_on=start, to_on=end, state_code=22, by="officer:1", at=NOON
            )
        office = Office.objects.create(code="REVIEW", name_hi="राज्य समीक्षा", name_en="Review", state="Chhattisgarh")
        for name, role in (("rupa", "reviewer"), ("om", "reviewer"), ("farida", "auditor"), ("irfan", "constable")):
            who = Officer(username=name, role=role, office=office)
            who.set_password("rain-2026")
            who.save()
    return snapshot


@pytest.fixture
def demo(live_server, settings, tmp_path):
    """The demo with three months of its past: no page is empty."""
    settings.DATA = tmp_path
    with running_as("thaam_loops"):
        filling.fill(at=NOON)
        seed(data=tmp_path, months=3, a_month=160, now=dt.datetime.now(tz=dt.UTC), say=lambda line: None)
        who = Officer.objects.get(username="reviewer")
        who.set_password("rain-2026")
        who.save()


def enter(page: Page, name: str) -> None:
    page.goto("/hi/desk/sign-in")
    page.locator("#username").fill(name)
    page.locator("#password").fill("rain-2026")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def serious(page: Page) -> list[str]:
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    return [f"{e['id']}: {e['nodes'][0]['html'][:120]}" for e in found if e["impact"] in ("serious", "critical")]


@pytest.mark.req("S4.2", "S4.3", "S4.7", "S3.1")
def test_journey_12_the_review_adds_up(desk: Page, month: Snapshot):
    enter(desk, "rupa")
    # the seed's rows, typed by somebody else: refused, and by how much
    desk.goto("/hi/review/typed")
    desk.locator("#rows").fill(SEED_4)
    desk.locator("#total").fill("26,04,000")
    press(desk, "जाँचें")
    main = desk.locator("main")
    expect(main).to_contain_text("प्रकाशित नहीं हो सकती")
    expect(main).to_contain_text("₹27,49,236")
    expect(main).to_contain_text("₹1,45,236")
    expect(main).to_contain_text("ज़िलों के बीच माध्यम भी हैं")
    assert main.get_by_text("कबीरधाम", exact=True).count() == 1
    shot(desk, "typed")
    # the month: place and channel apart, one snapshot everywhere, a district without a report is no zero
    desk.goto("/hi/review/")
    expect(desk.locator("h1")).to_contain_text(month.name)
    expect(main).to_contain_text(re.compile("रिपोर्ट नहीं मिली \\(—, शून्य नहीं\\):.*सुकमा"))
    names = desk.locator("section.card table").first.locator("tbody tr td:first-child").all_inner_texts()
    assert "कबीरधाम" in names
    assert not {"वेब", "1930 हेल्पलाइन", "थाना / हेल्प डेस्क", "बैंक शाखा"} & set(names)
    shot(desk, "home")
    assert serious(desk) == []
    desk.goto("/hi/review/districts")
    expect(desk.locator("h1")).to_contain_text(month.name)
    expect(desk.locator("tr", has_text="सुकमा").last).to_contain_text("—")
    shot(desk, "districts")
    # a number opens its complaints with the same count and sum
    row = desk.locator("table tbody tr").nth(1)
    count, reported = row.locator("td").nth(1).inner_text(), row.locator("td").nth(2).inner_text()
    row.get_by_role("link").first.click()
    expect(desk.locator("tr.total")).to_contain_text(count)
    expect(desk.locator("tr.total")).to_contain_text(reported)
    number = re.sub(r"\D", "", desk.locator("tbody tr").nth(1).locator("td").first.inner_text())
    with running_as("thaam_loops"):
        assert Counted.objects.filter(snapshot=month, complaint=number).exists()
    # papers of the same snapshot
    paper = desk.request.get(f"/hi/review/pack/{month.name}")
    assert paper.ok
    assert paper.body().startswith(b"%PDF")
    # two persons release a note
    desk.goto("/hi/review/press")
    desk.locator("#prose_hi").fill("बैठक में हर शाखा का नोडल अधिकारी तय हुआ।")
    desk.locator("#prose_en").fill("Every branch names a nodal officer.")
    press(desk, "नोट बनाएँ")
    expect(desk.locator("h1")).to_contain_text(month.name)
    shot(desk, "press-note")
    note_url = desk.url
    press(desk, "जारी करें")
    expect(main).to_contain_text("वही जारी नहीं कर सकता")
    desk.get_by_role("button", name="बाहर").click()
    enter(desk, "om")
    desk.goto(note_url)
    press(desk, "जारी करें")
    expect(main).to_contain_text("जारी किया गया")
    with running_as("thaam_loops"):
        note = PressNote.objects.get()
        assert note.facts == noting.facts_of(month) | {"district": None}
    desk.get_by_role("button", name="बाहर").click()
    # the auditor opens the number down to the complaint's log
    enter(desk, "farida")
    desk.goto("/hi/audit/")
    desk.locator("main input:not([type=hidden])").first.fill(number)
    desk.keyboard.press("Enter")
    expect(desk.locator("main")).to_contain_text("पुराने रिकॉर्ड से लाई गई")


@pytest.mark.parametrize("lang", ["hi", "en"])
def test_pages_of_review_and_shared_work_please_axe_and_fit_a_phone(desk: Page, demo: None, lang):
    enter(desk, "reviewer")
    for path in (
        "review/", "review/districts?per=lakh", "review/banks", "review/helpline", "review/helpline/roster",
        "review/helpline/watch", "review/modus", "review/restoration", "review/pending", "review/repeat",
        "review/snapshots", "review/meetings", "review/press", "review/definitions", "together/", "together/bulletins",
        "together/bulletins/trends", "together/inspections", "together/inspections/new/branch", "together/awareness",
        "together/awareness/materials", "together/traders", "together/suggestions", "public/press", "public/open-data",
        "public/alerts", "public/appeal",
    ):  # fmt: skip
        desk.set_viewport_size({"width": 1440, "height": 900})
        assert desk.goto(f"/{lang}/{path}").status == 200, path
        shot(desk, f"{lang}-{re.sub(r'[^a-z]+', '-', path)}")
        assert serious(desk) == [], path
        desk.set_viewport_size({"width": 320, "height": 640})
        assert not desk.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"), (
            path
        )


@pytest.mark.req("S1.21")
def test_a_visit_recorded_without_network_arrives_once_when_it_returns(desk: Page, month: Snapshot):
    from thaam.coordination.models import Inspection

    enter(desk, "irfan")
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto("/hi/together/inspections")
    expect(desk.locator("#kept")).to_be_visible()
    desk.evaluate("navigator.serviceWorker.ready.then(() => true)")
    desk.reload()
    desk.wait_for_function("navigator.serviceWorker.controller !== null")
    desk.context.set_offline(True)
    desk.goto("/hi/together/inspections/new/branch")
    desk.get_by_role("link", name="एटीएम").click()  # never opened before, and there is no network
    expect(desk.locator("h1")).to_contain_text("एटीएम")
    desk.locator("#place").fill("ATM सिविक सेंटर")
    for choice in desk.locator("input[value=ok]").all()[1:]:
        choice.check()
    press(desk, "दौरा दर्ज करें")
    expect(desk.locator("#waiting")).to_contain_text("हर बात का जवाब")
    fault = desk.locator("fieldset").first
    fault.locator("input[value=not_ok]").check()
    fault.locator("input[name^=note-]").fill("गार्ड नहीं था")
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 60
    fault.locator("input[type=file]").set_input_files({"name": "gate.png", "mimeType": "image/png", "buffer": png})
    press(desk, "दौरा दर्ज करें")
    expect(desk.locator("#waiting")).to_contain_text("नेटवर्क नहीं है")
    desk.context.set_offline(False)
    expect(desk.locator("#waiting")).to_be_hidden()
    with running_as("thaam_loops"):
        visit = Inspection.objects.get()
        assert visit.place == "ATM सिविक सेंटर"
        faults = list(visit.findings.exclude(photo_sha256="").values_list("note", "photo_sha256"))
        assert faults == [("गार्ड नहीं था", hashlib.sha256(png).hexdigest())]
