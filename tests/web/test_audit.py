"""First pages of every role; the auditor's journal and letters; what a trade body sees and what it cannot."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from banking import files, run_timers
from cast import bank, running_as
from thaam.complaints.models import Complaint
from thaam.coordination import traders
from thaam.coordination.models import TraderProblem
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.journal.proof import entry_of
from thaam.journal.sequencing import Sequencer
from thaam.letters.loop import write_owed
from thaam.letters.models import Letter
from thaam.parties.desks import seated
from thaam.parties.keys import platform_key
from thaam.parties.models import Handle, Office, Officer
from thaam.web.desk.entry import FIRST_PAGE
from thaam.wire.checkpoints import leaf_hash

pytestmark = pytest.mark.django_db


def office(code):
    made, _ = Office.objects.get_or_create(code=code, defaults={"name_hi": "कार्यालय", "name_en": "Office"})
    return made


def person(role, at="HELP"):
    with running_as("thaam_loops"):
        place = {"bank": bank("DEMO1")} if role == "bank_clerk" else {"office": office(at)}
        return Officer.objects.create(username=f"{role}-{at}", role=role, **place)


def signed_in(who):
    client = Client()
    client.force_login(who)
    return client


@pytest.mark.req("S4.1")
@pytest.mark.parametrize("role", [role.value for role in Officer.Role])
def test_the_first_page_of_every_role_opens(role):
    client = signed_in(person(role))
    for lang in ("hi", "en"):
        assert client.get(f"/{lang}/{FIRST_PAGE[role]}").status_code == 200


@pytest.mark.req("S4.1")
@pytest.mark.parametrize("role", [role.value for role in Officer.Role])
def test_whoever_comes_in_by_the_front_door_of_the_desk_lands_on_a_page_of_their_own(role):
    who = person(role)
    who.set_password("rain-2026")
    who.save()
    client = Client()
    form = {"username": who.username, "password": "rain-2026", "next": "/hi/desk/"}
    assert client.post("/hi/desk/sign-in", form, follow=True).status_code == 200
    assert client.get("/hi/desk/sign-in", follow=True).redirect_chain == [(f"/hi/{FIRST_PAGE[role]}", 302)]
    refused = [client.get(f"/hi/{path}") for path in ("desk/officers", "audit/", "bank/")]
    pages = [answer.content.decode() for answer in refused if answer.status_code == 403]
    assert pages
    assert all('href="/hi/desk/sign-in">अपने पहले पन्ने पर जाएँ' in page for page in pages)


@pytest.fixture
def complaint():
    with running_as("thaam_loops"):
        Handle.objects.get_or_create(handle="demo2", bank=bank("DEMO2"))
        filed = files(at=datetime.now(tz=UTC))
        run_timers(datetime.now(tz=UTC))
        return filed


@pytest.mark.req("S4.1")
def test_the_auditor_reads_the_facts_of_a_complaint_in_order_with_digests_that_fit(complaint):
    client = signed_in(person("auditor"))
    before = client.get("/hi/audit/", {"number": complaint.number}).content.decode()
    assert "क्रम मिलना बाकी" in before
    with running_as("thaam_loops"):
        Sequencer(platform_key()).number(at=datetime.now(tz=UTC))
    page = client.get("/en/audit/", {"number": complaint.number})
    told = page.context["told"]
    assert len(told) >= 3
    assert all(each.fits for each in told)
    assert [each.line.position for each in told] == sorted(each.line.position for each in told)
    assert {"complaint:filed", "complaint:confirmed"} <= {each.fact.kind for each in told}
    assert told[0].digest in page.content.decode()
    told[0].line.fact.by = "somebody else"
    assert leaf_hash(entry_of(told[0].line)) != bytes(told[0].line.leaf)
    for words in ("12345678901", "\x00", "<script>", "९९"):
        assert client.get("/hi/audit/", {"number": words}).status_code == 200
    assert complaint.number not in client.get("/hi/audit/", {"number": "12345678901"}).content.decode()


def test_an_auditor_without_an_office_sees_nothing(complaint):
    with running_as("thaam_loops"):
        nowhere = Officer.objects.create(username="nowhere", role="auditor")
    page = signed_in(nowhere).get("/hi/audit/", {"number": complaint.number})
    assert page.context["complaint"] is None


def test_a_letters_file_is_genuine_to_the_last_byte_or_not(complaint):
    with running_as("thaam_loops"):
        write_owed(Fact.objects.get(kind="complaint:confirmed"), datetime.now(tz=UTC))
        letter = Letter.objects.first()
    client, paper = signed_in(person("auditor")), bytes(letter.paper)

    def asked(content, number=letter.number):
        file = {"paper": SimpleUploadedFile("a.pdf", content)} if content else {}
        return client.post("/en/audit/papers", {"number": number, **file})

    assert "exactly the one we wrote" in asked(paper).content.decode()
    assert "not the one we wrote" in asked(paper + b"\n").content.decode()
    assert asked(paper, "X-1\x00").status_code == 422
    assert asked(None).status_code == 422


@pytest.mark.req("S2.9")
def test_a_trade_body_sees_its_offices_register_and_no_complaint(complaint):
    with running_as("thaam_loops"):
        for code in ("DURG", "BASTAR"):
            problem = traders.raise_problem(
                problem_id=new_id(), association=f"मंडल {code}", text=f"<b>रोक</b> {code}", contact="9876500000",
                office=office(code), nodal_officer=person("investigator", code), jurisdiction="IN-CG",
                by=person("supervisor", code), at=datetime(2026, 1, 5, tzinfo=UTC),
            )  # fmt: skip
        mine = TraderProblem.objects.get(office__code="DURG")
        by = Officer.objects.get(username="supervisor-DURG")
        page = signed_in(trader := person("association", "DURG")).get("/hi/association/").content.decode()
        assert "समय निकल गया" in page
        traders.answer_problem(problem=mine, solved=True, text="बैंक ने कारण बताया", by=by, at=datetime.now(tz=UTC))
    page = signed_in(trader).get("/hi/association/").content.decode()
    assert "मंडल DURG" in page
    assert "बैंक ने कारण बताया" in page
    for hidden in ("BASTAR", "9876500000", "<b>रोक"):
        assert hidden not in page
    with seated(trader.desk):
        assert [each.pk for each in TraderProblem.objects.all()] == [mine.pk]
        assert TraderProblem.objects.filter(pk=problem.id).count() == 0
        assert Complaint.objects.count() == 0
