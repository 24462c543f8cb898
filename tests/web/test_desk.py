"""The desk and the banks' desk: who may enter what, and the verbs behind the forms."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from banking import LAKH, files, hold_answer, located, order, release_done, run_timers, says
from browsing_pages import code_for, send, to_check
from cast import NOON, bank, running_as
from thaam.chase import loop
from thaam.chase.models import Claim
from thaam.chase.walking import NOT_ASKED
from thaam.complaints.models import Complaint
from thaam.grievances.telling import tell_holder
from thaam.helpline.asked import ask_for_call
from thaam.holds.models import Hold, Release
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox import taking
from thaam.mailbox.models import Answer, Order
from thaam.parties.models import Handle, Office, Officer
from thaam.restoration.models import Restoration
from thaam.web.desk.entry import SIGN_IN_TRIES_MAX
from thaam.web.shared.wording import STOPPED_AS
from thaam.wire.words import CANNOT_MATCH, RELEASED_BECAUSE, SEEN_REASONS, TERMINAL_KINDS, UNEXPLAINED_REASONS

pytestmark = pytest.mark.django_db


def officer(role, name=None, *, bank_code=None):
    with running_as("thaam_loops"):
        names = {"name_hi": "हेल्पलाइन", "name_en": "Helpline"}
        office, _ = Office.objects.get_or_create(code="HELPLINE", defaults=names)
        place = {"bank": bank(bank_code)} if bank_code else {"office": office}
        return Officer.objects.create(username=name or role, role=role, **place)


def signed_in(who):
    client = Client()
    client.force_login(who)
    return client


def now():
    return datetime.now(tz=UTC)


def chase_takes():
    """What the loops do with what was kept, then with what is due."""
    with running_as("thaam_loops"):
        for answer in taking.take_answers(50):
            loop.takes[answer.kind](answer, now())
            taking.settle(answer, now())
        run_timers(now())


@pytest.fixture
def complaint():
    with running_as("thaam_loops"):
        Handle.objects.get_or_create(handle="demo2", bank=bank("DEMO2"))
        filed = files(at=now())
        run_timers(now())
        return filed


def test_signing_in_leads_to_the_first_page_of_the_role_and_wrong_words_tell_nothing(client):
    who = officer("supervisor", "devi")
    with running_as("thaam_loops"):
        who.set_password("rain-2026")
        who.save()
    assert client.post("/hi/desk/sign-in", {"username": "devi", "password": "no"}).status_code == 422
    assert client.post("/hi/desk/sign-in", {"username": "nobody\x00", "password": "no"}).status_code == 422
    answer = client.post("/hi/desk/sign-in", {"username": "devi", "password": "rain-2026"})
    assert answer.url == "/hi/desk/"
    evil = client.post(
        "/hi/desk/sign-in", {"username": "devi", "password": "rain-2026", "next": "https://evil.example/"}
    )
    assert evil.url == "/hi/desk/"


def test_right_sign_ins_of_a_whole_office_are_no_guesses(client):
    who = officer("supervisor", "devi")
    with running_as("thaam_loops"):
        who.set_password("rain-2026")
        who.save()
    right = {"username": "devi", "password": "rain-2026"}
    assert {client.post("/hi/desk/sign-in", right).status_code for _ in range(SIGN_IN_TRIES_MAX + 2)} == {302}
    wrong = {**right, "password": "no"}
    assert [client.post("/hi/desk/sign-in", wrong).status_code for _ in range(SIGN_IN_TRIES_MAX + 1)][-2:] == [422, 429]


def test_every_word_a_bank_may_give_is_said_in_the_readers_language():
    assert {*TERMINAL_KINDS, *SEEN_REASONS, *UNEXPLAINED_REASONS, *CANNOT_MATCH} <= {*STOPPED_AS}
    assert {*RELEASED_BECAUSE, NOT_ASKED, "withdrawn", "not_answered", "floor lifted"} <= {*STOPPED_AS}


def test_an_unconfirmed_report_waits_for_a_call_and_the_officers_word_sends_it(client):
    with running_as("thaam_loops"):
        bank("DEMO1")
        Handle.objects.get_or_create(handle="demo2", bank=bank("DEMO2"))
    to_check(client)
    send(client)
    desk = signed_in(officer("operator"))
    page = desk.get("/hi/desk/queue").content.decode()
    assert "आशा" in page
    with running_as("thaam_loops"):
        waiting = Complaint.objects.get()
    desk.post(f"/hi/desk/complaint/{waiting.pk}/attest")
    with running_as("thaam_loops"):
        run_timers(now())
        assert Order.objects.filter(kind="HoldOrder", partner="DEMO2").count() == 1
        assert Claim.objects.get().confirmed_at is not None


@pytest.mark.req("S1.7")
def test_a_clerks_three_lines_hold_ask_the_next_bank_and_show_on_every_page(complaint):
    with running_as("thaam_loops"):
        asked = order("DEMO2")
    clerk = signed_in(officer("bank_clerk", bank_code="DEMO2"))
    queue = clerk.get("/en/bank/").content.decode()
    assert asked.id in queue
    page = clerk.get(f"/en/bank/order/{asked.id}").content.decode()
    assert "₹1,00,000" in page
    lines = {
        "answer_id": "019ab000-0000-7000-8000-0000000000a1",
        "account": "BALU0001",
        "what_0": "hold", "amount_0": "60,000", "lien_0": "L1",
        "what_1": "transfer", "amount_1": "30000", "bank_1": "DEMO3", "rail_1": "IMPS", "reference_1": "530693110042",
        "on_1": now().date().isoformat(),
        "what_2": "atm", "amount_2": "10000", "particulars_2": "ATM 17 Durg",
    }  # fmt: skip
    short = clerk.post(f"/en/bank/order/{asked.id}", {**lines, "amount_2": "9999", "send": "1"})
    assert short.status_code == 422
    assert "₹1 is left to explain" in short.content.decode()
    assert 'value="530693110042"' in short.content.decode()
    for _ in range(2):
        assert clerk.post(f"/en/bank/order/{asked.id}", {**lines, "send": "1"}).status_code in (302, 422)
    with running_as("thaam_loops"):
        assert Answer.objects.filter(kind="HoldAnswer").count() == 1
    chase_takes()
    with running_as("thaam_loops"):
        assert order("DEMO3").amount_paise == 30_000_00
    desk = signed_in(officer("supervisor"))
    ledger = desk.get(f"/hi/desk/complaint/{complaint.pk}").content.decode()
    for words in ("₹60,000", "₹30,000", "₹10,000", "✓ = ₹1,00,000"):
        assert words in ledger
    assert "जोड़ नहीं मिलता" not in ledger
    picture = desk.get(f"/hi/desk/complaint/{complaint.pk}/trail").content.decode()
    assert "<svg" in picture
    assert "60,000" in picture
    citizen = Client().get(f"/hi/s/{complaint.link}").content.decode()
    assert "₹10,000 बैंकों से निकल चुके हैं" in citizen
    assert len(citizen.encode()) <= 14_000


def test_another_banks_order_does_not_exist_for_a_clerk(complaint):
    with running_as("thaam_loops"):
        asked = order("DEMO2")
    assert signed_in(officer("bank_clerk", bank_code="DEMO4")).get(f"/hi/bank/order/{asked.id}").status_code == 404


def test_a_clerk_who_cannot_match_says_why_and_where_they_looked(complaint):
    with running_as("thaam_loops"):
        asked = order("DEMO2")
    clerk = signed_in(officer("bank_clerk", bank_code="DEMO2"))
    address = f"/hi/bank/order/{asked.id}"
    assert clerk.post(address, {"cannot": "1"}).status_code == 422
    assert clerk.post(address, {"cannot": "1", "cannot_code": "not_found"}).status_code == 422
    answer = {"cannot": "1", "cannot_code": "not_found", "searched": "31 May to 1 June"}
    assert clerk.post(address, answer).status_code == 302
    with running_as("thaam_loops"):
        assert Answer.objects.get().kind == "CannotMatch"


def test_a_clerk_finds_the_payers_debit(complaint):
    with running_as("thaam_loops"):
        asked = order("DEMO1", "LocatePayment")
    clerk = signed_in(officer("bank_clerk", bank_code="DEMO1"))
    address = f"/hi/bank/order/{asked.id}"
    assert clerk.get(address).status_code == 200
    assert clerk.post(address, {}).status_code == 422
    assert clerk.post(address, {"found": "yes", "account": "ASHA1234", "mobile": "yes"}).status_code == 302
    chase_takes()
    with running_as("thaam_loops"):
        assert Claim.objects.get().confirmed_at is not None


def _held(complaint):
    """All of it held at DEMO2 by the clerk's word."""
    with running_as("thaam_loops"):
        asked = order("DEMO2")
    clerk = signed_in(officer("bank_clerk", "clerk2", bank_code="DEMO2"))
    clerk.post(
        f"/en/bank/order/{asked.id}",
        {"account": "BALU0001", "what_0": "hold", "amount_0": "100000", "send": "1"},
    )
    chase_takes()
    with running_as("thaam_loops"):
        return Hold.objects.get()


