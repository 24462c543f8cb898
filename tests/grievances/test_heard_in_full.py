"""Every clock of an objection under a moving calendar, the express lane, what ends a hold at once, what never does."""

from __future__ import annotations

import datetime as dt

import pytest

from banking import LAKH, Rs, debit, files, hold_answer, located, order, orders, release_done, says, states
from cast import NOON
from officers import investigator, officer
from thaam.chase import loop as chase_loop
from thaam.complaints.confirming import NoCode, WrongCode
from thaam.complaints.correcting import withdraw
from thaam.grievances import loop
from thaam.grievances.climbing import NotAtThisStage, appeal, forward
from thaam.grievances.consenting import NotLate, TooSoon, consent, nudge, seen_by
from thaam.grievances.deciding import DecidedBefore, NotTheirStage, decide
from thaam.grievances.hints import hints_of
from thaam.grievances.lodging import lodge
from thaam.grievances.losing import NotCleared, tell_loss
from thaam.grievances.models import Objection, Unproved
from thaam.grievances.opening import ask_to_open
from thaam.grievances.pausing import PausedBefore, answer, ask_holder
from thaam.grievances.proving import begin_objection, prove
from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold
from thaam.holds.releasing import order_release
from thaam.holds.renewing import OrderMissing, renew
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.parties.desks import seated
from thaam.parties.models import Office, Officer
from thaam.wire import messages
from thaam.work.models import Job

pytestmark = pytest.mark.django_db
REASONS = "The holder showed the bill and the delivery note of a phone sold on that day."
DAY = dt.timedelta(days=1)


def held(**changes):
    complaint = files(debit(LAKH), **changes)
    says("DEMO2", hold_answer(order("DEMO2")))
    Hold.objects.update(expires_at=NOON + 90 * DAY, provisional=False)
    return complaint, Hold.objects.get()


def lodged(hold, at=NOON, **changes):
    words = {
        "objection_id": new_id(), "hold_id": hold.pk, "reason": "goods", "words": "मैंने फ़ोन बेचा था", "name": "Charu",
        "mobile": "9123456780", "lang": "hi", "at": at,
    }  # fmt: skip
    return lodge(**{**words, **changes}).objection


def run_clocks(at, timers=loop.timers):
    """Do what is due, again and again until nothing is: a timer may owe the next."""
    for _ in range(400):
        due = Job.objects.filter(state="due", run_at__lte=at, kind__in=timers).order_by("run_at", "id").first()
        if due is None:
            return
        Job.objects.filter(pk=due.pk).update(state="done")
        timers[due.kind](due.payload, max(due.run_at, NOON))
    raise AssertionError("never quiet")


def read(kind, at=NOON):
    """Let this package's readers see every fact of a kind, as the loop would."""
    for fact in list(Fact.objects.filter(kind=kind).order_by("at", "id")):
        for kinds, verb in loop.reads.values():
            if kind in [str(each) for each in kinds]:
                verb(fact, at)


# ── proof of the mobile number ──


def begun(hold, code="123456", at=NOON, **changes):
    words = {
        "objection_id": new_id(), "hold_id": hold.pk, "own_hold_id": None, "reason": "goods", "words": "",
        "name": "Charu", "mobile": "9123456780", "lang": "hi", "helper": "", "opens_account": False, "code": code,
        "at": at,
    }  # fmt: skip
    return begin_objection(**{**words, **changes})


def test_nothing_is_contested_before_the_code_is_back_and_a_code_lives_ten_minutes_and_five_tries():
    _, hold = held()
    row = begun(hold)
    hold.refresh_from_db()
    assert hold.contested == () and not Objection.objects.exists()
    with pytest.raises(NoCode):
        prove(objection_id=row.pk, code="123456", at=NOON + dt.timedelta(minutes=10))
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongCode) as wrong:
            prove(objection_id=row.pk, code="000000", at=NOON)
        assert wrong.value.tries_left == left
    with pytest.raises(NoCode):
        prove(objection_id=row.pk, code="123456", at=NOON)
    begun(hold, objection_id=row.pk, code="654321")
    assert prove(objection_id=row.pk, code="654321", at=NOON).joined is False
    assert prove(objection_id=row.pk, code="anything", at=NOON).objection.pk == Objection.objects.get().pk
    assert "654321" not in str(Unproved.objects.values())
    other = begun(hold, mobile="9123456799")
    loop.timers["grievances:forget unproved"]({}, NOON + DAY + dt.timedelta(minutes=1))
    assert not Unproved.objects.filter(pk=other.pk).exists(), "unproved words are forgotten after a day"


