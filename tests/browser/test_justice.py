"""Journeys 10 and 11 of the design in a real browser, in Hindi: the rest of an account opened, and money back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from playwright.sync_api import Page, expect

from banking import Rs, debit, files, hold_answer, order, orders, run_timers, says
from browsing_pages import banks, code_for, press, sign_in, staff
from cast import running_as
from thaam.complaints.progress import progress_of
from thaam.files.models import File
from thaam.grievances.models import Objection
from thaam.grievances.telling import tell_holder
from thaam.holds.models import Hold
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.letters.owing import OWED, write_paper_owed
from thaam.money.partition import State
from thaam.notices.models import Notice
from thaam.notices.telling import tell
from thaam.oversight.tables import district_table
from thaam.oversight.taking import take_snapshot
from thaam.parties.models import Office, Officer
from thaam.project.loops import joined, take_one
from thaam.restoration.stages import stages_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000"
    "000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def _directory(live_server):
    banks()


def now() -> datetime:
    return datetime.now(tz=UTC)


def held(paise: int, *, account: str = "ACC-CHARU", reference: str = "UTR000000001", **words):
    with running_as("thaam_loops"):
        complaint = files(debit(paise, reference=reference), at=now(), **words)
        run_timers(now())
        says("DEMO2", hold_answer(order("DEMO2"), account=account, at=now()), at=now())
        Hold.objects.update(expires_at=now() + timedelta(days=90), provisional=False)
        return complaint, Hold.objects.get(reference=complaint.number)


def loops() -> None:
    """What the loops do meanwhile: take the banks' answers, set the papers owed, write the SMS."""
    with running_as("thaam_loops"):
        table = joined()
        while take_one(table, at=now()):
            pass
        with transaction.atomic():
            for fact in Fact.objects.filter(kind__in=[str(kind) for kind in OWED]).order_by("at", "id"):
                write_paper_owed(fact, now())
            for fact in Fact.objects.filter(kind="hold:restored"):
                tell(fact, now())


def serious(page: Page) -> list[str]:
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found if each["impact"] in ("serious", "critical")
    ]


def narrow(page: Page) -> bool:
    return not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


