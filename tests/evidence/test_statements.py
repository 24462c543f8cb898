"""A statement is believed only when its own balances agree, whatever the bank calls its columns."""

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.evidence.statements import DoesNotAddUp, paise_of, read_statement
from thaam.files.sheets import UnreadableSheet

CSV = """Account Statement,,,,
Txn Date,Narration,Ref No.,Debit,Credit,Balance
01-06-2026,UPI/CR/530693093182/ASHA,530693093182,,"49,999.00","50,399.00"
01-06-2026,UPI/DR/530693110042/HDFC,,"12,000.00",,"38,399.00"
01-06-2026,ATM WDL DURG,,6799,,31600.00
Closing Balance,,,,,31600.00
"""


def read(text, name="s.csv"):
    return read_statement(text if isinstance(text, bytes) else text.encode(), file_name=name, bank="CNRB", account="A1")


@pytest.mark.req("S1.6")
def test_a_statement_becomes_postings_in_paise_with_references_and_channels():
    found = read(CSV)
    assert found.opening_paise == 400_00
    assert [(p.side, p.amount_paise, p.channel, p.tx_ref) for p in found.postings] == [
        ("C", 49_999_00, "UPI", "530693093182"),
        ("D", 12_000_00, "UPI", "530693110042"),
        ("D", 6_799_00, "ATM", "ROW3"),
    ]
    assert found.postings[-1].balance_after_paise == 31_600_00


def test_a_statement_that_contradicts_itself_names_the_row():
    with pytest.raises(DoesNotAddUp) as said:
        read(CSV.replace("38,399.00", "39,399.00"))
    assert (said.value.row, said.value.expected_paise, said.value.stated_paise) == (4, 38_399_00, 39_399_00)


def test_an_excel_statement_in_hindi_reads_the_same():
    book = openpyxl.Workbook()
    for row in (
        ["खाता विवरण"],
        ["दिनांक", "विवरण", "संदर्भ", "नामे", "जमा", "शेष"],
        ["01/06/2026", "UPI", "530693093182", "", 49999, "50399 Cr"],
        ["02/06/2026", "नकद CASH", "", 60000, "", "9601.00 Dr"],
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    found = read(out.getvalue(), "s.xlsx")
    assert [p.balance_after_paise for p in found.postings] == [50_399_00, -9_601_00]


@pytest.mark.parametrize(
    "text", ["", "a,b\n1,2\n", "Date,Debit,Credit,Balance\n", "Date,Debit,Credit,Balance\nx,1,,9\n"]
)
def test_what_is_no_statement_is_refused_in_words(text):
    with pytest.raises(UnreadableSheet) as said:
        read(text)
    assert said.value.text.hi


@given(st.integers(0, 10**13))
def test_amounts_come_back_from_indian_grouping_to_the_paisa(paise):
    rupees, rest = divmod(paise, 100)
    digits = str(rupees)
    head, last = digits[:-3], digits[-3:]
    while len(head) > 2:
        last, head = f"{head[-2:]},{last}", head[:-2]
    written = f"{head},{last}" if head else last
    assert paise_of(f"₹{written}.{rest:02d}") == paise
