"""Clocks: reckoned, paused, escalated, moved by a changed calendar, and each explains itself (india.md C6, S0.6)."""

import datetime as dt

import pytest

from banking import files, hold_answer, order, run_timers, says
from cast import NOON, bank
from thaam.clocks.calendar import NoSource, add_holiday, drop_holiday
from thaam.clocks.models import Clock, Moved
from thaam.clocks.running import (
    Ended,
    elapsed_percent,
    explain,
    find_clock,
    pause_clock,
    resume_clock,
    start_clock,
    stop_clock,
)
from thaam.clocks.watching import watch
from thaam.grievances.telling import tell_holder
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.language.dates import in_ist
from thaam.nodal.models import Receipt
from thaam.parties.models import Nodal
from thaam.rulebook.clocks import due_at
from thaam.rulebook.rules import _rows, rule
from thaam.wire.messages import Acknowledged, CannotMatch, Expected
from thaam.work.models import Job

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)

# every clock of the law of india.md C6, by its name in the rulebook
C6 = """golden_hour useful_hours complaint_completed bank_answer_due magistrate_told holder_told seizure_order
    zero_fir_regular zero_liability objection_bank objection_officer objection_district objection_executed
    objection_state show_cause preliminary_inquiry ombudsman_opens ombudsman_closes fraud_claim_decided
    fraud_claim_decided_abroad magistrate_distributes hold_expiry old_transaction own_incident_told own_breach_told
    release_due restore_due freeze_to_hold_due information_footage information_statement""".split()


@pytest.mark.parametrize("name", C6)
def test_every_clock_is_a_dated_sourced_row(name):
    rows = [row for (named, _), found in _rows().items() if named == name for row in found]
    assert rows
    for row in rows:
        assert row.source
        assert row.from_on
        assert row.title.hi


def test_giving_back_has_shorter_clocks_than_taking_hold():
    on = dt.date(2026, 6, 1)
    hold = rule("bank_answer_due", jurisdiction="IN", on=on)
    for name in ("release_due", "restore_due", "freeze_to_hold_due"):
        row = rule(name, jurisdiction="IN", on=on)
        assert row.unit == hold.unit == "minutes"
        assert row.value < hold.value


def test_the_rule_of_the_day_decides():
    assert rule("zero_liability", jurisdiction="IN", on=dt.date(2026, 12, 31)).unit == "working_days"
    new = rule("zero_liability", jurisdiction="IN", on=dt.date(2027, 1, 1))
    assert (new.value, new.unit) == (5, "days")
    assert rule("hold_review", jurisdiction="IN-KL", on=dt.date(2026, 6, 1)).value == 56


def started(name="information_statement", start=NOON, **more):
    return start_clock(name=name, about="order", subject=new_id(), jurisdiction="IN-CG", start=start, by="test", **more)


def test_started_twice_it_is_one_clock():
    clock = started()
    again = start_clock(
        name=clock.name, about="order", subject=clock.subject, jurisdiction="IN-CG", start=NOON + MINUTE, by="test"
    )
    assert (again.pk, again.started_at) == (clock.pk, NOON)


def test_a_pause_moves_the_end_by_its_length_and_says_why():
    clock = started("bank_answer_due")
    pause_clock(clock=clock, reason="not_found", by="bank:DEMO2", at=NOON + 10 * MINUTE)
    pause_clock(clock=clock, reason="not_found", by="bank:DEMO2", at=NOON + 11 * MINUTE)
    assert clock.pauses.count() == 1
    assert elapsed_percent(clock, NOON + 60 * MINUTE) == pytest.approx(100 * 10 / 30)
    clock = resume_clock(clock=clock, by="officer:1", at=NOON + 70 * MINUTE)
    assert clock.due_at == NOON + 90 * MINUTE
    told = "\n".join(explain(clock, "en", NOON + 71 * MINUTE))
    assert "back with the sender" in told
    assert "Stood still from" in told
    stop_clock(clock=clock, by="bank:DEMO2", at=NOON + 80 * MINUTE)
    with pytest.raises(Ended):
        pause_clock(clock=clock, reason="x", by="x", at=NOON + 81 * MINUTE)
    assert clock.breached_at is None


@pytest.mark.req("S0.6")
def test_each_end_explains_rule_source_start_and_the_days_that_did_not_count():
    friday = dt.datetime(2026, 12, 11, 6, 30, tzinfo=dt.UTC)
    clock = started(start=friday)
    told = "\n".join(explain(clock, "en", friday))
    assert "3 banking days" in told
    assert "Source: " in told
    assert "12.12.2026 (second or fourth Saturday)" in told
    assert "13.12.2026 (Sunday)" in told
    assert "Due: 16.12.2026 23:59" in told
    assert "रविवार" in "\n".join(explain(clock, "hi", friday))


def test_a_changed_calendar_moves_open_clocks_and_writes_down_old_and_new():
    clock, fast, done = started(), started("bank_answer_due"), started()
    stop_clock(clock=done, by="x", at=NOON)
    elsewhere = start_clock(
        name="information_statement", about="order", subject=new_id(), jurisdiction="IN-UP", start=NOON, by="test"
    )
    old = clock.due_at
    day = NOON.date() + dt.timedelta(days=1)
    with pytest.raises(NoSource):
        add_holiday(jurisdiction="IN-CG", day=day, title="Election", source=" ", by="officer:1", at=NOON)
    holiday, moved = add_holiday(
        jurisdiction="IN-CG", day=day, title="Election", source="Gazette 12", by="officer:1", at=NOON
    )
    assert [move.clock_id for move in moved] == [clock.pk]
    clock.refresh_from_db()
    assert clock.due_at > old
    move = Moved.objects.get()
    assert (move.was_at, move.is_at) == (old, clock.due_at)
    assert "Election" in "\n".join(explain(clock, "en", NOON))
    fact = Fact.objects.get(kind="clock:moved")
    assert fact.data["was_at"] == old.isoformat()
    for other in (fast, done, elsewhere):
        due = other.due_at
        other.refresh_from_db()
        assert other.due_at == due
    drop_holiday(holiday=holiday, by="officer:1", at=NOON)
    clock.refresh_from_db()
    assert clock.due_at == old