def test_a_release_needs_a_reason_and_a_second_confirmation(complaint):
    hold = _held(complaint)
    desk = signed_in(officer("investigator"))
    address = f"/hi/desk/hold/{hold.pk}/release"
    assert desk.post(address, {}).status_code == 422
    assert desk.post(address, {"reason": "holder_cleared"}).status_code == 422
    assert desk.post(address, {"reason": "holder_cleared", "twice": "yes"}).status_code == 302
    with running_as("thaam_loops"):
        assert Release.objects.get().reason == "holder_cleared"
        assert order("DEMO2", "ReleaseOrder").amount_paise == 100_000_00


@pytest.mark.req("S1.16")
def test_restoration_takes_two_officers(complaint):
    hold = _held(complaint)
    first = officer("supervisor", "first")
    desk = signed_in(first)
    with running_as("thaam_loops"):
        claim = Claim.objects.get()
    form = {"claim": str(claim.pk), "to_bank": "DEMO1", "to_account": "ASHA1234", "words": "police report"}
    refused = desk.post(f"/hi/desk/hold/{hold.pk}/propose", form)
    assert refused.status_code == 422
    assert "FIR" in refused.content.decode()
    assert desk.post(f"/hi/desk/hold/{hold.pk}/propose", {**form, "fir_number": "12/2026"}).status_code == 302
    with running_as("thaam_loops"):
        proposed = Restoration.objects.get()
    own = desk.post(f"/hi/desk/restoration/{proposed.pk}", {"decision": "approve"})
    assert own.status_code == 422
    second = signed_in(officer("approver"))
    assert "1,00,000" in second.get("/hi/desk/approvals").content.decode()
    assert second.post(f"/hi/desk/restoration/{proposed.pk}", {"decision": "refuse"}).status_code == 422
    assert second.post(f"/hi/desk/restoration/{proposed.pk}", {"decision": "approve"}).status_code == 302
    with running_as("thaam_loops"):
        assert order("DEMO2", "RestoreOrder").amount_paise == 100_000_00


