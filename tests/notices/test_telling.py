"""People hear of facts once, in their language, over whichever route works; at night only what is urgent."""

import datetime as dt
import json
import smtplib
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from banking import Rs, debit, files, hold_answer, located, onward, order, paid, says
from cast import NOON, running_as
from officers import devi, investigator, office
from thaam.clocks.watching import watch
from thaam.complaints.alike import merge
from thaam.complaints.confirming import send_code
from thaam.complaints.correcting import withdraw
from thaam.complaints.handing import answer_offer, offer
from thaam.complaints.numbering import grouped
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.notices.channels import CHANNELS, NotSent
from thaam.notices.gateway import Gateway, _item
from thaam.notices.models import Notice, Try
from thaam.notices.sending import send_notice
from thaam.notices.shown import messages_about
from thaam.notices.telling import KINDS, next_waking, notices_about, tell
from thaam.parties.desks import seated
from thaam.parties.models import Officer
from thaam.wire.messages import CannotMatch
from thaam.wire.parts import Line
from thaam.work.models import Job

pytestmark = pytest.mark.django_db


def read_journal(at=NOON):
    for fact in Fact.objects.filter(kind__in=[str(kind) for kind in KINDS]).order_by("id"):
        tell(fact, at)


@pytest.mark.req("S0.8", "S3.6")
def test_the_victim_hears_that_the_order_went_out_and_what_was_held():
    complaint = files(debit(Rs(50_000)))
    asked = order("DEMO2")
    cash = Line("terminal", Rs(31_200), Rs(50_000), terminal_kind="CASH_ATM", particulars="D17, 14:05")
    says("DEMO2", hold_answer(asked, Line("held", 0, Rs(31_200), lien_reference="L1"), cash))
    read_journal()
    told = Notice.objects.filter(about=f"complaint:{complaint.pk}").order_by("event")
    first, second = told.filter(event__in=["V1", "V2-all"])
    assert first.event == "V1"
    assert "₹50,000 रोकने का अनुरोध" in first.text
    assert second.event == "V2-all"
    assert "₹31,200 रोक दिए" in second.text
    assert complaint.link in second.text
    assert [n.pk for n in notices_about(complaint)]


def test_two_banks_hold_and_the_victim_hears_of_the_first_and_of_the_sum():
    complaint = files(debit(Rs(50_000)))
    asked = order("DEMO2")
    child = paid(Rs(30_000), reference="UTR000000777")
    kept = Line("held", 0, Rs(20_000), lien_reference="L1")
    says("DEMO2", hold_answer(asked, kept, onward(Rs(20_000), Rs(50_000), child)))
    read_journal()
    says("DEMO3", hold_answer(order("DEMO3")))
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    read_journal()
    told = {n.event: n.text for n in Notice.objects.filter(about=f"complaint:{complaint.pk}")}
    assert "₹20,000 रोक दिए" in told["V2"]
    assert "बाकी ₹30,000" in told["V2"]
    assert "V2-all" not in told
    assert "कुल ₹50,000 रुके" in told["V2-sum"]


def test_that_the_money_had_moved_on_is_told_once():
    complaint = files(debit(Rs(50_000)))
    child = paid(Rs(50_000), reference="UTR000000777")
    says("DEMO2", hold_answer(order("DEMO2"), onward(0, Rs(50_000), child)))
    assert order("DEMO3").payment == child
    read_journal()
    read_journal()
    told = Notice.objects.filter(about=f"complaint:{complaint.pk}", event="V3")
    assert "अगले 1 बैंक" in told.get().text


def test_the_office_that_took_the_complaint_over_is_named():
    complaint = files()
    here, there = devi(), investigator()
    Officer.objects.filter(pk=there.pk).update(office=office("DURG"), name_hi="मीरा साहू")
    there.refresh_from_db()
    handing = offer(
        handing_id=new_id(), complaint_id=complaint.pk, to_office=office("DURG"), words="", officer=here, at=NOON
    )
    answer_offer(handing_id=handing.pk, accept=True, words="", officer=there, at=NOON)
    read_journal()
    read_journal()
    told = Notice.objects.get(event="V5")
    assert "जाँच अधिकारी मीरा साहू" in told.text


