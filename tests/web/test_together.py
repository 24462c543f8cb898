"""Shared work in the pages: visits, bulletins, awareness, traders' problems, suggestions, the calls' door."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import re
import time
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cast import bank, running_as
from thaam.clocks.models import Clock
from thaam.coordination.inspecting import checklists
from thaam.coordination.models import (
    Bulletin,
    BulletinCopy,
    CampaignEvent,
    Decision,
    Finding,
    Inspection,
    Material,
    Meeting,
    Suggestion,
    TraderProblem,
)
from thaam.files.models import File
from thaam.helpline.store import CallStore
from thaam.parties.models import Office, Officer
from wire.hostile import right_json, wrong_json

pytestmark = pytest.mark.django_db


@pytest.fixture
def cell():
    return Office.objects.create(
        code="CELL", name_hi="साइबर थाना दुर्ग", name_en="Cyber police Durg", district="Durg", state="Chhattisgarh"
    )


@pytest.fixture
def people(cell):
    def made(name, role, **more):
        return Officer.objects.create_user(name, password="x", role=role, **({"office": cell} | more))

    return {
        "constable": made("irfan", "constable"),
        "investigator": made("meera", "investigator"),
        "reviewer": made("rupa", "reviewer"),
        "supervisor": made("devi", "supervisor"),
        "operator": made("aarti", "operator"),
        "clerk": made("john", "bank_clerk", office=None, bank=bank("DEMO1")),
        "association": made("gopal", "association"),
    }


def text(answer):
    return re.sub(r"<[^>]+>", " ", answer.content.decode())


def one(model, **where):
    with running_as("thaam_loops"):
        return model.objects.get(**where)


def answers(checklist, **faults):
    """A filled form: everything in order, except `faults`."""
    form = {"place": "शाखा सुपेला", "bank": "DEMO1", "district": "Durg"}
    for item in checklists()[checklist].items:
        form[f"r-{item.code}"] = "not_ok" if item.code in faults else "ok"
        if item.code in faults:
            form |= {f"note-{item.code}": faults[item.code], f"owner-{item.code}": "शाखा प्रबंधक"}
            form[f"due-{item.code}"] = "2026-12-10"
    return form


def test_the_lists_hold_every_item_that_was_asked_for():
    wanted = {
        "branch": {"S1.21", "S1.11", "S1.19", "S1.20", "S1.22", "S1.4", "S0.6", "S0.5"},
        "atm": {"S1.9", "S1.10", "S1.19", "S1.20"},
        "station": {"S0.2", "S3.9", "S3.2"},
    }
    for name, codes in wanted.items():
        assert codes <= {item.source for item in checklists()[name].items}


@pytest.mark.req("S1.4", "S1.11", "S1.19", "S1.20", "S1.21", "S1.22")
def test_a_branch_is_inspected_on_a_phone_and_its_fault_mended_by_the_bank(client, people):
    client.force_login(people["constable"])
    page = client.get("/hi/together/inspections/new/branch")
    assert "गोल्ड लोन" in text(page)
    assert b"inspect.js" in page.content
    form = answers("branch", alarm="अलार्म नहीं बजा") | {"id": "019ab000-0000-4000-8000-000000000001"}
    assert client.post("/hi/together/inspections/new/branch", form | {"r-arms": ""}).status_code == 422
    for _ in range(2):  # a phone that sends twice
        assert client.post("/hi/together/inspections/new/branch", form).status_code == 302
    visit, fault = one(Inspection), one(Finding, result="not_ok")
    assert (visit.district, fault.owner, fault.due_on) == ("Durg", "शाखा प्रबंधक", dt.date(2026, 12, 10))
    assert "92 %" in text(client.get("/en/together/inspections"))
    client.force_login(people["clerk"])
    assert "शाखा सुपेला" in text(client.get("/hi/together/"))
    client.post(f"/hi/together/findings/{fault.pk}/right", {"note": "नई बैटरी लगाई"})
    assert "नई बैटरी लगाई" in text(client.get(f"/hi/together/inspections/{visit.pk}"))


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60


@pytest.mark.req("S1.19")
def test_a_faults_photo_is_kept_once_and_seen_by_who_mends_it_and_nobody_else(client, people, settings, tmp_path):
    settings.FILES = tmp_path
    client.force_login(people["constable"])
    visit_id = "019ab000-0000-4000-8000-000000000002"

    def form(content):
        return answers("branch", alarm="तार कटा है") | {
            "id": visit_id, "photo-alarm": SimpleUploadedFile("alarm.png", content),
        }  # fmt: skip

    refused = client.post("/hi/together/inspections/new/branch", form(b"<script>alert(1)</script>"))
    assert refused.status_code == 422
    pdf = client.post("/hi/together/inspections/new/branch", form(b"%PDF-1.7 no picture"))
    assert pdf.status_code == 422
    for _ in range(2):
        assert client.post("/hi/together/inspections/new/branch", form(PNG)).status_code == 302
    fault = one(Finding, result="not_ok")
    assert fault.photo_sha256 == hashlib.sha256(PNG).hexdigest()
    url = f"/hi/together/inspections/{visit_id}/photos/{fault.photo_sha256}"
    assert url in client.get(f"/hi/together/inspections/{visit_id}").content.decode()
    with running_as("thaam_loops"):
        File.objects.update(scan=File.Scan.CLEAN)
    client.force_login(people["clerk"])
    seen = client.get(url)
    assert (seen.status_code, seen["Content-Type"], seen.content) == (200, "image/png", PNG)
    assert client.get(url[:-1] + ("0" if url[-1] != "0" else "1")).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


@pytest.mark.req("S1.9", "S1.10", "S0.2", "S3.9")
def test_an_atm_and_a_station_have_lists_of_their_own(client, people):
    client.force_login(people["constable"])
    assert "24 घंटे गार्ड" in text(client.get("/hi/together/inspections/new/atm"))
    station = client.get("/hi/together/inspections/new/station")
    assert "स्वागत कक्ष" in text(station)
    assert "हेल्प डेस्क" in text(station)
    form = answers("station", reception_room="कमरा नहीं बना") | {"station": "CELL", "bank": ""}
    client.post("/hi/together/inspections/new/station", form)
    assert one(Inspection).station.code == "CELL"


@pytest.mark.req("S0.11", "S1.2", "S2.5")
def test_a_bulletin_is_drafted_approved_by_another_sent_and_read_with_a_receipt(client, people):
    client.force_login(people["investigator"])
    told = {
        "title_hi": "नई ठगी",
        "title_en": "New fraud",
        "body_hi": "पार्सल के नाम पर।",
        "body_en": "Parcels.",
        "for_public": "yes",
    }
    assert client.post("/hi/together/bulletins", told | {"body_hi": "98260 41234 से फ़ोन"}).status_code == 422
    client.post("/hi/together/bulletins", told)
    found = one(Bulletin)
    url = f"/hi/together/bulletins/{found.pk}"
    assert client.post(url).status_code == 422, "the writer may not approve"
    assert "नई ठगी" not in text(client.get("/hi/public/alerts"))
    client.force_login(people["supervisor"])
    assert client.post(url).status_code == 302
    client.force_login(people["clerk"])
    assert "नई ठगी" in text(client.get("/hi/together/"))
    assert client.get(url).status_code == 200
    with running_as("thaam_loops"):
        assert BulletinCopy.objects.get(bank="DEMO1").read_by == f"officer:{people['clerk'].pk}"
    client.force_login(people["association"])
    assert "पार्सल के नाम पर" in text(client.get(url))
    client.logout()
    assert "नई ठगी" in text(client.get("/hi/public/alerts"))


@pytest.mark.req("S0.13", "S2.3", "S2.6", "S2.7", "S3.10")
def test_awareness_is_planned_by_audience_held_with_its_reach_and_has_a_film(client, people):
    client.force_login(people["constable"])
    assert client.post("/hi/together/awareness", {"audience": "schools"}).status_code == 422
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    for audience in ("schools", "social_forums", "camp"):
        client.post("/hi/together/awareness", {"audience": audience, "place": f"जगह {audience}", "planned_on": today})
    event = one(CampaignEvent, audience="camp")
    url = f"/hi/together/awareness/{event.pk}"
    assert client.post(url, {"held_on": today, "reach": "बहुत"}).status_code == 422
    assert client.post(url, {"held_on": "2099-01-01", "reach": "5"}).status_code == 422
    assert client.post(url, {"held_on": today, "reach": "260"}).status_code == 302
    assert "260" in text(client.get("/hi/together/awareness"))
    film = {"kind": "film", "title_hi": "एक कॉल", "title_en": "One call", "link": "https://film.example/a"}
    client.post("/hi/together/awareness/materials", film)
    assert "एक कॉल" in text(client.get(url))


@pytest.mark.req("S0.5", "S0.15")
def test_who_opens_an_account_gets_a_leaflet_and_the_branch_records_it(client, people, settings, tmp_path):
    for lang in ("hi", "en"):
        paper = client.get(f"/{lang}/together/awareness/leaflet.pdf")
        assert paper["Content-Type"] == "application/pdf"
        assert paper.content.startswith(b"%PDF")
    advice = text(client.get("/hi/public/appeal"))
    for word in ("OTP", "QR", "लिंक", "1930", "थाने"):
        assert word in advice
    client.force_login(people["clerk"])
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    client.post("/hi/together/awareness", {"audience": "account_opening", "place": "सुपेला", "planned_on": today})
    event = one(CampaignEvent)
    assert event.bank_id == "DEMO1"
    settings.FILES = tmp_path
    photo = SimpleUploadedFile("counter.png", PNG)
    held = {"held_on": today, "reach": "12", "photos": photo}
    assert client.post(f"/hi/together/awareness/{event.pk}", held).status_code == 302
    assert "12" in text(client.get("/hi/together/awareness"))
    with running_as("thaam_loops"):
        File.objects.update(scan=File.Scan.CLEAN)
    assert client.get(f"/hi/together/awareness/{event.pk}/photos/{hashlib.sha256(PNG).hexdigest()}").content == PNG


@pytest.mark.req("S2.6")
def test_a_text_becomes_a_picture_to_share_in_both_languages(client, people):
    client.force_login(people["constable"])
    told = {
        "kind": "image",
        "title_hi": "सावधान",
        "title_en": "Beware",
        "text_hi": "OTP न बताइए।",
        "text_en": "Tell no OTP.",
    }
    client.post("/hi/together/awareness/materials", told)
    found = one(Material)
    client.logout()
    pictures = {client.get(f"/{lang}/together/awareness/materials/{found.pk}.png").content for lang in ("hi", "en")}
    assert len(pictures) == 2
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


@pytest.mark.req("S2.1", "S2.9")
def test_a_traders_problem_has_a_named_officer_a_clock_and_an_answer_its_body_reads(client, people):
    client.force_login(people["investigator"])
    assert client.post("/hi/together/traders", {"association": "सराफ़ा संघ"}).status_code == 422
    told = {"association": "सराफ़ा संघ", "text": "खाता बंद है", "contact": "सचिव", "nodal": people["investigator"].pk}
    client.post("/hi/together/traders", told)
    problem = one(TraderProblem)
    assert problem.due_at > problem.raised_at + dt.timedelta(days=10)
    client.post(f"/hi/together/traders/{problem.pk}/answer", {"text": "बाकी खाता खुलवा दिया", "solved": "yes"})
    client.force_login(people["association"])
    assert "बाकी खाता खुलवा दिया" in text(client.get("/hi/association/"))
    assert client.get("/hi/together/traders").status_code == 403


@pytest.mark.req("S2.1", "S2.9")
def test_a_trade_body_brings_its_problem_itself_and_reads_who_has_it_and_by_when(client, people):
    client.force_login(people["association"])
    told = {
        "id": str(uuid4()),
        "association": "सराफ़ा संघ",
        "text": "रोक की वजह नहीं बताई जाती",
        "contact": "सचिव, 9876500000",
    }
    assert client.post("/hi/association/", told | {"contact": " "}).status_code == 422
    with running_as("thaam_loops"):
        Officer.objects.filter(role__in=("investigator", "supervisor")).update(is_active=False)
    page = client.post("/hi/association/", told)
    assert page.status_code == 422 and "नोडल अधिकारी नहीं" in text(page), "nobody could have it: said, not lost"
    with running_as("thaam_loops"):
        Officer.objects.filter(username=people["investigator"].username).update(is_active=True)
    for _ in range(2):
        assert client.post("/hi/association/", told).status_code == 302, "pressed twice it is one problem"
    with running_as("thaam_loops"):
        problem = TraderProblem.objects.get()
        assert problem.nodal_officer_id == people["investigator"].pk and problem.due_at > problem.raised_at
        assert Clock.objects.filter(about="trader_problem", subject=problem.pk).count() == 1
    page = text(client.get("/hi/association/"))
    assert "रोक की वजह नहीं बताई जाती" in page and "जवाब बाकी" in page


@pytest.mark.req("S3.8")
def test_a_district_suggests_and_reads_the_answer(client, people):
    client.force_login(people["constable"])
    assert client.post("/hi/together/suggestions", {"text": ""}).status_code == 422
    client.post("/hi/together/suggestions", {"text": "रात में भी नोडल हो"})
    made = one(Suggestion)
    client.force_login(people["reviewer"])
    client.post(f"/hi/review/suggestions/{made.pk}/answer", {"text": "अगले माह से", "taken_up": "yes"})
    client.force_login(people["constable"])
    assert "अगले माह से" in text(client.get("/hi/together/suggestions"))


@pytest.mark.req("S0.2", "S0.12", "S3.1")
def test_a_decision_comes_back_on_its_owners_home_until_closed_and_the_minutes_are_a_paper(client, people):
    client.force_login(people["reviewer"])
    form = {
        "kind": "video_review",
        "starts_at": "2026-11-26T11:00",
        "link": "https://meet.example/x",
        "bodies": "संभागायुक्त\nज़िला कलेक्टर",
    }
    client.post("/hi/review/meetings", form)
    meeting = one(Meeting)
    url = f"/hi/review/meetings/{meeting.pk}"
    page = text(client.get(url))
    assert "संभागायुक्त" in page
    assert "वीडियो से जुड़ें" in page
    client.post(url, {"action": "own", "own": "रात की पाली"})
    client.post(url, {"action": "invite", "body": "पुलिस महानिरीक्षक"})
    client.post(url, {"action": "decide", "text": "नोडल नामित करें", "due_on": "2026-12-10", "owner": "bank:DEMO1"})
    client.post(url, {"action": "close"})
    for lang in ("hi", "en"):
        assert client.get(f"/{lang}/review/meetings/{meeting.pk}/minutes").content.startswith(b"%PDF")
    decision = one(Decision)
    client.force_login(people["clerk"])
    assert "नोडल नामित करें" in text(client.get("/hi/together/"))
    client.post(f"/hi/together/decisions/{decision.pk}/close", {"note": "नामित किए"})
    assert "नोडल नामित करें" not in text(client.get("/hi/together/"))


@pytest.mark.req("S4.4")
def test_the_roster_shows_a_gap_and_only_the_desk_sits_on_it(client, people):
    client.force_login(people["reviewer"])
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    assert "कोई नहीं" in text(client.get("/hi/review/helpline/roster"))
    wrong = client.post("/hi/review/helpline/roster", {"on": today, "turn": "night", "officer": people["constable"].pk})
    assert wrong.status_code == 422
    client.post("/hi/review/helpline/roster", {"on": today, "turn": "night", "officer": people["operator"].pk})
    assert "aarti" in text(client.get("/hi/review/helpline/roster"))


def signed(body, secret, at=None):
    """Headers of the exchange for a body."""
    at = str(at or int(time.time()))
    mac = hmac.new(base64.b64decode(secret), f"m1.{at}.".encode() + body, hashlib.sha256).digest()
    return {"webhook-id": "m1", "webhook-timestamp": at, "webhook-signature": f"v1,{base64.b64encode(mac).decode()}"}


@pytest.mark.req("S3.3")
def test_live_events_of_the_exchange_are_taken_once_and_only_when_signed(client, settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    secret = base64.b64encode(b"exchange-secret").decode()
    events = [
        {
            "time": 1780338600,
            "call": "c1",
            "queue": "1930",
            "agent": "NONE",
            "event": "ENTERQUEUE",
            "data": ["", "98", "1"],
        },
        {"time": 1780338610, "call": "c1", "queue": "1930", "agent": "A", "event": "CONNECT", "data": ["10", "x", "2"]},
    ]
    body = json.dumps({"events": events}).encode()
    url = "/hi/together/calls/events"

    def post(raw, headers):
        return client.post(url, raw, content_type="application/json", headers=headers)

    assert post(body, signed(body, secret)).status_code == 404, "no secret, no door"
    monkeypatch.setenv("THAAM_CALLS_SECRET", secret)
    assert post(body, {}).status_code == 401
    assert post(body, signed(body, secret, at=int(time.time()) - 900)).status_code == 401
    assert post(body + b" ", signed(body, secret)).status_code == 401
    assert post(body, signed(body, secret)).json()["added"] == 1
    assert post(body, signed(body, secret)).json()["unchanged"] == 1
    for name, wrong in [*wrong_json(), *right_json(), ("events", b'{"events":[1]}'), ("none", b'{"events":null}')]:
        assert post(wrong, signed(wrong, secret)).status_code == 422, name
    for name, value in (("signature", "v1,\u0967\xe9"), ("timestamp", "9" * 5_000), ("timestamp", "\u0967" * 10)):
        assert post(body, {**signed(body, secret), f"webhook-{name}": value}).status_code == 401, value[:20]
    with CallStore(tmp_path) as store:
        (call,) = store.calls_between(None, None)
    assert (call.outcome.value, call.wait_ms) == ("answered", 10_000)


def test_a_typed_table_is_judged_on_its_page(client, people):
    client.force_login(people["reviewer"])
    rows = "Balod, 40,000\nKawardha, 2,08,000\nCyber helpline number, 1,55,000\n"
    page = text(client.post("/en/review/typed", {"rows": rows, "total": "4,00,000"}))
    assert "₹3,000" in page
    assert "cannot be published" in page
    assert "Channels stand among the districts" in page
    assert client.post("/en/review/typed", {"rows": "Balod, many\nDurg, few"}).status_code == 422