def test_finding_by_number_mobile_and_reference(complaint):
    desk = signed_in(officer("operator"))
    for typed in (complaint.number, complaint.number[-5:], "9876543210", "UTR000000001"):
        assert desk.get("/hi/desk/find", {"q": typed}).url == f"/hi/desk/complaint/{complaint.pk}", typed
    assert "कुछ नहीं मिला" in desk.get("/hi/desk/find", {"q": "\x00' OR 1=1"}).content.decode()


@pytest.mark.req("S0.14")
def test_a_debit_its_bank_denies_is_asked_for_again_when_an_operator_has_seen_the_statement():
    with running_as("thaam_loops"):
        complaint = files()
        denied = located(order("DEMO1", "LocatePayment"), found=False, account=None, mobile_matches=None)
        says("DEMO2", hold_answer(order("DEMO2")))
        says("DEMO1", denied)
        gone = release_done(
            order("DEMO2").id, (0, LAKH), order_id=order("DEMO2", "ReleaseOrder").id, reason="ordered", at=NOON
        )
        says("DEMO2", gone)
    desk = signed_in(officer("operator"))
    address = f"/en/desk/complaint/{complaint.pk}"
    assert "knows no such debit" in desk.get(address).content.decode()
    desk.post(f"{address}/attest")
    assert "knows no such debit" not in desk.get(address).content.decode()
    with running_as("thaam_loops"):
        assert [hold.state for hold in Hold.objects.order_by("asked_at")] == ["ended", "asked"]


