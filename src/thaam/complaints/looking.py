"""Who looked at a complaint: kept for the auditor, once an officer and page within ten minutes."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from thaam.parties.models import Officer

from .models import Complaint, Look

ONCE_WITHIN = dt.timedelta(minutes=10)


@transaction.atomic
def note_look(*, complaint: Complaint, officer: Officer, page: str, at: dt.datetime) -> None:
    """Write down that the officer opened this page of the complaint; a page that refreshes itself is one look."""
    recent = Look.objects.filter(complaint=complaint, officer=officer, page=page, at__gt=at - ONCE_WITHIN)
    if not recent.exists():
        Look.objects.create(complaint=complaint, officer=officer, page=page, at=at)


def looks_at(complaint: Complaint) -> QuerySet[Look]:
    """Everybody who looked, newest first."""
    return Look.objects.filter(complaint=complaint).select_related("officer__office").order_by("-at", "-id")


def looks_of(officer: Officer) -> QuerySet[Look]:
    """Everything this officer looked at, newest first."""
    return Look.objects.filter(officer=officer).select_related("complaint").order_by("-at", "-id")
