"""The review: figures of one snapshot that add up, meetings whose decisions come back, notes two people release."""

import re

import pytest

from banking import Rs, debit, files, hold_answer, order, says
from cast import NOON, running_as
from thaam.coordination.models import Attendance, Decision, Meeting
from thaam.oversight.models import PressNote, Snapshot
from thaam.parties.models import Office, Officer
from thaam.wire.parts import Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def money():
    """Asha's money held in part, five more complaints, all of Durg."""
    with running_as("thaam_loops"):
        files(debit(Rs(50_000)), district="Durg", at=NOON)
        asked = order("DEMO2")
        cash = Line("terminal", Rs(31_200), Rs(50_000), terminal_kind="CASH_ATM", particulars="D17")
        says("DEMO2", hold_answer(asked, Line("held", 0, Rs(31_200), lien_reference="L1"), cash))
        for n in range(5):
            files(debit(Rs(1_000), reference=f"UTR00000010{n}"), district="Kawardha", mobile=f"987654320{n}", at=NOON)


@pytest.fixture
def rupa():
    office = Office.objects.create(code="REVIEW", name_hi="राज्य समीक्षा", name_en="State review", state="Chhattisgarh")
    return Officer.objects.create_user("rupa", password="x", role="reviewer", office=office)


@pytest.fixture
def other(rupa):
    return Officer.objects.create_user("om", password="x", role="reviewer", office=rupa.office)


def take(client):
    first = NOON.date().replace(day=1)
    answer = client.post(
        "/hi/review/snapshots/take",
        {"from_on": first.isoformat(), "last_on": NOON.date().isoformat()},
    )
    assert answer.status_code == 302


def one(model):
    """The only row there is, whatever the desk."""
    with running_as("thaam_loops"):
        return model.objects.get()


def text(answer):
    return re.sub(r"<[^>]+>", " ", answer.content.decode())


@pytest.mark.req("S0.12", "S3.1", "S4.2")
def test_the_review_shows_the_snapshots_sums_and_every_number_opens_its_complaints(client, rupa, money):
    client.force_login(rupa)
    assert "स्नैपशॉट नहीं है" in text(client.get("/hi/review/"))
    take(client)
    page = client.get("/hi/review/")
    words = text(page)
    assert page.status_code == 200
    assert "₹55,000" in words
    assert "₹31,200" in words
    assert "कबीरधाम" in words
    assert "रिपोर्ट नहीं मिली" in words
    name = one(Snapshot).name
    behind = text(client.get(f"/en/review/snapshots/{name}/complaints?district=378"))
    assert "₹50,000" in behind
    assert "Behind" in text(client.get(f"/en/review/snapshots/{name}/complaints?channel=web"))


@pytest.mark.req("S0.12", "S3.1")
def test_a_district_reviews_itself_and_opens_no_other_districts_complaints(client, rupa, money):
    client.force_login(rupa)
    take(client)
    name = one(Snapshot).name
    office = Office.objects.create(
        code="SPDURG", name_hi="पुलिस अधीक्षक, दुर्ग", name_en="SP Durg", district="Durg", state="Chhattisgarh"
    )
    client.force_login(Officer.objects.create_user("sp", password="x", role="reviewer", office=office))
    page = text(client.get("/hi/review/"))
    assert "₹50,000" in page
    assert "₹55,000" not in page
    assert "पूरे राज्य का" in page
    for query, complaints, rupees in (
        ("all=1", 1, "₹50,000"),
        ("channel=web", 1, "₹50,000"),
        ("district=382", 0, "₹0"),
    ):
        behind = text(client.get(f"/hi/review/snapshots/{name}/complaints?{query}"))
        assert f"· {complaints} · {rupees}" in " ".join(behind.split()), query


def test_every_figure_has_its_meaning_on_one_page(client, rupa):
    client.force_login(rupa)
    page = text(client.get("/en/review/definitions"))
    for name in ("Reported", "Held", "Returned", "Gone", "Reply due", "Not explained", "Calls", "Per lakh people"):
        assert name in page
    assert "Census of 2011" in page


def test_only_reviewers_and_supervisors_enter(client, rupa):
    clerk = Officer.objects.create_user("clerk", password="x", role="operator", office=rupa.office)
    client.force_login(clerk)
    for path in ("/hi/review/", "/hi/review/meetings", "/hi/review/press", "/hi/review/definitions"):
        assert client.get(path).status_code == 403
    client.logout()
    assert client.get("/hi/review/").status_code == 302


@pytest.mark.req("S0.12", "S1.25", "S3.8")
def test_a_meeting_is_planned_filled_attended_decided_and_closed(client, rupa, money):
    client.force_login(rupa)
    take(client)
    assert client.post("/hi/review/meetings", {"kind": "monthly", "starts_at": ""}).status_code == 422
    client.post("/hi/review/meetings", {"kind": "monthly", "starts_at": "2026-11-26T11:00", "place": "सभागार"})
    meeting = one(Meeting)
    url = f"/hi/review/meetings/{meeting.pk}"
    client.post(url, {"action": "agenda"})
    assert "% रुका" in text(client.get(url))
    assert client.post(url, {"action": "decide", "text": "", "due_on": "2026-12-10"}).status_code == 422
    assert client.post(url, {"action": "decide", "text": "x", "due_on": "2026-12-10"}).status_code == 422, "no owner"
    client.post(url, {"action": "decide", "text": "हर शाखा में नोडल", "due_on": "2026-12-10", "owner": "bank:DEMO2"})
    decision = one(Decision)
    assert decision.owner_bank_id == "DEMO2"
    client.logout()
    attend = f"/hi/review/attend/{meeting.attend_code}"
    assert client.get(attend).status_code == 200
    assert client.post(attend, {"name": "", "mobile": "1"}).status_code == 422
    for _ in range(2):
        assert "लिख ली गई" in text(client.post(attend, {"name": "राव", "mobile": "98260 41234", "bank": "DEMO2"}))
    client.force_login(rupa)
    assert one(Attendance).name == "राव"
    client.post(url, {"action": "close"})
    assert client.post(url, {"action": "agenda"}).status_code == 422
    assert "हर शाखा में नोडल" in text(client.get("/hi/review/meetings"))
    client.post(f"/hi/review/decisions/{decision.pk}/close", {"note": "हो गया", "done": "yes"})
    assert "सब निर्णय पूरे हैं" in text(client.get("/hi/review/meetings"))


def test_a_press_note_is_written_by_one_and_released_by_another(client, rupa, other, money):
    client.force_login(rupa)
    take(client)
    bad = client.post("/hi/review/press", {"district": "382", "prose_hi": "₹5 लाख बचाए", "prose_en": "x"})
    assert bad.status_code == 422
    assert "लौटाया गया" in text(bad)
    client.post("/hi/review/press", {"district": "382", "prose_hi": "बैठक हुई।", "prose_en": "A meeting was held."})
    note = one(PressNote)
    assert client.post(f"/hi/review/press/{note.pk}").status_code == 422
    client.force_login(other)
    assert client.post(f"/hi/review/press/{note.pk}").status_code == 302
    told = text(client.get(f"/en/review/press/{note.pk}"))
    assert "₹5,000" in told
    assert "returned to complainants" not in told  # nothing was: the note says nothing of it
