"""A bank answers by its desk, by a link with a code, or by telephone: one result, and what stands beside it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cast import an_id, bank, hold_order, payment, running_as
from thaam.journal.models import Fact
from thaam.language.dates import IST
from thaam.letters.loop import write_asked
from thaam.mailbox.models import Answer, Order
from thaam.mailbox.posting import post
from thaam.nodal.models import Heard, Link, OnScreen, Receipt
from thaam.parties.models import Nodal, Office, Officer
from thaam.wire.messages import FreezeToHoldOrder, Notice, ReleaseOrder
from thaam.work.models import Job

pytestmark = pytest.mark.django_db
FAR = datetime(2099, 1, 1, tzinfo=UTC)


def signed_in(role, code=None, name=None):
    with running_as("thaam_loops"):
        office, _ = Office.objects.get_or_create(code="HELPLINE", defaults={"name_hi": "डेस्क", "name_en": "Desk"})
        who = Officer.objects.create(
            username=name or f"{role}-{code}", role=role, name_en="Aarti",
            office=None if code else office, bank=bank(code) if code else None,
        )  # fmt: skip
    client = Client()
    client.force_login(who)
    return client


def posted(number=1, *, to="DEMO2", rupees=1_000):
    with running_as("thaam_loops"):
        for code in ("DEMO1", "DEMO2", "DEMO3"):
            bank(code)
        paid = payment(rupees * 100, reference=f"UTR{number:09d}", payee_bank=to)
        message = hold_order(
            number, payment=paid, payee_hint="BALU1", execute_before=FAR, expires_at=FAR + timedelta(days=90)
        )
        return post(partner=to, message=message, at=datetime.now(tz=UTC), by="test")


def officer_at(code="DEMO2", mobile="9826041234"):
    with running_as("thaam_loops"):
        return Nodal.objects.create(
            bank=bank(code), duty="primary", name="Rao", mobile=mobile, from_on=date(2026, 1, 1)
        )


def hold_all(rupees=1_000, **more):
    return {"account": "BALU1", "what_0": "hold", "amount_0": str(rupees), "lien_0": "L1", "send": "1", **more}


def sms_to(mobile):
    with running_as("thaam_loops"):
        return [job.payload["text"] for job in Job.objects.filter(kind="sms:send", payload__to=mobile).order_by("id")]


def kept(order):
    with running_as("thaam_loops"):
        return list(Answer.objects.filter(order_id=order.pk).order_by("received_at"))


# ── the desk ──


def test_time_asked_for_leaves_the_order_in_the_queue_and_the_answer_still_goes():
    order = posted()
    clerk = signed_in("bank_clerk", "DEMO2")
    here = f"/en/bank/order/{order.pk}"
    assert clerk.post(here, {"time": "1", "account": "BALU1"}).status_code == 302
    with running_as("thaam_loops"):
        assert Order.objects.get(pk=order.pk).state == "open"
    assert str(order.pk) in clerk.get("/en/bank/").content.decode()
    assert clerk.post(here, hold_all()).status_code == 302
    assert [each.kind for each in kept(order)] == ["Acknowledged", "HoldAnswer"]


def test_a_pasted_block_fills_the_lines_and_sends_nothing():
    order = posted(rupees=49_999)
    clerk = signed_in("bank_clerk", "DEMO2")
    block = """A/C No: 1109 1010 2231
    25-11-2026 13:59:30 UPI/530693110042/DMOZ0000734/ravi 12,000.00 Dr 39,199.00
    25-11-2026 14:05:12 ATM WDL CNDG0417 DURG STATION ROAD 6,799.00 Dr 32,400.00
    25-Nov-26 LIEN CB/771-204 31,200.00
    something 12 that nobody can read"""
    with running_as("thaam_loops"):
        bank("DEMO3")
        bank("DEMO3").__class__.objects.filter(code="DEMO3").update(ifsc_prefix="DMOZ")
    page = clerk.post(f"/en/bank/order/{order.pk}", {"paste": "1", "block": block}).content.decode()
    assert 'value="110910102231"' in page
    assert re.search(r'name="amount_0" value="12,000.00"', page)
    assert re.search(r'name="bank_0" value="DEMO3 ', page), "the branch code names the next bank"
    assert 'value="CB/771-204"' in page
    assert "something 12 that nobody can read" in page, "what is not understood is shown, not dropped"
    assert "3 lines were read" in page
    assert kept(order) == []


def statement(order, *rows):
    """A CSV statement whose balances hold: the disputed credit, then these (words, rupees out)."""
    paid = order.message.payment
    balance = paid.amount_paise // 100
    lines = [
        "Date,Narration,Ref No,Debit,Credit,Balance",
        f"{paid.date:%d-%m-%Y},UPI/CR,{paid.reference},,{balance}.00,{balance}.00",
    ]
    for words, rupees in rows:
        balance -= rupees
        lines.append(f"{paid.date:%d-%m-%Y},{words},,{rupees}.00,,{balance}.00")
    return SimpleUploadedFile("s.csv", "\n".join(lines).encode())


@pytest.mark.req("S1.6")
def test_a_statement_fills_the_lines_and_sent_they_are_the_traced_ranges():
    order = posted(rupees=49_999)
    clerk = signed_in("bank_clerk", "DEMO2")
    with running_as("thaam_loops"):
        bank("DEMO3").__class__.objects.filter(code="DEMO3").update(ifsc_prefix="DMOZ")
    file = statement(order, ("UPI/530693110042/DMOZ0000734/ravi", 12_000), ("ATM WDL CNDG0417", 6_799))
    here = f"/en/bank/order/{order.pk}"
    page = clerk.post(here, {"paste": "1", "account": "BALU1", "statement": file}).content.decode()
    assert kept(order) == []
    fields = dict(re.findall(r'name="(\w+_\d+)" value="([^"]*)"', page))
    for name in ("what_0", "what_1", "what_2"):
        fields[name] = re.search(rf'name="{name}".*?<option value="(\w+)" selected', page, re.DOTALL)[1]
    assert [fields[f"what_{n}"] for n in range(3)] == ["transfer", "atm", "hold"], "what left first took the top"
    assert [fields[f"amount_{n}"] for n in range(3)] == ["12,000", "6,799", "31,200"]
    assert fields["bank_0"] == "DEMO3 Demo Bank DEMO3"
    assert clerk.post(here, {**fields, "account": "BALU1", "send": "1"}).status_code == 302
    lines = kept(order)[0].message.lines
    assert [(line.kind, line.hi - line.lo) for line in lines] == [
        ("held", 31_200_00), ("terminal", 6_799_00), ("onward", 12_000_00),
    ]  # fmt: skip


def test_a_statement_that_does_not_add_up_fills_nothing_and_names_the_row():
    order = posted()
    clerk = signed_in("bank_clerk", "DEMO2")
    content = statement(order, ("ATM", 100)).read().replace(b"900.00", b"901.00")
    answer = clerk.post(
        f"/en/bank/order/{order.pk}", {"paste": "1", "account": "B", "statement": SimpleUploadedFile("s.csv", content)}
    )
    assert answer.status_code == 422
    assert "Row 3 does not add up" in answer.content.decode()


def test_the_headroom_is_the_banks_own_book_in_sums_and_nobodys_number():
    order = posted()
    clerk = signed_in("bank_clerk", "DEMO2")
    page = clerk.post(
        f"/en/bank/order/{order.pk}", {"check": "1", "account": "BALU1", "balance": "5,000"}
    ).content.decode()
    assert "data-headroom" in page
    assert "₹5,000" in page


def test_the_next_and_the_one_before_are_one_key_away():
    first, second = posted(1), posted(2)
    clerk = signed_in("bank_clerk", "DEMO2")
    page = clerk.get(f"/en/bank/order/{first.pk}").content.decode()
    assert "1 / 2" in page
    assert f'/en/bank/order/{second.pk}" data-key="Alt+ArrowRight"' in page


# ── by a link ──


@pytest.mark.req("S0.7", "S1.6")
def test_a_bank_without_a_system_answers_by_a_link_and_a_code_on_the_roles_phone(client):
    order, officer = posted(), officer_at()
    desk = signed_in("operator")
    assert desk.post(f"/en/bank/phone/{order.pk}/link", {"nodal": officer.pk}).status_code == 302
    [link] = sms_to("9826041234")
    assert order.message.payment.reference not in link, "the message carries nothing of the payment"
    here = re.search(r"/en/bank/m/\S+", link)[0]
    assert order.message.payment.reference not in client.get(here).content.decode(), "the link alone opens nothing"
    client.post(here, {"send_code": "1"})
    code = re.search(r"\b\d{6}\b", sms_to("9826041234")[-1])[0]
    assert client.post(here, {"code": "000000" if code != "000000" else "111111"}).status_code == 422
    assert client.post(here, {"code": code}).status_code == 302
    page = client.get(here).content.decode()
    assert order.message.payment.reference[:4] in page
    answer = client.post(here, hold_all())
    assert answer.status_code == 302
    assert kept(order)[0].kind == "HoldAnswer"
    receipt = client.get(answer.url).content.decode()
    assert kept(order)[0].digest in receipt
    assert client.get(here).status_code == 410, "answered, the link is over"


def test_the_link_goes_by_e_mail_too_where_the_post_has_an_address_and_the_code_never():
    order, officer = posted(), officer_at()
    with running_as("thaam_loops"):
        Nodal.objects.filter(pk=officer.pk).update(email="nodal@demo2.example")
    signed_in("operator").post(f"/en/bank/phone/{order.pk}/link", {"nodal": officer.pk})
    with running_as("thaam_loops"):
        [mail] = [job.payload for job in Job.objects.filter(kind="email:send")]
    assert mail["to"] == "nodal@demo2.example"
    assert order.message.payment.reference not in mail["text"]
    here = re.search(r"/en/bank/m/\S+", mail["text"])[0]
    assert here == re.search(r"/en/bank/m/\S+", sms_to("9826041234")[0])[0]
    Client().post(here, {"send_code": "1"})
    with running_as("thaam_loops"):
        assert Job.objects.filter(kind="email:send").count() == 1


def test_the_link_opens_one_order_and_no_other_page_of_the_bank(client):
    order, other, officer = posted(1), posted(2), officer_at()
    signed_in("operator").post(f"/en/bank/phone/{order.pk}/link", {"nodal": officer.pk})
    here = re.search(r"/en/bank/m/\S+", sms_to("9826041234")[0])[0]
    client.post(here, {"send_code": "1"})
    client.post(here, {"code": re.search(r"\b\d{6}\b", sms_to("9826041234")[-1])[0]})
    assert str(other.pk) not in client.get(here).content.decode()
    for path in ("/en/bank/", f"/en/bank/order/{order.pk}", "/en/bank/bulk", "/en/bank/coverage"):
        assert client.get(path).status_code == 302, "a sign-in is asked"


def test_a_link_ends_after_24_hours_and_guesses_end_too(client):
    order, officer = posted(), officer_at()
    signed_in("operator").post(f"/en/bank/phone/{order.pk}/link", {"nodal": officer.pk})
    here = re.search(r"/en/bank/m/\S+", sms_to("9826041234")[0])[0]
    client.post(here, {"send_code": "1"})
    code = re.search(r"\b\d{6}\b", sms_to("9826041234")[-1])[0]
    for _ in range(5):
        client.post(here, {"code": "999999" if code != "999999" else "888888"})
    assert client.post(here, {"code": code}).status_code == 422, "after five guesses the right code is worth nothing"
    with running_as("thaam_loops"):
        link = Link.objects.get()
        assert link.expires_at - link.made_at == timedelta(hours=24)
    assert client.get("/en/bank/m/" + "x" * 32).status_code == 410


def test_a_link_goes_only_to_an_officer_of_the_orders_own_bank():
    order, stranger = posted(), officer_at("DEMO3", "9826049999")
    signed_in("operator").post(f"/en/bank/phone/{order.pk}/link", {"nodal": stranger.pk})
    assert sms_to("9826049999") == []


# ── by telephone ──


@pytest.mark.req("S0.7")
def test_an_answer_by_telephone_keeps_both_names():
    order = posted()
    desk = signed_in("operator")
    here = f"/en/bank/phone/{order.pk}"
    refused = desk.post(here, hold_all())
    assert refused.status_code == 422
    assert "enter name and post" in refused.content.decode()
    assert kept(order) == []
    named = {"clerk_name": "B. Sahu", "clerk_post": "Branch manager", "called": "0771-230000"}
    assert desk.post(here, hold_all(**named)).status_code == 302
    with running_as("thaam_loops"):
        heard = Heard.objects.get()
        assert (heard.operator, heard.clerk_name, heard.clerk_post) == ("operator-None", "B. Sahu", "Branch manager")
        assert str(heard.answer_id) == str(kept(order)[0].pk)
        assert Fact.objects.get(kind="answer:heard").data["clerk"] == "B. Sahu"
    assert "B. Sahu" in desk.get(here).content.decode()


def test_a_bank_clerk_does_not_enter_the_phone_desk():
    order = posted()
    clerk = signed_in("bank_clerk", "DEMO2")
    assert clerk.get("/en/bank/phone").status_code == 403
    assert clerk.get(f"/en/bank/phone/{order.pk}").status_code == 403


# ── pings ──


@pytest.mark.req("S1.24")
def test_a_ping_carries_a_count_and_a_link_and_its_reading_is_seen(client):
    orders = [posted(1), posted(2)]
    officer_at()
    desk = signed_in("operator")
    desk.post("/en/bank/phone/ping")
    desk.post("/en/bank/phone/ping")
    [text] = sms_to("9826041234")
    assert text.startswith("Thaam: 2 orders wait")
    for order in orders:
        assert order.message.payment.reference not in text
        assert order.message.basis.reference not in text
    assert not re.search(r"₹|\d{5,}", text.split("http")[0])
    assert "not read" in desk.get("/en/bank/phone").content.decode()
    link = re.search(r"/en/bank/p/\S+", text)[0]
    assert client.get(link).url.endswith("/bank/")
    with running_as("thaam_loops"):
        first = Receipt.objects.get().read_at
    client.get(link)
    with running_as("thaam_loops"):
        assert Receipt.objects.get().read_at == first is not None
    assert "not read" not in desk.get("/en/bank/phone").content.decode()
    assert client.get("/en/bank/p/nothing").status_code == 404


# ── unasked ──


NEWS = {
    "hold": (
        {"account": "BALU9", "held": "5000", "lien": "L77", "reason": "suspected_fraud", "on": "2026-01-02"},
        "OwnHold",
        "the lien number",
        "lien",
    ),
    "suspicious": (
        {"account": "BALU9", "reason": ["mule_pattern", "kyc_mismatch"], "on": "2026-01-02", "words": "new account"},
        "SuspiciousAccount",
        "at least one reason",
        "reason",
    ),
    "victim": (
        {"mobile": "9826041234", "last4": "1234", "branch": "Durg", "reference": "530693093182", "rail": "UPI",
         "amount": "49999", "on": "2026-01-02", "other_bank": "DEMO1"},
        "CustomerReport",
        "reference (UTR)",
        "reference",
    ),
    "credit": (
        {"account": "BALU9", "reference": "530693093182", "rail": "UPI", "amount": "10", "on": "2026-01-02",
         "other_bank": "DEMO1"},
        "LateCredit",
        "account number",
        "account",
    ),
}  # fmt: skip


@pytest.mark.req("S1.14", "S1.15", "S1.18")
@pytest.mark.parametrize("kind", NEWS)
def test_a_bank_tells_unasked_once_and_a_slip_is_named(kind):
    fields, wire, slip, missing = NEWS[kind]
    with running_as("thaam_loops"):
        bank("DEMO1")
    clerk = signed_in("bank_clerk", "DEMO2")
    here = f"/en/bank/tell/{kind}"
    short = {name: value for name, value in fields.items() if name != missing}
    refused = clerk.post(here, short)
    assert refused.status_code == 422
    assert slip in refused.content.decode()
    told = fields | {"message_id": an_id(7)}
    assert clerk.post(here, told).status_code == 302
    with running_as("thaam_loops"):
        answer = Answer.objects.get()
        assert (answer.kind, answer.partner_id, answer.order_id) == (wire, "DEMO2", None)
    assert wire in str(type(answer.message))
    assert clerk.get("/en/bank/tell").status_code == 200


# ── on paper ──


def test_the_paper_of_an_order_is_made_when_asked_for_and_names_no_victim():
    order = posted()
    clerk = signed_in("bank_clerk", "DEMO2")
    here = f"/en/bank/order/{order.pk}/paper.pdf"
    assert clerk.get(here).status_code == 404
    with running_as("thaam_loops"):
        job = Job.objects.get(key=f"paper:{order.pk}")
        write_asked(job.payload, datetime.now(tz=UTC))
    paper = clerk.get(here)
    assert paper.content.startswith(b"%PDF")
    assert signed_in("operator").get(f"/en/bank/phone/{order.pk}/paper.pdf").content == paper.content
    assert signed_in("bank_clerk", "DEMO3").get(here).status_code == 404


# ── confirmed twice ──


def test_opening_a_frozen_account_is_confirmed_twice():
    hold = hold_order(1, payment=payment(1_000_00))
    message = FreezeToHoldOrder(
        an_id(7), "BALU0007", None, hold.payment, hold.ranges, 1_000_00, hold.basis, hold.issued_by,
        hold.issued_at, FAR, FAR,
    )  # fmt: skip
    with running_as("thaam_loops"):
        for code in ("DEMO1", "DEMO2"):
            bank(code)
        order = post(partner="DEMO2", message=message, at=datetime.now(tz=UTC), by="test")
    clerk = signed_in("bank_clerk", "DEMO2")
    here = f"/en/bank/order/{order.pk}"
    refused = clerk.post(here, hold_all())
    assert refused.status_code == 422
    assert "confirm it with the tick" in refused.content.decode()
    assert clerk.post(here, hold_all(opened="yes")).status_code == 302
    assert kept(order)[0].kind == "HoldAnswer"


@pytest.mark.req("S1.7")
def test_removing_a_hold_is_confirmed_twice_and_may_be_impossible_for_a_reason():
    held = posted()
    release = ReleaseOrder(
        an_id(8), str(held.pk), held.message.ranges, 1_000_00, "ordered", False, held.message.basis,
        held.message.issued_by, held.message.issued_at, FAR,
    )  # fmt: skip
    with running_as("thaam_loops"):
        order = post(partner="DEMO2", message=release, at=datetime.now(tz=UTC), by="test")
    clerk = signed_in("bank_clerk", "DEMO2")
    here = f"/en/bank/order/{order.pk}"
    page = clerk.get(here).content.decode()
    assert "20 minutes" in page, "a release is due sooner than a hold is answered"
    assert clerk.post(here, {}).status_code == 422
    assert clerk.post(here, {"cannot": "1", "cannot_code": "closed"}).status_code == 422
    assert clerk.post(here, {"twice": "yes"}).status_code == 302
    assert kept(order)[0].kind == "ReleaseDone"
    other = posted(2)
    with running_as("thaam_loops"):
        again = post(
            partner="DEMO2", message=replace(release, id=an_id(9), hold_order_id=str(other.pk)), at=FAR, by="test"
        )
    failed = {"cannot": "1", "cannot_code": "closed", "searched": "the account was closed in May"}
    assert clerk.post(f"/en/bank/order/{again.pk}", failed).status_code == 302
    assert kept(again)[0].message.code == "closed"


@pytest.mark.req("S0.9")
def test_words_for_the_holder_name_the_account_and_are_confirmed_when_the_customer_has_them():
    order = posted()
    clerk = signed_in("bank_clerk", "DEMO2")
    clerk.post(f"/en/bank/order/{order.pk}", hold_all())
    now = datetime.now(tz=UTC)
    with running_as("thaam_loops"):
        notice = Notice(an_id(900), "to_holder", str(order.pk), "five facts", order.message.issued_by, now)
        post(partner="DEMO2", message=notice, at=now, by="test")
    assert "Tell the account holder" in clerk.get("/en/bank/?tab=papers").content.decode()
    here = f"/en/bank/order/{an_id(900)}"
    page = clerk.get(here).content.decode()
    assert "BALU1" in page, "whose account it is"
    assert "five facts" in page
    assert clerk.post(here, {}).status_code == 422
    assert clerk.post(here, {"twice": "yes"}).status_code == 302


# ── how long it took ──


@pytest.mark.req("S1.6")
def test_the_time_of_an_answer_runs_from_the_first_sight_of_the_order_and_its_bank_reads_the_median():
    order = posted()
    clerk = signed_in("bank_clerk", "DEMO2")
    here = f"/en/bank/order/{order.pk}"
    clerk.get(here)
    clerk.get(here)  # looked at again: the first sight counts
    session = clerk.session
    opened = datetime.fromisoformat(session["orders-opened"][str(order.pk)])
    session["orders-opened"] = {str(order.pk): (opened - timedelta(seconds=125)).isoformat()}
    session.save()
    clerk.post(here, {**hold_all(), "time": "1"})
    with running_as("thaam_loops"):
        assert OnScreen.objects.count() == 0, "asking for time is no answer"
    assert clerk.post(here, hold_all()).status_code == 302
    shown = re.search(r"median (\d+):(\d\d)", clerk.get("/en/bank/?tab=done").content.decode())
    assert 125 <= int(shown[1]) * 60 + int(shown[2]) <= 125 + (datetime.now(tz=UTC) - opened).total_seconds()
    assert "median" not in signed_in("bank_clerk", "DEMO3").get("/en/bank/?tab=done").content.decode()


def test_the_link_names_the_time_the_answer_is_due_not_the_last_day_of_the_order():
    order, officer = posted(), officer_at()
    signed_in("operator").post(f"/hi/bank/phone/{order.pk}/link", {"nodal": officer.pk})
    [link] = sms_to("9826041234")
    due = order.posted_at.astimezone(IST) + timedelta(minutes=30)
    assert f"जवाब चाहिए, {due:%d.%m. %H:%M} तक" in link
    assert len(re.findall(r"\d\d\.\d\d\. ", link)) == 1, "no other day: the order itself stands until 2099"


def test_who_ordered_it_is_read_by_name_in_the_language_of_the_page():
    order = posted()
    clerk = signed_in("bank_clerk", "DEMO2")
    issued = order.message.issued_by
    with running_as("thaam_loops"):
        Office.objects.update_or_create(code=issued.office, defaults={"name_hi": "साइबर डेस्क", "name_en": "Cyber desk"})
    told = f"साइबर डेस्क · {issued.officer}"
    assert told in clerk.get(f"/hi/bank/order/{order.pk}").content.decode()
    assert f"Cyber desk · {issued.officer}" in clerk.get(f"/en/bank/order/{order.pk}").content.decode()
