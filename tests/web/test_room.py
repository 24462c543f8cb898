"""The 1930 room: the exchange's calls, two operators on one page, tasks, shifts, a second look, another office."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from banking import debit, files, run_timers
from browsing_pages import banks
from cast import bank, running_as
from thaam.complaints.correcting import withdraw
from thaam.complaints.models import Complaint, Handing
from thaam.complaints.seeing import can_see
from thaam.files.keeping import scan_file
from thaam.files.models import File, Touch
from thaam.helpline.loop import owe
from thaam.helpline.models import Review, Ring, Task
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.language.dates import IST
from thaam.parties.desks import seated
from thaam.parties.models import Handle, Office, Officer
from thaam.web.shared.telephony import sign
from wire.hostile import right_json, wrong_json

pytestmark = pytest.mark.django_db
SECRET = "rain-on-tin-roof"


def now():
    return datetime.now(tz=UTC)


def officer(role, name=None, code="HELPLINE"):
    with running_as("thaam_loops"):
        office, _ = Office.objects.get_or_create(code=code, defaults={"name_hi": f"कार्यालय {code}", "name_en": code})
        return Officer.objects.create(username=name or role, role=role, office=office)


def signed_in(who):
    client = Client()
    client.force_login(who)
    return client


@pytest.fixture
def complaint():
    with running_as("thaam_loops"):
        Handle.objects.get_or_create(handle="demo2", bank=bank("DEMO2"))
        filed = files(at=now())
        run_timers(now())
        return filed


def ring(event, *, call="c-1", secret=SECRET, at=None, **more):
    body = json.dumps({"id": call, "event": event, "caller": "+919826041234", "agent": "aarti", **more}).encode()
    header = sign(body, secret=secret, at=at or now())
    return Client().post(
        "/telephony/events", body, content_type="application/json", headers={"x-thaam-telephony": header}
    )


@pytest.mark.req("S4.4")
def test_an_answered_call_fills_the_console_and_a_dropped_one_is_called_back(settings):
    settings.TELEPHONY_SECRET = SECRET
    desk = signed_in(officer("operator", "aarti"))
    assert ring("ringing").status_code == 200
    assert ring("answered").json()["state"] == "answered"
    assert 'value="9826041234"' in desk.get("/hi/desk/call").content.decode()
    call = desk.post("/hi/desk/room", {"about": str(uuid4())}).json()["call"]
    assert (call["id"], call["mobile"], call["reports"]) == ("c-1", "9826041234", 0)
    assert ring("ended").status_code == 200
    assert ring("answered").json()["state"] == "ended"  # late, and nothing changes
    with running_as("thaam_loops"):
        task = Task.objects.get()
        assert (task.kind, task.mobile, task.officer.username) == ("call_dropped", "9826041234", "aarti")
    other = signed_in(officer("operator", "bela"))
    assert "कॉल कट गई थी" in desk.get("/hi/desk/tasks").content.decode()
    assert "कॉल कट गई थी" not in other.get("/hi/desk/tasks").content.decode()
    with running_as("thaam_loops"):
        Task.objects.update(mine_until_at=now() - timedelta(seconds=1))
    assert "कॉल कट गई थी" in other.get("/hi/desk/tasks").content.decode()


def test_no_wrong_json_of_the_exchange_is_an_error_of_ours(settings):
    settings.TELEPHONY_SECRET = SECRET
    officer("operator")
    odd = [b'{"id":"c","event":{"a":1}}', b'{"id":"' + b"x" * 200 + b'","event":"ringing","caller":[],"agent":{}}']
    for number, body in enumerate([*(raw for _, raw in (*wrong_json(), *right_json())), *odd]):
        header = sign(body, secret=SECRET, at=now())
        told = Client().post(
            "/telephony/events", body, content_type="application/json", headers={"x-thaam-telephony": header}
        )
        assert told.status_code in (200, 400, 401), (number, body[:60])


def test_a_call_that_led_to_a_complaint_leaves_no_task(settings):
    settings.TELEPHONY_SECRET = SECRET
    banks()
    desk = signed_in(officer("operator", "aarti"))
    ring("answered")
    form = {
        "call_id": str(uuid4()), "ring": "c-1", "mobile": "9826041234", "choice_0": "now", "amount_0": "500",
        "bank_0": "DEMO1", "reference_0": "530693093182", "to_0": "ramesh77@demo2",
    }  # fmt: skip
    assert desk.post("/hi/desk/call", form).status_code == 302
    ring("ended")
    with running_as("thaam_loops"):
        assert Ring.objects.get().complaint == Complaint.objects.get()
        assert not Task.objects.exists()


def test_the_wall_counts_calls_that_wait_are_answered_or_lost(settings):
    settings.TELEPHONY_SECRET = SECRET
    desk = signed_in(officer("supervisor", "devi"))
    ring("ringing", call="w-1")
    ring("answered", call="a-1")
    ring("ended", call="l-1")
    html = desk.get("/hi/desk/wallboard").content.decode()
    assert "इस घंटे 1 कॉल उठीं, 1 छूटीं" in html
    settings.TELEPHONY_SECRET = ""
    assert "लाइन पर प्रतीक्षा" not in desk.get("/hi/desk/wallboard").content.decode()


def test_f10_sends_without_a_sure_number_and_leaves_the_number_to_be_asked_for():
    banks()
    desk = signed_in(officer("operator", "aarti"))
    form = {"call_id": str(uuid4()), "mobile": "9826041234", "choice_0": "now", "amount_0": "500", "bank_0": "DEMO1"}
    assert desk.post("/hi/desk/call", form).status_code == 422
    assert desk.post("/hi/desk/call", {**form, "weak": "1"}).status_code == 302
    with running_as("thaam_loops"):
        complaint, task = Complaint.objects.get(), Task.objects.get()
        assert (task.kind, task.complaint) == ("reference", complaint)
    assert desk.post(f"/hi/desk/task/{task.pk}", {"fix": "530693093182"}).status_code == 302
    with running_as("thaam_loops"):
        assert complaint.debits.get().reference == "530693093182"


def test_an_event_without_the_exchanges_signature_is_refused(settings):
    assert ring("ringing").status_code == 404  # no secret set: the address does not exist
    settings.TELEPHONY_SECRET = SECRET
    assert ring("ringing", secret="guess").status_code == 401
    assert ring("ringing", at=now() - timedelta(minutes=10)).status_code == 401
    assert ring("knocking").status_code == 400
    with running_as("thaam_loops"):
        assert not Ring.objects.exists()


def test_two_officers_on_one_complaint_see_each_other_type(complaint):
    asha, bela = signed_in(officer("operator", "aarti")), signed_in(officer("operator", "bela"))
    assert asha.post("/hi/desk/room", {"about": complaint.pk, "typing": "name"}).json()["others"] == []
    assert bela.post("/hi/desk/room", {"about": complaint.pk}).json()["others"] == [["aarti", "name"]]
    assert asha.post("/hi/desk/room", {"about": complaint.pk}).json()["others"] == [["bela", ""]]
    assert asha.post("/hi/desk/room", {"about": str(uuid4())}).json()["others"] == []
    assert asha.post("/hi/desk/room", {"about": "x"}).status_code == 200


def test_a_call_back_in_ten_minutes_is_a_task_with_a_time():
    desk = signed_in(officer("operator"))
    said = desk.post("/hi/desk/tasks/new", {"mobile": "9826041234", "minutes": "10"}, headers={"x-live": "1"}).json()[
        "said"
    ]
    assert said == "10 मिनट बाद वापस कॉल करनी है।"
    with running_as("thaam_loops"):
        task = Task.objects.get()
    assert timedelta(minutes=9) < task.due_at - now() <= timedelta(minutes=10)
    assert desk.post(f"/hi/desk/task/{task.pk}", {"words": "बात हो गई"}).status_code == 302
    assert "कोई काम बाकी नहीं" in desk.get("/hi/desk/tasks").content.decode()


def test_a_bank_nobody_knew_is_named_by_an_operator(complaint):
    with running_as("thaam_loops"):
        complaint.debits.update(payer_bank="UNKNOWN")
        owe(Fact.objects.get(kind=Kind.COMPLAINT_FILED), now())
        owe(Fact.objects.get(kind=Kind.COMPLAINT_FILED), now())
        task = Task.objects.get(kind="bank_name")
    desk = signed_in(officer("operator"))
    assert desk.post(f"/hi/desk/task/{task.pk}", {"fix": "सहयोग"}).status_code == 422
    assert desk.post(f"/hi/desk/task/{task.pk}", {"fix": "DEMO1"}).status_code == 302
    with running_as("thaam_loops"):
        assert complaint.debits.get().payer_bank == "DEMO1"
        assert Task.objects.get(kind="bank_name").done_at


@pytest.mark.req("S0.14")
def test_a_bank_that_no_order_reaches_is_rung_and_everybody_is_told_so(complaint):
    with running_as("thaam_loops"):
        complaint.debits.update(payer_bank="SBIN", payee_bank="", payee_vpa="")
        owe(Fact.objects.get(kind=Kind.COMPLAINT_CONFIRMED), now())
        owe(Fact.objects.get(kind=Kind.COMPLAINT_CONFIRMED), now())
        task = Task.objects.get(kind="bank_call")
    desk = signed_in(officer("operator"))
    assert "बैंक को फ़ोन करें" in desk.get("/hi/desk/tasks").content.decode()
    page = desk.get(f"/hi/desk/task/{task.pk}").content.decode()
    assert "भारतीय स्टेट बैंक" in page
    assert "/hi/desk/bank/SBIN" in page
    with running_as("thaam_loops"):
        paid_at = complaint.debits.get().paid_at.astimezone(IST)
    assert f"{paid_at:%H:%M}" in page, "what is to be read out stands there"
    assert "थाम से नहीं जुड़ा" in desk.get(f"/hi/desk/call/{complaint.pk}").content.decode()
    assert desk.post(f"/hi/desk/task/{task.pk}", {"words": "SBI-4411"}).status_code == 302


def test_after_the_call_the_citizen_reads_that_the_bank_was_told():
    with running_as("thaam_loops"):
        complaint = files(debit(payer_bank="SBIN", payee_bank=""), at=now())
        run_timers(now())
        owe(Fact.objects.get(kind=Kind.COMPLAINT_CONFIRMED), now())
        task = Task.objects.get(kind="bank_call")
    desk = signed_in(officer("operator"))
    waiting = Client().get(f"/hi/s/{complaint.link}").content.decode()
    assert "भारतीय स्टेट बैंक (SBI) को फ़ोन करना" in waiting
    for _ in range(2):
        assert desk.post(f"/hi/desk/task/{task.pk}", {"words": "SBI-4411"}).status_code == 302
    told = Client().get(f"/hi/s/{complaint.link}").content.decode()
    assert "भारतीय स्टेट बैंक (SBI) को फ़ोन पर बताया जा चुका है" in told
    assert told.count("1930 ने भारतीय स्टेट बैंक (SBI) से फ़ोन पर बात की") == 1
    assert "SBI-4411" not in told, "the bank's own number is the desk's"
    stage = Client().post("/hi/status", {"number": complaint.number, "last4": complaint.mobile[-4:]}).content.decode()
    assert "बैंक का जवाब 1930 आपको बताएगा" in stage


def test_nothing_is_owed_to_banks_about_a_report_that_was_taken_back(complaint):
    with running_as("thaam_loops"):
        complaint.debits.update(payer_bank="SBIN", payee_bank="", payee_vpa="")
        owe(Fact.objects.get(kind=Kind.COMPLAINT_CONFIRMED), now())
        withdraw(complaint_id=complaint.pk, words="भूल हुई", by="citizen", at=now())
        owe(Fact.objects.get(kind=Kind.COMPLAINT_WITHDRAWN), now())
        task = Task.objects.get()
        assert (task.kind, task.done_at is not None) == ("bank_call", True)


def test_the_next_shift_reads_what_was_handed_over_once():
    desk, night = signed_in(officer("operator", "aarti")), signed_in(officer("operator", "bela"))
    assert desk.post("/hi/desk/handover", {"words": ""}).status_code == 422
    assert desk.post("/hi/desk/handover", {"words": "गंगा बैंक का API धीमा है"}).status_code == 302
    html = night.get("/hi/desk/handover").content.decode()
    assert "गंगा बैंक का API धीमा है" in html
    handover_id = html.split('name="read" value="')[1].split('"')[0]
    night.post("/hi/desk/handover", {"read": handover_id})
    assert "पढ़ा:" in desk.get("/hi/desk/handover").content.decode()


def test_a_drawn_attestation_is_reviewed_by_somebody_else(complaint):
    aarti, devi = officer("operator", "aarti"), officer("supervisor", "devi")
    with running_as("thaam_loops"):
        Review.objects.create(complaint=complaint, officer=aarti, drawn_at=now())
    assert signed_in(aarti).get("/hi/desk/reviews").status_code == 403
    supervisor = signed_in(devi)
    answer = {"complaint": complaint.pk, "verdict": "coach", "words": "समय पूछें"}
    assert supervisor.post("/hi/desk/reviews", answer).status_code == 302
    assert "सिखाने की बात" in supervisor.get("/hi/desk/reviews").content.decode()
    with running_as("thaam_loops"):
        assert Review.objects.get().reviewed_by == devi


def test_one_more_debit_after_f9_is_asked_for_too(complaint):
    desk = signed_in(officer("operator"))
    debit = {"choice_0": "now", "amount_0": "700", "bank_0": "DEMO1", "reference_0": "530693093190", "to_0": "x1@demo2"}
    assert desk.post(f"/hi/desk/complaint/{complaint.pk}/debit", {**debit, "amount_0": "0"}).status_code == 422
    for _ in range(2):
        assert desk.post(f"/hi/desk/complaint/{complaint.pk}/debit", debit).status_code == 302
    with running_as("thaam_loops"):
        run_timers(now())
        assert [each.amount_paise for each in complaint.debits.all()][1:] == [700_00]
    assert "₹700" in desk.get(f"/hi/desk/complaint/{complaint.pk}").content.decode()


@pytest.mark.req("S4.5")
def test_a_complaint_is_offered_taken_or_sent_back_with_a_reason(complaint):
    here, there = signed_in(officer("constable", "irfan", "DURG")), signed_in(officer("investigator", "meera", "KORBA"))
    offer = f"/hi/desk/complaint/{complaint.pk}/offer"
    assert here.post(offer, {"office": "KORBA", "words": "पीड़ित कोरबा में रहते हैं"}).status_code == 302
    with running_as("thaam_loops"):
        handing = Handing.objects.get()
    assert "पीड़ित कोरबा में रहते हैं" in there.get("/hi/desk/offers").content.decode()
    here.post(f"/hi/desk/offer/{handing.pk}", {"answer": "accept"})  # another office's offer
    there.post(f"/hi/desk/offer/{handing.pk}", {"answer": "reject"})  # no reason
    with running_as("thaam_loops"):
        assert Handing.objects.get().state == "offered"
    there.post(f"/hi/desk/offer/{handing.pk}", {"answer": "reject", "words": "थाना दूसरा है"})
    here.post(offer, {"office": "KORBA"})
    with running_as("thaam_loops"):
        second = Handing.objects.get(state="offered")
    there.post(f"/hi/desk/offer/{second.pk}", {"answer": "accept"})
    with running_as("thaam_loops"):
        assert Complaint.objects.get().office.code == "KORBA"
        assert [each.state for each in Handing.objects.order_by("offered_at")] == ["rejected", "accepted"]


def test_a_paper_opens_for_the_desk_and_leaves_a_trace(complaint, settings, tmp_path):
    settings.FILES = tmp_path
    Client().post(
        f"/hi/s/{complaint.link}/evidence", {"file": SimpleUploadedFile("chat.jpg", b"\xff\xd8\xff\xe0photo")}
    )
    with running_as("thaam_loops"):
        file = File.objects.get()
    desk = signed_in(officer("operator"))
    address = f"/hi/desk/complaint/{complaint.pk}/paper/{file.pk}"
    assert desk.get(address).status_code == 403  # not scanned yet
    with running_as("thaam_loops"):
        scan_file(file_id=str(file.pk), folder=tmp_path, clamd="", at=now())
    answer = desk.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    with running_as("thaam_loops"):
        assert Touch.objects.filter(what="opened").count() == 1
    assert "chat.jpg" in desk.get(f"/hi/desk/complaint/{complaint.pk}").content.decode()


def test_a_complaint_of_another_state_is_not_read_here_once_an_office_owns_it(complaint):
    with running_as("thaam_loops"):
        for code, state in (("DURG", "Chhattisgarh"), ("RAIPUR", "Chhattisgarh"), ("PUNE", "Maharashtra")):
            Office.objects.create(code=code, name_hi=code, name_en=code, state=state)
    page = f"/hi/desk/complaint/{complaint.pk}"
    durg, raipur = signed_in(officer("constable", "d", "DURG")), signed_in(officer("constable", "r", "RAIPUR"))
    pune, nagpur = signed_in(officer("constable", "p", "PUNE")), officer("investigator", "n", "NAGPUR")
    with running_as("thaam_loops"):
        Office.objects.filter(code="NAGPUR").update(state="Maharashtra")
    nagpur = signed_in(nagpur)
    assert {client.get(page).status_code for client in (durg, raipur, pune)} == {200}  # the helpline's: any desk
    pune.post(f"{page}/offer", {"office": "DURG"})
    with running_as("thaam_loops"):
        handing = Handing.objects.get()
    durg.post(f"/hi/desk/offer/{handing.pk}", {"answer": "accept"})
    assert durg.get(page).status_code == raipur.get(page).status_code == 200
    assert pune.get(page).status_code == 200  # who handed it on still reads
    assert nagpur.get(page).status_code == 404
    with running_as("thaam_app"), seated(f"office:{Office.objects.get(code='NAGPUR').pk}"):
        assert not Complaint.objects.exists()  # the second fence, without the first
    with running_as("thaam_loops"):
        there = Officer.objects.get(username="n")
        assert not can_see(there, Complaint.objects.get())  # the first, without the second