@pytest.mark.req("S0.9", "S1.7", "S2.9")
def test_journey_10_a_merchant_gets_the_rest_of_the_account_back(
    phone_with_scripts: Page, desk: Page, another: Callable[[], Page], tmp_path: Path
):
    page = phone_with_scripts
    page.set_viewport_size({"width": 320, "height": 640})
    complaint, hold = held(Rs(6_400))
    with running_as("thaam_loops"):
        code = tell_holder(hold_id=hold.pk, at=now()).code
        office = Office.objects.create(code="BODY", name_hi="दुर्ग व्यापार मंडल", name_en="Durg traders", district="Durg")
        gopal = Officer(username="gopal", role="association", office=office)
        gopal.set_password("rain-2026")
        gopal.save()
    page.goto(f"/hi/held/notice/{code}")
    expect(page.locator("h1")).to_have_text("₹6,400 पर रोक")
    assert page.locator(".n").count() == 5
    assert complaint.name not in page.content()
    assert "दिन कैलेंडर के हैं" in page.content()
    assert serious(page) == [] and narrow(page)
    page.get_by_role("link", name="आपत्ति करें").click()
    page.locator("input[name=reason][value=goods]").check(force=True)
    page.locator("input[name=open]").check(force=True)
    bill = tmp_path / "bill.png"
    bill.write_bytes(PNG)
    page.locator("#proof").set_input_files(str(bill))
    page.locator("#name").fill("चारू")
    page.locator("#mobile").fill("98260 41234")
    assert serious(page) == [] and narrow(page)
    press(page, "आगे बढ़ें, OTP मँगाएँ")
    page.locator("#code").fill(code_for())
    press(page, "आपत्ति दर्ज करें")
    expect(page.locator("main")).to_contain_text("बैंक बाकी खाता खोल रहा है")
    mine = page.url
    page.locator("summary", has_text="मेरे व्यापार मंडल को दिखाएँ").click()
    page.locator("#office").select_option(label="व्यापार मंडल: दुर्ग व्यापार मंडल")
    press(page, "सहमति देता/देती हूँ")
    assert serious(page) == [] and narrow(page)

    # the bank opens the account and says what stays held
    staff("bank_clerk", "john", bank_code="DEMO2")
    sign_in(desk, "john", "hi")
    with running_as("thaam_loops"):
        asked = order("DEMO2", "FreezeToHoldOrder")
    assert asked.amount_paise == Rs(6_400) and asked.execute_before - asked.issued_at == timedelta(hours=4)
    desk.goto(f"/hi/bank/order/{asked.id}")
    desk.locator("#account").fill("ACC-CHARU")
    desk.locator("[name=what_0]").select_option("hold")
    desk.locator("[name=amount_0]").fill("6400")
    desk.locator("[name=opened]").check()
    desk.keyboard.press("F9")
    expect(desk.get_by_role("status")).to_be_visible()
    loops()
    page.goto(mine)
    expect(page.locator("main")).to_contain_text("बाकी खाता खुल गया")
    expect(page.locator("main")).to_contain_text("सिर्फ़ ₹6,400 रुके हैं")

    # the bank looks at the bill, the officer decides, the bank lifts the hold
    with running_as("thaam_loops"):
        found = Objection.objects.get()
        assert sum(each.held_paise for each in Hold.objects.all()) == Rs(6_400), "held once"
    desk.goto(f"/hi/bank/objection/{found.pk}")
    bill_at_bank = desk.get_by_role("link", name="bill.png").get_attribute("href")
    with running_as("thaam_loops"):
        File.objects.update(scan=File.Scan.CLEAN)
    assert desk.request.get(str(bill_at_bank)).body() == PNG, "the bank compares the bill with the credit"
    desk.locator("input[name=credit_matches][value=yes]").check()
    desk.locator("input[name=advice][value=remove]").check()
    desk.locator("#words").fill("बिल जमा से मिलता है, खाता 9 साल पुराना")
    desk.keyboard.press("F9")
    expect(desk.get_by_role("status")).to_be_visible()
    staff("investigator", "meera")
    officer = another()
    sign_in(officer, "meera")
    officer.goto(f"/hi/desk/objection/{found.pk}?draft=upheld")
    assert serious(officer) == []
    assert "बिल जमा से मिलता है" in officer.locator("#reasons").input_value()
    officer.get_by_role("button", name="निर्णय दर्ज करें").click()
    expect(officer.get_by_role("status")).to_contain_text("निर्णय दर्ज हुआ")
    with running_as("thaam_loops"):
        release = order("DEMO2", "ReleaseOrder")
    desk.goto(f"/hi/bank/order/{release.id}")
    desk.locator("[name=twice]").check()
    desk.keyboard.press("F9")
    expect(desk.get_by_role("status")).to_be_visible()
    loops()
    page.goto(mine)
    expect(page.locator("main")).to_contain_text("आपत्ति मानी गई")
    assert "₹0 की रोक" not in page.content()
    assert "/desk/sign-in" not in page.url and page.locator("a", has_text="कारण सहित आदेश").count() == 1
    with running_as("thaam_loops"):
        assert progress_of(complaint, now()).totals[State.RELEASED] == Rs(6_400)
        paper = File.objects.get(about=f"objection:{found.pk}").pk

    # the trade body saw the stage, and gets 403 on the bill
    body = another()
    body.goto("/hi/desk/sign-in")
    body.locator("#username").fill("gopal")
    body.locator("#password").fill("rain-2026")
    body.keyboard.press("Enter")
    body.wait_for_url(re.compile("/association/"))
    body.goto("/hi/association/objections")
    expect(body.locator("main")).to_contain_text(found.number)
    assert serious(body) == []
    assert body.goto(f"/hi/desk/objection/{found.pk}/paper/{paper}").status == 403


