"""Calls that people asked for when the line was busy: a number waits until an operator has called it.

A request is a fact and so is the call that answers it; nothing else is kept.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.journal.recording import record

WAITS_FOR = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class AskedCall:
    """One number that waits: since when, and the id under which the call is noted."""

    id: str
    mobile: str
    name: str
    asked_at: dt.datetime


@transaction.atomic
def ask_for_call(*, call_id: str, mobile: str, name: str, at: dt.datetime) -> None:
    """Leave a number with the operators; fact "call:asked". `mobile` is ten digits, checked by the page."""
    record(Kind.CALL_ASKED, about=f"call:{call_id}", by="citizen", at=at, mobile=mobile, name=name)


@transaction.atomic
def note_called(*, call_id: str, by: str, at: dt.datetime, words: str = "") -> None:
    """An operator has called (or could not reach) the number; fact "call:made"."""
    record(Kind.CALL_MADE, about=f"call:{call_id}", by=by, at=at, words=words)


def waiting_calls(at: dt.datetime) -> list[AskedCall]:
    """Numbers asked for within a day and not called yet, oldest first; a number that asked twice waits once."""
    since = at - WAITS_FOR
    asked = list(Fact.objects.filter(kind=Kind.CALL_ASKED, at__gte=since).order_by("at", "id"))
    mobile_of = {fact.about: str(fact.data["mobile"]) for fact in asked}
    called: dict[str, dt.datetime] = {}
    for about, made_at in (
        Fact.objects.filter(kind=Kind.CALL_MADE, at__gte=since).order_by("at").values_list("about", "at")
    ):
        called[mobile_of.get(about, "")] = made_at
    calls: dict[str, AskedCall] = {}
    for fact in asked:
        mobile = mobile_of[fact.about]
        if mobile in called and fact.at <= called[mobile]:
            continue
        call = AskedCall(fact.about.removeprefix("call:"), mobile, str(fact.data.get("name", "")), fact.at)
        calls.setdefault(mobile, call)
    return sorted(calls.values(), key=lambda call: call.asked_at)
