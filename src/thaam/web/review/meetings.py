"""Meetings: plan, agenda that fills itself, attendance by a scanned code, decisions that come back, suggestions."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe

from thaam.coordination import meetings, suggestions
from thaam.coordination.meetings import AlreadyClosed, MeetingClosed, NeedsOneOwner, Point
from thaam.coordination.models import AgendaItem, Decision, Meeting, Suggestion
from thaam.journal.ids import new_id
from thaam.language import rupees
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.oversight import alerts, speed, trends
from thaam.oversight.models import Snapshot
from thaam.oversight.tables import district_table
from thaam.parties.districts import districts
from thaam.parties.models import Bank, Office
from thaam.web.shared.audience import for_citizens, for_review, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import day_or_none, id_or_new, moment_or_none
from thaam.web.shared.qr import qr_svg

KINDS = {
    "monthly": Text("मासिक समन्वय बैठक", "Monthly coordination meeting"),
    "video_review": Text("वीडियो समीक्षा", "Video review"),
    "seminar": Text("तकनीकी गोष्ठी", "Technical seminar"),
    "traders": Text("व्यापारियों के साथ बैठक", "Meeting with traders"),
}
_DAY_WRONG = Text("तारीख़ और समय चुनिए।", "Choose date and time.")
_TEXT_WRONG = Text("क्या तय हुआ, यह लिखिए।", "Write what was decided.")
_OWN_WRONG = Text("कार्यसूची में क्या जोड़ना है, लिखिए।", "Write what to add to the agenda.")
_BODY_WRONG = Text("किस पद या संस्था को बुलाना है, लिखिए।", "Write the role or body to invite.")
_NAME_WRONG = Text("अपना नाम और 10 अंकों का मोबाइल लिखिए।", "Write your name and a mobile of 10 digits.")


@for_review
def listing(request: HttpRequest) -> HttpResponse:
    """Meetings, newest first; open decisions; suggestions that wait for an answer; a form for the next meeting."""
    officer = officer_of(request)
    wrong: dict[str, Text] = {}
    if request.method == "POST" and officer.office:
        starts_at = moment_or_none(request.POST.get("starts_at", ""))
        kind = request.POST.get("kind", "")
        if starts_at is None or kind not in KINDS:
            wrong["starts_at"] = _DAY_WRONG
        else:
            meeting = meetings.plan_meeting(
                meeting_id=id_or_new(request.POST.get("id")),
                kind=Meeting.Type(kind),
                office=officer.office,
                title=KINDS[kind],
                place=request.POST.get("place", "").strip()[:200],
                starts_at=starts_at,
                banks=Bank.objects.filter(in_network=True) if kind != "traders" else (),
                offices=Office.objects.exclude(pk=officer.office_id or 0)
                if kind in ("video_review", "monthly")
                else (),
                bodies=[line.strip()[:160] for line in request.POST.get("bodies", "").splitlines() if line.strip()][
                    :60
                ],
                link=request.POST.get("link", "").strip()[:300],
                by=officer,
                at=dt.datetime.now(tz=dt.UTC),
            )
            return redirect("review:meeting", meeting_id=meeting.pk)
    context = {
        "tab": "meetings",
        "meetings": Meeting.objects.order_by("-starts_at")[:40],
        "open": meetings.open_decisions().select_related("owner_office", "owner_bank").order_by("due_on")[:60],
        "suggestions": Suggestion.objects.filter(suggestionanswer=None).select_related("office").order_by("made_at"),
        "kinds": [(key, text.in_(lang_of(request))) for key, text in KINDS.items()],
        "today": dt.datetime.now(tz=IST).date(),
        "new_id": new_id(),
        "wrong": wrong,
        "typed": request.POST,
    }
    return render(request, "review/meetings.html", context, status=422 if wrong else 200)


@for_review
def meeting(request: HttpRequest, meeting_id: Any) -> HttpResponse:
    """One meeting: agenda, who came, decisions; POST does one of: agenda, decide, close."""
    found = get_object_or_404(Meeting, pk=meeting_id)
    officer = officer_of(request)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        try:
            wrong = _act(request, found, officer)
            if not wrong:
                return redirect("review:meeting", meeting_id=meeting_id)
        except (MeetingClosed, NeedsOneOwner) as refused:
            wrong = {"text": refused.text}
    context = {
        "tab": "meetings",
        "meeting": found,
        "agenda": found.agenda.order_by("order"),
        "came": found.attendances.select_related("bank", "office").order_by("came_at"),
        "invited": found.invitations.select_related("bank", "office"),
        "decisions": found.decisions.select_related("owner_office", "owner_bank").order_by("taken_at"),
        "banks": Bank.objects.order_by("name_en"),
        "offices": Office.objects.order_by("name_en"),
        "attend_url": f"{settings.PUBLIC_URL}/{lang_of(request)}/review/attend/{found.attend_code}",
        "qr": mark_safe(qr_svg(f"{settings.PUBLIC_URL}/hi/review/attend/{found.attend_code}")),
        "new_id": new_id(),
        "wrong": wrong,
        "typed": request.POST,
    }
    return render(request, "review/meeting.html", context, status=422 if wrong else 200)


@for_citizens
def attend(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR opens on a manager's phone: name, post, bank, mobile. No sign-in."""
    wrong: dict[str, Text] = {}
    done = False
    if request.method == "POST":
        name, mobile = request.POST.get("name", "").strip()[:120], request.POST.get("mobile", "").strip()
        digits = "".join(sign for sign in mobile if sign.isdecimal())[-10:]
        if not name or len(digits) != 10:
            wrong["name"] = _NAME_WRONG
        else:
            try:
                meetings.note_attendance(
                    attendance_id=new_id(),
                    attend_code=code,
                    name=name,
                    designation=request.POST.get("designation", "").strip()[:120],
                    mobile=digits,
                    bank=Bank.objects.filter(code=request.POST.get("bank", "")).first(),
                    at=dt.datetime.now(tz=dt.UTC),
                )
                done = True
            except Meeting.DoesNotExist:
                raise Http404(code) from None
            except MeetingClosed as refused:
                wrong["name"] = refused.text
    context = {"wrong": wrong, "typed": request.POST, "done": done, "banks": Bank.objects.order_by("name_en")}
    return render(request, "review/attend.html", context, status=422 if wrong else 200)


