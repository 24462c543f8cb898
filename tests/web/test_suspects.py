"""The registry's desk, the telecom's desk, rings and their exports, tricks, warnings, and the citizen's check."""

from __future__ import annotations

import datetime as dt
import json
import re
import struct
import uuid

import pytest
from django.test import Client

from cast import bank, running_as
from thaam.journal.ids import id_from
from thaam.mailbox.models import Answer, Order
from thaam.parties.models import Bank, Office, Officer
from thaam.prevention.tricks import tricks
from thaam.suspects.blocking import ask_operator, block_of, take_block_answer
from thaam.suspects.models import Alias, Identifier, LookUp, Report, Sighting, Watch
from thaam.suspects.naming import IdentifierKind
from thaam.suspects.reporting import answer_report, lodge_report
from thaam.suspects.sighting import identifier_named, note_sighting

pytestmark = pytest.mark.django_db
BALU = "9876500001"


def now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC)


def staff(name: str = "ravi", role: str = "investigator", of: str | None = None) -> Client:
    with running_as("thaam_loops"):
        office, _ = Office.objects.get_or_create(code="CELL", defaults={"name_hi": "साइबर सेल", "name_en": "Cyber cell"})
        officer, _ = Officer.objects.get_or_create(
            username=name, defaults={"role": role, "office": None if of else office, "bank": bank(of) if of else None}
        )
    client = Client()
    client.force_login(officer)
    return client


def telecom() -> Bank:
    with running_as("thaam_loops"):
        made = bank("DEMOTEL")
        Bank.objects.filter(pk="DEMOTEL").update(kind=Bank.Type.TELECOM)
    return made


def seen(times: int, typed: str = BALU, kind: IdentifierKind = IdentifierKind.PHONE) -> Identifier:
    with running_as("thaam_loops"):
        for number in range(times):
            note_sighting(
                sighting_id=id_from("web", typed, number), kind=kind, typed=typed, source=f"complaint:26116{number:06}",
                confidence=70, reason=Sighting.Reason.CALLED, seen_at=now(), by="loop:work", at=now(),
            )  # fmt: skip
        return Identifier.objects.get(kind=kind.value, name__endswith=typed.rpartition("/")[2])


@pytest.mark.req("S3.7")
def test_the_desk_asks_the_telecom_answers_and_the_number_is_blocked(client):
    telecom()
    identifier = seen(5)
    desk = staff()
    page = f"/hi/suspects/i/{identifier.pk}"
    first = desk.get(page).content.decode()
    assert "बार-बार शिकायत" in first
    assert 'name="partner"' in first
    assert "बंद ही रखें" not in first
    ask = {"partner": "DEMOTEL", "words": "पाँच शिकायतें", "id": str(uuid.uuid4())}
    assert desk.post(page, {**ask, "action": "block"}).status_code == 422
    assert desk.post(page, {**ask, "action": "verify_again", "words": ""}).status_code == 422
    assert desk.post(page, {**ask, "action": "verify_again"}).status_code == 302

    operator = staff("tara", "bank_clerk", of="DEMOTEL")
    assert operator.get("/hi/bank/").url == "/hi/telecom/"
    with running_as("thaam_loops"):
        order = Order.objects.get(partner_id="DEMOTEL")
    assert BALU in operator.get("/hi/telecom/").content.decode()
    one = f"/hi/telecom/request/{order.pk}"
    assert operator.post(one, {"result": "verified"}).status_code == 422
    assert operator.post(one, {"result": "blocked", "words": "x"}).status_code == 422
    assert operator.post(one, {"result": "not_verified", "words": "nobody came"}).status_code == 302
    with running_as("thaam_loops"):
        take_block_answer(Answer.objects.get(kind="BlockAnswer"), now())
    assert desk.post(page, {**ask, "action": "block", "id": str(uuid.uuid4())}).status_code == 302
    with running_as("thaam_loops"):
        order = Order.objects.get(partner_id="DEMOTEL", state="open")
    assert operator.post(f"/hi/telecom/request/{order.pk}", {"result": "blocked"}).status_code == 302
    with running_as("thaam_loops"):
        take_block_answer(Answer.objects.get(order_id=order.pk), now())
        assert block_of(identifier, at=now()) is not None
    shown = desk.get(page).content.decode()
    assert "फिर खोलें" in shown
    assert "बंद हुआ" in shown
    assert "बंद ही रखें" in shown
    assert 'name="partner"' not in shown
    assert desk.post(page, {"action": "unblock", "words": "गलती से बंद हुआ"}).status_code == 302