# ── clocks, holidays and pauses ──


@pytest.mark.req("S0.9")
def test_a_pause_moves_the_end_by_its_length_and_silence_is_counted_from_there():
    _, hold = held()
    objection = lodged(hold)
    forward(objection_id=objection.pk, bank="DEMO2", words="x", by="bank:DEMO2", at=NOON)
    asked_at = NOON + 3 * DAY
    ask_holder(objection_id=objection.pk, officer=investigator(), words="send the bill", at=asked_at)
    run_clocks(NOON + 4 * DAY)
    answer(objection_id=objection.pk, words="here", at=asked_at + 4 * DAY)
    due = NOON + 19 * DAY
    assert Objection.objects.get().due_at == due
    run_clocks(due - dt.timedelta(seconds=1))
    assert Objection.objects.get().stage == "officer", "the old end of the clock moves nothing"
    run_clocks(due)
    assert Objection.objects.get().stage == "district"


def test_a_pause_nobody_ends_goes_on_by_itself_and_a_second_one_is_refused():
    _, hold = held()
    objection = lodged(hold)
    forward(objection_id=objection.pk, bank="DEMO2", words="x", by="bank:DEMO2", at=NOON)
    ask_holder(objection_id=objection.pk, officer=investigator(), words="send the bill", at=NOON + 14 * DAY)
    run_clocks(NOON + 20 * DAY)
    assert Objection.objects.get().stage == "officer" and Objection.objects.get().paused_at is not None
    run_clocks(NOON + 21 * DAY)
    found = Objection.objects.get()
    assert (found.paused_at, found.due_at) == (None, NOON + 22 * DAY)
    with pytest.raises(PausedBefore):
        ask_holder(objection_id=objection.pk, officer=investigator(), words="and again", at=NOON + 21 * DAY)
    run_clocks(NOON + 22 * DAY)
    assert Objection.objects.get().stage == "district"


def test_the_ladders_days_are_calendar_days_over_holidays_and_sundays():
    """The SOP counts days: seven from 20 December 2026 end on the 27th, Christmas, Saturday and Sunday or not."""
    _, hold = held()
    before_christmas = dt.datetime(2026, 12, 20, 6, tzinfo=dt.UTC)
    assert lodged(hold, at=before_christmas).due_at == before_christmas + 7 * DAY


def test_day_seventy_five_warns_and_day_ninety_ends_unless_a_cited_order_renews():
    _, hold = held()
    run_clocks(NOON + 74 * DAY, chase_loop.timers | loop.timers)
    assert not Fact.objects.filter(kind="hold:ends soon").exists()
    run_clocks(NOON + 75 * DAY, chase_loop.timers | loop.timers)
    assert Fact.objects.filter(kind="hold:ends soon").count() == 1
    hold.refresh_from_db()
    at = NOON + 80 * DAY
    with pytest.raises(OrderMissing):
        renew(
            hold_id=hold.pk,
            until_at=NOON + 120 * DAY,
            authority="CJM Durg",
            number=" ",
            mandate=mandate_of(hold),
            by="x",
            at=at,
        )
    renewed = renew(
        hold_id=hold.pk, until_at=NOON + 120 * DAY, authority="CJM Durg", number="88/2026", mandate=mandate_of(hold),
        by="x", at=at,
    )  # fmt: skip
    hold.refresh_from_db()
    assert hold.held_at(NOON + 90 * DAY) == (), "a renewal counts when the bank has it, not before"
    says("DEMO2", messages.Acknowledged(new_id(), str(renewed.pk), at), at=at)
    hold.refresh_from_db()
    assert hold.held_at(NOON + 90 * DAY) and not hold.held_at(NOON + 120 * DAY)


@pytest.mark.req("S1.7")
def test_what_is_past_its_end_is_not_held_even_when_no_job_ever_runs():
    _, hold = held()
    assert hold.held_at(NOON + 90 * DAY - dt.timedelta(microseconds=1)) == ((0, LAKH),)
    assert hold.held_at(NOON + 90 * DAY) == ()


# ── what ends a hold at once ──


def test_a_withdrawn_claim_releases_at_once_though_an_objection_is_open():
    complaint, hold = held()
    objection = lodged(hold)
    withdraw(complaint_id=complaint.pk, words="by mistake", by="citizen", at=NOON)
    run_clocks(NOON, chase_loop.timers)
    release = order("DEMO2", "ReleaseOrder")
    assert release.amount_paise == LAKH
    says("DEMO2", release_done(str(hold.pk), (0, LAKH), order_id=release.id, reason="ordered", at=NOON))
    read("hold:released")
    objection.refresh_from_db()
    assert (objection.stage, objection.due_at) == ("ended", None)


