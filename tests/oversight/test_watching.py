"""Alerts: three lines at nine, what is down, thresholds of the rulebook; and the month frozen by itself."""

import datetime as dt

import pytest

from banking import Rs, debit, files, hold_answer, order, says
from cast import NOON, bank
from officers import office
from thaam.coordination.models import Shift
from thaam.coordination.roster import set_shift
from thaam.grievances.lodging import lodge
from thaam.helpline.calls import Call, Outcome
from thaam.helpline.store import CallStore
from thaam.holds.models import Hold
from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.oversight import alerts, telling, watching
from thaam.oversight.models import OfficeLine, OfficeNumber, Snapshot
from thaam.oversight.places import scope_of
from thaam.parties.models import Office, Officer
from thaam.work.models import Job

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=3)


@pytest.fixture
def sp():
    return Officer.objects.create(username="sp", role="reviewer", office=office())


@pytest.mark.req("S3.1", "S1.6")
def test_a_bank_that_has_not_answered_for_two_hours_is_silent(sp):
    files(debit(Rs(50_000)), at=NOON)
    assert alerts.silent_banks(NOON + dt.timedelta(minutes=90)) == []
    (line,) = [one for one in alerts.silent_banks(LATER) if "DEMO2" in one.about]
    assert line.since == NOON
    assert "DEMO2" in line.text.hi


@pytest.mark.req("S3.1")
def test_three_lines_go_out_once_from_nine_in_the_morning(sp):
    files(debit(Rs(50_000)), at=NOON)
    OfficeNumber.objects.create(office=sp.office, mobile="9000000001")
    at_eight = dt.datetime(2026, 11, 26, 2, 30, tzinfo=dt.UTC)
    assert telling.tell_morning({}, at_eight) == 0
    at_nine = at_eight + dt.timedelta(hours=1, minutes=1)
    assert telling.tell_morning({}, at_nine) == 1
    assert telling.tell_morning({}, at_nine + dt.timedelta(minutes=10)) == 0
    lines = list(OfficeLine.objects.filter(office=sp.office, kind="morning"))
    assert 1 <= len(lines) <= 3
    (job,) = Job.objects.filter(kind="sms:send", key__startswith="morning")
    assert job.payload["to"] == "9000000001"


@pytest.mark.req("S3.1")
def test_the_first_line_is_what_came_in_yesterday_in_the_offices_own_district(sp):
    for n, place in enumerate(("Durg", "Durg", "Raipur")):
        files(debit(Rs(50_000), reference=f"UTR00000010{n}"), district=place, mobile=f"987654320{n}", at=NOON)
    durg = Office.objects.create(
        code="SPDURG", name_hi="पुलिस अधीक्षक, दुर्ग", name_en="SP Durg", district="Durg", state="Chhattisgarh"
    )
    Officer.objects.create(username="sp durg", role="reviewer", office=durg)
    telling.tell_morning({}, NOON + dt.timedelta(days=1))
    first = OfficeLine.objects.filter(office=durg, kind="morning").order_by("id")
    assert any("Durg, yesterday: 2 complaints told of ₹1 lakh" in line.text_en for line in first)
    assert len(first) <= 3


@pytest.mark.req("S3.1", "S3.3")
def test_what_is_late_is_told_to_the_district_where_it_lies_and_to_the_state(sp):
    """Durg's complaint waits for a silent bank, Raipur's hold is old and its holder's objection overdue."""
    files(debit(Rs(50_000), reference="UTR1"), district="Raipur", at=NOON)
    says("DEMO2", hold_answer(order("DEMO2"), account="ACC-CHARU"), at=NOON)
    hold = Hold.objects.exclude(held=()).get()
    Hold.objects.filter(pk=hold.pk).update(expires_at=NOON + dt.timedelta(days=200))
    lodge(
        objection_id=new_id(), hold_id=hold.pk, reason="goods", words="", name="C", mobile="9123456780", lang="hi",
        at=NOON,
    )  # fmt: skip
    files(
        debit(Rs(50_000), reference="UTR2", payee_bank="DEMO3"), district="Durg", mobile="9876500001", name="B", at=NOON
    )
    later = NOON + dt.timedelta(days=100)
    seen = {}
    for place in ("Durg", "Raipur", ""):
        office = Office(code=place or "STATE", name_en=place, district=place, state="Chhattisgarh")
        seen[place] = [line.kind for line in alerts.everything(later, scope_of(office))]
    assert "silent" in seen["Durg"] and not {"objection", "ageing"} & set(seen["Durg"])
    assert {"objection", "ageing"} <= set(seen["Raipur"])
    assert {"silent", "objection", "ageing"} <= set(seen[""])
    assert set(alerts.morning_lines(later, scope_of(Office(district="Bastar", state="Chhattisgarh")))) == {
        Text("आज सुबह कोई देर नहीं है।", "Nothing is late this morning.")
    }


