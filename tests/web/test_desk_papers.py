"""Papers at the desk: ask, follow the clock and the custody, read a statement, and put one's own name to its answer."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from banking import LAKH, Rs, files, hold_answer, order, says
from cast import NOON, bank, running_as
from thaam.chase.models import Payment
from thaam.evidence.models import Asked
from thaam.evidence.preserving import preserve
from thaam.files.models import File
from thaam.mailbox.models import Answer, Order
from thaam.wire.parts import Line
from web.test_bank_doors import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(settings, tmp_path):
    settings.FILES = tmp_path
    with running_as("thaam_loops"):
        return files()


def ask(desk, complaint, what):
    with running_as("thaam_loops"):
        payment = Payment.objects.exclude(reference="").first()
    return desk.post(
        f"/en/desk/complaint/{complaint.pk}/papers", {"what": what, "payment": str(payment.pk), "side": "payee"}
    )


@pytest.mark.req("S1.6", "S1.12", "S1.13")
@pytest.mark.parametrize("what", ["statement", "kyc", "footage", "settlement_report", "beneficiary", "particulars"])
def test_an_officer_asks_for_papers_and_the_bank_has_them_in_its_documents(complaint, what):
    desk = signed_in("investigator")
    assert ask(desk, complaint, what).status_code == 302
    with running_as("thaam_loops"):
        asked = Asked.objects.get()
    assert (asked.what, asked.bank_id) == (what, "DEMO2")
    page = desk.get(f"/en/desk/complaint/{complaint.pk}/papers").content.decode()
    assert "How the due time came about" in page
    assert str(asked.order_id) in signed_in("bank_clerk", "DEMO2").get("/en/bank/?tab=papers").content.decode()
    assert desk.post(f"/en/desk/complaint/{complaint.pk}/papers", {"what": what}).status_code == 422


@pytest.mark.req("S1.8")
def test_cash_from_a_machine_asks_for_its_pictures_by_itself_once(complaint):
    with running_as("thaam_loops"):
        asked = order("DEMO2")
        cash = Line("terminal", 0, Rs(20_000), terminal_kind="CASH_ATM", particulars="CNDG0417 Durg")
        small = Line("terminal", Rs(20_000), Rs(20_500), terminal_kind="CASH_ATM", particulars="CNDG0099")
        assert says("DEMO2", hold_answer(asked, cash, small, Line("held", Rs(20_500), LAKH, lien_reference="L"))) == ""
        preserve({}, NOON + dt.timedelta(minutes=1))
        preserve({}, NOON + dt.timedelta(minutes=2))
        [found] = Asked.objects.filter(what="footage")
        assert found.overwritten_on == asked.payment.date + dt.timedelta(days=30)
        assert "CNDG0417" in Order.objects.get(pk=found.order_id).message.words
        assert "Preserve it today" in found.words


@pytest.mark.req("S1.6")
def test_a_statement_that_came_drafts_the_answer_and_only_a_name_makes_it_one(complaint):
    desk = signed_in("investigator")
    ask(desk, complaint, "statement")
    with running_as("thaam_loops"):
        asked, hold = Asked.objects.get(), order("DEMO2")
        bank("DEMO3").__class__.objects.filter(code="DEMO3").update(ifsc_prefix="DMOZ")
    on = hold.payment.date
    content = (
        "Date,Narration,Ref No,Debit,Credit,Balance\n"
        f"{on:%d-%m-%Y},UPI/CR,{hold.payment.reference},,100000.00,100000.00\n"
        f"{on:%d-%m-%Y},IMPS/DR/DMOZ0000734,111122223333,40000.00,,60000.00\n"
    )
    clerk = signed_in("bank_clerk", "DEMO2")
    clerk.post(
        f"/en/bank/order/{asked.order_id}", {"files": SimpleUploadedFile("s.csv", content.encode()), "part": "1"}
    )
    with running_as("thaam_loops"):
        File.objects.update(scan="clean")
        file = File.objects.get()
    here = f"/en/desk/paper/{file.pk}/statement"
    page = desk.get(here).content.decode()
    assert "Confirm in my name" in page
    assert 'value="DEMO3" selected' in page, "the narration's branch code hints at the next bank"
    with running_as("thaam_loops"):
        assert not Answer.objects.filter(order_id=hold.id).exists(), "a draft is no answer"
    assert desk.post(here, {"bank_60000": ""}).status_code == 422
    lo = page.split('name="bank_')[1].split('"')[0]
    assert desk.post(here, {f"bank_{lo}": "DEMO3"}).status_code == 302
    with running_as("thaam_loops"):
        lines = Answer.objects.get(order_id=hold.id).message.lines
    assert sum(line.hi - line.lo for line in lines) == LAKH
    assert {line.kind for line in lines} == {"seen", "onward"}


def test_a_statement_that_contradicts_itself_drafts_nothing(complaint):
    desk = signed_in("investigator")
    ask(desk, complaint, "statement")
    with running_as("thaam_loops"):
        asked, hold = Asked.objects.get(), order("DEMO2")
    content = (
        "Date,Narration,Ref No,Debit,Credit,Balance\n"
        f"{hold.payment.date:%d-%m-%Y},UPI/CR,{hold.payment.reference},,100000.00,100000.00\n"
        f"{hold.payment.date:%d-%m-%Y},ATM,,40000.00,,70000.00\n"
    )
    clerk = signed_in("bank_clerk", "DEMO2")
    clerk.post(
        f"/en/bank/order/{asked.order_id}", {"files": SimpleUploadedFile("s.csv", content.encode()), "part": "1"}
    )
    with running_as("thaam_loops"):
        File.objects.update(scan="clean")
        file = File.objects.get()
    page = desk.get(f"/en/desk/paper/{file.pk}/statement").content.decode()
    assert "Row 3 does not add up" in page
    assert "Confirm in my name" not in page
