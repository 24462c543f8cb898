"""A victim in a branch and a bank's own holds reach us through the bank."""

import datetime as dt

import pytest
from django.db import transaction

from banking import LAKH, run_timers, states
from cast import NOON, bank, payment
from thaam.complaints.confirming import confirm
from thaam.complaints.models import Complaint
from thaam.holds.models import Hold, OwnHoldSeen
from thaam.journal.ids import new_id
from thaam.mailbox import keeping
from thaam.mailbox.models import Answer
from thaam.project.loops import joined, take_one
from thaam.wire import codec, messages
from thaam.work.models import Job

pytestmark = pytest.mark.django_db


def says(code, message):
    keeping.keep(partner=code, message=message, raw=codec.encode(message), jws="test", at=NOON)
    table = joined()
    while take_one(table, at=NOON):
        pass
    return Answer.objects.get(pk=message.id).refused


def report(**changes):
    words = {
        "id": new_id(), "reported_at": NOON, "payments": (payment(LAKH),), "mobile": "9876543210",
        "payer_account_last4": "1234", "branch": "Raigarh main",
    }  # fmt: skip
    return messages.CustomerReport(**{**words, **changes})


@pytest.mark.req("S1.15")
def test_a_victim_in_a_branch_is_filed_by_the_bank_and_confirms_by_code():
    bank("DEMO1"), bank("DEMO2")
    message = report()
    assert says("DEMO1", message) == ""
    complaint = Complaint.objects.get()
    assert (str(complaint.pk), complaint.channel, complaint.filed_by) == (message.id, "bank", "bank:DEMO1")
    assert states(complaint) == {"asked": LAKH} and Hold.objects.count() == 0
    text = Job.objects.get(kind="sms:send").payload["text"]
    code = next(word.strip("। ") for word in text.split() if word.strip("। ").isdigit() and len(word.strip("। ")) == 6)
    with transaction.atomic():
        confirm(complaint_id=complaint.pk, code=code, at=NOON)
    run_timers(NOON)
    assert Hold.objects.count() == 1


def test_a_report_that_cannot_be_right_is_kept_as_refused():
    bank("DEMO1")
    assert says("DEMO1", report(mobile="12345678")) != ""
    assert Complaint.objects.count() == 0


@pytest.mark.req("S1.14")
def test_a_hold_of_the_banks_own_is_listed_and_never_counted_as_ours():
    bank("DEMO2")
    own = messages.OwnHold(
        id=new_id(), reported_at=NOON, account="ACC9", payment=None, amount_paise=500, lien_reference="L9",
        reason="suspected_fraud", placed_at=NOON - dt.timedelta(hours=1), expires_at=None,
    )  # fmt: skip
    assert says("DEMO2", own) == ""
    assert OwnHoldSeen.objects.get().amount_paise == 500
    assert Hold.objects.count() == 0