def test_a_quiet_morning_is_said_too(sp):
    (line,) = alerts.morning_lines(NOON)
    assert "Nothing is late" in line.en


def call(at, outcome=Outcome.ANSWERED, caller="98", key=None):
    return Call("x", key or new_id(), round(at.timestamp() * 1000), outcome, 5_000, 60_000, "1930", "", caller)


@pytest.mark.req("S3.3", "S4.4")
def test_a_helpline_without_calls_or_people_is_down(sp, settings, tmp_path):
    settings.DATA = tmp_path
    assert watching.helpline_down(NOON) == []
    with CallStore(tmp_path) as store:
        store.take_calls([call(NOON - dt.timedelta(hours=2))])
    (quiet,) = watching.helpline_down(NOON)
    assert "for 2 hours" in quiet.text.en and "2 घंटे से" in quiet.text.hi
    operator = Officer.objects.create(username="op", role="operator", office=office())
    on, turn = watching.turn_at(NOON)
    assert turn == Shift.Turn.MORNING
    set_shift(shift_id=new_id(), on=on, turn=Shift.Turn.NIGHT, officer=operator, by="officer:1", at=NOON)
    assert any("Nobody" in line.text.en for line in watching.helpline_down(NOON))
    set_shift(shift_id=new_id(), on=on, turn=Shift.Turn.MORNING, officer=operator, by="officer:1", at=NOON)
    assert not any("Nobody" in line.text.en for line in watching.helpline_down(NOON))
    assert telling.tell_down({}, NOON) == 1
    assert telling.tell_down({}, NOON + dt.timedelta(minutes=5)) == 0, "once an hour a thing"


def test_the_night_belongs_to_the_day_it_began():
    after_midnight = dt.datetime(2026, 11, 25, 20, 0, tzinfo=dt.UTC)  # 01:30 in India on the 26th
    assert watching.turn_at(after_midnight) == (dt.date(2026, 11, 25), "night")


def test_a_loop_that_stands_still_is_told_of(sp):
    files(debit(Rs(1_000)), at=NOON)
    down = {line.about for line in watching.loops_down(LATER)}
    assert "sequencer" in down
    assert watching.loops_down(NOON) == []


@pytest.mark.req("S3.3")
def test_a_day_of_unanswered_calls_is_the_first_line(settings, tmp_path):
    settings.DATA = tmp_path
    yesterday = NOON - dt.timedelta(days=1)
    with CallStore(tmp_path) as store:
        store.take_calls([call(yesterday)] * 1 + [call(yesterday, Outcome.ABANDONED, "9876500001") for _ in range(3)])
        assert store.abandoned_callers(0) == [("9876500001", round(yesterday.timestamp() * 1000))]
        store.take_calls([call(NOON, caller="9876500001")])
        assert store.abandoned_callers(0) == []
    (line,) = alerts.helpline_line(NOON)
    assert "25 %" in line.text.en


def test_last_month_is_frozen_by_itself_once(sp):
    bank()
    taken = telling.freeze_last_month({}, NOON)
    assert taken.from_on == dt.date(2026, 10, 1)
    assert telling.freeze_last_month({}, NOON) is None
    assert Snapshot.objects.count() == 1