def test_f9_files_attests_and_sends_in_the_operators_name():
    with running_as("thaam_loops"):
        bank("DEMO1")
        Handle.objects.get_or_create(handle="demo2", bank=bank("DEMO2"))
    desk = signed_in(officer("operator", "aarti"))
    call_id = str(uuid4())
    form = {
        "call_id": call_id, "mobile": "98260 41234", "choice_0": "now", "amount_0": "49,999", "bank_0": "DEMO1",
        "reference_0": "5306 9309 3182", "to_0": "ramesh77@demo2",
    }  # fmt: skip
    slip = desk.post("/hi/desk/call", {**form, "amount_0": "-1"})
    assert slip.status_code == 422
    assert 'value="ramesh77@demo2"' in slip.content.decode()
    for _ in range(2):
        assert desk.post("/hi/desk/call", form).url == f"/hi/desk/call/{call_id}"
    with running_as("thaam_loops"):
        run_timers(now())
        filed = Complaint.objects.get()
        assert filed.channel == "phone"
        assert order("DEMO2").issued_by.officer == "aarti"
    page = desk.get(f"/hi/desk/call/{call_id}").content.decode()
    assert f"<i>{filed.number[:4]}</i>" in page
    after = {"name": "आशा", "district": "दुर्ग", "words": "नकली ऐप", "safety": ["upi", "card"], "close": "1"}
    assert desk.post(f"/hi/desk/call/{call_id}", after).url == "/hi/desk/call"
    with running_as("thaam_loops"):
        filed = Complaint.objects.get()
    assert filed.name == "आशा"
    assert "नकली ऐप" in filed.story


def test_the_console_sees_duplicates_and_the_account_in_other_complaints(complaint):
    desk = signed_in(officer("operator"))
    said = desk.get("/hi/desk/look", {"reference": "530693093182", "amount": "४९९९९", "bank": "sbi"}).json()
    assert said["reference"][1] is True
    assert said["amount"] == "उनचास हज़ार नौ सौ निन्यानवे रुपये"
    assert said["bank"]


def test_the_desk_switch_between_day_and_night_stays_on_this_computer():
    desk = signed_in(officer("operator"))
    answer = desk.post("/hi/desk/theme", {"back": "/hi/desk/"})
    assert answer.url == "/hi/desk/"
    assert 'data-theme="dark"' in desk.get("/hi/desk/").content.decode()


def test_a_code_also_reaches_the_page_of_the_link(client):
    with running_as("thaam_loops"):
        bank("DEMO1")
        Handle.objects.get_or_create(handle="demo2", bank=bank("DEMO2"))
    to_check(client)
    send(client)
    with running_as("thaam_loops"):
        link = Complaint.objects.get().link
    assert Client().post(f"/hi/s/{link}", {"code": code_for()}).status_code == 302
    with running_as("thaam_loops"):
        assert Complaint.objects.get().confirmed_at is not None