def test_a_report_that_proves_wrong_releases_at_once():
    complaint, hold = held()
    Hold.objects.update(provisional=True)
    lodged(hold)
    says("DEMO1", located(order("DEMO1", "LocatePayment"), found=False, account=None, mobile_matches=None))
    assert order("DEMO2", "ReleaseOrder").amount_paise == LAKH
    assert states(complaint) == {"held": LAKH}, "held until the bank says that it let go"


def test_a_rest_under_the_floor_goes_too():
    _, hold = held()
    part = order_release(
        hold_id=hold.pk,
        ranges=[(Rs(60), LAKH)],
        reason="holder_cleared",
        mandate=mandate_of(hold),
        by="officer:1",
        at=NOON,
    )
    says("DEMO2", release_done(str(hold.pk), (Rs(60), LAKH), order_id=str(part.pk), reason="ordered", at=NOON))
    read("hold:released")
    assert order("DEMO2", "ReleaseOrder").amount_paise == Rs(60), "₹60 is less than the floor of ₹100"


@pytest.mark.parametrize("renewed", [False, True])
def test_when_the_bank_disagrees_and_nobody_renews_the_hold_goes_instead_of_climbing(renewed):
    _, hold = held()
    objection = lodged(hold)
    forward(
        objection_id=objection.pk, bank="DEMO2", words="12 years a customer", by="bank:DEMO2", at=NOON, advice="remove"
    )
    if renewed:
        hold.refresh_from_db()
        renew(
            hold_id=hold.pk, until_at=NOON + 120 * DAY, authority="CJM", number="1/26", mandate=mandate_of(hold),
            by="x",
            at=NOON + DAY,
        )  # fmt: skip
    run_clocks(NOON + 15 * DAY)
    found = Objection.objects.get()
    if renewed:
        assert found.stage == "district" and not orders("DEMO2", "ReleaseOrder")
    else:
        assert (found.stage, found.outcome) == ("decided", "upheld")
        assert "12 years a customer" in found.steps.get(what="decided").words
        assert order("DEMO2", "ReleaseOrder").amount_paise == LAKH


# ── hints, express lane, trade bodies, losses ──


def test_the_worst_hints_deny_nothing():
    _, hold = held()
    objection = lodged(hold, words="")
    forward(
        objection_id=objection.pk, bank="DEMO2", words="x", by="bank:DEMO2", at=NOON, advice="keep", kyc_in_order=False,
        credit_matches=False, usual_use=False, account_opened_on=NOON.date() - dt.timedelta(days=20),
    )  # fmt: skip
    found = Objection.objects.get()
    hints = hints_of(found, at=NOON)
    assert {each.points for each in hints} <= {"for", "look"} and len(
        [each for each in hints if each.points == "look"]
    ) >= 4
    run_clocks(NOON + 15 * DAY)
    assert Objection.objects.get().stage == "district" and Objection.objects.get().outcome == ""


@pytest.mark.req("S1.7")
def test_the_express_lane_has_four_hours_and_a_late_bank_is_a_fact():
    _, hold = held()
    objection = lodged(hold)
    opening = ask_to_open(objection_id=objection.pk, at=NOON)
    assert str(ask_to_open(objection_id=objection.pk, at=NOON).pk) == str(opening.pk)
    assert len(orders("DEMO2", "FreezeToHoldOrder")) == 1
    assert opening.due_at == NOON + dt.timedelta(hours=4)
    run_clocks(NOON + dt.timedelta(hours=4) - dt.timedelta(seconds=1))
    assert not Fact.objects.filter(kind="opening:late").exists()
    run_clocks(NOON + dt.timedelta(hours=4))
    assert Fact.objects.filter(kind="opening:late").count() == 1
    says("DEMO2", hold_answer(order("DEMO2", "FreezeToHoldOrder")), at=NOON + dt.timedelta(hours=5))
    run_clocks(NOON + dt.timedelta(hours=6))
    assert Fact.objects.filter(kind="opening:done").count() == 1
    assert sum(each.held_paise for each in Hold.objects.all()) == LAKH


def trader(code):
    office, _ = Office.objects.get_or_create(code=code, defaults={"name_hi": "मंडल", "name_en": "Body"})
    who, _ = Officer.objects.get_or_create(username=code, defaults={"role": "association", "office": office})
    return who


