"""The demo's people do what people do, through the verbs, and leave something for whoever signs in."""

import datetime as dt

import pytest

from banking import Rs, debit, files, hold_answer, order, says
from cast import NOON
from officers import office, officer
from thaam.grievances.models import Objection
from thaam.holds.models import Hold
from thaam.journal.models import Fact
from thaam.mailbox.models import Answer
from thaam.parties.models import Officer
from thaam.prevention.models import PayersAsked
from thaam.prevention.upstream import see_found_account
from thaam.project.acting import act
from thaam.restoration.intimating import see_asked
from thaam.restoration.models import Application, CourtOrder, Recovery, Restoration
from thaam.suspects.sighting import take_suspicious_account
from thaam.work.models import Job

pytestmark = pytest.mark.django_db


def test_the_pages_of_justice_fill_by_themselves_and_leave_work_for_a_visitor():
    for username, role in (("investigator", "investigator"), ("approver", "approver")):
        officer(username, role)
    Officer.objects.create(username="trader", role="association", office=office())
    for number in range(8):
        at = NOON + dt.timedelta(seconds=number)
        files(debit(Rs(9_000), reference=f"UTR{number}"), name=f"V{number}", mobile=f"98765{number:05d}", at=at)
        says("DEMO2", hold_answer(order("DEMO2"), account=f"ACC-{number}"), at=at)
    Hold.objects.update(expires_at=NOON + dt.timedelta(days=90), provisional=False)
    for fact in Fact.objects.filter(kind="hold:asked"):
        see_asked(fact, NOON)
    at = NOON
    for _ in range(40):
        at += dt.timedelta(seconds=30)
        act({}, at)
        if not Job.objects.filter(kind="demo:justice", run_at__gt=at).exists():
            break
    assert Objection.objects.count() == 4
    assert {each.stage for each in Objection.objects.all()} == {"bank", "officer", "decided"}
    assert Objection.objects.get(reason="whole_account").openings.count() == 1
    assert Application.objects.count() == 2 and Application.objects.filter(verified_at=None).count() == 1
    assert [each.state for each in Restoration.objects.all()] == ["approved"]
    (told,) = Answer.objects.filter(kind="SuspiciousAccount")
    take_suspicious_account(told, at)
    for fact in Fact.objects.filter(kind="identifier:seen"):
        see_found_account(fact, at)
    assert PayersAsked.objects.get().bank_id == "DEMO2", "whoever else paid into that account is looked for"
    assert CourtOrder.objects.count() == Recovery.objects.count() == 1
    act({}, at + dt.timedelta(hours=1))
    assert Objection.objects.count() == 4, "told once"
