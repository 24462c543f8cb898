"""Plan a meeting, fill its agenda from what is open, note who came, decide, close.

A decision taken once is not a decision kept: it comes back on the owner's home and on each next agenda of the
office until somebody closes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from thaam.coordination.models import (
    AgendaItem,
    Decision,
    DecisionClosing,
    Invitation,
    Meeting,
    Suggestion,
)
from thaam.journal.ids import draw_token
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.models import Bank, Office, Officer


class MeetingClosed(Exception):
    """The minutes are closed: nothing is added to them."""

    text = Text(
        hi="बैठक की कार्यवाही बंद हो चुकी है। नई बात अगली बैठक में जोड़ें।",
        en="The minutes are closed. Add it to the next meeting.",
    )


class NeedsOneOwner(Exception):
    """A decision without exactly one owner is nobody's."""

    text = Text(hi="निर्णय का एक ही ज़िम्मेदार चुनें: कार्यालय या बैंक।", en="Choose exactly one owner: an office or a bank.")


class AlreadyClosed(Exception):
    """The decision was closed before."""

    text = Text(hi="यह निर्णय पहले ही पूरा दर्ज है।", en="This decision is closed already.")


@dataclass(frozen=True, slots=True)
class Point:
    """A point offered to an agenda by whoever knows it (figures, silent banks, overdue requests)."""

    kind: AgendaItem.Type
    text: Text
    about: str = ""


@transaction.atomic
def plan_meeting(
    *,
    meeting_id: str,
    kind: Meeting.Type,
    office: Office,
    title: Text,
    place: str,
    starts_at: dt.datetime,
    banks: Iterable[Bank] = (),
    offices: Iterable[Office] = (),
    bodies: Iterable[str] = (),
    link: str = "",
    by: Officer,
    at: dt.datetime,
) -> Meeting:
    """Write a meeting and the roles invited to it. A repeat with the same id returns the first."""
    if known := Meeting.objects.filter(id=meeting_id).first():
        return known
    meeting = Meeting.objects.create(
        id=meeting_id,
        kind=kind,
        office=office,
        title_hi=title.hi,
        title_en=title.en,
        place=place,
        link=link,
        starts_at=starts_at,
        attend_code=draw_token(12),
    )
    Invitation.objects.bulk_create(
        [Invitation(meeting=meeting, bank=bank) for bank in banks]
        + [Invitation(meeting=meeting, office=invited) for invited in offices]
        + [Invitation(meeting=meeting, body=body) for body in bodies]
    )
    record(Kind.MEETING_PLANNED, about=f"meeting:{meeting_id}", by=f"officer:{by.pk}", at=at, meeting_kind=str(kind))
    return meeting


@transaction.atomic
def fill_agenda(*, meeting: Meeting, points: Iterable[Point], on: dt.date) -> list[AgendaItem]:
    """Write the agenda anew: open decisions first (late ones on top), the points offered, unanswered suggestions.

    Points added by hand (kind OWN) stay, last. Locks the meeting. Raises MeetingClosed.
    """
    meeting = _open(meeting)
    own = [
        Point(AgendaItem.Type.OWN, Text(hi=item.text_hi, en=item.text_en), item.about)
        for item in meeting.agenda.filter(kind=AgendaItem.Type.OWN).order_by("order")
    ]
    decisions = [
        Point(AgendaItem.Type.DECISION, _decision_line(decision, on), f"decision:{decision.id}")
        for decision in open_decisions(office=meeting.office).order_by("due_on", "taken_at")
    ]
    suggestions = [
        Point(AgendaItem.Type.SUGGESTION, Text(hi=s.text[:280], en=s.text[:280]), f"suggestion:{s.id}")
        for s in Suggestion.objects.filter(suggestionanswer=None).order_by("made_at")
    ]
    meeting.agenda.all().delete()
    return AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting, order=n, kind=p.kind, text_hi=p.text.hi[:300], text_en=p.text.en[:300], about=p.about
        )
        for n, p in enumerate([*decisions, *points, *suggestions, *own], start=1)
    )


@transaction.atomic
def add_point(*, meeting: Meeting, text: Text) -> AgendaItem:
    """A point of one's own, last on the agenda; filling the agenda anew keeps it. Raises MeetingClosed."""
    meeting = _open(meeting)
    last = meeting.agenda.order_by("-order").first()
    return AgendaItem.objects.create(
        meeting=meeting, order=last.order + 1 if last else 1, kind=AgendaItem.Type.OWN, text_hi=text.hi, text_en=text.en
    )


@transaction.atomic
def invite_body(*, meeting: Meeting, body: str) -> Invitation:
    """Ask one more role to come, named in words; the same words again return the first. Raises MeetingClosed."""
    meeting = _open(meeting)
    return Invitation.objects.get_or_create(meeting=meeting, body=body, bank=None, office=None)[0]