@pytest.mark.req("S0.10", "S1.17")
def test_journey_11_money_comes_back_and_the_review_adds_up(
    phone_with_scripts: Page, desk: Page, another: Callable[[], Page]
):
    page = phone_with_scripts
    page.set_viewport_size({"width": 320, "height": 640})
    asha, hold = held(Rs(31_200), account="ACC-BALU")
    big, _ = held(Rs(80_000), account="ACC-OTHER", reference="UTR2", name="Ravi", mobile="9876500001")
    before = figures()

    page.goto(f"/hi/s/{asha.link}/restore")
    expect(page.locator("main")).to_contain_text("FIR नहीं चाहिए")
    expect(page.locator("main")).to_contain_text("₹50,000")
    assert page.locator("#fir_number").count() == 0
    assert page.locator("input[name=to_bank][value=DEMO1]").is_checked(), "the bank the money left"
    page.locator("#to_account").fill("00123456")
    page.locator("input[name=undertaking]").check(force=True)
    assert serious(page) == [] and narrow(page)
    press(page, "वापसी का आवेदन भेजें")
    expect(page.locator("#code")).to_be_visible()
    assert serious(page) == [] and narrow(page)
    page.locator("#code").fill(code_for("9876543210"))
    press(page, "OTP सही है, आवेदन भेजें")
    expect(page.locator("main")).to_contain_text("आगे का काम अधिकारी करेंगे")
    loops()
    page.reload()
    bond = page.get_by_role("link", name="भरा हुआ बंधपत्र (PDF)").get_attribute("href")
    answer = page.request.get(str(bond))
    words = pypdf.PdfReader(io.BytesIO(answer.body())).pages[0].extract_text()
    assert "00123456" in words and "31,200" in words, "the bond is filled in"
    assert serious(page) == [] and narrow(page)

    page.goto(f"/hi/s/{big.link}/restore")
    expect(page.locator("main")).to_contain_text("FIR चाहिए")
    page.locator("#to_account").fill("00999")
    page.locator("input[name=undertaking]").check(force=True)
    press(page, "वापसी का आवेदन भेजें")
    expect(page.locator("main")).to_contain_text("FIR नंबर लिखें")

    staff("investigator", "meera")
    sign_in(desk, "meera")
    desk.goto("/hi/desk/approvals")
    assert serious(desk) == []
    desk.get_by_role("button", name="जाँच पूरी").first.click()
    page.goto(f"/hi/s/{asha.link}")
    expect(page.locator("main")).to_contain_text("अब बारी: जाँच अधिकारी")
    assert "वापस पाने के लिए आवेदन" not in page.content(), "whoever has applied is not asked to apply"
    desk.get_by_role("link", name="प्रस्ताव रखें").click()  # the list leads to the hold; account and FIR are known there
    assert desk.url.endswith(str(hold.pk)) and serious(desk) == []
    assert desk.locator("#to_bank option", has_text="टेलीकॉम").count() == 0
    desk.get_by_role("button", name="वापसी का प्रस्ताव रखें").click()
    expect(desk.get_by_role("status")).to_contain_text("प्रस्ताव दर्ज")
    expect(desk.locator("main")).to_contain_text("वापसी का प्रस्ताव बन चुका है")
    staff("approver", "kabir")
    boss = another()
    boss.goto("/hi/desk/sign-in")
    boss.locator("#username").fill("kabir")
    boss.locator("#password").fill("rain-2026")
    boss.keyboard.press("Enter")
    boss.wait_for_url(re.compile("/desk/approvals"))
    boss.goto("/hi/desk/approvals")
    boss.get_by_role("button", name="स्वीकृत करें").click()
    with running_as("thaam_loops"):
        asked = order("DEMO2", "RestoreOrder")
        (renewed,) = orders("DEMO2", "AmendOrder") or (None,)
        assert renewed is None, "the hold lives long enough"
    assert asked.amount_paise == Rs(31_200)

    staff("bank_clerk", "john", bank_code="DEMO2")
    clerk = another()
    sign_in(clerk, "john")
    clerk.goto(f"/hi/bank/order/{asked.id}")
    clerk.locator("[name=reference]").fill("UTRBACK0001")
    clerk.locator("[name=on]").fill(f"{now():%Y-%m-%d}")
    clerk.locator("[name=twice]").check()
    clerk.keyboard.press("F9")
    expect(clerk.get_by_role("status")).to_be_visible()
    loops()

    page.goto(f"/hi/s/{asha.link}/restore")
    expect(page.locator("main")).to_contain_text("UTRBACK0001")
    with running_as("thaam_loops"):
        stages = stages_of(asha, at=now())
        done = [stage.done_at for stage in stages]
        assert all(done) and sorted(done) == done, "seven stages, dated in order"
        assert Notice.objects.filter(event="V8", about=f"complaint:{asha.pk}").count() == 1
    after = figures()
    assert after["restored"] - before["restored"] == Rs(31_200)
    assert before["held"] - after["held"] == Rs(31_200)
    assert after["ever"] == before["ever"], "what was ever held does not move"


def figures() -> dict[str, int]:
    """What the review shows: returned, held now, held ever."""
    with running_as("thaam_loops"):
        today = now().date()
        snapshot = take_snapshot(
            snapshot_id=new_id(),
            from_on=today - timedelta(days=2),
            to_on=today + timedelta(days=2),
            by="test",
            at=now(),
        )
        total = district_table(snapshot).total
        return {"restored": total.restored, "held": total.held, "ever": total.held + total.restored + total.released}


def test_the_pages_of_justice_for_staff_please_axe(desk: Page):
    complaint, hold = held(Rs(6_400))
    staff("supervisor", "devi")
    sign_in(desk, "devi")
    for path in ("desk/courts", f"desk/shares/{hold.book_id}", "desk/recoveries", "desk/approvals", "desk/objections"):
        for lang in ("hi", "en"):
            desk.goto(f"/{lang}/{path}")
            assert serious(desk) == [], path
    assert complaint.pk
