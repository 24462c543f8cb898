"""A statement drafts the answer: exact sums, last in first out, PDF too; an officer's name makes it one, once."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking import LAKH, files, order
from cast import NOON, bank
from thaam.evidence.asking import ask_for_information
from thaam.evidence.confirming import AnsweredAlready, BankUnknown, confirm_draft
from thaam.evidence.models import GotFile
from thaam.evidence.pdfs import pdf_rows
from thaam.evidence.receiving import attach_file
from thaam.evidence.statements import read_statement
from thaam.evidence.tracing import NotInStatement, draft_answer
from thaam.files.keeping import keep_file
from thaam.files.sheets import UnreadableSheet
from thaam.journal.ids import id_from
from thaam.journal.models import Fact
from thaam.mailbox.models import Answer, Order
from thaam.parties.models import Officer
from thaam.wire.parts import IssuedBy, PaymentId

ON = dt.date(2026, 6, 1)
PAYMENT = PaymentId("UPI", "530693093182", ON, 49_999_00, "SBIN", "CNRB")
HEAD = "Date,Narration,Ref,Debit,Credit,Balance\n"


def statement(rows, opening=400_00):
    """Rows of (words, reference, change in paise) as a CSV whose balances hold."""
    lines, balance = [], opening
    for words, reference, change in rows:
        balance += change
        side = f"{-change / 100:.2f}," if change < 0 else f",{change / 100:.2f}"
        lines.append(f"01-06-2026,{words},{reference},{side},{balance / 100:.2f}")
    content = (HEAD + "\n".join(lines) + "\n").replace("Ref,", "Ref No,")
    return read_statement(content.encode(), file_name="s.csv", bank="CNRB", account="A1")


CREDIT = ("UPI/CR", "530693093182", 49_999_00)


def test_the_credit_is_found_and_its_paise_accounted_for_to_the_last():
    told = statement(
        [
            CREDIT,
            ("UPI/DR/HDFC0000734/ravi", "530693110042", -12_000_00),
            ("ATM WDL CNDG0417 DURG", "", -6_799_00),
        ]
    )
    draft = draft_answer(told, payment=PAYMENT, asked=[(0, 49_999_00)], account="A1")
    assert [(line.kind, line.paise) for line in draft.lines] == [
        ("here", 31_200_00),
        ("terminal", 6_799_00),
        ("onward", 12_000_00),
    ]
    assert draft.lines[1].terminal == "CASH_ATM"
    assert draft.lines[2].ifsc == "HDFC0000734"
    assert draft.here_paise == 31_200_00
    assert draft.closing_paise == 31_600_00


@pytest.mark.parametrize(
    "changes", [{"reference": "999999999999"}, {"amount_paise": 50_000_00}, {"date": dt.date(2026, 5, 1)}]
)
def test_a_credit_that_is_not_there_as_described_is_not_guessed(changes):
    words = {"rail": "UPI", "reference": "530693093182", "date": ON, "amount_paise": 49_999_00} | changes
    payment = PaymentId(payer_bank="SBIN", payee_bank="CNRB", **words)
    with pytest.raises(NotInStatement):
        draft_answer(statement([CREDIT]), payment=payment, asked=[(0, payment.amount_paise)], account="A1")


@given(st.lists(st.integers(-30_000_00, 20_000_00).filter(bool), max_size=25), st.integers(1, 49_999_00))
def test_whatever_follows_the_lines_partition_what_was_asked(changes, asked):
    rows, balance = [CREDIT], 400_00 + 49_999_00
    for n, change in enumerate(changes):
        if balance + change >= 0:
            balance += change
            rows.append((f"NEFT {n}", f"DEMON{n:011d}", change))
    draft = draft_answer(statement(rows), payment=PAYMENT, asked=[(0, asked)], account="A1")
    spans = sorted((line.lo, line.hi) for line in draft.lines)
    assert spans[0][0] == 0
    assert spans[-1][1] == asked
    assert all(before[1] == after[0] for before, after in pairwise(spans))


def test_a_pdf_with_text_reads_like_its_csv_and_a_picture_is_refused():
    rows = pdf_rows(
        _pdf(
            [
                "Date        Narration            Debit      Credit      Balance",
                "01-06-2026  UPI/CR 530693093182             49999.00    50399.00",
                "01-06-2026  ATM WDL              6799.00                43600.00",
            ]
        )
    )
    assert rows[0] == ["Date", "Narration", "Debit", "Credit", "Balance"]
    assert rows[1] == ["01-06-2026", "UPI/CR 530693093182", "", "49999.00", "50399.00"]
    assert rows[2] == ["01-06-2026", "ATM WDL", "6799.00", "", "43600.00"]
    with pytest.raises(UnreadableSheet) as said:
        pdf_rows(_pdf([]))
    assert "Excel" in said.value.text.en
    with pytest.raises(UnreadableSheet):
        pdf_rows(b"%PDF-1.4 broken")


def _pdf(lines):
    """A one-page PDF with these lines in a fixed-width font."""
    words = (
        b"BT /F1 10 Tf 40 800 Td 12 TL "
        + b"".join(b"(" + line.replace("(", r"\(").replace(")", r"\)").encode() + b") Tj T* " for line in lines)
        + b"ET"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 800 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length " + str(len(words)).encode() + b" >> stream\n" + words + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for n, each in enumerate(objects, start=1):
        places.append(len(out))
        out += str(n).encode() + b" 0 obj " + each + b" endobj\n"
    table = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(f"{at:010d} 00000 n \n".encode() for at in places)
    return out + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n" + str(table).encode() + b"\n%%EOF"


@pytest.fixture
def asked_statement(tmp_path):
    """A hold order at DEMO2 nobody has answered, and the statement that came for the account."""
    complaint = files()
    hold = order("DEMO2")
    asked = ask_for_information(
        order_id=id_from("ask", 1), bank="DEMO2", what="statement", payment=hold.payment, account="A1", words="",
        happened_at=NOON, complaint=complaint.number, jurisdiction="IN", issued_by=IssuedBy("CELL", "Meera"),
        by="officer:1", at=NOON,
    )  # fmt: skip
    lakh = f"{LAKH / 100:.2f}"
    told = HEAD.replace("Ref,", "Ref No,") + f"{NOON:%d-%m-%Y},UPI/CR,{hold.payment.reference},,{lakh},{lakh}\n"
    told += f"{NOON:%d-%m-%Y},IMPS/DR,111122223333,40000.00,,60000.00\n"
    kept = keep_file(
        file_id=id_from("file", 1), folder=tmp_path, content=told.encode(), name="s.csv",
        about=f"order:{asked.order_id}", by="bank:DEMO2", at=NOON,
    )  # fmt: skip
    attach_file(asked=asked, file=kept, by="bank:DEMO2", at=NOON)
    found = read_statement(told.encode(), file_name="s.csv", bank="DEMO2", account="A1")
    draft = draft_answer(found, payment=hold.payment, asked=[(0, LAKH)], account="A1")
    return Order.objects.get(pk=hold.id), asked, GotFile.objects.get(), draft


@pytest.mark.django_db
@pytest.mark.req("S1.6")
def test_a_named_officer_makes_the_draft_an_answer_and_the_next_bank_is_asked(asked_statement):
    found, asked, file, draft = asked_statement
    bank("DEMO3")
    meera = Officer.objects.create(username="meera", role="investigator")
    words = {"draft": draft, "order": found, "asked": asked, "file": file, "officer": meera, "at": NOON}
    onward = next(line for line in draft.lines if line.kind == "onward")
    with pytest.raises(BankUnknown):
        confirm_draft(banks={}, **words)
    receipt = confirm_draft(banks={onward.lo: "DEMO3"}, **words)
    assert confirm_draft(banks={onward.lo: "DEMO3"}, **words) == receipt, "confirmed twice it is one answer"
    assert Answer.objects.get(pk=receipt.id).message.lines[0].reason == "no_power", "a statement holds nothing"
    fact = Fact.objects.get(kind="statement:confirmed")
    assert (fact.by, fact.data["sha256"]) == (f"officer:{meera.pk}", file.file.sha256)


@pytest.mark.django_db
def test_the_banks_own_word_is_never_replaced_by_a_draft(asked_statement):
    from banking import hold_answer, says

    found, asked, file, draft = asked_statement
    assert says("DEMO2", hold_answer(found.message)) == ""
    meera = Officer.objects.create(username="meera", role="investigator")
    with pytest.raises(AnsweredAlready):
        confirm_draft(draft=draft, order=found, asked=asked, file=file, banks={}, officer=meera, at=NOON)