@transaction.atomic
def note_attendance(
    *,
    attendance_id: str,
    attend_code: str,
    name: str,
    designation: str,
    mobile: str,
    bank: Bank | None = None,
    office: Office | None = None,
    at: dt.datetime,
) -> None:
    """Somebody scanned the meeting's QR, or the desk wrote them down. The same mobile counts once.

    Works at no desk: the database function behind it only writes this one line.
    Raises Meeting.DoesNotExist for an unknown code, MeetingClosed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attend_meeting(%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                attend_code,
                attendance_id,
                name,
                designation,
                bank.pk if bank else None,
                office.pk if office else None,
                mobile,
                at,
            ],
        )
        outcome = cursor.fetchone()[0]
    if outcome == "unknown":
        raise Meeting.DoesNotExist(attend_code)
    if outcome == "closed":
        raise MeetingClosed(attend_code)


@transaction.atomic
def decide(
    *,
    decision_id: str,
    meeting: Meeting,
    text: str,
    source_line: str,
    owner_office: Office | None,
    owner_bank: Bank | None,
    due_on: dt.date,
    by: Officer,
    at: dt.datetime,
) -> Decision:
    """Write a decision with one owner and one date. Raises NeedsOneOwner, MeetingClosed."""
    if (owner_office is None) == (owner_bank is None):
        raise NeedsOneOwner
    meeting = _open(meeting)
    decision = Decision.objects.create(
        id=decision_id,
        meeting=meeting,
        text=text,
        source_line=source_line,
        owner_office=owner_office,
        owner_bank=owner_bank,
        due_on=due_on,
        taken_by=by,
        taken_at=at,
    )
    record(
        Kind.DECISION_TAKEN,
        about=f"decision:{decision_id}",
        by=f"officer:{by.pk}",
        at=at,
        meeting=str(meeting.id),
        due_on=due_on.isoformat(),
    )
    return decision


@transaction.atomic
def close_decision(*, decision: Decision, done: bool, note: str, by: str, at: dt.datetime) -> DecisionClosing:
    """Done, or dropped with a reason. Raises AlreadyClosed."""
    closing, fresh = DecisionClosing.objects.get_or_create(
        decision=decision, defaults={"done": done, "note": note, "by": by, "at": at}
    )
    if not fresh:
        raise AlreadyClosed(decision.id)
    record(Kind.DECISION_CLOSED, about=f"decision:{decision.id}", by=by, at=at, done=done)
    return closing


@transaction.atomic
def close_meeting(*, meeting: Meeting, by: Officer, at: dt.datetime) -> Meeting:
    """End the minutes: agenda, attendance and decisions are as they are from now on. Raises MeetingClosed."""
    meeting = _open(meeting)
    Meeting.objects.filter(id=meeting.id).update(closed_at=at, held_at=meeting.held_at or at)
    record(
        Kind.MEETING_CLOSED,
        about=f"meeting:{meeting.id}",
        by=f"officer:{by.pk}",
        at=at,
        came=meeting.attendances.count(),
        decisions=meeting.decisions.count(),
    )
    meeting.refresh_from_db()
    return meeting


def open_decisions(*, office: Office | None = None, bank: Bank | None = None) -> QuerySet[Decision]:
    """Decisions nobody has closed: of meetings of this office or owned by it; owned by this bank; or all."""
    found = Decision.objects.filter(decisionclosing=None)
    if office is not None:
        found = found.filter(Q(owner_office=office) | Q(meeting__office=office))
    if bank is not None:
        found = found.filter(owner_bank=bank)
    return found


def _open(meeting: Meeting) -> Meeting:
    locked = Meeting.objects.select_for_update(of=("self",)).get(id=meeting.id)
    if locked.closed_at is not None:
        raise MeetingClosed(meeting.id)
    return locked


def _decision_line(decision: Decision, on: dt.date) -> Text:
    owner_hi = decision.owner_office.name_hi if decision.owner_office else decision.owner_bank.name_hi  # type: ignore[union-attr]
    owner_en = decision.owner_office.name_en if decision.owner_office else decision.owner_bank.name_en  # type: ignore[union-attr]
    late = (on - decision.due_on).days
    day = decision.due_on.strftime("%d.%m.%Y")
    if late > 0:
        return Text(
            hi=f"{decision.text[:180]} ({owner_hi}, {day} तक था, {late} दिन देर)",
            en=f"{decision.text[:180]} ({owner_en}, was due {day}, {late} days late)",
        )
    return Text(hi=f"{decision.text[:180]} ({owner_hi}, {day} तक)", en=f"{decision.text[:180]} ({owner_en}, due {day})")