@pytest.mark.req("S2.9")
def test_a_trade_body_nudges_once_in_72_hours_and_says_when_a_clock_broke():
    _, hold = held()
    objection = lodged(hold)
    gopal = trader("BODY")
    given = consent(objection_id=objection.pk, office=gopal.office, at=NOON)
    with seated(gopal.desk):
        nudge(nudge_id=new_id(), consent_id=given.pk, officer=gopal, at=NOON)
        with pytest.raises(TooSoon) as soon:
            nudge(nudge_id=new_id(), consent_id=given.pk, officer=gopal, at=NOON + 3 * DAY - dt.timedelta(seconds=1))
        assert soon.value.until == NOON + 3 * DAY
        nudge(nudge_id=new_id(), consent_id=given.pk, officer=gopal, at=NOON + 3 * DAY)
        with pytest.raises(NotLate):
            nudge(nudge_id=new_id(), consent_id=given.pk, officer=gopal, at=NOON + 4 * DAY, late=True)
        late = NOON + 7 * DAY + dt.timedelta(seconds=1)
        assert seen_by(gopal.office_id, at=late)[0].late
        nudge(nudge_id=new_id(), consent_id=given.pk, officer=gopal, at=late, late=True)
    assert Fact.objects.filter(kind="objection:nudged").count() == 3


def test_a_loss_is_told_of_a_wrong_hold_only():
    _, hold = held()
    objection = lodged(hold)
    with pytest.raises(NotCleared):
        tell_loss(loss_id=new_id(), objection_id=objection.pk, words="EMI bounced", told_paise=Rs(590), at=NOON)
    forward(objection_id=objection.pk, bank="DEMO2", words="x", by="bank:DEMO2", at=NOON)
    decide(objection_id=objection.pk, officer=investigator(), outcome="upheld", reasons=REASONS, at=NOON)
    assert tell_loss(
        loss_id=new_id(), objection_id=objection.pk, words="EMI bounced", told_paise=Rs(590), at=NOON
    ).told_paise
    assert officer("sp", "supervisor").role == "supervisor"


def test_nobody_decides_the_appeal_against_their_own_decision():
    _, hold = held()
    objection = lodged(hold)
    forward(objection_id=objection.pk, bank="DEMO2", words="x", by="bank:DEMO2", at=NOON)
    boss = officer("sp", "supervisor")
    decide(objection_id=objection.pk, officer=boss, outcome="rejected", reasons=REASONS, at=NOON)
    appeal(objection_id=objection.pk, words="see the bill", at=NOON)
    assert Objection.objects.get().stage == "district"
    with pytest.raises(DecidedBefore):
        decide(objection_id=objection.pk, officer=boss, outcome="rejected", reasons=REASONS, at=NOON)
    other = officer("sp2", "supervisor")
    assert (
        decide(objection_id=objection.pk, officer=other, outcome="upheld", reasons=REASONS, at=NOON).outcome == "upheld"
    )


@pytest.mark.req("S1.7")
def test_a_decision_the_bank_does_not_carry_out_in_two_days_is_a_fact():
    _, hold = held()
    objection = lodged(hold)
    forward(objection_id=objection.pk, bank="DEMO2", words="x", by="bank:DEMO2", at=NOON)
    decide(objection_id=objection.pk, officer=investigator(), outcome="upheld", reasons=REASONS, at=NOON)
    run_clocks(NOON + 2 * DAY - dt.timedelta(seconds=1))
    assert not Fact.objects.filter(kind="objection:not executed").exists()
    run_clocks(NOON + 2 * DAY)
    assert Fact.objects.filter(kind="objection:not executed").count() == 1


@pytest.mark.parametrize("role", Officer.Role.values)
@pytest.mark.parametrize("stage", ["bank", "officer", "district", "state", "silent"])
def test_who_decides_where_is_the_ladders_table_and_nothing_else(stage, role):
    may = {
        "officer": {"investigator", "supervisor"}, "district": {"supervisor"}, "state": {"supervisor", "approver"},
        "silent": {"supervisor", "approver"},
    }  # fmt: skip
    _, hold = held()
    objection = lodged(hold)
    Objection.objects.update(stage=stage, due_at=None if stage == "silent" else NOON + DAY)
    who = officer(f"x-{role}", role)
    try:
        decide(objection_id=objection.pk, officer=who, outcome="rejected", reasons=REASONS, at=NOON)
        decided = True
    except (NotTheirStage, NotAtThisStage):
        decided = False
    assert decided == (role in may.get(stage, set()))