def test_a_walk_in_is_filed_attested_and_finished_at_the_desk():
    with running_as("thaam_loops"):
        bank("DEMO1")
        Handle.objects.get_or_create(handle="demo2", bank=bank("DEMO2"))
    desk = signed_in(officer("constable", "irfan"))
    assert desk.get("/hi/police/").status_code == 200
    form = {
        "complaint_id": str(uuid4()), "amount": "२५,०००", "choice": "hour", "bank": "DEMO1",
        "reference": "530693093182",
        "vpa": "ramesh77@demo2", "mobile": "9826041234", "name": "Charu", "district": "Kawardha",
    }  # fmt: skip
    slip = desk.post("/hi/police/walk-in", {**form, "mobile": "12"})
    assert slip.status_code == 422
    assert 'value="ramesh77@demo2"' in slip.content.decode()
    for _ in range(2):
        assert desk.post("/hi/police/walk-in", form).url == f"/hi/police/complaint/{form['complaint_id']}"
    address = f"/hi/police/complaint/{form['complaint_id']}"
    page = desk.get(address).content.decode()
    assert "शिकायत की पुष्टि हुई" in page
    assert desk.get(re.search(r'href="(/hi/desk/call/[0-9a-f-]+)"', page)[1]).status_code == 200, "another amount"
    assert "आपने 3 लिखे" in desk.post(address, {"acknowledgement": "123"}).content.decode()
    assert desk.post(address, {"acknowledgement": "१२३४५६७८९०१२३४", "words": "फ़र्ज़ी ऐप"}).status_code == 302
    with running_as("thaam_loops"):
        run_timers(now())
        filed = Complaint.objects.get()
        assert (filed.channel, filed.acknowledgement_number) == ("desk", "12345678901234")
        assert order("DEMO2").issued_by.officer == "irfan"


def test_the_wall_shows_the_hour_and_its_sums_add_up(complaint):
    wall = signed_in(officer("supervisor")).get("/hi/desk/wallboard")
    html = wall.content.decode()
    assert 'data-theme="dark"' in html
    assert html.count("<g>") == 1
    assert "₹1,00,000" in html


@pytest.mark.req("S1.13")
def test_an_objection_goes_from_the_bank_to_an_officer_who_decides_with_reasons(complaint):
    hold = _held(complaint)
    with running_as("thaam_loops"):
        code = tell_holder(hold_id=hold.pk, at=now()).code
    form = {"objection_id": str(uuid4()), "mobile": "9826041234", "reason": "goods", "words": "बिल 12", "name": "Charu"}
    Client().post(Client().post(f"/hi/held/notice/{code}/object", form).url, {"code": code_for()})
    desk, here = signed_in(officer("investigator")), f"/hi/desk/objection/{form['objection_id']}"
    assert "मैंने इसके बदले सामान बेचा था" in desk.get("/hi/desk/objections").content.decode()
    early = desk.post(here, {"outcome": "upheld", "reasons": "The bill matches the credit to the rupee."})
    assert early.status_code == 422
    there = f"/en/bank/objection/{form['objection_id']}"
    clerk = signed_in(officer("bank_clerk", bank_code="DEMO2"))
    assert clerk.get("/en/bank/objections").status_code == 200
    assert clerk.post(there, {"advice": "reduce"}).status_code == 422
    assert clerk.post(there, {"advice": "reduce", "words": "The bill covers 40,000."}).status_code == 302
    assert signed_in(officer("bank_clerk", "other", bank_code="DEMO4")).get(there).status_code == 404
    assert desk.post(here, {"outcome": "partly_upheld", "amount": "40000", "reasons": "ok"}).status_code == 422
    decision = {"outcome": "partly_upheld", "amount": "४०,०००", "reasons": "बिल 40,000 का है, बाकी का हिसाब नहीं मिला।"}
    assert desk.post(here, {**decision, "amount": "999999"}).status_code == 422
    assert desk.post(here, decision).status_code == 302
    with running_as("thaam_loops"):
        assert order("DEMO2", "ReleaseOrder").amount_paise == 40_000_00
    assert "कुछ हद तक मानी गई" in Client().get(f"/hi/g/{form['objection_id']}").content.decode()


