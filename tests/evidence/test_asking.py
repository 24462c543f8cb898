"""Information is asked with a clock, footage with the day it is lost; announced files are waited for."""

import datetime as dt
import hashlib

import pytest

from cast import BASIS, DEVI, bank, payment
from thaam.evidence.asking import ask_for_information
from thaam.evidence.models import Asked
from thaam.evidence.receiving import (
    NobodyAsked,
    OtherFile,
    attach_file,
    is_answered,
    missing_digests,
    note_overdue,
    record_information,
)
from thaam.files.keeping import keep_file
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.mailbox.keeping import keep
from thaam.mailbox.models import Answer, Order
from thaam.wire import codec
from thaam.wire.messages import InformationAnswer

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 1, 6, 30, tzinfo=dt.UTC)
JPG = b"\xff\xd8\xff\xe0" + b"0" * 100
DIGEST = hashlib.sha256(JPG).hexdigest()


def ask(what="footage", order_id=None):
    bank("DEMO1")
    bank("DEMO2")
    return ask_for_information(
        order_id=order_id or new_id(),
        bank="DEMO2",
        what=what,
        payment=payment(),
        account="BALU0001",
        words="ATM D-17",
        happened_at=AT - dt.timedelta(hours=2),
        complaint=BASIS.reference,
        jurisdiction="IN-CG",
        issued_by=DEVI,
        by="officer:1",
        at=AT,
    )


def answered(asked, *, digests=(), words="यहाँ है", partner="DEMO2"):
    message = InformationAnswer(
        id=new_id(), order_id=str(asked.order_id), answered_at=AT, found=True, words=words, file_digests=tuple(digests)
    )
    raw = codec.encode(message)
    bank(partner)
    keep(partner=partner, message=message, raw=raw, jws="x..y", at=AT)
    return Answer.objects.get(id=message.id)


@pytest.mark.req("S1.8")
def test_footage_is_asked_with_the_day_it_is_lost_and_a_word_to_preserve_it():
    asked = ask()
    assert asked.overwritten_on == dt.date(2026, 7, 1)
    assert asked.due_at == AT + dt.timedelta(days=3)
    order = codec.decode(bytes(Order.objects.get(id=asked.order_id).body))
    assert "01.07.2026" in order.words
    assert "Preserve it today" in order.words
    assert order.basis.section == "BNSS 94"


@pytest.mark.req("S1.12", "S1.13", "S1.6")
@pytest.mark.parametrize(("what", "hours"), [("settlement_report", 24), ("beneficiary", 24), ("particulars", 24)])
def test_settlement_reports_and_particulars_are_due_in_a_day(what, hours):
    assert ask(what).due_at == AT + dt.timedelta(hours=hours)


def test_asking_twice_with_one_id_is_one_request():
    one = new_id()
    ask(order_id=one)
    ask(order_id=one)
    assert Asked.objects.count() == 1
    assert Order.objects.count() == 1


def test_words_alone_are_an_answer(as_loops):
    asked = ask("particulars")
    record_information(answered(asked), AT)
    assert is_answered(asked)
    assert Order.objects.get(id=asked.order_id).state == "done"


def test_announced_files_are_waited_for_and_other_bytes_refused(tmp_path):
    asked = ask()
    record_information(answered(asked, digests=[DIGEST]), AT)
    assert missing_digests(asked) == [DIGEST]
    note_overdue({"order_id": str(asked.order_id)}, AT)
    assert not Fact.objects.filter(kind="information:overdue").exists(), "its clock still runs"
    note_overdue({"order_id": str(asked.order_id)}, asked.due_at)
    assert Fact.objects.filter(kind="information:overdue").count() == 1

    def file(content):
        return keep_file(
            file_id=new_id(), folder=tmp_path, content=content, name="f.jpg", about="x", by="bank:DEMO2", at=AT
        )

    with pytest.raises(OtherFile):
        attach_file(asked=asked, file=file(JPG + b"1"), by="bank:DEMO2", at=AT)
    attach_file(asked=asked, file=file(JPG), by="bank:DEMO2", at=AT)
    assert is_answered(asked)
    note_overdue({"order_id": str(asked.order_id)}, asked.due_at)
    assert Fact.objects.filter(kind="information:overdue").count() == 1


def test_an_answer_to_another_banks_request_is_refused():
    asked = ask("particulars")
    stray = answered(asked)
    Answer.objects.filter(id=stray.id)
    stray.partner_id = "DEMO1"
    with pytest.raises(NobodyAsked):
        record_information(stray, AT)
