"""A hold, ours or the bank's own, from notice to decision: every page in between, for each of those who look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from banking import LAKH, Rs, files, hold_answer, order, orders, run_timers, says
from browsing_pages import code_for
from cast import bank, running_as
from thaam.chase.reading import claims_on_hold
from thaam.files.models import File
from thaam.grievances.models import Objection
from thaam.grievances.stages import Stage
from thaam.grievances.telling import tell_holder, tell_own_hold
from thaam.holds.models import Hold, OwnHoldSeen
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.language.dates import day_words
from thaam.parties.models import Office, Officer
from thaam.restoration.approving import approve
from thaam.restoration.models import Reversal
from thaam.restoration.proposing import propose
from thaam.wire import messages

pytestmark = pytest.mark.django_db
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000"
    "000049454e44ae426082"
)


def now():
    return datetime.now(tz=UTC)


@pytest.fixture
def held():
    """A lakh held at DEMO2, the holder told."""
    with running_as("thaam_loops"):
        files(at=now())
        run_timers(now())
        says("DEMO2", hold_answer(order("DEMO2"), at=now()), at=now())
        Hold.objects.update(expires_at=now() + timedelta(days=90), provisional=False)
        hold = Hold.objects.get()
        return hold, tell_holder(hold_id=hold.pk, at=now()).code


def sign_in(role, *, bank_code="", office="CELL"):
    with running_as("thaam_loops"):
        place = {"bank": bank(bank_code)}
        if not bank_code:
            place = {
                "office": Office.objects.get_or_create(code=office, defaults={"name_hi": "थाना", "name_en": "Cell"})[0]
            }
        who, _ = Officer.objects.get_or_create(username=f"{role}-{office}", defaults={"role": role, **place})
    client = Client()
    client.force_login(who)
    return client


def objects(code, **changes):
    form = {"objection_id": str(uuid4()), "mobile": "9826041234", "reason": "goods", "words": "बिल 12", "name": "चारू"}
    client = Client()
    proving = client.post(f"/hi/held/notice/{code}/object", {**form, **changes}).url
    return client, client.post(proving, {"code": code_for()}).url


def only():
    with running_as("thaam_loops"):
        return Objection.objects.get()


@pytest.mark.req("S0.9", "S2.9")
def test_from_the_notice_to_a_reasoned_decision(held):
    _hold, code = held
    proof = SimpleUploadedFile("bill.png", PNG, content_type="image/png")
    charu, mine = objects(code, proof=proof, helped="yes", helper="रवि, बेटा")
    found = only()
    assert found.helper == "रवि, बेटा"
    with running_as("thaam_loops"):
        assert File.objects.get().about == f"objection:{found.pk}"
    assert Client().get(f"/hi/g/{found.link}").url == mine

    clerk = sign_in("bank_clerk", bank_code="DEMO2")
    page = clerk.get(_bank_page(clerk))
    assert found.number in page.content.decode()
    for html in (charu.get(mine).content.decode(), page.content.decode()):
        assert "यह समय कैसे तय हुआ" in html
        assert "7 दिन" in html, "the rule itself, not only the date"
    answer = clerk.post(
        page.request["PATH_INFO"],
        {"advice": "remove", "words": "खाता 12 साल पुराना", "kyc_in_order": "yes", "credit_matches": "yes",
         "account_opened_on": "2014-01-01", "usable": "40,00,000"},
    )  # fmt: skip
    assert answer.status_code == 302

    io_ = sign_in("investigator")
    address = f"/hi/desk/objection/{found.pk}"
    html = io_.get(address).content.decode()
    for hint in ("12 साल पुराना", "जमा रकम बिल से मिलती है", "बिल, चैट या डिलीवरी"):
        assert hint in html
    assert io_.post(address, {"act": "ask", "ask": "डिलीवरी की रसीद भेजें"}).status_code == 302
    assert "अब आपकी बारी" in charu.get(mine).content.decode()
    assert charu.post(mine, {"act": "answer", "words": "साथ में भेजी है"}).status_code == 302
    at = timezone.localtime(now() + timedelta(days=3))
    assert (
        io_.post(
            address, {"act": "offer", "on": f"{at:%Y-%m-%d}", "clock": "11:30", "address": "https://meet.example/1"}
        ).status_code
        == 302
    )
    with running_as("thaam_loops"):
        slot = only().hearings.get()
    assert "https://meet.example" not in charu.get(mine).content.decode(), "shown once the slot is taken"
    assert charu.post(mine, {"act": "slot", "slot": slot.pk}).status_code == 302
    assert "https://meet.example" in charu.get(mine).content.decode()
    assert io_.post(address, {"act": "heard", "slot": slot.pk, "heard": "बिल और चैट दिखाए"}).status_code == 302

    draft = io_.get(f"{address}?draft=upheld").content.decode()
    assert "बिल और चैट दिखाए" in draft and "खाता 12 साल पुराना" in draft
    reasons = "बिल, चैट और डिलीवरी की रसीद रकम से मिलते हैं।\nखाताधारक को ठगी का पता नहीं था।"
    assert io_.post(address, {"outcome": "upheld", "reasons": reasons}).status_code == 302
    html = charu.get(mine).content.decode()
    assert "आपत्ति मानी गई" in html and "डिलीवरी की रसीद रकम से मिलते हैं" in html
    assert (
        "बैंक को रोक हटानी है" in html and day_words((timezone.localtime(now()) + timedelta(days=2)).date(), "hi") in html
    )
    with running_as("thaam_loops"):
        assert order("DEMO2", "ReleaseOrder").amount_paise == LAKH
    assert charu.post(mine, {"act": "loss", "words": "किस्त लौटी", "amount": "590"}).status_code == 302
    assert io_.post(address, {"act": "note", "noted": "590", "note": "x"}).status_code == 422, "a supervisor notes"
    boss = sign_in("supervisor")
    assert boss.post(address, {"act": "note", "noted": "590", "note": "बैंक का दंड लौटाया जाए"}).status_code == 302
    assert "₹590" in charu.get(mine).content.decode()


def _bank_page(clerk):
    import re

    html = clerk.get("/hi/bank/objections").content.decode()
    return re.search(r'href="(/hi/bank/objection/[^"]+)"', html)[1]


@pytest.mark.req("S1.7")
def test_a_whole_account_stopped_is_opened_on_the_express_lane_without_a_decision(held):
    _hold, code = held
    _, mine = objects(code, reason="whole_account", open="yes")
    with running_as("thaam_loops"):
        asked = order("DEMO2", "FreezeToHoldOrder")
    assert (asked.account, asked.amount_paise) == ("ACC-BALU", LAKH)
    assert asked.execute_before - asked.issued_at == timedelta(hours=4)
    assert "बैंक बाकी खाता खोल रहा है" in Client().get(mine).content.decode()
    with running_as("thaam_loops"):
        says("DEMO2", hold_answer(asked, at=now()), at=now())
        assert [each.held_paise for each in Hold.objects.order_by("asked_at")] == [LAKH, 0], "no paisa is held twice"
    assert "बाकी खाता खुल गया" in Client().get(mine).content.decode()
    assert only().stage == Stage.BANK, "the merits are heard as before"


@pytest.mark.req("S2.9")
def test_a_trade_body_sees_stage_clock_and_band_of_who_agreed_and_never_the_bill(held):
    _hold, code = held
    trader = sign_in("association", office="BODY")
    other = sign_in("association", office="OTHER")
    charu, mine = objects(code)
    found = only()
    with running_as("thaam_loops"):
        office = Office.objects.get(code="BODY")
        paper = new_id()
    address = "/hi/association/objections"
    assert found.number not in trader.get(address).content.decode()
    assert charu.post(mine, {"act": "consent", "office": office.pk}).status_code == 302
    html = trader.get(address).content.decode()
    assert found.number in html and "₹50,000 से ₹2 लाख" in html
    for secret in ("9826041234", "बिल 12", "चारू", "₹1,00,000", str(found.pk)):
        assert secret not in html
    assert found.number not in other.get(address).content.decode()
    assert trader.get(f"/hi/desk/objection/{found.pk}").status_code == 403
    assert trader.get(f"/hi/desk/objection/{found.pk}/paper/{paper}").status_code == 403
    with running_as("thaam_loops"):
        consent = found.consents.get()
    assert trader.post(f"{address}/{consent.pk}/nudge").status_code == 302
    trader.post(f"{address}/{consent.pk}/nudge")
    with running_as("thaam_loops"):
        assert found.nudges.count() == 1, "once in 72 hours"
    other.post(f"{address}/{consent.pk}/nudge")
    trader.post(f"{address}/{consent.pk}/nudge", {"late": "yes"})
    with running_as("thaam_loops"):
        assert found.nudges.count() == 1, "not another body, and no clock is broken"
    trader.get(address)  # what was said about the last click is said once
    assert charu.post(mine, {"act": "consent", "take_back": "yes"}).status_code == 302
    assert found.number not in trader.get(address).content.decode()


@pytest.mark.req("S1.14")
def test_a_banks_own_hold_is_objected_to_as_well_with_the_bank_as_its_author():
    with running_as("thaam_loops"):
        bank("DEMO2")
        said = messages.OwnHold(
            new_id(), now(), "ACC-CHARU", None, Rs(6_400), "OWN-7", "suspected_fraud", now(), now() + timedelta(days=30)
        )
        says("DEMO2", said, at=now())
        tell_own_hold(Fact.objects.get(kind="hold:own reported"), now())
        own = OwnHoldSeen.objects.get()
        code = own.told.code
        assert code in orders("DEMO2", "Notice")[-1].words
    html = Client().get(f"/hi/held/notice/{code}").content.decode()
    assert "बैंक की अपनी रोक" in html and "₹6,400" in html and "पुलिस के आदेश से नहीं" in html
    charu, mine = objects(code)
    clerk = sign_in("bank_clerk", bank_code="DEMO2")
    page = _bank_page(clerk)
    assert clerk.post(page, {"advice": "rejected", "words": "no"}).status_code == 422, "reasons are mandatory"
    assert clerk.post(page, {"advice": "rejected", "words": "KYC के काग़ज़ पुराने हैं, नए जमा कीजिए"}).status_code == 302
    assert charu.post(mine, {"act": "appeal", "words": "काग़ज़ जमा कर दिए"}).status_code == 302
    assert only().stage == Stage.OFFICER
    io_ = sign_in("investigator")
    reasons = "The papers were handed in; nothing speaks against the holder."
    assert io_.post(f"/hi/desk/objection/{only().pk}", {"outcome": "upheld", "reasons": reasons}).status_code == 302
    with running_as("thaam_loops"):
        assert "Lift it within 2 days" in orders("DEMO2", "Notice")[-1].words
        assert not orders("DEMO2", "ReleaseOrder"), "it is not our hold to release"
    page = f"/hi/bank/objection/{only().pk}"
    by = day_words((timezone.localtime(now()) + timedelta(days=2)).date(), "hi")
    assert f"{by} तक हटाएँ" in clerk.get(page).content.decode()
    assert clerk.post(page, {"lifted": "yes"}).status_code == 302
    assert "यह रोक हट चुकी है" in Client().get(f"/hi/held/notice/{code}").content.decode()


def test_another_bank_and_no_desk_see_nothing_of_an_objection(held):
    _, code = held
    objects(code, proof=SimpleUploadedFile("bill.png", PNG, content_type="image/png"))
    found = only()
    assert Objection.objects.count() == 0
    with running_as("thaam_loops"):
        bill = f"/hi/bank/objections/paper/{File.objects.get().pk}"
    clerk = sign_in("bank_clerk", bank_code="DEMO2", office="Y")
    assert bill in clerk.get(f"/hi/bank/objection/{found.pk}").content.decode(), "whoever compares has to see it"
    assert clerk.get(bill).status_code == 409, "not before it was looked at for viruses"
    with running_as("thaam_loops"):
        File.objects.update(scan=File.Scan.CLEAN)
    answer = clerk.get(bill)
    assert (answer.status_code, answer.content) == (200, PNG)
    stranger = sign_in("bank_clerk", bank_code="DEMO3", office="X")
    assert stranger.get(f"/hi/bank/objection/{found.pk}").status_code == 404
    assert stranger.get(bill).status_code == 404 and Client().get(bill).status_code == 302


def test_the_holder_contests_a_restoration_from_the_notice_and_sees_nothing_of_the_victim(held):
    hold, code = held
    with running_as("thaam_loops"):
        claim = claims_on_hold(hold.pk)[0]
        who = [
            Officer.objects.create(username=name, role=role)
            for name, role in (("i", "investigator"), ("a", "approver"))
        ]
        made = propose(
            restoration_id=new_id(), claim_id=claim.pk, hold_id=hold.pk, to_bank="DEMO1", to_account="A",
            officer=who[0], words="w", fir_number="1/26", at=now(),
        )  # fmt: skip
        approve(restoration_id=made.pk, officer=who[1], at=now())
        asked = order("DEMO2", "RestoreOrder")
        paid = messages.PaymentId("IMPS", "BACK1", now().date(), LAKH, "DEMO2", "DEMO1")
        done = messages.RestoreDone(new_id(), asked.id, now(), asked.hold_order_id, asked.ranges, LAKH, paid)
        says("DEMO2", done, at=now())
    address = f"/hi/held/notice/{code}"
    page = Client().get(address).content.decode()
    assert "रकम आपकी थी?" in page and "Asha" not in page
    assert Client().post(address, {"words": ""}).status_code == 422
    for _ in range(2):
        assert Client().post(address, {"words": "मैंने फ़ोन बेचा था, बिल 214"}).status_code == 302
    page = Client().get(address).content.decode()
    assert "रकम आपकी थी?" not in page and "वापसी पर आपत्ति दर्ज है" in page, "what became of it, and by when"
    assert day_words((timezone.localtime(now()) + timedelta(days=15)).date(), "hi") in page
    assert "शिकायतकर्ता को लौटाया गया" in page and "₹0" in page and "Asha" not in page
    with running_as("thaam_loops"):
        assert [(each.contested_by, each.state) for each in Reversal.objects.all()] == [("holder", "contested")]
    assert Reversal.objects.count() == 0, "nobody without a desk sees it"