@pytest.mark.parametrize(("code", "told"), [("not_found", 1), ("date_differs", 1), ("needs_order", 0)])
def test_a_number_no_bank_finds_leads_to_the_page_that_puts_it_right_and_a_wish_for_a_paper_does_not(code, told):
    complaint = files(debit(Rs(50_000)))
    asked = order("DEMO2")
    says("DEMO2", CannotMatch(new_id(), asked.id, NOON, code=code, searched="both months"))
    watch({}, NOON)
    watch({}, NOON + dt.timedelta(minutes=3))
    read_journal()
    read_journal()
    notices = Notice.objects.filter(event="V4")
    assert notices.count() == told
    assert all(f"/hi/s/{complaint.link}/fix/1 " in each.text for each in notices)


def test_every_message_stands_on_the_page_and_of_a_code_only_the_digits_do_not():
    complaint = files(confirmed=False)
    send_code(complaint_id=complaint.pk, code_id=new_id(), code="654321", at=NOON)
    read_journal()
    shown = messages_about(complaint)
    assert [each.made_at for each in shown] == sorted((each.made_at for each in shown), reverse=True)
    assert any("OTP •••••• है" in each.text for each in shown)
    assert not any("654321" in each.text for each in shown)
    sent = {job.payload["text"].replace("654321", "••••••") for job in Job.objects.filter(kind="sms:send")}
    assert sent <= {each.text for each in shown}, "what went out is what is shown"


def test_who_made_the_report_that_ended_in_another_hears_once_which_number_counts_now():
    kept, gone = files(), files(mobile="9876500000", lang="en")
    merge(complaint_id=kept.pk, other_id=gone.pk, officer=devi(), at=NOON)
    read_journal()
    read_journal()
    told = Notice.objects.get(event="V-merged")
    assert (told.to, told.about) == ("9876500000", f"complaint:{gone.pk}")
    assert f"number {grouped(kept.number)} counts" in told.text
    assert grouped(gone.number) in told.text


def test_a_report_taken_back_by_its_own_reporter_is_told_of_no_other_number():
    complaint = files()
    withdraw(complaint_id=complaint.pk, words="गलती से", by="citizen", at=NOON)
    read_journal()
    assert not Notice.objects.filter(event="V-merged").exists()


def test_reading_the_journal_again_tells_nobody_twice():
    files()
    read_journal()
    before = (Notice.objects.count(), Job.objects.count())
    read_journal(NOON + dt.timedelta(minutes=5))
    assert (Notice.objects.count(), Job.objects.count()) == before


def test_a_citizen_sees_the_own_messages_and_no_others():
    mine, other = files(), files(debit(reference="UTR000000002"), name="Bina", mobile="9876500000")
    read_journal()
    with running_as("thaam_app"), seated(mine.desk):
        assert {n.about for n in Notice.objects.all()} == {f"complaint:{mine.pk}"}
    with running_as("thaam_app"):
        assert Notice.objects.count() == 0
    assert notices_about(other)


def test_at_night_a_message_that_can_wait_waits_for_the_morning():
    night = dt.datetime(2026, 6, 1, 18, 0, tzinfo=dt.UTC)  # 23:30 in India
    assert next_waking(night, jurisdiction="IN") == dt.datetime(2026, 6, 2, 3, 30, tzinfo=dt.UTC)
    early = dt.datetime(2026, 6, 1, 1, 0, tzinfo=dt.UTC)  # 06:30
    assert next_waking(early, jurisdiction="IN") == dt.datetime(2026, 6, 1, 3, 30, tzinfo=dt.UTC)
    assert next_waking(NOON, jurisdiction="IN") == NOON


