"""Walk every page and file of the bank desk as each bank: its own work, and nothing that docs/wire gives to others."""

import re

import pytest
from django.db import connection
from django.urls import get_resolver

from banking import Rs
from cast import NOON, running_as
from thaam.complaints.models import Complaint
from thaam.holds.asking import Mandate
from thaam.holds.models import Hold
from thaam.holds.own import take_own_hold
from thaam.holds.releasing import order_release
from thaam.journal.ids import id_from, new_id
from thaam.mailbox.keeping import keep
from thaam.mailbox.models import Answer, Order
from thaam.parties.desks import seated
from thaam.wire import codec
from thaam.wire.messages import OwnHold
from web.test_bank_doors import FAR, signed_in
from web.walking import FIRST, SECOND, STORY, THIRD, addresses, plain, told, two_frauds

pytestmark = pytest.mark.django_db
NEVER = {"Asha", "9876543210", STORY, "Bina", "9812345678"}


@pytest.fixture
def work(settings, tmp_path):
    settings.FILES = tmp_path
    return two_frauds(tmp_path)


# what docs/wire/receivers.md gives to one bank only: its own customers' accounts, its own payments, its own words
OWN = {
    "DEMO1": {"ODD-DEMO1", "words of DEMO1", "papers of DEMO1", "Officer DEMO1", "9000000000", FIRST, "UTR000000077"},
    "DEMO2": {"ODD-DEMO2", "words of DEMO2", "papers of DEMO2", "Officer DEMO2", "9000000001", FIRST, SECOND, "ACC-TWO",
              "LIEN2", "DEMO2 secret"},
    "DEMO3": {"ODD-DEMO3", "words of DEMO3", "papers of DEMO3", "Officer DEMO3", "9000000002", SECOND, THIRD,
              "UTR000000077", "ACC-THREE", "LIEN3", "DEMO3 secret"},
    "DEMO4": {"ODD-DEMO4", "words of DEMO4", "papers of DEMO4", "Officer DEMO4", "9000000003", THIRD, "DEMO4 secret"},
}  # fmt: skip


@pytest.mark.req("S1.6", "S1.7")
@pytest.mark.parametrize("code", OWN)
def test_no_page_and_no_file_tells_a_bank_what_belongs_to_another(work, code):
    client = signed_in("bank_clerk", code)
    others = set().union(*(words for other, words in OWN.items() if other != code)) - OWN[code]
    if code == "DEMO2":
        others.add(work["bina"].number)  # Bina's money never touched this bank
    # the payer's bank alone is sent the number, to compare it with its own customer's
    never = NEVER - {"9876543210", "9812345678"} if code == "DEMO1" else NEVER
    seen, walked = "", 0
    for address in addresses(code):
        answer = client.get(address)
        assert answer.status_code in (200, 404, 409), (address, answer.status_code)
        text = plain(told(answer))
        for secret in {*others, *never}:
            assert plain(secret) not in text, (address, secret)
        seen += text
        walked += 1
    assert walked >= 20
    for mine in OWN[code] & {"LIEN2", "ACC-THREE", SECOND}:
        assert plain(mine) in seen, f"the walk did not even meet {mine}"


def test_another_banks_orders_files_and_objections_do_not_exist(work):
    with running_as("thaam_loops"):
        theirs = list(Order.objects.exclude(partner_id="DEMO4").values_list("id", flat=True))
        assert Hold.objects.exists()
        assert Complaint.objects.count() == 2
    client = signed_in("bank_clerk", "DEMO4")
    for order_id in theirs:
        assert client.get(f"/en/bank/order/{order_id}").status_code == 404
        assert client.post(f"/en/bank/order/{order_id}", {"send": "1"}).status_code == 404
        assert client.get(f"/en/bank/order/{order_id}/paper.pdf").status_code == 404
    for code in ("DEMO1", "DEMO2", "DEMO3"):
        assert client.get(f"/en/bank/file/{id_from('file', code)}").status_code == 404


def test_a_clerk_enters_no_other_audiences_page(work):
    client = signed_in("bank_clerk", "DEMO2")
    complaint = work["asha"]
    wrong = []
    for prefix, name in _staff_routes():
        address = "/en/" + prefix + re.sub(r"<(\w+):?\w*>", lambda m: _fill(m[1], complaint), name)
        status = client.get(address).status_code
        if status == 200:
            wrong.append(address)
    assert wrong == []