def test_a_telecom_sees_its_own_requests_and_a_bank_none_of_them():
    telecom()
    identifier = seen(5)
    with running_as("thaam_loops"):
        ravi, _ = Officer.objects.get_or_create(username="ravi", defaults={"role": "investigator"})
        ask_operator(
            request_id=str(uuid.uuid4()), identifier=identifier, partner=Bank.objects.get(code="DEMOTEL"),
            action="verify_again", words="five reports", officer=ravi, at=now(),
        )  # fmt: skip
        order = Order.objects.get(kind="BlockOrder")
    other = staff("balbir", "bank_clerk", of="DEMO2")
    assert other.get(f"/hi/telecom/request/{order.pk}").status_code == 404
    assert BALU not in other.get("/hi/telecom/").content.decode()


@pytest.mark.req("S1.23")
def test_a_look_up_at_the_desk_is_kept_under_the_officers_name_and_a_miss_says_not_safe():
    desk = staff()
    answer = desk.post("/en/suspects/", {"kind": "phone", "typed": "9876599999"})
    assert "does not mean it is safe" in answer.content.decode().replace("That does", "does")
    assert desk.post("/en/suspects/", {"kind": "phone", "typed": "12"}).status_code == 422
    assert desk.post("/en/suspects/", {"kind": "", "typed": "12"}).status_code == 422
    identifier = seen(1)
    assert desk.post("/en/suspects/", {"kind": "phone", "typed": BALU}).url.endswith(str(identifier.pk))
    with running_as("thaam_loops"):
        assert set(LookUp.objects.values_list("by", flat=True)) == {
            f"officer:{Officer.objects.get(username='ravi').pk}"
        }


def test_a_person_is_found_by_name_in_either_script():
    with running_as("thaam_loops"):
        identifier_named(IdentifierKind.PERSON, "muhamad rapik", now())
    shown = staff().post("/hi/suspects/", {"kind": "person", "typed": "मोहम्मद रफ़ीक"}).content.decode()
    assert "muhamad rapik" in shown
    assert "नाम मिलना पहचान नहीं है" in shown


@pytest.mark.req("S3.7")
def test_a_citizen_gets_advice_and_a_level_and_what_was_asked_is_kept_nowhere(client):
    seen(5)
    for lang, words in (("hi", "पैसा न भेजें"), ("en", "Do not send money")):
        answer = client.post(f"/{lang}/check", {"kind": "phone", "asked": "+91 98765-00001"})
        assert words in answer.content.decode()
    nothing = client.post("/hi/check", {"kind": "phone", "asked": "9876512345"}).content.decode()
    assert "सुरक्षित" in nothing
    assert client.post("/hi/check", {"kind": "phone", "asked": "12"}).status_code == 422
    assert client.post("/hi/check", {"kind": "imei", "asked": "12"}).status_code == 422
    with running_as("thaam_loops"):
        rows = list(LookUp.objects.all())
    assert {len(row.asked) for row in rows} == {5}
    assert {row.purpose for row in rows} == {"citizen"}
    assert all("127.0.0.1" not in row.by for row in rows)


