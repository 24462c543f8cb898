"""The registry's first page: look one up, what is watched, what operators owe, what waits for an answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.suspects.finding import find_people
from thaam.suspects.looking_up import TooMany, look_up
from thaam.suspects.models import BlockRequest, Hearing, Identifier, Watch
from thaam.suspects.naming import IdentifierKind, NotAnIdentifier, name_of
from thaam.suspects.reporting import waiting_reports
from thaam.suspects.standing import Level
from thaam.web.shared.audience import for_desk_and_approvers, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.suspects.words import ACTIONS, CHOOSE, KINDS, TYPED

SHOWN = 50


@for_desk_and_approvers
def home(request: HttpRequest) -> HttpResponse:
    """GET shows the lists; POST looks one identifier up and goes to its page. Every look-up is written down."""
    officer = officer_of(request)
    now = datetime.now(tz=UTC)
    wrong: dict[str, Text] = {}
    nothing: Text | None = None
    people: list[Any] = []
    if request.method == "POST":
        try:
            kind = IdentifierKind(request.POST.get("kind", ""))
            typed = request.POST.get("typed", "").replace("\x00", "")
            standing = look_up(
                look_up_id=new_id(), kind=kind, typed=typed, by=f"officer:{officer.pk}", purpose="desk", at=now
            )
            row = Identifier.objects.filter(kind=kind.value, name=name_of(kind, typed)).first()
            if row is not None and (standing.level is not Level.NOTHING or row.requests.exists()):
                return redirect("suspects:identifier", identifier_id=row.pk)
            people = find_people(typed) if kind is IdentifierKind.PERSON else []
            nothing = standing.advice
        except NotAnIdentifier as slip:
            wrong["typed"] = slip.text
        except TooMany as slip:
            wrong["typed"] = slip.text
        except ValueError:
            wrong["kind"] = CHOOSE
    lang = lang_of(request)
    waiting = BlockRequest.objects.filter(told=None).select_related("identifier", "partner").order_by("due_at")
    context = {
        "tab": "home",
        "kinds": [(str(kind), text.in_(lang)) for kind, text in TYPED.items()],
        "watched": [
            (each, KINDS.get(each.identifier.kind, Text(each.identifier.kind, each.identifier.kind)))
            for each in Watch.objects.filter(until_at__gt=now, from_at__lte=now)
            .select_related("identifier")
            .order_by("-sources", "-from_at")[:SHOWN]
        ],
        "waiting": [(each, ACTIONS[each.action], each.due_at <= now) for each in waiting[:SHOWN]],
        "reviews": BlockRequest.objects.filter(
            told__result__in=("blocked", "taken_down"), review_at__lte=now + timedelta(days=7), review_at__gt=now
        ).select_related("identifier")[:SHOWN],
        "reports": len(waiting_reports()),
        "hearings": Hearing.objects.filter(decided=None).order_by("due_at")[:SHOWN],
        "nothing": nothing,
        "people": people,
        "wrong": wrong,
        "typed": request.POST,
        "now": now,
    }
    return render(request, "suspects/home.html", context, status=422 if wrong else 200)