def _fill(kind, complaint):
    return str(complaint.pk) if kind == "uuid" else "1"


OTHERS = ("desk", "police", "review", "association", "audit", "directory")
# pages that show nothing of anybody and are open to all
OPEN = {"everyone", "citizens", "a bank's link"}


def _staff_routes():
    for entry in get_resolver().url_patterns:
        for inner in getattr(entry, "url_patterns", []):
            prefix = str(inner.pattern)
            if prefix.rstrip("/") not in OTHERS:
                continue
            for route in inner.url_patterns:
                # a page for everybody who signs in (one's own passkeys) is a clerk's too
                everybodys = {"bank_clerk", "auditor"} <= set(getattr(route.callback, "roles", ()))
                if getattr(route.callback, "audience", "") not in OPEN and not everybodys:
                    yield prefix, str(route.pattern)


@pytest.mark.req("S1.6")
def test_the_free_headroom_counts_other_holds_and_tells_neither_their_number_nor_their_sum(work):
    with running_as("thaam_loops"):
        mine = Order.objects.get(partner_id="DEMO3", kind="HoldOrder", state="open")
        Hold.objects.update(expires_at=FAR)
    assert mine.message.basis.reference == work["bina"].number
    clerk = signed_in("bank_clerk", "DEMO3")
    here, told_ = f"/en/bank/order/{mine.pk}", {"account": "ACC-THREE", "balance": "80,000"}
    assert clerk.get(f"{here}/free", told_).json() == {"free_paise": Rs(30_000)}, "Asha's 50,000 are not free"
    page = plain(clerk.post(here, {**told_, "check": "1"}).content.decode())
    assert "₹30,000" in page
    assert "50,000" not in page
    assert work["asha"].number not in page
    assert clerk.get(f"{here}/free", {"account": "ACC-THREE"}).json() == {}
    assert signed_in("bank_clerk", "DEMO2").get(f"{here}/free", told_).status_code == 404


HELD = (
    "holds_book",
    "holds_hold",
    "holds_entry",
    "holds_amendment",
    "holds_release",
    "holds_repayment",
    "holds_ownholdseen",
)


@pytest.mark.req("S1.6")
def test_the_database_itself_shows_a_bank_no_hold_of_another(work):
    """Not a filter of a page: the rows are not there, whatever a page asks."""
    with running_as("thaam_loops"):
        own = OwnHold(new_id(), NOON, "ACC-OWN", None, Rs(500), "OWN3", "suspected_fraud", NOON, None)
        keep(partner="DEMO3", message=own, raw=codec.encode(own), jws="test", at=NOON)
        take_own_hold(Answer.objects.get(pk=own.id), NOON)
        hold = Hold.objects.get(bank_id="DEMO3", book__account="ACC-THREE")
        order_release(
            hold_id=hold.pk, reason="holder_cleared", by="officer:1", at=NOON,
            mandate=Mandate(reference="26116000001", jurisdiction="IN", office="CELL", officer="meera"),
        )  # fmt: skip
    counts = {}
    for desk in ("office:1", "partner:DEMO2", "partner:DEMO3", "partner:DEMO4"):
        with seated(desk), connection.cursor() as cursor:
            for table in HELD:
                cursor.execute(f"SELECT count(*) FROM {table}")
                counts[desk, table] = cursor.fetchone()[0]
            banks = set(Hold.objects.values_list("bank_id", flat=True))
            assert desk == "office:1" or banks <= {desk.removeprefix("partner:")}
            assert desk != "partner:DEMO2" or not Hold.objects.filter(pk=hold.pk).update(held=())
    for table in ("holds_book", "holds_hold", "holds_entry", "holds_release", "holds_ownholdseen"):
        whole = counts["office:1", table]
        assert whole > 0, table
        assert sum(counts[f"partner:{code}", table] for code in ("DEMO2", "DEMO3", "DEMO4")) == whole, table
    assert counts["partner:DEMO2", "holds_release"] == counts["partner:DEMO2", "holds_ownholdseen"] == 0
    assert counts["partner:DEMO4", "holds_entry"] == 0
