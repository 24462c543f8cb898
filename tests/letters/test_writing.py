"""Letters are owed by facts, written once, never rewritten, and recognised by anybody who holds one."""

import datetime as dt
import io

import pypdf
import pytest
from django.db import ProgrammingError, transaction

from banking import Rs, debit, files, hold_answer, order, says
from cast import NOON, running_as
from thaam.complaints.numbering import check_digit
from thaam.holds.models import Hold
from thaam.journal.models import Fact
from thaam.letters.composing import notice_to_holder
from thaam.letters.loop import reads, write_owed
from thaam.letters.models import Letter
from thaam.letters.typesetting import digest_of, typeset
from thaam.letters.writing import NoSuchLetter, find_letter
from thaam.parties.desks import seated

pytestmark = pytest.mark.django_db
KINDS = [str(kind) for kind in reads["letters"][0]]


def write_all():
    for fact in Fact.objects.filter(kind__in=KINDS).order_by("id"):
        write_owed(fact, NOON)


def test_a_confirmed_complaint_gets_its_receipt_and_an_order_its_paper_once():
    complaint = files(debit(Rs(49_999)), lang="hi")
    write_all()
    write_all()
    receipt = Letter.objects.get(template="receipt")
    assert receipt.about == f"complaint:{complaint.pk}"
    assert receipt.digest == digest_of(receipt.data)
    assert len(pypdf.PdfReader(io.BytesIO(bytes(receipt.paper))).pages) == 1
    assert Letter.objects.filter(template="order").count() == 1
    assert Fact.objects.filter(kind="letter:written").count() == 2


def test_the_same_data_sets_the_same_paper_again():
    files()
    write_all()
    letter = Letter.objects.get(template="receipt")
    assert typeset("receipt", data=letter.data, digest=letter.digest) == bytes(letter.paper)


def test_the_order_on_paper_tells_the_bank_nothing_about_the_victim():
    files(name="Asha Devi", mobile="9876543210", story="मुझे फ़ोन आया था")
    write_all()
    words = str(Letter.objects.get(template="order").data)
    assert "Asha" not in words
    assert "9876543210" not in words
    assert "फ़ोन आया" not in words


def test_anybody_who_holds_a_number_learns_that_it_is_genuine_and_no_more():
    files()
    write_all()
    letter = Letter.objects.get(template="receipt")
    with running_as("thaam_app"):
        known = find_letter(f" {letter.number[:5].lower()} {letter.number[5:]} ")
        assert known.is_genuine(bytes(letter.paper))
        assert not known.is_genuine(bytes(letter.paper) + b" ")
        assert Letter.objects.count() == 0
        with pytest.raises(NoSuchLetter):
            find_letter("R26061234567")
    assert check_digit(letter.number[1:-1]) == letter.number[-1]


def test_a_citizen_sees_the_own_receipt_and_a_bank_its_own_orders():
    mine = files()
    files(debit(reference="UTR000000002"), name="Bina", mobile="9876500000")
    write_all()
    with running_as("thaam_app"), seated(mine.desk):
        assert [letter.template for letter in Letter.objects.all()] == ["receipt"]
    with running_as("thaam_app"), seated("partner:DEMO2"):
        assert {letter.template for letter in Letter.objects.all()} == {"order"}
    with running_as("thaam_app"), seated("partner:DEMO3"):
        assert Letter.objects.count() == 0


def test_a_letter_is_never_rewritten():
    files()
    write_all()
    with pytest.raises(ProgrammingError), transaction.atomic():
        Letter.objects.update(lang="en")


@pytest.mark.parametrize("lang", ["hi", "en"])
def test_the_five_facts_say_all_five_and_nothing_about_the_victim(lang):
    files(debit(Rs(6_400)), name="Asha Devi")
    asked = order("DEMO2")
    says("DEMO2", hold_answer(asked))
    hold = Hold.objects.get(pk=asked.id)
    data = notice_to_holder(hold, lang=lang, usable_paise=Rs(41_220), code="7K2M", at=NOON + dt.timedelta(hours=1))
    assert len(data["facts"]) == 5
    assert all(fact["value"] for fact in data["facts"])
    assert "₹6,400" in data["title"]
    assert "Asha" not in str(data)
    assert data["bar"]["share"] == pytest.approx(6_400 / 47_620)