def test_guessing_at_the_citizens_page_ends(client):
    statuses = [client.post("/hi/check", {"kind": "phone", "asked": f"98765{n:05}"}).status_code for n in range(32)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_a_bucket_for_apps_is_padded_and_wrong_ones_do_not_exist(client):
    told = client.get("/hi/check/bucket/abcde").json()
    assert len(told["entries"]) == 16
    assert {len(each["rest"]) for each in told["entries"]} == {27}
    assert client.get("/hi/check/bucket/xyz").status_code == 404


@pytest.mark.req("S1.23")
def test_who_is_wrongly_listed_is_heard_and_the_page_never_says_whether_they_are(client):
    seen(5)
    asked = {"words": "मई से मेरा है", "contact": "a@b.example", "kind": "phone"}
    pages = [
        re.sub(r'value="[^"]*"', "", client.post("/hi/check/mine", {**asked, "asked": number}).content.decode())
        for number in (BALU, "9876577777")
    ]
    assert pages[0] == pages[1]
    assert "आपकी बात दर्ज हुई" in pages[0]
    desk = staff("meena", "supervisor")
    home = desk.get("/hi/suspects/").content.decode()
    hearing = next(
        address for address in re.findall(r'/hi/suspects/hearings/[0-9a-f-]+', home)
        if BALU in desk.get(address).content.decode()
    )  # fmt: skip
    assert desk.post(hearing, {"delisted": "yes"}).status_code == 422
    assert desk.post(hearing, {"delisted": "yes", "words": "नया ग्राहक"}).status_code == 302
    assert "कोई पुष्ट सूचना नहीं" in client.post("/hi/check", {"kind": "phone", "asked": BALU}).content.decode()


@pytest.mark.req("S1.18", "S1.23")
def test_a_report_is_answered_and_the_reporter_reads_it_under_the_link(client):
    told = {"kind": "person", "seen": "Balu Kumar", "words": "सिम बाँट रहा था"}
    done = client.post("/hi/suspicious", told, follow=True)
    link = re.search(r"/hi/told/[0-9a-f-]+", done.content.decode()).group()
    assert "अभी देखी जा रही है" in client.get(link).content.decode()
    desk = staff()
    shown = desk.get("/hi/suspects/reports").content.decode()
    assert "सिम बाँट रहा था" in shown
    assert "तुरंत" in shown
    report = link.rpartition("/")[2]
    assert desk.post("/hi/suspects/reports", {"report": report, "outcome": "station", "words": ""}).status_code == 422
    wanted = {"report": report, "outcome": "station", "words": "थाना दुर्ग को बताया"}
    assert desk.post("/hi/suspects/reports", wanted).status_code == 302
    assert "थाना दुर्ग को बताया" in client.get(link).content.decode()


def test_reports_and_their_pages_are_hidden_from_banks():
    with running_as("thaam_loops"):
        report = lodge_report(
            report_id=str(uuid.uuid4()), kind=IdentifierKind.PHONE, typed=BALU, words="x", by="citizen", at=now()
        )
        ravi, _ = Officer.objects.get_or_create(username="ravi", defaults={"role": "investigator"})
        answer_report(report=report, outcome="watched", words="y", by=ravi, at=now())
    assert staff("balbir", "bank_clerk", of="DEMO2").get("/hi/suspects/reports").status_code == 403
    assert Report.objects.count() >= 0


@pytest.mark.req("S3.11")
def test_rings_are_shown_exported_and_joined_to_an_arrest_elsewhere():
    from browsing_pages import banks, send, to_check

    banks()
    for number in range(2):
        citizen = Client(REMOTE_ADDR=f"10.0.0.{number}")
        to_check(citizen, reference=f"53069309318{number}")
        send(citizen)
    from thaam.complaints.models import Complaint
    from thaam.prevention.feeding import named_by
    from thaam.suspects.weighing import weight_of

    with running_as("thaam_loops"):
        complaints = list(Complaint.objects.all())
        assert len(complaints) == 2
        for complaint in complaints:
            for kind, typed, reason, word in named_by(complaint):
                note_sighting(
                    sighting_id=id_from("feed", complaint.number, typed), kind=kind, typed=typed,
                    source=f"complaint:{complaint.number}", confidence=weight_of(word, at=now()), reason=reason,
                    seen_at=now(), by="loop:work", at=now(),
                )  # fmt: skip
            note_sighting(
                sighting_id=id_from("phone", complaint.number), kind=IdentifierKind.PHONE, typed=BALU,
                source=f"complaint:{complaint.number}", confidence=70, reason="called", seen_at=now(), by="x", at=now(),
            )  # fmt: skip
    desk = staff()
    told = {"person": "Balu Kumar", "state": "बिहार", "district": "नालंदा", "unit": "साइबर थाना", "fir": "112/2026",
            "on": "2026-11-20", "found": f"phone {BALU}"}  # fmt: skip
    assert desk.post("/hi/suspects/arrests", told).status_code == 302
    shown = desk.get("/hi/suspects/network").content.decode()
    assert "112/2026" in shown
    assert "₹99,998" in shown
    ring = re.search(r'/hi/suspects/network/[^"/]+', shown).group()
    page = desk.get(ring).content.decode()
    assert "<svg" in page
    assert all(complaint.number[:4] in page for complaint in complaints)
    stix = json.loads(desk.get(f"{ring}/stix").content)
    assert stix["type"] == "bundle"
    assert "आशा" not in json.dumps(stix, ensure_ascii=False)
    assert json.loads(desk.get(f"{ring}/misp").content)["Event"]["Attribute"]
    assert desk.get(f"{ring}/goaml").content.startswith(b"<?xml")
    assert desk.get(f"{ring}/other").status_code == 404
    assert desk.get("/hi/suspects/network/none").status_code == 404
    desk.post("/hi/suspects/arrests", {**told, "found": "phone 12"})
    assert desk.get(f"/hi/suspects/tricks/complaint/{complaints[0].pk}").status_code == 200
    assert desk.post(f"/hi/suspects/tricks/complaint/{complaints[0].pk}", {"code": "x"}).status_code == 422
    assert desk.post(f"/hi/suspects/tricks/complaint/{complaints[0].pk}", {"code": "phone.apk"}).status_code == 302
    assert "APK" in desk.get("/hi/suspects/tricks").content.decode()
    assert desk.get("/en/suspects/warnings").status_code == 200


@pytest.mark.req("S0.11", "S2.5")
def test_a_trick_is_an_image_to_share(client):
    """A phone's messenger takes no SVG: PNG, square, one page whatever the trick is called."""
    for code in tricks():
        image = client.get(f"/hi/tricks/{code}.png")
        assert image["Content-Type"] == "image/png"
        assert image.content.startswith(b"\x89PNG")
        wide, high = struct.unpack(">II", image.content[16:24])
        assert wide == high >= 1000
        assert len(image.content) < 150_000
    assert client.get("/hi/tricks/none.png").status_code == 404


def test_the_pages_are_whole_in_both_languages():
    identifier = seen(5)
    desk = staff("kabir", "supervisor")
    for page in ("", "reports", "network", "tricks", "warnings", f"i/{identifier.pk}"):
        english = desk.get(f"/en/suspects/{page}").content.decode()
        visible = re.sub(r'<[^>]*lang="hi"[^>]*>.*?</\w+>|<[^>]+>', "", english)
        assert not re.search(r"[\u0900-\u097f]", visible), page
        assert desk.get(f"/hi/suspects/{page}").status_code == 200
    with running_as("thaam_loops"):
        assert Watch.objects.count() == 1


@pytest.mark.req("S1.23")
def test_an_officer_joins_another_name_on_the_page_and_parts_it():
    identifier = seen(2)
    desk = staff("kabir", "supervisor")
    here = f"/en/suspects/i/{identifier.pk}"
    told = {"action": "join", "kind": "vpa", "typed": "balu77@demo2", "words": "the number of this UPI id"}
    assert desk.post(here, told).status_code == 302
    page = desk.get(here).content.decode()
    assert "balu77@demo2" in page
    assert "the number of this UPI id" in page
    with running_as("thaam_loops"):
        alias = Alias.objects.get()
        other = alias.other if alias.one_id == identifier.pk else alias.one
    assert BALU in desk.get(f"/hi/suspects/i/{other.pk}").content.decode()
    assert desk.post(here, {**told, "kind": "nothing"}).status_code == 422
    assert "10" in desk.post(here, {**told, "kind": "phone", "typed": "12"}).content.decode()
    assert desk.post(here, {"action": "part", "alias": alias.pk, "words": "two people"}).status_code == 302
    assert "balu77@demo2" not in desk.get(here).content.decode()
    assert desk.post(here, {"action": "part", "alias": alias.pk, "words": "again"}).status_code == 422


def test_an_officer_reads_who_saw_it_in_words_and_never_the_secret_of_a_citizens_link():
    desk = staff()
    report_id = str(uuid.uuid4())
    with running_as("thaam_loops"):
        lodge_report(
            report_id=report_id, kind=IdentifierKind.PHONE, typed=BALU, words="called me", by="citizen", at=now()
        )
        identifier = Identifier.objects.get()
    for page in (f"/en/suspects/i/{identifier.pk}", "/en/suspects/reports"):
        shown = re.sub(r"<[^>]+>", " ", desk.get(page).content.decode())
        assert "A citizen" in shown
        assert report_id not in shown
