"""Somebody whose money is wrongly held is told, heard on a clock, and decided on with reasons."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from banking import LAKH, Rs, files, hold_answer, order, orders, release_done, says, states
from cast import NOON, running_as
from officers import approver, devi, investigator, officer
from thaam.grievances import loop
from thaam.grievances.climbing import NotAtThisStage, appeal, climb_by_silence, forward
from thaam.grievances.deciding import NotTheirStage, ReasonsMissing, decide
from thaam.grievances.lodging import UnknownReason, lodge
from thaam.grievances.models import Objection, Step, Told
from thaam.grievances.telling import hold_of_code, open_objection_on, tell_holder
from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold
from thaam.holds.releasing import NothingHeld, RangeContested, order_release
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.parties.desks import seated
from thaam.work.models import Job

pytestmark = pytest.mark.django_db
REASONS = "The holder showed the bill and the delivery note of a phone sold on that day."


def held():
    complaint = files()
    says("DEMO2", hold_answer(order("DEMO2")))
    return complaint, Hold.objects.get()


def lodged(hold, **changes):
    words = {
        "objection_id": new_id(), "hold_id": hold.pk, "reason": "goods", "words": "मैंने फ़ोन बेचा था", "name": "Charu",
        "mobile": "9123456780", "lang": "hi", "at": NOON,
    }  # fmt: skip
    return lodge(**{**words, **changes})


def run_clocks(at):
    for job in Job.objects.filter(state="due", run_at__lte=at, kind__in=loop.timers).order_by("run_at", "id"):
        loop.timers[job.kind](job.payload, at)
        Job.objects.filter(pk=job.pk).update(state="done")


@pytest.mark.req("S0.9")
def test_the_holder_is_told_five_facts_and_nothing_about_the_victim():
    complaint, hold = held()
    for fact in Fact.objects.filter(kind="hold:held"):
        loop.reads["grievances, holds begun"][1](fact, NOON)
    run_clocks(NOON + dt.timedelta(minutes=59))
    assert not Told.objects.exists(), "not while a mule could be warned"
    run_clocks(NOON + dt.timedelta(minutes=60))
    notice = order("DEMO2", "Notice")
    for told in ("₹1,00,000", "1930", complaint.number, "UTR000000001", "25-11-2026", Told.objects.get().code):
        assert told in notice.words
    for secret in (complaint.name, complaint.mobile):
        assert secret not in notice.words
    assert hold_of_code(Told.objects.get().code) == hold
    tell_holder(hold_id=hold.pk, at=NOON)
    assert len(orders("DEMO2", "Notice")) == 1


def test_a_quiet_chase_tells_the_holders_at_once():
    held()
    fact = Fact.objects.get(kind="chase:quiet")
    loop.reads["grievances, chases quiet"][1](fact, NOON)
    assert Told.objects.count() == 1


@pytest.mark.req("S0.9", "S1.7")
def test_an_objection_needs_no_sign_in_and_starts_the_banks_clock():
    _, hold = held()
    with running_as("thaam_app"):
        found = lodged(hold)
        assert not Objection.objects.exists(), "nobody without a desk sees it"
        with seated(found.objection.desk):
            objection = Objection.objects.get()
    assert (objection.stage, objection.due_at) == ("bank", NOON + dt.timedelta(days=7))
    hold.refresh_from_db()
    assert hold.contested == ((0, LAKH),)


def test_a_second_report_joins_and_does_not_start_the_clock_anew():
    _, hold = confirmed()
    first = lodged(hold)
    second = lodged(hold, name="Charu's son", at=NOON + dt.timedelta(days=3))
    assert second.joined and str(second.objection.pk) == str(first.objection.pk)
    assert Objection.objects.get().due_at == NOON + dt.timedelta(days=7)
    assert lodged(hold, objection_id=first.objection.pk).joined is False, "pressing send twice lodges once"
    assert Objection.objects.get().joined.count() == 1


def test_there_is_nothing_to_object_to_where_nothing_is_held():
    files()
    with pytest.raises(NothingHeld):
        lodged(Hold.objects.get())
    _ = Hold.objects.get()
    with pytest.raises(UnknownReason):
        lodged(_, reason="because")


def confirmed():
    complaint, hold = held()
    Hold.objects.update(expires_at=NOON + dt.timedelta(days=90), provisional=False)
    hold.refresh_from_db()
    return complaint, hold


@pytest.mark.req("S0.9")
def test_silence_goes_up_by_itself_at_every_stage():
    _, hold = confirmed()
    lodged(hold)
    for stage, days in (("bank", 7), ("officer", 15), ("district", 15), ("state", 15)):
        objection = Objection.objects.get()
        assert objection.stage == stage
        assert objection.due_at == objection.stage_since + dt.timedelta(days=days)
        run_clocks(objection.due_at - dt.timedelta(seconds=1))
        assert Objection.objects.get().stage == stage
        run_clocks(objection.due_at)
    objection = Objection.objects.get()
    assert (objection.stage, objection.due_at, objection.closed_at) == ("silent", None, None)
    assert [step.what for step in objection.steps.order_by("id")] == ["lodged"] + ["escalated"] * 4
    assert Fact.objects.filter(kind="objection:escalated").count() == 4


def test_an_old_clock_does_not_move_an_objection_that_went_on():
    _, hold = confirmed()
    objection = lodged(hold).objection
    forward(objection_id=objection.pk, bank="DEMO2", words="holder known for 12 years", by="bank:DEMO2", at=NOON)
    due = NOON + dt.timedelta(days=7)
    climb_by_silence({"objection_id": str(objection.pk), "stage": "bank"}, due)
    assert Objection.objects.get().stage == "officer"
    with pytest.raises(NotAtThisStage):
        forward(objection_id=objection.pk, bank="DEMO2", words="", by="bank:DEMO2", at=NOON)


def at_officer(hold):
    objection = lodged(hold).objection
    forward(objection_id=objection.pk, bank="DEMO2", words="", by="bank:DEMO2", at=NOON)
    return objection


@pytest.mark.req("S0.9", "S1.7")
def test_an_upheld_objection_releases_with_its_reasons():
    complaint, hold = confirmed()
    objection = at_officer(hold)
    decide(objection_id=objection.pk, officer=investigator(), outcome="upheld", reasons=REASONS, at=NOON)
    release = order("DEMO2", "ReleaseOrder")
    assert (release.reason, release.amount_paise) == ("objection_upheld", LAKH)
    says("DEMO2", release_done(str(hold.pk), (0, LAKH), order_id=release.id, reason="ordered", at=NOON))
    assert states(complaint) == {"released": LAKH}
    step = Step.objects.get(what="decided")
    assert (step.words, step.released_paise, step.execute_by) == (REASONS, LAKH, NOON + dt.timedelta(days=2))


def test_part_can_be_released_and_the_rest_kept():
    complaint, hold = confirmed()
    objection = at_officer(hold)
    decide(
        objection_id=objection.pk, officer=investigator(), outcome="partly_upheld", reasons=REASONS, at=NOON,
        release=[(0, Rs(40_000))],
    )  # fmt: skip
    says(
        "DEMO2",
        release_done(
            str(hold.pk), (0, Rs(40_000)), order_id=order("DEMO2", "ReleaseOrder").id, reason="ordered", at=NOON
        ),
    )
    assert states(complaint) == {"released": Rs(40_000), "held": Rs(60_000)}
    hold.refresh_from_db()
    assert hold.contested == ()


@pytest.mark.parametrize("reasons", ["", "   ", "ok", "rejected."])
def test_a_decision_without_reasons_is_none(reasons):
    _, hold = confirmed()
    objection = at_officer(hold)
    with pytest.raises(ReasonsMissing):
        decide(objection_id=objection.pk, officer=investigator(), outcome="rejected", reasons=reasons, at=NOON)


def test_each_stage_has_its_own_deciders():
    _, hold = confirmed()
    objection = lodged(hold).objection
    for who in (devi(), investigator(), approver()):
        with pytest.raises(NotTheirStage):
            decide(objection_id=objection.pk, officer=who, outcome="upheld", reasons=REASONS, at=NOON)
    run_clocks(NOON + dt.timedelta(days=7))
    run_clocks(NOON + dt.timedelta(days=22))
    assert Objection.objects.get().stage == "district"
    with pytest.raises(NotTheirStage):
        decide(objection_id=objection.pk, officer=investigator(), outcome="upheld", reasons=REASONS, at=NOON)
    decide(
        objection_id=objection.pk, officer=officer("sp", "supervisor"), outcome="upheld", reasons=REASONS,
        at=NOON + dt.timedelta(days=23),
    )  # fmt: skip
    assert Objection.objects.get().outcome == "upheld"


def test_a_rejection_can_be_appealed_one_rung_up():
    _, hold = confirmed()
    objection = at_officer(hold)
    decide(objection_id=objection.pk, officer=investigator(), outcome="rejected", reasons=REASONS, at=NOON)
    hold.refresh_from_db()
    assert hold.contested == () and open_objection_on(hold.pk) is None
    appeal(objection_id=objection.pk, words="I have the bill", at=NOON)
    hold.refresh_from_db()
    objection = Objection.objects.get()
    assert (objection.stage, objection.due_at) == ("district", NOON + dt.timedelta(days=15))
    assert hold.contested == ((0, LAKH),)
    with pytest.raises(NotAtThisStage):
        appeal(objection_id=objection.pk, words="again", at=NOON)


def test_what_is_contested_is_not_released_past_the_decision():
    _, hold = confirmed()
    at_officer(hold)
    with pytest.raises(RangeContested):
        order_release(hold_id=hold.pk, reason="ordered", mandate=mandate_of(hold), by="officer:1", at=NOON)


def test_an_objection_ends_when_its_hold_has_ended():
    _, hold = held()
    lodged(hold)
    run_clocks(NOON + dt.timedelta(days=7))
    assert (Objection.objects.get().stage, Objection.objects.get().due_at) == ("ended", None)


def test_steps_of_an_objection_are_never_changed():
    _, hold = held()
    lodged(hold)
    with pytest.raises(DatabaseError), transaction.atomic():
        Step.objects.update(words="something else")


def test_a_bank_sees_objections_on_its_own_holds_only():
    _, hold = held()
    lodged(hold)
    with running_as("thaam_app"):
        with seated("partner:DEMO2"):
            assert Objection.objects.count() == 1
        with seated("partner:DEMO3"):
            assert Objection.objects.count() == 0
        with seated("office:1"):
            assert Objection.objects.count() == 1