@for_review
def close_decision(request: HttpRequest, decision_id: Any) -> HttpResponse:
    """A decision is done, or dropped with a reason."""
    decision = get_object_or_404(Decision, pk=decision_id)
    note = request.POST.get("note", "").strip()[:2000]
    if request.method == "POST" and note:
        officer = officer_of(request)
        # somebody else may have closed it a moment ago: the list shows it
        with suppress(AlreadyClosed):
            meetings.close_decision(
                decision=decision,
                done=request.POST.get("done") == "yes",
                note=note,
                by=f"officer:{officer.pk}",
                at=dt.datetime.now(tz=dt.UTC),
            )
    return redirect("review:meetings")


@for_review
def answer_suggestion(request: HttpRequest, suggestion_id: Any) -> HttpResponse:
    """Answer a district's suggestion."""
    found = get_object_or_404(Suggestion, pk=suggestion_id)
    words = request.POST.get("text", "").strip()[:2000]
    if request.method == "POST" and words:
        # or answered it: the list no longer shows it
        with suppress(suggestions.AlreadyAnswered):
            suggestions.answer_suggestion(
                suggestion=found,
                taken_up=request.POST.get("taken_up") == "yes",
                text=words,
                by=officer_of(request),
                at=dt.datetime.now(tz=dt.UTC),
            )
    return redirect("review:meetings")


