"""A complaint is filed once, numbered, and seen by nobody who should not see it."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from banking import LAKH, Rs, debit, files, run_timers
from cast import NOON, bank, running_as
from thaam.chase.models import Claim, Partition
from thaam.complaints.confirming import NoCode, WrongCode, confirm, send_code
from thaam.complaints.filing import SameIdOtherContent, file_complaint
from thaam.complaints.finding import complaint_by_link, complaint_by_number
from thaam.complaints.models import Code, Complaint
from thaam.complaints.numbering import is_number
from thaam.complaints.progress import progress_of
from thaam.complaints.telling import CannotFile
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.mailbox.models import Order
from thaam.parties.desks import seated
from thaam.work.models import Job

pytestmark = pytest.mark.django_db


def file(**changes):
    for code in ("DEMO1", "DEMO2"):
        bank(code)
    words = {
        "complaint_id": new_id(), "lang": "hi", "channel": "web", "mobile": "+91 98765 43210", "name": "आशा वर्मा",
        "district": "रायगढ़", "story": "किसी ने फ़ोन किया।", "debits": [debit()], "by": "citizen", "at": NOON,
    }  # fmt: skip
    return file_complaint(**{**words, **changes})


@pytest.mark.req("S0.8")
def test_every_paisa_is_asked_from_the_first_moment():
    complaint = file()
    assert is_number(complaint.number) and complaint.number.startswith("2611")
    assert complaint.jurisdiction == "IN-CG" and complaint.mobile == "9876543210"
    account = Partition.objects.get().account()
    assert account.totals()["asked"] == LAKH
    assert Fact.objects.filter(kind="complaint:filed", about=f"complaint:{complaint.pk}").count() == 1
    assert Order.objects.count() == 0


def test_pressing_send_twice_files_once():
    one = new_id()
    assert file(complaint_id=one).pk == file(complaint_id=one).pk
    assert Complaint.objects.count() == 1 and Claim.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_file_once():
    one, kept = new_id(), []

    def press():
        try:
            kept.append(file(complaint_id=one).number)
        finally:
            connection.close()

    with transaction.atomic():
        first = file(complaint_id=one)
        second = threading.Thread(target=press)
        second.start()
        second.join(0.5)  # it has come as far as it can while the first is not kept yet
        assert kept == []
    second.join(60)
    assert kept == [first.number]


def test_the_same_id_with_other_content_is_refused():
    one = new_id()
    file(complaint_id=one)
    with pytest.raises(SameIdOtherContent):
        file(complaint_id=one, debits=[debit(LAKH + 1)])
    assert Claim.objects.get().amount_paise == LAKH


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("amount_paise", {"debits": [debit(0)]}),
        ("amount_paise", {"debits": [debit(-5)]}),
        ("amount_paise", {"debits": [debit(10**20)]}),
        ("paid_at", {"debits": [debit(paid_at=NOON + dt.timedelta(hours=1))]}),
        ("rail", {"debits": [debit(rail="PIGEON")]}),
        ("payer_bank", {"debits": [debit(payer_bank="")]}),
        ("payer_last4", {"debits": [debit(payer_last4="12x4")]}),
        ("reference", {"debits": [debit(reference="यूटीआर")]}),
        ("claimed_paise", {"debits": [debit(claimed_paise=LAKH + 1)]}),
        ("debits", {"debits": []}),
        ("mobile", {"mobile": "12345"}),
        ("name", {"name": "न" * 121}),
    ],
)
def test_what_cannot_be_right_is_said_in_both_languages(field, changes):
    with pytest.raises(CannotFile) as wrong:
        file(**changes)
    assert wrong.value.field == field
    assert wrong.value.text.hi and wrong.value.text.en and wrong.value.text.hi != wrong.value.text.en
    assert Complaint.objects.count() == 0


def test_devanagari_digits_and_control_signs_are_no_obstacle():
    complaint = file(mobile="९८७६५४३२१०", story="लाइन\x00एक\nदो", debits=[debit(reference=" ४१२३ ५६७८ ")])
    assert complaint.mobile == "9876543210"
    assert complaint.story == "लाइनएक\nदो"
    assert complaint.debits.get().reference == "41235678"


def test_a_story_of_a_million_signs_is_kept_whole():
    assert len(file(story="क" * 1_000_000).story) == 1_000_000


def test_a_taken_number_gives_way_to_the_next(monkeypatch):
    from thaam.complaints import filing

    first = file()
    real = filing.number_for
    numbers = iter([first.number])
    monkeypatch.setattr(filing, "number_for", lambda *args, **more: next(numbers, None) or real(*args, **more))
    assert file().number != first.number


def test_a_claim_on_part_of_a_payment_is_on_its_top_paise():
    file(debits=[debit(LAKH, claimed_paise=Rs(30_000))])
    claim = Claim.objects.get()
    assert (claim.lo, claim.hi) == (Rs(70_000), LAKH)


def test_a_citizen_files_without_any_desk_and_sees_nothing_of_others():
    other = file()
    with running_as("thaam_app"):
        mine = file()
        assert list(Complaint.objects.all()) == []
        with seated(mine.desk):
            assert [complaint.pk for complaint in Complaint.objects.all()] == [mine.pk]
            assert Claim.objects.count() == 1
        assert str(complaint_by_link(other.link)) == str(other.pk)
        assert str(complaint_by_number(other.number, "3210")) == str(other.pk)
        assert complaint_by_number(other.number, "0000") is None
        assert complaint_by_link("aaaaaaaaaa") is None
        with seated("office:1"):
            assert Complaint.objects.count() == 2


def test_a_code_confirms_and_five_wrong_ones_end_it():
    complaint = file()
    with pytest.raises(NoCode):
        confirm(complaint_id=complaint.pk, code="123456", at=NOON)
    send_code(complaint_id=complaint.pk, code_id=new_id(), code="123456", at=NOON)
    text = Job.objects.get(kind="sms:send").payload
    assert text["to"] == "9876543210" and "123456" in text["text"]
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongCode) as wrong:
            confirm(complaint_id=complaint.pk, code="000000", at=NOON)
        assert wrong.value.tries_left == left
    with pytest.raises(NoCode):
        confirm(complaint_id=complaint.pk, code="123456", at=NOON)
    send_code(complaint_id=complaint.pk, code_id=new_id(), code="654321", at=NOON)
    confirm(complaint_id=complaint.pk, code=" 654321 ", at=NOON)
    assert Complaint.objects.get().confirmed_by == "citizen"
    assert not Code.objects.filter(digest__contains="654321").exists()


def test_a_code_is_worth_nothing_after_ten_minutes():
    complaint = file()
    send_code(complaint_id=complaint.pk, code_id=new_id(), code="123456", at=NOON)
    with pytest.raises(NoCode):
        confirm(complaint_id=complaint.pk, code="123456", at=NOON + dt.timedelta(minutes=10))


def test_confirming_twice_starts_one_chase():
    complaint = files()
    with transaction.atomic():
        confirm(complaint_id=complaint.pk, code="whatever", at=NOON)
    run_timers(NOON)
    assert Order.objects.filter(kind="HoldOrder").count() == 1


def test_the_page_says_whose_turn_it_is_and_the_sum_adds_up():
    complaint = files(confirmed=False)
    stands = progress_of(complaint, NOON)
    assert stands.turn.who == "you" and stands.turn.due_at == NOON + dt.timedelta(minutes=5)
    complaint = files()
    stands = progress_of(complaint, NOON)
    assert (stands.turn.who, stands.turn.bank) == ("bank", "DEMO2")
    assert stands.turn.due_at == NOON + dt.timedelta(minutes=30)
    assert sum(stands.totals.values()) == stands.claimed_paise == LAKH
    assert [moment.kind for moment in stands.moments] == ["filed", "confirmed", "asked"]
    assert "₹1,00,000" in stands.moments[-1].text.hi


def test_a_bank_that_has_to_find_the_payment_first_is_named():
    complaint = files(debit(payee_bank=""))
    with running_as("thaam_app"), seated(complaint.desk):
        turn = progress_of(complaint, NOON).turn
    assert (turn.who, turn.bank) == ("bank", "DEMO1")
    assert turn.what.en == "Find your payment"