class Provider(HTTPServer):
    """A provider's gateway that answers `status` and remembers what it was sent."""

    def __init__(self, status):
        super().__init__(("127.0.0.1", 0), Taking)
        self.status, self.got = status, []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Taking(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((self.path, json.loads(body)))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def broken():
    server = Provider(503)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def working():
    server = Provider(202)
    yield server
    server.shutdown()
    server.server_close()


def test_when_the_first_route_fails_the_second_is_taken_at_once(broken, working, settings):
    settings.ROUTES = {"sms": [("first", "http", broken.url), ("second", "http", working.url)]}
    files()
    read_journal()
    notice = Notice.objects.get(event="V1")
    send_notice({"notice_id": str(notice.pk)}, NOON)
    notice.refresh_from_db()
    assert notice.sent_at == NOON
    assert list(Try.objects.order_by("pk").values_list("route", "taken")) == [("first", False), ("second", True)]
    assert working.got[0][1]["id"] == str(notice.pk)
    send_notice({"notice_id": str(notice.pk)}, NOON)
    assert len(working.got) == 1, "a message sent is not sent again"


def test_when_no_route_works_the_job_is_tried_again_later(broken, settings):
    settings.ROUTES = {"sms": [("first", "http", broken.url)]}
    files()
    read_journal()
    notice = Notice.objects.get(event="V1")
    with pytest.raises(NotSent):
        send_notice({"notice_id": str(notice.pk)}, NOON)
    notice.refresh_from_db()
    assert notice.sent_at is None
    assert Try.objects.get().error.startswith("the gateway said 503")


def test_whatsapp_gets_a_registered_template_with_our_words(working):
    CHANNELS["whatsapp"](
        address=f"{working.url}/v23.0/1055?token=abc&template=thaam_hi",
        id=new_id(),
        channel="whatsapp",
        to="9876543210",
        text="शिकायत दर्ज।\nस्थिति देखें",
    )
    path, body = working.got[0]
    assert path == "/v23.0/1055/messages"
    assert body["to"] == "919876543210"
    assert body["template"]["language"]["code"] == "hi"
    assert body["template"]["components"][0]["parameters"][0]["text"] == "शिकायत दर्ज। स्थिति देखें"


@pytest.fixture
def gateway():
    server = Gateway()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_when_no_sms_route_takes_it_whatsapp_does(broken, gateway, settings):
    cloud = f"http://127.0.0.1:{gateway.server_port}/v23.0/1055?token=abc&template=thaam_notice"
    settings.ROUTES = {"sms": [("first", "http", broken.url)], "whatsapp": [("meta", "whatsapp", cloud)]}
    files()
    read_journal()
    notice = Notice.objects.get(event="V1")
    for _ in range(2):
        send_notice({"notice_id": str(notice.pk)}, NOON)
    assert list(Try.objects.order_by("pk").values_list("route", "taken")) == [("first", False), ("meta", True)]
    (kept,) = gateway.messages(to=notice.to)
    assert (kept["channel"], kept["id"]) == ("whatsapp", str(notice.pk))
    assert kept["text"] == " ".join(notice.text.split())


def test_whatsapp_without_a_token_or_with_a_wrong_number_is_not_sent(gateway):
    def send(address, to):
        CHANNELS["whatsapp"](address=address, id=new_id(), channel="whatsapp", to=to, text="शिकायत दर्ज।")

    base = f"http://127.0.0.1:{gateway.server_port}/v23.0/1055"
    with pytest.raises(NotSent, match="no access token"):
        send(base, "9876543210")
    with pytest.raises(NotSent, match="400"):
        send(f"{base}?token=abc", "1234567890")
    with pytest.raises(NotSent, match="404"):
        send(f"http://127.0.0.1:{gateway.server_port}/elsewhere?token=abc", "9876543210")
    assert gateway.messages() == []


def test_a_mail_server_that_is_away_is_not_sent():
    with pytest.raises(NotSent):
        CHANNELS["smtp"](address="smtp://127.0.0.1:9", id=new_id(), channel="email", to="a@b.example", text="x")


def test_a_mail_has_the_first_sentence_as_subject_and_a_stable_id(monkeypatch):
    sent = []
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda *a, **k: (220, b"ready"))
    monkeypatch.setattr(smtplib.SMTP, "ehlo", lambda *a, **k: (250, b"ok"))
    monkeypatch.setattr(smtplib.SMTP, "send_message", lambda self, message: sent.append(message))
    monkeypatch.setattr(smtplib.SMTP, "docmd", lambda *a, **k: (221, b"bye"))
    CHANNELS["smtp"](
        address="smtp://mail.example:25?from=desk@thaam.example",
        id="019ab000-0000-7000-8000-000000000001",
        channel="email",
        to="a@b.example",
        text="शिकायत दर्ज। स्थिति देखें",
    )
    assert sent[0]["Subject"] == "शिकायत दर्ज"
    assert sent[0]["Message-ID"] == "<019ab000-0000-7000-8000-000000000001@thaam.example>"


def test_the_page_of_a_demo_asks_nobody_to_report_the_message_about_a_hold():
    debited = {"channel": "bank", "to": "6700100001", "at": "2026-11-26T01:22:55Z", "text": "Rs.500 debited -DEMO2"}
    held = {**debited, "text": "आपके खाते में ₹500 पर रोक है: http://thaam.example/held/notice/abcdefghij -DEMO2"}
    assert "report it" in _item(debited)
    assert "report it" not in _item(held)
    assert "holder of a held account" in _item(held)
