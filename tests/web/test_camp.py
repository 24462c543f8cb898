"""A camp: every report carries its id; what was written down without a network is handed over once (S3.10)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from browsing_pages import banks
from cast import running_as
from thaam.complaints.models import Complaint
from thaam.parties.models import Office, Officer

pytestmark = pytest.mark.django_db
ID = "019ab000-0000-7000-8000-0000000000c1"


@pytest.fixture
def desk():
    banks()
    with running_as("thaam_loops"):
        office, _ = Office.objects.get_or_create(code="DURG", defaults={"name_hi": "दुर्ग", "name_en": "Durg"})
        who = Officer.objects.create(username="irfan", role="constable", office=office)
    client = Client()
    client.force_login(who)
    return client


def report(**changes):
    return {
        "complaint_id": ID, "camp": "DURG-0210", "amount": "4,500", "choice": "now", "bank": "DEMO1",
        "reference": "530693093182", "mobile": "98260 41234", "name": "आशा", "vpa": "ramesh77@demo2",
        "taken_at": (datetime.now(tz=UTC) - timedelta(hours=5)).isoformat(), **changes,
    }  # fmt: skip


def complaints():
    with running_as("thaam_loops"):
        return list(Complaint.objects.all())


@pytest.mark.req("S3.10")
def test_what_was_written_in_a_field_is_handed_over_once_whoever_presses_send(desk):
    sent = report()
    answers = [desk.post("/hi/police/camp/sync", sent).json() for _ in range(3)]
    assert len({answer["number"] for answer in answers}) == 1
    (complaint,) = complaints()
    assert (complaint.camp, complaint.channel, str(complaint.pk)) == ("DURG-0210", "desk", ID)
    assert complaint.confirmed_at
    with running_as("thaam_loops"):
        paid = complaint.debits.get().paid_at
    assert timedelta(hours=4) < datetime.now(tz=UTC) - paid < timedelta(hours=6)
    other = desk.post("/hi/police/camp/sync", {**sent, "amount": "9,999"})
    assert other.status_code == 422
    assert "पहले ही भेजी जा चुकी" in other.json()["wrong"]["amount"]


def test_a_slip_comes_back_by_its_field_and_nothing_is_filed(desk):
    answer = desk.post("/hi/police/camp/sync", report(mobile="12345", amount="-3"))
    assert answer.status_code == 422
    assert set(answer.json()["wrong"]) == {"mobile", "amount"}
    assert complaints() == []


@pytest.mark.req("S3.10", "S4.5")
def test_a_walk_in_at_a_camp_carries_its_id_until_the_camp_ends(desk):
    assert desk.post("/hi/police/camp", {"camp": "शिविर एक"}).status_code == 422
    assert desk.post("/hi/police/camp", {"camp": "durg-0210"}).status_code == 302
    assert "DURG-0210" in desk.get("/hi/police/walk-in").content.decode()
    filed = desk.post("/hi/police/walk-in", report())
    assert filed.status_code == 302
    assert [complaint.camp for complaint in complaints()] == ["DURG-0210"]
    page = desk.get("/hi/police/camp").content.decode()
    assert "₹4,500" in page
    desk.post("/hi/police/camp", {"end": "1"})
    assert "DURG-0210" not in desk.get("/hi/police/walk-in").content.decode()


def test_the_offline_page_holds_nobodys_complaint(desk):
    desk.post("/hi/police/camp/sync", report())
    html = desk.get("/hi/police/camp/offline").content.decode()
    assert "आशा" not in html
    assert "camp.js" in html


def test_a_scan_at_the_desk_is_kept_with_the_complaint(desk, settings, tmp_path):
    settings.FILES = tmp_path
    desk.post("/hi/police/walk-in", report())
    page = f"/hi/police/complaint/{ID}"
    assert desk.post(page, {"paper": "1"}).status_code == 422
    scan = SimpleUploadedFile("card.pdf", b"%PDF-1.7 scan")
    assert desk.post(page, {"paper": "1", "purpose": "identity", "file": scan}).status_code == 302
    html = desk.get(page).content.decode()
    assert "card.pdf" in html
    assert "<svg" in html
