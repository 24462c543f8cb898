"""A second look at what operators attest: a sample drawn by the rulebook, read by a supervisor."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from thaam.complaints.models import Complaint
from thaam.complaints.telling import clean_words
from thaam.helpline.models import Review
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.models import Officer
from thaam.rulebook.rules import rule


class OwnWork(Exception):
    """Nobody reviews their own attestation."""

    text = Text("अपनी ही पुष्टि की जाँच नहीं की जा सकती।", "You cannot review your own attestation.")


def draw(fact: Fact, at: dt.datetime) -> None:
    """Draw the attested report into the sample, or not: by its id and the rulebook's share, the same whoever asks."""
    complaint = Complaint.objects.get(pk=fact.about.removeprefix("complaint:"))
    share = rule("attestations_reviewed", jurisdiction=complaint.jurisdiction, on=fact.at).value
    officer = Officer.objects.filter(pk=fact.by.removeprefix("officer:")).first()
    lot = int.from_bytes(hashlib.sha256(f"review|{complaint.pk}".encode()).digest()[:4], "big") % 100
    if officer is None or lot >= share or Review.objects.filter(pk=complaint.pk).exists():
        return
    Review(complaint=complaint, officer=officer, drawn_at=at).save(force_insert=True)


def waiting_reviews() -> QuerySet[Review]:
    """Drawn and not looked at yet, oldest first."""
    return Review.objects.filter(reviewed_at=None).select_related("complaint", "officer").order_by("drawn_at")


@transaction.atomic
def give_verdict(
    *, complaint_id: Any, verdict: Review.Verdict, words: str, officer: Officer, at: dt.datetime
) -> Review:
    """The supervisor's word, once; fact "complaint:reviewed". Locks the review. Raises OwnWork, CannotFile."""
    review = Review.objects.select_for_update(of=("self",)).get(pk=complaint_id)
    if review.officer_id == officer.pk:
        raise OwnWork
    if review.reviewed_at is None:
        review.verdict, review.words = verdict, clean_words("words", words, 500)
        review.reviewed_by, review.reviewed_at = officer, at
        review.save()
        about = f"complaint:{complaint_id}"
        record(Kind.COMPLAINT_REVIEWED, about=about, by=f"officer:{officer.pk}", at=at, verdict=str(verdict))
    return review
