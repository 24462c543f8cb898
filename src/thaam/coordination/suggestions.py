"""Suggestions of districts (S3.8): made, and each one answered."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from thaam.coordination.models import Suggestion, SuggestionAnswer
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.models import Officer


class AlreadyAnswered(Exception):
    """The suggestion has its answer; a second one would be another decision."""

    text = Text(hi="इस सुझाव का जवाब दिया जा चुका है।", en="This suggestion has been answered already.")


class NoOffice(Exception):
    """A suggestion comes from an office, not from a private person."""

    text = Text(hi="सुझाव किसी कार्यालय की ओर से ही दर्ज होता है।", en="A suggestion is made on behalf of an office.")


@transaction.atomic
def suggest(*, suggestion_id: str, text: str, by: Officer, at: dt.datetime) -> Suggestion:
    """Write a suggestion of the officer's office; a repeat with the same id returns the first. Raises NoOffice."""
    if by.office is None:
        raise NoOffice(by.pk)
    made, fresh = Suggestion.objects.get_or_create(
        id=suggestion_id, defaults={"office": by.office, "text": text, "made_by": by, "made_at": at}
    )
    if fresh:
        record(Kind.SUGGESTION_MADE, about=f"suggestion:{suggestion_id}", by=f"officer:{by.pk}", at=at)
    return made


@transaction.atomic
def answer_suggestion(
    *, suggestion: Suggestion, taken_up: bool, text: str, by: Officer, at: dt.datetime
) -> SuggestionAnswer:
    """Answer once. Raises AlreadyAnswered."""
    answer, fresh = SuggestionAnswer.objects.get_or_create(
        suggestion=suggestion, defaults={"taken_up": taken_up, "text": text, "by": f"officer:{by.pk}", "at": at}
    )
    if not fresh:
        raise AlreadyAnswered(suggestion.id)
    record(
        Kind.SUGGESTION_ANSWERED, about=f"suggestion:{suggestion.id}", by=f"officer:{by.pk}", at=at, taken_up=taken_up
    )
    return answer
