"""The citizen's report without JavaScript: six answers and a number, whatever is typed on the way."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from banking import run_timers
from browsing_pages import SMS, banks, code_for, details, fields_of, send, to_check
from cast import bank, running_as
from thaam.chase.models import Chase
from thaam.complaints.models import Code, Complaint, Debit
from thaam.complaints.numbering import is_number
from thaam.language.dates import IST
from thaam.mailbox.models import Order
from thaam.web.citizen.draft import DebitDraft, unseal
from thaam.web.citizen.pasted import not_later_than
from thaam.web.shared.banks import bank_told_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _banks():
    banks()


def complaints():
    with running_as("thaam_loops"):
        return list(Complaint.objects.order_by("filed_at"))


@pytest.mark.req("S2.8")
@pytest.mark.parametrize("lang", ["hi", "en"])
def test_six_answers_give_a_number_and_the_code_sends_the_request(client, lang):
    to_check(client, lang)
    sent = client.get(send(client, lang).url)
    html = sent.content.decode()
    number = complaints()[0].number
    assert is_number(number)
    assert f"<i>{number[:4]}</i><i>{number[4:8]}</i>" in html
    assert ("उनचास हज़ार नौ सौ निन्यानवे" if lang == "hi" else "forty-nine thousand nine hundred ninety-nine") in html
    assert 'autocomplete="one-time-code"' in html

    assert client.post(f"/{lang}/report/sent", {"code": code_for()}).status_code == 302
    with running_as("thaam_loops"):
        assert Chase.objects.get().state == "running"
        run_timers(datetime.now(tz=UTC))
        assert set(Order.objects.values_list("partner_id", "kind")) == {
            ("DEMO1", "LocatePayment"),
            ("DEMO2", "HoldOrder"),
        }


def test_the_pasted_message_is_read_and_each_stretch_carries_the_number_of_its_row(client):
    answer = client.post("/hi/report/sms", {"sms": SMS})
    assert answer.url == "/hi/report/confirm"
    html = client.get(answer.url).content.decode()
    assert "<mark>49999.0<sup>1</sup></mark>" in html
    assert "<mark>530693093182<sup>3</sup></mark>" in html
    assert "₹49,999" in html
    assert "SMS में समय नहीं है" in html


@pytest.mark.parametrize(
    "message",
    [
        "Your OTP is 483920 for txn of Rs 49,999. Do not share.",
        "Rs.5000 credited to your A/c X1234 on 25-11-26 by UPI 530693093182 -SBI",
        "कल मिलते हैं",
    ],
)
def test_a_message_that_is_no_loss_is_refused_with_the_reason_and_kept(client, message):
    answer = client.post("/hi/report/sms", {"sms": message})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_pressing_send_twice_makes_one_complaint(client):
    to_check(client)
    form = fields_of(client.get("/hi/report/check").content.decode())
    assert client.post("/hi/report/check", form).status_code == 302
    assert client.post("/hi/report/check", form).status_code == 302
    assert len(complaints()) == 1


def test_a_phone_that_lost_its_cookies_still_sends_from_the_check_page(client):
    to_check(client)
    form = fields_of(client.get("/hi/report/check").content.decode())
    assert Client().post("/hi/report/check", form).status_code == 302
    assert len(complaints()) == 1


@pytest.mark.parametrize("amount", ["", "-5", "0", "12.345", "1e9", "9" * 40, "abc", "99999999999999", "½", "\x00"])
def test_a_sum_that_cannot_be_is_refused_and_nothing_typed_is_lost(client, amount):
    answer = details(client, amount=amount)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#amount"' in html
    assert 'value="530693093182"' in html
    assert complaints() == []


@pytest.mark.parametrize(("amount", "words"), [("500", "पाँच सौ रुपये"), ("5,00,00,00,000", "पाँच सौ करोड़ रुपये")])
def test_a_small_sum_and_a_huge_one_are_taken_and_read_back_in_words(client, amount, words):
    to_check(client, amount=amount)
    assert words in client.get("/hi/report/check").content.decode()
    assert send(client).status_code == 302


def test_an_otp_that_is_too_old_says_what_to_do_and_a_fresh_one_works(client):
    to_check(client)
    send(client)
    old = code_for()
    with running_as("thaam_loops"):
        Code.objects.update(expires_at=datetime.now(tz=UTC) - timedelta(seconds=1))
    answer = client.post("/hi/report/sent", {"code": old})
    assert answer.status_code == 422
    assert "OTP फिर भेजें" in answer.content.decode()
    assert client.post("/hi/report/sent", {"again": "1"}).status_code == 302
    assert client.post("/hi/report/sent", {"code": code_for()}).status_code == 302
    assert complaints()[0].confirmed_at


def test_devanagari_digits_are_taken_everywhere(client):
    to_check(client, amount="४९,९९९.५०", reference="५३०६ ९३०९ ३१८२", last4="१२३४")
    send(client)
    with running_as("thaam_loops"):
        debit = Debit.objects.get()
    assert (debit.amount_paise, debit.reference, debit.payer_last4) == (4999950, "530693093182", "1234")


def test_a_time_ahead_is_refused_in_both_languages(client):
    for lang, words in (("hi", "अभी आया नहीं"), ("en", "in the future")):
        answer = details(client, lang, choice="date", on="2099-01-01")
        assert answer.status_code == 422
        assert words in answer.content.decode()


def dated(day, amount="49999.0"):
    return SMS.replace("25Nov26", f"{day:%d%b%y}").replace("49999.0", amount)


def test_a_message_of_today_without_a_time_is_taken_in_the_morning_too(client):
    client.post("/hi/report/sms", {"sms": dated(datetime.now(tz=IST))})
    assert client.post("/hi/report/confirm", {"choice": "unknown"}).url == "/hi/report/receiver"
    client.post("/hi/report/receiver", {"skip": "1"})
    client.post("/hi/report/more", {"more": "no"})
    client.post("/hi/report/contact", {"mobile": "9826041234"})
    assert send(client).url == "/hi/report/sent"


def test_noon_of_a_day_that_has_not_come_to_noon_is_now():
    morning = datetime(2026, 11, 26, 6, 50, tzinfo=IST)
    debit = DebitDraft(paid_at=morning.replace(hour=12, minute=0).isoformat())
    not_later_than(debit, morning)
    assert debit.paid == morning
    next_week = DebitDraft(paid_at=(morning + timedelta(days=7)).isoformat())
    not_later_than(next_week, morning)
    assert next_week.paid == morning + timedelta(days=7), "a wrong date stays wrong, and is asked about"


@pytest.mark.parametrize(
    ("message", "place", "words"),
    [
        (dated(datetime(2098, 11, 25, tzinfo=IST)), "choice", "यह समय अभी आया नहीं है"),
        (dated(datetime(2026, 11, 20, tzinfo=IST), "500000000000.0"), "amount", "रकम बहुत बड़ी है"),
    ],
)
def test_a_message_that_cannot_be_right_is_stopped_where_it_stands_not_five_pages_later(client, message, place, words):
    client.post("/hi/report/sms", {"sms": message})
    answer = client.post("/hi/report/confirm", {"choice": "unknown"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert f'<a href="#{place}">{words}' in html
    assert f'id="{place}"' in html
    assert html.count(words) == 2, "once at the top, once where it belongs"


def test_what_is_refused_at_the_end_is_said_at_the_sum_it_is_about_and_not_at_the_story(client):
    to_check(client)
    draft = unseal(fields_of(client.get("/hi/report/check").content.decode())["sealed"])
    draft.current.paid_at = datetime(2099, 1, 1, tzinfo=UTC).isoformat()
    answer = client.post("/hi/report/check", {"sealed": draft.seal(), "story": "सब सुनिए"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#debit-0"' in html
    assert 'id="debit-0"' in html
    assert 'id="story-wrong"' not in html
    assert "सब सुनिए" in html
    assert complaints() == []


def test_a_doubtful_reference_is_pointed_out_once_and_then_taken(client):
    first = details(client, reference="T2405011359041234567890")
    assert first.status_code == 200
    assert "PhonePe" in first.content.decode()
    form = fields_of(first.content.decode())
    assert form["seen_reference"] == "T2405011359041234567890"
    assert details(client, reference="T2405011359041234567890", **form).status_code == 302


def test_eleven_digits_are_counted(client):
    assert "आपने 11 लिखे" in details(client, reference="53069309318").content.decode()


def test_a_story_of_a_megabyte_is_refused_and_a_naughty_one_is_kept_as_it_is(client):
    to_check(client)
    long = send(client, story="क" * 400_000)
    assert long.status_code == 422
    assert "4,00,000" in long.content.decode()
    assert complaints() == []
    story = "<script>alert(1)</script> '; DROP TABLE x; -- \u202etest \u0000 😀 नमस्ते"
    assert send(client, story=story).status_code == 302
    assert complaints()[0].story.startswith("<script>alert(1)</script>")
    page = client.get(f"/hi/s/{complaints()[0].link}").content.decode()
    assert "<script>alert" not in page


NAUGHTY = [
    "",
    "\x00",
    "<script>",
    "%s%n",
    "\u202e",
    "१" * 5000,
    "${jndi:x}",
    "😀" * 300,
    "' OR 1=1",
    "\ufeff",
    "-1",
    "1e999",
]
NAMES = (
    "sms amount bank bank_other choice on clock reference last4 vpa account ifsc payee_name more remove mobile name "
    "district story code number"
).split()


@pytest.mark.parametrize("page", ["sms", "details", "confirm", "receiver", "more", "contact", "check", "sent"])
def test_no_naughty_string_breaks_any_step(client, page):
    for typed in NAUGHTY:
        to_check(client)
        answer = client.post(f"/en/report/{page}", dict.fromkeys(NAMES, typed))
        assert answer.status_code in (200, 302, 422), typed


def test_the_language_switch_keeps_the_page_and_what_was_typed(client):
    answer = client.post("/hi/report/details", {"amount": "सौ रुपये", "bank": "DEMO1", "_lang": "en"})
    assert answer.url == "/en/report/details"
    html = client.get(answer.url).content.decode()
    assert 'value="सौ रुपये"' in html
    assert re.search(r'value="DEMO1" checked', html)


def test_a_second_loss_is_a_second_debit_and_the_sum_is_said(client):
    details(client)
    client.post("/hi/report/confirm")
    client.post("/hi/report/receiver", {"skip": "1"})
    assert client.post("/hi/report/more", {"more": "yes"}).url == "/hi/report/sms"
    details(client, amount="1", reference="530693093183")
    client.post("/hi/report/confirm")
    client.post("/hi/report/receiver", {"skip": "1"})
    client.post("/hi/report/more", {"more": "no"})
    client.post("/hi/report/contact", {"mobile": "9826041234"})
    assert "पचास हज़ार रुपये" in client.get("/hi/report/check").content.decode()
    send(client)
    with running_as("thaam_loops"):
        assert Debit.objects.count() == 2


def test_a_wrong_code_says_how_often_more_and_loses_nothing(client):
    to_check(client)
    send(client)
    wrong = "000000" if code_for() != "000000" else "111111"
    answer = client.post("/hi/report/sent", {"code": wrong})
    assert answer.status_code == 422
    assert "सही नहीं" in answer.content.decode()
    assert "6 अंक" in client.post("/hi/report/sent", {"code": "12"}).content.decode()
    assert client.post("/hi/report/sent", {"code": code_for()}).status_code == 302


def test_a_damaged_draft_is_a_fresh_start_and_no_error(client):
    client.cookies["thaam-draft-0"] = "gAAAA" + "x" * 300
    assert client.get("/hi/report/details").status_code == 200
    assert client.post("/hi/report/check", {"sealed": "no such thing"}).url == "/hi/report/sms"


@pytest.mark.req("S2.8")
def test_the_status_by_number_tells_the_stage_and_no_sum(client):
    to_check(client)
    send(client)
    number = complaints()[0].number
    answer = Client().post("/hi/status", {"number": number, "last4": "1234"})
    html = answer.content.decode()
    assert "OTP बाकी" in html
    assert "₹" not in html
    assert "आशा" not in html


def test_wrong_pairs_get_one_answer_and_few_tries():

    client = Client()
    answers = [client.post("/hi/status", {"number": "26110000000", "last4": "0000"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


def test_the_link_shows_sums_that_add_up_whose_turn_it_is_and_the_receipt(client):
    to_check(client)
    send(client)
    client.post("/hi/report/sent", {"code": code_for()})
    link = complaints()[0].link
    html = Client().get(f"/hi/s/{link}").content.decode()
    assert html.count("₹49,999") >= 3
    assert "अब बारी" in html
    assert "हिसाब नहीं मिला" in html
    assert len(html.encode()) <= 14_000
    assert Client().get(f"/s/{link}").url == f"/hi/s/{link}"
    assert "पावती" in Client().get(f"/hi/s/{link}/print").content.decode()


def test_an_unknown_link_is_not_found(client):
    assert client.get(f"/hi/s/{uuid4().hex[:10]}").status_code == 404


def test_a_bank_of_the_directory_is_known_by_its_name_in_the_message():
    bank("DEMO1"), bank("DEMO2")
    assert bank_told_in("Rs 5 debited. -DEMO1").code == "DEMO1"
    assert bank_told_in("डेमो बैंक DEMO2: ₹5 कटे").code == "DEMO2"
    assert bank_told_in("Rs 5 sent from DEMO1 to DEMO2") is None
    assert bank_told_in("Rs 5 debited -DEMO11") is None


def test_a_bank_that_has_not_joined_is_named_as_the_one_to_be_rung_and_no_bank_is_said_to_answer(client):
    to_check(client, bank="SBIN", reference="530693093190")
    client.post("/hi/report/receiver", {"vpa": ""})
    send(client)
    client.post("/hi/report/sent", {"code": code_for()})
    complaint = complaints()[0]
    html = client.get(f"/hi/s/{complaint.link}").content.decode()
    assert "भारतीय स्टेट बैंक (SBI) को फ़ोन करना" in html
    stage = client.post("/hi/status", {"number": complaint.number, "last4": "1234"}).content.decode()
    assert "1930 बैंक से बात करेगा" in stage
    assert "बैंकों से जवाब आ रहे हैं" not in stage
