"""Papers: parts, hash on arrival, custody, quarantine, the day footage is lost; nobody else's request."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from banking import files, order
from cast import NOON, running_as
from thaam.evidence.asking import ask_for_information
from thaam.evidence.models import Asked, GotFile
from thaam.files.models import File, Touch
from thaam.journal.ids import id_from
from thaam.mailbox.models import Answer, Order
from thaam.wire.parts import IssuedBy
from web.test_bank_doors import signed_in

pytestmark = pytest.mark.django_db
CSV = b"Date,Narration,Debit,Credit,Balance\n01-06-2026,x,,1.00,1.00\n"


@pytest.fixture
def request_for(settings, tmp_path):
    settings.FILES = tmp_path

    def ask(what="statement", happened_at=NOON):
        with running_as("thaam_loops"):
            complaint = files()
            hold = order("DEMO2")
            return ask_for_information(
                order_id=id_from("ask", what), bank="DEMO2", what=what, payment=hold.payment, account="A1", words="",
                happened_at=happened_at, complaint=complaint.number, jurisdiction="IN",
                issued_by=IssuedBy("CELL", "Meera"), by="officer:1", at=dt.datetime.now(tz=dt.UTC),
            )  # fmt: skip

    return ask


def page_of(asked):
    return f"/en/bank/order/{asked.order_id}"


@pytest.mark.req("S1.6", "S1.7")
def test_files_come_in_parts_and_the_last_word_names_every_digest(request_for):
    asked = request_for()
    clerk = signed_in("bank_clerk", "DEMO2")
    first = SimpleUploadedFile("one.csv", CSV)
    assert clerk.post(page_of(asked), {"files": first, "part": "1"}).status_code == 302
    with running_as("thaam_loops"):
        assert Order.objects.get(pk=asked.order_id).state == "open", "a part leaves the request open"
        digest = File.objects.get().sha256
    page = clerk.get(page_of(asked)).content.decode()
    assert digest in page
    assert "received" in page, "its custody is on the page"
    assert clerk.post(page_of(asked), {"files": SimpleUploadedFile("one.csv", CSV), "part": "1"}).status_code == 302
    clerk.post(page_of(asked), {"files": SimpleUploadedFile("two.csv", CSV + b"\n"), "words": "all"})
    with running_as("thaam_loops"):
        assert GotFile.objects.count() == 2, "the same bytes again are the same file"
        answer = Answer.objects.get(order_id=asked.order_id)
        assert answer.kind == "InformationAnswer"
        assert set(answer.message.file_digests) == set(File.objects.values_list("sha256", flat=True))


def test_nothing_found_is_an_answer_and_an_empty_one_is_not(request_for):
    asked = request_for("kyc")
    clerk = signed_in("bank_clerk", "DEMO2")
    assert clerk.post(page_of(asked), {}).status_code == 422
    assert clerk.post(page_of(asked), {"found": "no", "words": "no such account"}).status_code == 302
    with running_as("thaam_loops"):
        assert Answer.objects.get(order_id=asked.order_id).message.found is False


@pytest.mark.parametrize(("name", "content"), [("a.html", b"<script>"), ("a.exe", b"MZ\x00\x01"), ("a.csv", b"")])
def test_a_file_of_no_kind_we_take_is_refused_and_nothing_of_it_stays(request_for, name, content):
    asked = request_for()
    clerk = signed_in("bank_clerk", "DEMO2")
    answer = clerk.post(page_of(asked), {"files": SimpleUploadedFile(name, content), "part": "1"})
    assert answer.status_code == 422
    with running_as("thaam_loops"):
        assert not GotFile.objects.exists()


@pytest.mark.req("S1.8")
def test_footage_says_the_day_it_is_lost_and_how_many_days_are_left(request_for):
    asked = request_for("footage", happened_at=dt.datetime.now(tz=dt.UTC) - dt.timedelta(days=25))
    page = signed_in("bank_clerk", "DEMO2").get(page_of(asked)).content.decode()
    assert "data-lost" in page
    assert "5 days left" in page
    assert "Preserve first, send later" in page


def test_a_file_in_quarantine_is_not_opened_and_every_opening_is_written(request_for):
    asked = request_for()
    clerk = signed_in("bank_clerk", "DEMO2")
    clerk.post(page_of(asked), {"files": SimpleUploadedFile("=cmd.csv", CSV), "part": "1"})
    with running_as("thaam_loops"):
        file = File.objects.get()
    assert clerk.get(f"/en/bank/file/{file.pk}").status_code == 409, "not scanned yet"
    with running_as("thaam_loops"):
        File.objects.update(scan="clean")
    opened = clerk.get(f"/en/bank/file/{file.pk}")
    assert opened.content == CSV
    assert opened["Content-Disposition"].startswith("attachment")
    with running_as("thaam_loops"):
        assert list(Touch.objects.order_by("id").values_list("what", "by")) == [
            ("received", "bank:DEMO2"), ("opened", "bank:DEMO2"),
        ]  # fmt: skip
        File.objects.update(scan="infected")
    assert clerk.get(f"/en/bank/file/{file.pk}").status_code == 409


def test_another_banks_request_and_file_do_not_exist(request_for):
    asked = request_for()
    signed_in("bank_clerk", "DEMO2").post(page_of(asked), {"files": SimpleUploadedFile("s.csv", CSV), "part": "1"})
    with running_as("thaam_loops"):
        file = File.objects.get()
        assert Asked.objects.count() == 1
    stranger = signed_in("bank_clerk", "DEMO3")
    assert stranger.get(page_of(asked)).status_code == 404
    assert stranger.get(f"/en/bank/file/{file.pk}").status_code == 404
    assert stranger.post(page_of(asked), {"files": SimpleUploadedFile("s.csv", CSV), "part": "1"}).status_code == 404