def test_a_busy_line_is_called_back_and_the_console_opens_with_the_number():
    assert Client().post("/hi/callback", {"mobile": "12"}).status_code == 422
    for _ in range(2):
        assert "98260" in Client().post("/hi/callback", {"mobile": "98260 41234"}).content.decode()
    desk = signed_in(officer("operator"))
    page = desk.get("/hi/desk/queue").content.decode()
    assert page.count('action="/hi/desk/called/') == 1
    call = page.split('action="/hi/desk/called/')[1].split('"')[0]
    gone = desk.post(f"/hi/desk/called/{call}", {"mobile": "9826041234"})
    assert 'value="9826041234"' in desk.get(gone.url).content.decode()
    assert 'action="/hi/desk/called/' not in desk.get("/hi/desk/queue").content.decode()


def test_a_hold_its_bank_has_otherwise_in_its_books_is_marked_on_the_complaint(complaint):
    hold = _held(complaint)
    page = f"/en/desk/complaint/{complaint.pk}"
    desk = signed_in(officer("investigator", "meera-looks"))
    assert "books say otherwise" not in desk.get(page).content.decode()
    with running_as("thaam_loops"), transaction.atomic():
        for theirs in ([[0, 5]], [list(pair) for pair in hold.held]):
            record(
                Kind.HOLDS_DIFFER, about=f"hold:{hold.pk}", by=f"bank:{hold.bank_id}", at=now(), theirs=theirs,
                their_revision=1, ours=[list(pair) for pair in hold.held], our_revision=1,
            )  # fmt: skip
            if theirs == [[0, 5]]:
                assert "books say otherwise" in desk.get(page).content.decode()
    assert "books say otherwise" not in desk.get(page).content.decode(), "the bank has put it right"


def test_the_first_page_of_the_day_shows_calls_asked_for_and_tasks_and_says_nothing_waits_only_when_nothing_does():
    desk = signed_in(officer("operator", "aarti"))
    assert "कोई कॉल बाकी नहीं" in desk.get("/hi/desk/").content.decode()
    with running_as("thaam_loops"):
        ask_for_call(call_id=str(uuid4()), mobile="9827654329", name="", at=now())
    desk.post("/hi/desk/tasks/new", {"kind": "call_back", "mobile": "9826041234", "minutes": "10"})
    home = desk.get("/hi/desk/").content.decode()
    assert "98276" in home
    assert "कोई कॉल बाकी नहीं" not in home
    assert re.search(r'बाकी काम <b class="num">1</b>', home)
    wall = signed_in(officer("supervisor")).get("/hi/desk/wallboard").content.decode()
    assert re.search(r'वापस कॉल बाकी</span><span class="f">1<', wall)


@pytest.mark.parametrize(
    ("ago", "words"), [(45, "<b>4[5-9]</b> मि"), (150, "<b>2</b> घंटे"), (3 * 24 * 60 + 5, "<b>3</b> दिन")]
)
def test_how_long_a_bank_is_silent_is_read_from_six_metres_and_a_lapsed_order_is_nobodys_turn(complaint, ago, words):
    wall = signed_in(officer("supervisor"))
    with running_as("thaam_loops"):
        Hold.objects.filter(bank_id="DEMO2").update(asked_at=now() - timedelta(minutes=ago))
    assert re.search(words, wall.get("/hi/desk/wallboard").content.decode())
    with running_as("thaam_loops"):
        Order.objects.filter(kind="HoldOrder").update(state=Order.State.LAPSED)
    html = wall.get("/hi/desk/wallboard").content.decode()
    assert not re.search(words, html)
    assert "सब बैंक जवाब दे रहे हैं" in html