def officer(duty, mobile):
    return Nodal.objects.create(bank=bank("DEMO2"), duty=duty, name=duty, mobile=mobile, from_on=dt.date(2026, 1, 1))


def round_at(minutes):
    watch({}, NOON + minutes * MINUTE)


@pytest.mark.req("S0.6", "S0.7")
def test_an_order_nobody_answers_climbs_the_ladder_and_is_warned_about_before_it_is_late():
    people = [officer(duty, f"900000000{n}") for n, duty in enumerate(("primary", "deputy", "zonal", "state"))]
    files()
    asked = order("DEMO2")
    for minutes in (2, 3, 14, 16, 22, 23, 25, 31, 32):
        round_at(minutes)
    told = list(Receipt.objects.order_by("ping__at").values_list("nodal__duty", "ping__at"))
    assert [(duty, int((at - NOON) / MINUTE)) for duty, at in told] == [
        ("primary", 2), ("deputy", 16), ("zonal", 25), ("state", 31),
    ]  # fmt: skip
    clock = find_clock(name="bank_answer_due", about="order", subject=asked.id)
    assert clock.warned_at == NOON + 23 * MINUTE < clock.due_at
    assert clock.breached_at == NOON + 31 * MINUTE
    texts = [job.payload["text"] for job in Job.objects.filter(key__startswith="ping:")]
    assert len(texts) == len(people)
    assert all(asked.payment.reference not in text and asked.basis.reference not in text for text in texts)


def test_an_order_at_a_bank_without_any_officer_is_seen_by_the_state_desk():
    files()
    round_at(2)
    clock = Clock.objects.get(about="order", partner="DEMO2")
    assert clock.nobody_named
    assert Fact.objects.filter(kind="clock:escalated", data__nobody_named=True).exists()
    assert not Receipt.objects.exists()


def test_an_answer_ends_the_clock_and_time_asked_for_does_not():
    files()
    asked = order("DEMO2")
    round_at(2)
    says("DEMO2", Acknowledged(id=new_id(), order_id=asked.id, answered_at=NOON), at=NOON + 3 * MINUTE)
    round_at(4)
    assert find_clock(name="bank_answer_due", about="order", subject=asked.id).ended_at is None
    says("DEMO2", hold_answer(asked), at=NOON + 5 * MINUTE)
    round_at(6)
    clock = find_clock(name="bank_answer_due", about="order", subject=asked.id)
    assert (clock.ended_at, clock.ended_by) == (NOON + 5 * MINUTE, "bank:DEMO2")
    assert clock.breached_at is None


@pytest.mark.parametrize("late", [False, True])
def test_a_bank_that_cannot_match_is_not_late_the_ball_is_back_with_the_sender(late):
    """Also when it says so within the first minute, before any clock was written down."""
    files()
    asked = order("DEMO2")
    if late:
        round_at(2)
    at = NOON + 3 * MINUTE
    said = CannotMatch(new_id(), asked.id, at, "not_found", "all of November")
    assert says("DEMO2", said, at=at) == ""
    run_timers(at)
    round_at(4)
    round_at(50)
    clock = find_clock(name="bank_answer_due", about="order", subject=asked.id)
    assert [pause.reason for pause in clock.pauses.all()] == ["not_found"]
    assert (clock.warned_at, clock.breached_at) == (None, None)


def test_a_held_sum_starts_the_clocks_of_the_law():
    files()
    asked = order("DEMO2")
    says("DEMO2", hold_answer(asked), at=NOON + MINUTE)
    round_at(5)
    told = find_clock(name="holder_told", about="hold", subject=asked.id)
    assert told.due_at == told.started_at + dt.timedelta(hours=24)
    assert find_clock(name="magistrate_told", about="hold", subject=asked.id) is not None
    round_at(6)
    assert Clock.objects.filter(name="magistrate_told").count() == 1

    # our words in the bank's mailbox are not yet words to the customer: the bank's own word ends the clock
    tell_holder(hold_id=asked.id, at=NOON + 60 * MINUTE)
    round_at(61)
    assert find_clock(name="holder_told", about="hold", subject=asked.id).ended_at is None
    at = NOON + 70 * MINUTE
    says("DEMO2", Acknowledged(new_id(), order("DEMO2", "Notice").id, at), at=at)
    round_at(75)
    told = find_clock(name="holder_told", about="hold", subject=asked.id)
    assert told.ended_at == at and told.breached_at is None


def test_a_new_holiday_lengthens_the_wait_for_a_payment_on_its_way():
    """Two banking days were promised to a payment that is still in flight: the new holiday is none of them."""
    files(at=NOON)
    run_timers(NOON)
    asked = order("DEMO2")
    says("DEMO2", Expected(id=new_id(), order_id=asked.id, answered_at=NOON, payment=asked.payment))
    job = Job.objects.get(kind="chase:expectation")
    day = in_ist(job.run_at).date()
    add_holiday(jurisdiction="IN", day=day, title="शोक दिवस", source="अधिसूचना 12", by="officer:1", at=NOON)
    moved = Job.objects.get(kind="chase:expectation")
    assert (moved.pk, moved.state) == (job.pk, "due")
    assert in_ist(moved.run_at).date() > day
    assert moved.run_at == due_at("expectation", jurisdiction="IN", start=NOON)
