"""After sending: more words, a better reference, the money back; and the person whose account has the hold."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client

from banking import debit, files, hold_answer, order, run_timers, says
from browsing_pages import code_for
from cast import running_as
from thaam.complaints.models import Complaint, Debit
from thaam.grievances.models import Objection
from thaam.grievances.telling import tell_holder
from thaam.holds.models import Hold
from thaam.parties.models import Office, Officer
from thaam.restoration.applying import NotProved, verify
from thaam.restoration.models import Application
from thaam.rulebook.rules import rule

pytestmark = pytest.mark.django_db


def now():
    return datetime.now(tz=UTC)


@pytest.fixture
def complaint():
    with running_as("thaam_loops"):
        filed = files(at=now())
        run_timers(now())
        return filed


@pytest.fixture
def held(complaint):
    """All of it held at DEMO2, and the holder told."""
    with running_as("thaam_loops"):
        says("DEMO2", hold_answer(order("DEMO2"), at=now()), at=now())
        hold = Hold.objects.get()
        told = tell_holder(hold_id=hold.pk, at=now())
        return complaint, hold, told.code


@pytest.mark.parametrize("lang", ["hi", "en"])
def test_words_are_added_and_never_replaced(complaint, lang):
    client = Client()
    address = f"/{lang}/s/{complaint.link}/add"
    assert client.post(address, {"words": " "}).status_code == 422
    assert client.post(address, {"words": "पहली बात"}).status_code == 302
    assert client.post(address, {"words": "<b>दूसरी</b>"}).status_code == 302
    with running_as("thaam_loops"):
        story = Complaint.objects.get().story
    assert "पहली बात" in story
    assert "दूसरी" in story
    assert "<b>" not in client.get(address).content.decode()


def test_a_reference_is_corrected_and_the_bank_asked_anew():
    with running_as("thaam_loops"):
        filed = files(debit(reference=""), at=now())
    client = Client()
    page = client.get(f"/hi/s/{filed.link}").content.decode()
    address = f"/hi/s/{filed.link}/fix/1"
    assert address in page
    assert client.post(address, {"reference": ""}).status_code == 422
    assert "11 लिखे" in client.post(address, {"reference": "53069309318"}).content.decode()
    assert client.post(address, {"reference": "५३०६ ९३०९ ३१८२"}).status_code == 302
    with running_as("thaam_loops"):
        assert Debit.objects.get().reference == "530693093182"
    assert client.get(f"/hi/s/{filed.link}/fix/9").status_code == 404


@pytest.mark.req("S1.16")
def test_the_victim_applies_for_what_is_held_once_and_without_a_fee(held):
    complaint, _, _ = held
    client = Client()
    address = f"/hi/s/{complaint.link}/restore"
    page = client.get(address).content.decode()
    assert "कोई फीस नहीं" in page
    assert page.count("/7</time>") == 7
    form = {"application_id": str(uuid4()), "to_bank": "DEMO1", "to_account": "००१२३४५६", "undertaking": "yes"}
    assert client.post(address, {**form, "undertaking": ""}).status_code == 422
    assert client.post(address, {**form, "to_account": ""}).status_code == 422
    assert "FIR" in client.post(address, form).content.decode(), "a lakh lies in one account"
    form["fir_number"] = "12/2026"
    asked = client.post(address, form).content.decode()
    assert 'autocomplete="one-time-code"' in asked
    assert 'value="12/2026"' in asked, "nothing typed is lost"
    assert 'name="undertaking" value="yes" checked' in asked, "nor what was ticked"
    with running_as("thaam_loops"):
        assert not Application.objects.exists()
    form["code"] = code_for("9876543210")
    for _ in range(2):
        assert client.post(address, form).status_code == 302
    with running_as("thaam_loops"):
        assert Application.objects.get().to_account == "00123456"
        assert Application.objects.get().proved_at
    assert "<form" not in re.sub(r"<header.*?</header>", "", client.get(address).content.decode(), flags=re.S)


def test_the_number_that_money_is_held_by_is_not_changed_over_the_link(held):
    complaint, _, _ = held
    address = f"/hi/s/{complaint.link}/fix/1"
    page = Client().get(address).content.decode()
    assert "पैसा इसी नंबर से रुका है" in page
    assert 'name="reference"' not in page
    Client().post(address, {"reference": "530693093182"})
    with running_as("thaam_loops"):
        assert Debit.objects.get().reference == "UTR000000001"


def account_form(**changes):
    return {
        "application_id": str(uuid4()), "to_bank": "DEMO1", "to_account": "00123456", "undertaking": "yes",
        "fir_number": "12/2026", **changes,
    }  # fmt: skip


def test_the_link_alone_names_no_account_and_a_code_is_good_for_one_account_only(held):
    complaint, _, _ = held
    client, address, form = Client(), f"/hi/s/{held[0].link}/restore", account_form()
    client.post(address, form)
    code = code_for("9876543210")
    wrong = client.post(address, {**form, "code": "000000" if code != "000000" else "111111"})
    assert wrong.status_code == 422
    assert "4 बार और" in wrong.content.decode()
    other = client.post(address, {**form, "to_account": "00999999", "code": code})
    assert other.status_code == 422, "the code was sent for another account"
    with running_as("thaam_loops"):
        assert not Application.objects.exists()
    assert client.post(address, {**form, "code": code}).status_code == 422, "a newer code was sent since"
    assert client.post(address, {**form, "again": "1"}).status_code == 200
    assert client.post(address, {**form, "code": code_for("9876543210")}).status_code == 302
    shown = client.get(f"/hi/s/{complaint.link}").content.decode()
    assert "खाते ••3456 में लौटाने का OTP •••••• है" in shown, "the message stands on the page, its digits do not"


def test_a_victim_of_a_bank_that_has_not_joined_gets_the_money_back_there(held):
    complaint, _, _ = held
    with running_as("thaam_loops"):
        Debit.objects.update(payer_bank="SBIN")
    client, address = Client(), f"/hi/s/{complaint.link}/restore"
    page = client.get(address).content.decode()
    assert 'value="other" checked' in page
    assert 'value="भारतीय स्टेट बैंक (SBI)"' in page
    form = account_form(to_bank="other", to_bank_other="State Bank of India")
    client.post(address, form)
    assert client.post(address, {**form, "code": code_for("9876543210")}).status_code == 302
    with running_as("thaam_loops"):
        assert Application.objects.get().to_bank == "SBIN"


def test_whoever_has_lost_the_telephone_applies_too_and_then_a_passbook_must_speak_for_the_account(held):
    complaint, _, _ = held
    client, address, form = Client(), f"/hi/s/{complaint.link}/restore", account_form()
    client.post(address, form)
    assert client.post(address, {**form, "without_code": "1"}).status_code == 302
    with running_as("thaam_loops"):
        application = Application.objects.get()
        assert application.proved_at is None
        office, _ = Office.objects.get_or_create(code="DURG", defaults={"name_hi": "थाना", "name_en": "Station"})
        meera = Officer.objects.create(username="meera", role="investigator", office=office)
        with pytest.raises(NotProved):
            verify(application_id=application.pk, officer=meera, at=now())
    desk = Client()
    desk.force_login(meera)
    here = f"/hi/desk/application/{application.pk}"
    assert "OTP से पुष्टि नहीं" in desk.get("/hi/desk/approvals").content.decode()
    assert "पासबुक या रद्द चेक देखकर" in desk.post(here, {}).content.decode()
    assert desk.post(here, {"seen": "आशा, पासबुक"}).status_code == 302
    with running_as("thaam_loops"):
        application.refresh_from_db()
    assert application.verified_at


def test_nobodys_telephone_is_flooded_with_codes(held):
    complaint, _, _ = held
    client, address, form = Client(), f"/hi/s/{complaint.link}/restore", account_form()
    answers = [client.post(address, {**form, "again": "1"}) for _ in range(8)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 422
    assert "एक घंटे में इतने ही OTP" in answers[-1].content.decode()
    with running_as("thaam_loops"):
        codes = Complaint.objects.get(pk=complaint.pk).codes.count()
    assert codes == rule("codes_an_hour", jurisdiction="IN", on=now()).value


def test_nothing_held_means_no_form(complaint):
    assert "कोई रकम रुकी नहीं" in Client().get(f"/hi/s/{complaint.link}/restore").content.decode()


@pytest.mark.req("S1.13")
@pytest.mark.parametrize("lang", ["hi", "en"])
def test_the_holder_reads_five_facts_and_nothing_about_the_victim(held, lang):
    complaint, _, code = held
    client = Client()
    assert client.get(f"/{lang}/held", {"code": code.upper()}).url == f"/{lang}/held/notice/{code}"
    html = client.get(f"/{lang}/held/notice/{code}").content.decode()
    assert "₹1,00,000" in html
    assert html.count('class="n"') == 5
    assert ("आरोप" if lang == "hi" else "accused") in html
    assert complaint.name not in html
    assert complaint.mobile not in html
    assert len(html.encode()) <= 14_000


def test_an_objection_is_lodged_without_a_sign_in_and_followed_by_its_own_address(held):
    _, hold, code = held
    client = Client()
    address = f"/hi/held/notice/{code}/object"
    form = {"objection_id": str(uuid4()), "mobile": "9826041234", "reason": "goods", "words": "बिल 12", "name": "चारू"}
    assert client.post(address, {**form, "reason": "x"}).status_code == 422
    assert client.post(address, {**form, "mobile": "12"}).status_code == 422
    proving = client.post(address, form).url
    assert proving == f"{address}/{form['objection_id']}"
    with running_as("thaam_loops"):
        assert Objection.objects.count() == 0, "nothing is contested before the code is back"
    assert client.post(proving, {"code": "000000"}).status_code == 422
    followed = client.post(proving, {"code": code_for()})
    assert followed.url == f"/hi/g/{form['objection_id']}"
    assert "बैंक जाँच कर रहा है" in client.get(followed.url).content.decode()
    other = str(uuid4())
    son = {**form, "objection_id": other, "mobile": "9826041235"}
    again = client.post(client.post(address, son).url, {"code": code_for("9826041235")})
    assert again.url == followed.url
    with running_as("thaam_loops"):
        assert Objection.objects.count() == 1
        assert Hold.objects.get(pk=hold.pk).contested


@pytest.mark.parametrize(
    "address",
    [
        "s/nosuchcode/add",
        "s/nosuchcode/fix/1",
        "s/nosuchcode/restore",
        "held/notice/nosuchcode",
        "g/00000000-0000-7000-8000-000000000000",
        "verify/X 1",
    ],
)
def test_unknown_codes_are_not_found_in_both_languages(address):

    for lang in ("hi", "en"):
        assert Client().get(f"/{lang}/{address}").status_code == 404
