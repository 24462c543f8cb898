"""A bank reports a suspicious person or number without a loss, and reads the answer on its own page (S1.23)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from cast import an_id, bank, running_as
from thaam.journal.models import Fact
from thaam.parties.models import Office, Officer
from thaam.suspects.models import Report, Sighting
from thaam.suspects.reporting import answer_report, waiting_reports

pytestmark = pytest.mark.django_db
HERE = "/en/bank/tell/report"


def clerk_of(code: str) -> Client:
    with running_as("thaam_loops"):
        who = Officer.objects.create(username=f"clerk-{code}", role="bank_clerk", name_en="Aarti", bank=bank(code))
    client = Client()
    client.force_login(who)
    return client


def investigator() -> Officer:
    office, _ = Office.objects.get_or_create(code="HELPLINE", defaults={"name_hi": "डेस्क", "name_en": "Desk"})
    return Officer.objects.create(username="ravi", role="investigator", name_en="Ravi", office=office)


PERSON = {
    "report_id": an_id(9), "kind": "person", "asked": "Mohd  Rafiq", "place": "Durg branch", "contact": "0788 2210000",
    "words": "third account this week, each with another address; CCTV kept", "urgent": "yes",
}  # fmt: skip


@pytest.mark.req("S1.23", "S1.18")
def test_a_person_a_bank_reports_waits_for_an_officer_within_hours_and_is_listed_nowhere():
    clerk = clerk_of("DEMO2")
    assert clerk.post(HERE, PERSON).status_code == 302
    assert clerk.post(HERE, PERSON).status_code == 302, "sent twice it is one report"
    with running_as("thaam_loops"):
        report = Report.objects.get()
        assert (report.by, report.name, report.place, report.urgent) == (
            "bank:DEMO2",
            "Mohd Rafiq",
            "Durg branch",
            True,
        )
        assert report.due_at - datetime.now(tz=UTC) < timedelta(hours=13)
        assert not Sighting.objects.exists()
        assert waiting_reports()[0].pk == report.pk
        assert Fact.objects.filter(kind="report:lodged").count() == 1
    assert "answer by" in clerk.get(HERE).content.decode()


@pytest.mark.req("S1.23")
def test_the_bank_reads_its_own_answer_and_nobody_elses():
    clerk, other = clerk_of("DEMO2"), clerk_of("DEMO3")
    clerk.post(HERE, PERSON)
    with running_as("thaam_loops"):
        answer_report(
            report=Report.objects.get(), outcome="station", words="Durg Kotwali has it", by=investigator(),
            at=datetime.now(tz=UTC),
        )  # fmt: skip
    page = clerk.get(HERE).content.decode()
    assert "Durg Kotwali has it" in page
    assert "Passed to the station" in page
    theirs = other.get(HERE).content.decode()
    assert "Durg Kotwali" not in theirs
    assert "Mohd Rafiq" not in theirs


def test_a_number_a_bank_reports_counts_more_than_a_citizens_word():
    clerk = clerk_of("DEMO2")
    told = {**PERSON, "kind": "phone", "asked": "+91 98765 00001"}
    assert clerk.post(HERE, told).status_code == 302
    with running_as("thaam_loops"):
        sighting = Sighting.objects.get()
        assert (sighting.source, sighting.confidence, sighting.reason) == ("bank:DEMO2", 60, "called")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": ""}, "Choose what it is"),
        ({"words": " "}, "Write what was seen"),
        ({"kind": "phone", "asked": "12"}, "10"),
        ({"kind": "imei", "asked": "1234"}, "15"),
    ],
)
def test_a_slip_is_named_and_what_was_typed_stays(change, says):
    answer = clerk_of("DEMO2").post(HERE, {**PERSON, **change})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in re.search(r'role="alert"[^>]*>(.*?)</p>', page, re.S)[1]
    assert "Durg branch" in page
    with running_as("thaam_loops"):
        assert not Report.objects.exists()
