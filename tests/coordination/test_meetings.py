"""Meetings end in decisions that come back until somebody closes them (S0.12, S1.25, S2.1, S3.1)."""

import datetime as dt

import pytest

from thaam.coordination.meetings import (
    AlreadyClosed,
    MeetingClosed,
    NeedsOneOwner,
    Point,
    close_decision,
    close_meeting,
    decide,
    fill_agenda,
    note_attendance,
    open_decisions,
    plan_meeting,
)
from thaam.coordination.models import AgendaItem, Meeting
from thaam.coordination.suggestions import AlreadyAnswered, answer_suggestion, suggest
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.language.text import Text
from thaam.parties.models import Bank, Office, Officer

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 1, 6, 30, tzinfo=dt.UTC)


@pytest.fixture
def durg():
    return Office.objects.create(code="DURG", name_hi="साइबर थाना दुर्ग", name_en="Cyber station Durg", district="Durg")


@pytest.fixture
def devi(durg):
    return Officer.objects.create(username="devi", office=durg, role=Officer.Role.SUPERVISOR)


@pytest.fixture
def canara():
    return Bank.objects.create(code="CNRB", name_hi="केनरा बैंक", name_en="Canara Bank")


def a_meeting(durg, devi, at=AT, **changes):
    wanted = {
        "meeting_id": new_id(),
        "kind": Meeting.Type.MONTHLY,
        "office": durg,
        "title": Text(hi="मासिक समन्वय बैठक", en="Monthly coordination meeting"),
        "place": "पुलिस लाइन सभागार",
        "starts_at": at + dt.timedelta(days=1),
        "by": devi,
        "at": at,
    }
    return plan_meeting(**(wanted | changes))


def a_decision(meeting, devi, **changes):
    wanted = {
        "decision_id": new_id(),
        "meeting": meeting,
        "text": "हर शाखा में एक नोडल अधिकारी नामित हो",
        "source_line": "S0.6",
        "owner_office": None,
        "owner_bank": None,
        "due_on": dt.date(2026, 6, 20),
        "by": devi,
        "at": AT,
    }
    return decide(**(wanted | changes))


@pytest.mark.req("S0.12")
def test_a_decision_comes_back_on_the_next_agenda_until_it_is_closed(durg, devi, canara):
    june = a_meeting(durg, devi, banks=[canara])
    decision = a_decision(june, devi, owner_bank=canara)
    close_meeting(meeting=june, by=devi, at=AT)
    july = a_meeting(durg, devi, at=AT + dt.timedelta(days=30))

    first = fill_agenda(meeting=july, points=[], on=dt.date(2026, 7, 1))
    assert [item.about for item in first] == [f"decision:{decision.id}"]
    assert "11 दिन देर" in first[0].text("hi")
    assert [str(d.id) for d in open_decisions(bank=canara)] == [decision.id]

    close_decision(decision=decision, done=True, note="41 शाखाओं में नामित", by="bank:CNRB", at=AT)
    assert fill_agenda(meeting=july, points=[], on=dt.date(2026, 7, 1)) == []
    with pytest.raises(AlreadyClosed):
        close_decision(decision=decision, done=False, note="x", by="bank:CNRB", at=AT)


@pytest.mark.req("S3.8")
def test_the_agenda_holds_decisions_offered_points_suggestions_and_own_points_in_that_order(durg, devi, canara):
    meeting = a_meeting(durg, devi)
    a_decision(meeting, devi, owner_office=durg)
    suggest(suggestion_id=new_id(), text="हर बैंक का 24 घंटे का नंबर एक जगह हो", by=devi, at=AT)
    AgendaItem.objects.create(
        meeting=meeting, order=1, kind=AgendaItem.Type.OWN, text_hi="अन्य विषय", text_en="Any other matter"
    )
    silent = Point(AgendaItem.Type.SILENT_BANK, Text(hi="सहयोग बैंक 3 घंटे से चुप", en="Sahyog silent for 3 hours"))
    items = fill_agenda(meeting=meeting, points=[silent], on=dt.date(2026, 6, 1))
    assert [item.kind for item in items] == ["decision", "silent_bank", "suggestion", "own"]
    again = fill_agenda(meeting=meeting, points=[silent], on=dt.date(2026, 6, 1))
    assert [item.text_hi for item in again] == [item.text_hi for item in items]


def test_a_decision_without_exactly_one_owner_is_refused(durg, devi, canara):
    meeting = a_meeting(durg, devi)
    with pytest.raises(NeedsOneOwner):
        a_decision(meeting, devi)
    with pytest.raises(NeedsOneOwner):
        a_decision(meeting, devi, owner_office=durg, owner_bank=canara)


@pytest.mark.req("S1.26")
def test_seventy_five_managers_scan_and_each_counts_once(durg, devi, canara):
    meeting = a_meeting(durg, devi)
    for n in [*range(75), 3, 3]:
        note_attendance(
            attendance_id=new_id(),
            attend_code=meeting.attend_code,
            name=f"प्रबंधक {n}",
            designation="शाखा प्रबंधक",
            mobile=f"98260{n:05d}",
            bank=canara,
            at=AT,
        )
    assert meeting.attendances.count() == 75


def test_closed_minutes_take_nothing_more(durg, devi):
    meeting = close_meeting(meeting=a_meeting(durg, devi), by=devi, at=AT)
    with pytest.raises(MeetingClosed):
        a_decision(meeting, devi, owner_office=durg)
    with pytest.raises(MeetingClosed):
        fill_agenda(meeting=meeting, points=[], on=dt.date(2026, 6, 1))
    assert Fact.objects.filter(kind="meeting:closed", about=f"meeting:{meeting.id}").count() == 1


@pytest.mark.req("S3.8")
def test_every_suggestion_gets_one_answer(durg, devi):
    made = suggest(suggestion_id=new_id(), text="रात की पाली में दो लोग और", by=devi, at=AT)
    answer_suggestion(suggestion=made, taken_up=True, text="जुलाई से", by=devi, at=AT)
    with pytest.raises(AlreadyAnswered):
        answer_suggestion(suggestion=made, taken_up=False, text="नहीं", by=devi, at=AT)
