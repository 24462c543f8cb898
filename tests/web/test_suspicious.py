"""No money lost but suspicious: advice first, then the number goes to the register; no bank is asked (S0.14)."""

import re

import pytest

from cast import running_as
from thaam.mailbox.models import Order
from thaam.suspects.models import Report, Sighting

pytestmark = pytest.mark.django_db


TOLD = {"kind": "phone", "seen": "९८२६० ४१२३४", "words": "CBI बनकर धमकाया"}


def text(answer):
    return re.sub(r"<[^>]+>", " ", answer.content.decode())


@pytest.mark.req("S0.14", "S1.15", "S1.23")
def test_a_suspicious_number_is_written_down_and_no_bank_is_asked(client):
    assert "डिजिटल अरेस्ट" in text(client.get("/hi/suspicious"))
    done = client.post("/hi/suspicious", TOLD, follow=True)
    assert "लिख लिया गया" in text(done)
    with running_as("thaam_loops"):
        sighting = Sighting.objects.select_related("identifier").get()
        assert sighting.identifier.name == "9826041234"
        assert sighting.words == "CBI बनकर धमकाया"
        assert Order.objects.count() == 0


@pytest.mark.parametrize(
    "typed",
    [{"kind": "phone", "seen": "12"}, {"kind": "nothing", "seen": "x"}, {"kind": "url", "seen": ""}, {}],
)
@pytest.mark.parametrize("lang", ["hi", "en"])
def test_what_cannot_be_read_says_what_to_give_and_keeps_what_was_typed(client, typed, lang):
    answer = client.post(f"/{lang}/suspicious", {**typed, "words": "धमकी दी"})
    assert answer.status_code == 422
    assert "धमकी दी" in answer.content.decode()
    with running_as("thaam_loops"):
        assert Sighting.objects.count() == 0


def test_the_page_stays_small(client):
    assert len(client.get("/hi/suspicious").content) <= 14_000


@pytest.mark.parametrize("told", [TOLD, {"kind": "person", "seen": "Balu Kumar", "words": "सिम बाँट रहा था"}])
def test_sent_twice_by_an_impatient_thumb_it_is_one_report_and_a_reload_sends_nothing(client, told):
    page = client.get("/hi/suspicious").content.decode()
    report_id = re.search(r'name="report_id" value="([0-9a-f-]{36})"', page)[1]
    first = client.post("/hi/suspicious", {**told, "report_id": report_id})
    second = client.post("/hi/suspicious", {**told, "report_id": report_id})
    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    said = client.get(first.url).content.decode()
    assert said.index("लिख लिया गया") < said.index("<h1>"), "said before anything else"
    with running_as("thaam_loops"):
        assert Report.objects.count() == 1


def test_what_is_wrong_is_said_at_the_top_of_the_page_with_a_link_to_the_field(client):
    page = client.post("/hi/suspicious", {"kind": "phone", "seen": "12"}).content.decode()
    assert page.index('href="#seen"') < page.index("<h1>")
