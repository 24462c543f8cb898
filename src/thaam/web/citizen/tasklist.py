"""What is left to tell after sending: five tasks, and which of them are done."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from thaam.complaints.models import Complaint, Paper
from thaam.language.text import Text
from thaam.web.shared.story import has_own_words


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One line of the list: where it leads, what it is called, what it takes, whether it is done."""

    url: str
    name: Text
    hint: Text
    done: bool


def tasks_of(complaint: Complaint, code: str) -> list[TaskRow]:
    """The five tasks of this complaint and how each stands."""
    purposes = set(complaint.papers.values_list("purpose", flat=True))

    def row(page: str, name: Text, hint: Text, done: bool) -> TaskRow:
        return TaskRow(reverse(f"citizen:{page}", args=[code]), name, hint, done)

    return [
        row(
            "add",
            Text("कहानी", "Story"),
            Text("क्या हुआ · 3 मिनट", "What happened · 3 minutes"),
            has_own_words(complaint.story),
        ),
        row(
            "evidence",
            Text("सबूत", "Evidence"),
            Text("फ़ोटो, स्क्रीनशॉट, PDF · 2 मिनट", "Photos, screenshots, PDF · 2 minutes"),
            Paper.Purpose.EVIDENCE in purposes,
        ),
        row(
            "people",
            Text("सामने वाले के बारे में", "About the other side"),
            Text("नंबर, UPI आईडी, लिंक · 2 मिनट", "Numbers, UPI ids, links · 2 minutes"),
            complaint.people.exists(),
        ),
        row(
            "identity",
            Text("पहचान", "Identity"),
            Text("नाम और पहचान-पत्र · 2 मिनट", "Name and a proof · 2 minutes"),
            bool(complaint.name) and Paper.Purpose.IDENTITY in purposes,
        ),
        row(
            "station",
            Text("थाना चुनें", "Choose a station"),
            Text("आपके पास का · 1 मिनट", "One near you · 1 minute"),
            bool(complaint.station),
        ),
    ]
