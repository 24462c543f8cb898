"""Signing in with a phone: set-up, the code, paper codes, a lost phone, and no way around."""

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from cast import running_as
from thaam.journal.models import Fact
from thaam.parties import second_factor, totp
from thaam.parties.models import Office, Officer, SecondFactor

pytestmark = pytest.mark.django_db
SECRET = b"12345678901234567890"
WORDS = {"username": "devi", "password": "rain-2026"}


@pytest.fixture(autouse=True)
def asked(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def devi():
    return _officer("devi", "supervisor")


def _officer(name, role):
    with running_as("thaam_loops"):
        office, _ = Office.objects.get_or_create(code="HELP", defaults={"name_hi": "सहायता", "name_en": "Help"})
        who = Officer(username=name, role=role, office=office)
        who.set_password("rain-2026")
        who.save()
        return who


def has_phone(who):
    """Set up two minutes ago; the paper codes."""
    at = datetime.now(tz=UTC) - timedelta(minutes=2)
    now_code = totp.code_at(SECRET, totp.step_of(at))
    return second_factor.set_up(officer=who, secret=SECRET, code=now_code, by="officer:devi", at=at)


def code_now(secret=SECRET):
    return totp.code_at(secret, totp.step_of(datetime.now(tz=UTC)))


def secret_on(page):
    typed = re.search(r'class="mono" style="white-space:normal">([A-Z2-7 ]+)<', page.content.decode())[1]
    return base64.b32decode(typed.replace(" ", ""))


@pytest.mark.parametrize("lang", ["hi", "en"])
def test_the_first_sign_in_adds_a_phone_and_shows_ten_codes_once(client, devi, lang):
    client.cookies.load({"django_language": lang})
    answer = client.post(f"/{lang}/desk/sign-in", WORDS)
    assert answer.url == f"/{lang}/desk/sign-in/set-up"
    page = client.get(answer.url)
    assert b"<svg" in page.content
    secret = secret_on(page)
    assert client.post(answer.url, {"code": "000"}).status_code == 422
    assert secret_on(client.get(answer.url)) == secret
    assert client.get(f"/{lang}/desk/").status_code == 302
    done = client.post(answer.url, {"code": code_now(secret)})
    assert len(re.findall(r"<li>[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}</li>", done.content.decode())) == 10
    assert client.get(f"/{lang}/desk/").status_code == 200
    assert client.get(answer.url).status_code == 302
    with running_as("thaam_loops"):
        assert Fact.objects.filter(kind="second factor:set", about=f"officer:{devi.pk}").count() == 1


def test_the_password_alone_opens_nothing_and_the_code_passes_once(client, devi):
    has_phone(devi)
    answer = client.post("/hi/desk/sign-in", WORDS | {"next": "/hi/desk/find"})
    assert answer.url == "/hi/desk/sign-in/code"
    assert client.get("/hi/desk/").status_code == 302
    assert client.get("/hi/desk/sign-in/set-up").url == "/hi/desk/sign-in/code"
    assert client.get("/hi/desk/sign-in/code").status_code == 200
    assert client.post(answer.url, {"code": "000000x"}).status_code == 422
    code = code_now()
    assert client.post(answer.url, {"code": code}).url == "/hi/desk/find"
    assert client.get("/hi/desk/").status_code == 200
    again = Client()
    again.post("/hi/desk/sign-in", WORDS)
    refused = again.post(answer.url, {"code": code})
    assert refused.status_code == 422
    assert "एक बार इस्तेमाल" in refused.content.decode()
    assert again.get("/hi/desk/").status_code == 302


def test_wrong_codes_are_counted_although_nobody_is_signed_in_yet(client, devi):
    has_phone(devi)
    client.post("/hi/desk/sign-in", WORDS)
    for n in range(second_factor.WRONG_MAX):
        assert client.post("/hi/desk/sign-in/code", {"code": f"x{n}"}).status_code == 422
    assert "15 मिनट" in client.post("/hi/desk/sign-in/code", {"code": code_now()}).content.decode()
    for _ in range(10):
        last = client.post("/hi/desk/sign-in/code", {"code": "x"})
    assert last.status_code == 429


def test_a_paper_code_signs_in_and_with_a_lost_phone_leads_to_a_new_set_up(client, devi):
    first, second, *_ = has_phone(devi)
    client.post("/hi/desk/sign-in", WORDS)
    assert client.post("/hi/desk/sign-in/code", {"code": first}).url == "/hi/desk/"
    client.post("/hi/desk/sign-out")
    client.post("/hi/desk/sign-in", WORDS)
    assert client.post("/hi/desk/sign-in/code", {"code": first}).status_code == 422
    assert client.post("/hi/desk/sign-in/code", {"code": second, "lost": "1"}).url == "/hi/desk/sign-in/set-up"
    assert client.get("/hi/desk/").status_code == 302
    assert not SecondFactor.objects.exists()


def test_half_a_sign_in_lapses_and_an_older_session_does_not_count(client, devi):
    has_phone(devi)
    client.post("/hi/desk/sign-in", WORDS)
    session = client.session
    session["entering"] = session["entering"] | {"since": datetime.now(tz=UTC).timestamp() - 601}
    session.save()
    assert client.post("/hi/desk/sign-in/code", {"code": code_now()}).url == "/hi/desk/sign-in"
    for address in ("/hi/desk/sign-in/code", "/hi/desk/sign-in/set-up"):
        assert Client().get(address).url == "/hi/desk/sign-in"
    older = Client()
    older.force_login(devi)
    assert older.get("/hi/desk/").status_code == 302


def test_without_the_setting_only_who_has_a_phone_is_asked(client, devi, settings):
    settings.SECOND_FACTOR = False
    assert client.post("/hi/desk/sign-in", WORDS).url == "/hi/desk/"
    has_phone(devi)
    assert Client().post("/hi/desk/sign-in", WORDS).url == "/hi/desk/sign-in/code"


def test_an_administrator_forgets_a_lost_phone_and_a_fact_tells_it(devi, settings):
    settings.SECOND_FACTOR = False
    has_phone(devi)
    client = Client()
    client.force_login(_officer("leela", "administrator"))
    assert "खोया फ़ोन हटाएँ" in client.get("/hi/desk/officers").content.decode()
    assert client.post("/hi/desk/officers", {"officer": "x"}).status_code == 302
    client.post("/hi/desk/officers", {"officer": devi.pk})
    assert not SecondFactor.objects.exists()
    with running_as("thaam_loops"):
        assert Fact.objects.filter(kind="second factor:dropped").count() == 1
