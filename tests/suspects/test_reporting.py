"""Reports without a loss, and other people's lists."""

from __future__ import annotations

import datetime as dt

import pytest

from cast import NOON, running_as
from thaam.journal.ids import id_from
from thaam.parties.models import Officer
from thaam.suspects.importing import PROFILES, UnknownColumns, import_list
from thaam.suspects.models import Identifier, Report, ReportAnswer
from thaam.suspects.naming import IdentifierKind, NotAnIdentifier
from thaam.suspects.reporting import AlreadyAnswered, answer_report, lodge_report, waiting_reports
from thaam.suspects.standing import Level, standing_of

pytestmark = pytest.mark.django_db


def report(number=1, kind=IdentifierKind.PHONE, typed="9876500001", by="citizen", **more):
    return lodge_report(
        report_id=id_from("report", number), kind=kind, typed=typed, words="calls about a parcel", by=by, at=NOON,
        **more,
    )  # fmt: skip


@pytest.mark.req("S1.23")
def test_a_suspicious_person_waits_for_an_officer_within_hours_and_is_listed_nowhere():
    ravi, _ = Officer.objects.get_or_create(username="ravi", defaults={"role": "investigator"})
    person = report(1, IdentifierKind.PERSON, "Mohd Rafiq", by="bank:DEMO1", place="Branch, Durg")
    number = report(2)
    assert person.due_at == NOON + dt.timedelta(hours=4)
    assert person.sighting is None
    assert not Identifier.objects.filter(kind="person").exists()
    assert waiting_reports() == [person, number]
    answer_report(report=person, outcome=ReportAnswer.Outcome.STATION, words="station told", by=ravi, at=NOON)
    with pytest.raises(AlreadyAnswered):
        answer_report(report=person, outcome=ReportAnswer.Outcome.NOTHING, words="x", by=ravi, at=NOON)
    assert waiting_reports() == [number]


@pytest.mark.req("S1.18")
def test_a_banks_report_counts_towards_watching_and_a_citizens_word_does_not():
    for number in range(6):
        report(number)
    identifier = Identifier.objects.get(name="9876500001")
    assert standing_of(identifier, at=NOON).level is Level.SEEN
    for number, code in enumerate(("A", "B", "C", "D", "E"), 10):
        report(number, by=f"bank:{code}")
    assert standing_of(identifier, at=NOON).level is Level.REPEATED
    assert report(1) == Report.objects.get(id=id_from("report", 1))
    with pytest.raises(NotAnIdentifier):
        report(99, typed="12")


def test_reporters_words_are_hidden_from_who_has_no_office_and_the_answer_is_not():
    ravi, _ = Officer.objects.get_or_create(username="ravi", defaults={"role": "investigator"})
    made = report(1)
    answer_report(report=made, outcome="watched", words="thank you", by=ravi, at=NOON)
    with running_as("thaam_app"):
        assert Report.objects.count() == 0
        assert ReportAnswer.objects.get(report_id=made.id).words == "thank you"


RISKS = [
    "Mobile Number,Risk Level,Remarks",
    "9876500001,Very High,many",
    "9876500002,Medium,",
    "12,High,",
    "9876500003,Low,",
]


@pytest.mark.req("S3.7")
def test_the_national_risk_levels_are_one_source_and_a_correction_there_is_a_correction_here():
    told = import_list(profile=PROFILES["risk-levels"], lines=RISKS, list_name="e1", by="officer:1", at=NOON)
    assert (told.kept, told.withdrawn) == (2, 0)
    assert told.refused == ((4, "number"), (5, "level"))
    high = Identifier.objects.get(name="9876500001")
    assert high.sightings.get().confidence == 90
    assert standing_of(high, at=NOON).level is Level.SEEN
    again = import_list(profile=PROFILES["risk-levels"], lines=RISKS, list_name="e1", by="officer:1", at=NOON)
    assert (again.kept, again.same) == (0, 2)
    later = import_list(profile=PROFILES["risk-levels"], lines=RISKS[:1] + RISKS[2:3], list_name="e2", by="x", at=NOON)
    assert later.withdrawn == 1
    assert standing_of(high, at=NOON).level is Level.NOTHING
    with pytest.raises(UnknownColumns):
        import_list(profile=PROFILES["risk-levels"], lines=["a,b", "1,2"], list_name="e3", by="x", at=NOON)


def test_revoked_numbers_come_with_their_reason():
    lines = ["msisdn,revocation_reason", "+91 98765 00009,failed re-verification"]
    assert import_list(profile=PROFILES["revoked-numbers"], lines=lines, list_name="r", by="x", at=NOON).kept == 1
    assert Identifier.objects.get(name="9876500009").sightings.get().words == "failed re-verification"