def _act(request: HttpRequest, found: Meeting, officer: Any) -> dict[str, Text]:
    now = dt.datetime.now(tz=dt.UTC)
    action = request.POST.get("action")
    if action == "agenda":
        meetings.fill_agenda(meeting=found, points=points(), on=now.astimezone(IST).date())
    elif action == "own":
        words = request.POST.get("own", "").strip()[:300]
        if not words:
            return {"own": _OWN_WRONG}
        meetings.add_point(meeting=found, text=Text(words, words))
    elif action == "invite":
        body = request.POST.get("body", "").strip()[:160]
        if not body:
            return {"body": _BODY_WRONG}
        meetings.invite_body(meeting=found, body=body)
    elif action == "close":
        meetings.close_meeting(meeting=found, by=officer, at=now)
    elif action == "decide":
        words, due_on = request.POST.get("text", "").strip()[:2000], day_or_none(request.POST.get("due_on", ""))
        if not words:
            return {"text": _TEXT_WRONG}
        if due_on is None:
            return {"due_on": _DAY_WRONG}
        owner = request.POST.get("owner", "")
        meetings.decide(
            decision_id=id_or_new(request.POST.get("id")),
            meeting=found,
            text=words,
            source_line=request.POST.get("source_line", "").strip()[:200],
            owner_office=Office.objects.filter(code=owner.removeprefix("office:")).first()
            if owner[:7] == "office:"
            else None,
            owner_bank=Bank.objects.filter(code=owner.removeprefix("bank:")).first() if owner[:5] == "bank:" else None,
            due_on=due_on,
            by=officer,
            at=now,
        )
    return {}


def points() -> list[Point]:
    """What an agenda is offered: silent banks, rising tricks, what is overdue, the districts with the least held."""
    snapshot = trends.about()[0] or Snapshot.objects.order_by("-taken_at").first()
    if snapshot is None:
        return []
    names = {bank.code: bank for bank in Bank.objects.all()}
    found = [
        Point(
            AgendaItem.Type.SILENT_BANK,
            Text(
                hi=f"{names[s.bank].name_hi if s.bank in names else s.bank}: {s.silent} अनुरोध समय के बाद भी बिना जवाब",
                en=f"{names[s.bank].name_en if s.bank in names else s.bank}: "
                f"{s.silent} requests unanswered past their time",
            ),
            f"bank:{s.bank}",
        )
        for s in speed.bank_league(snapshot)
        if s.silent
    ]
    for trend in trends.rising()[:3]:
        found.append(
            Point(
                AgendaItem.Type.MODUS,
                Text(
                    hi=f"{trend.name.hi}: {trend.before.complaints} से {trend.now.complaints} शिकायतें "
                    f"({trend.snapshot.name})",
                    en=f"{trend.name.en}: {trend.before.complaints} to {trend.now.complaints} complaints "
                    f"({trend.snapshot.name})",
                ),
                f"modus:{trend.code}",
            )
        )
    now = dt.datetime.now(tz=dt.UTC)
    found += [
        Point(AgendaItem.Type.REQUEST, line.text, line.about)
        for line in [
            *alerts.overdue_requests(now)[:5],
            *alerts.overdue_objections(now)[:3],
            *alerts.ageing_holds(now)[:3],
        ]
    ]
    table = district_table(snapshot)
    rows = [(code, row) for code, row in table.rows.items() if isinstance(code, int) and row.reported]
    for code, row in sorted(rows, key=lambda item: item[1].held_percent or 0)[:3]:
        place, held = districts()[code], row.held_percent or 0
        found.append(
            Point(
                AgendaItem.Type.FIGURES,
                Text(
                    hi=f"{place.name('hi')}: {rupees.short(row.reported, 'hi')} में से {held:.0f} % रुका ({snapshot.name})",
                    en=f"{place.name('en')}: {held:.0f} % of {rupees.short(row.reported, 'en')} held ({snapshot.name})",
                ),
                f"district:{code}",
            )
        )
    return found
