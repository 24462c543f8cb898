"""A bank's clerk says where the money went: any bank of India, joined or not, by whichever name the screen shows."""

import io

import openpyxl
import pytest

from cast import bank, running_as
from thaam.web.shared.banks import banks_to_choose, code_told, listed_code
from web.test_bank_doors import kept, posted, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.req("S1.26")
@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("SBIN", "SBIN"),
        ("sbi", "SBIN"),
        ("SBIN0001234", "SBIN"),
        ("SBIN भारतीय स्टेट बैंक (SBI)", "SBIN"),
        ("भारतीय स्टेट बैंक (SBI)", "SBIN"),
        ("State Bank of India", "SBIN"),
        ("केनरा बैंक", "CNRB"),
        ("DEMO3", "DEMO3"),
        ("DEMO3 Demo Bank", "DEMO3"),
        ("nobody knows this one", ""),
        ("UNKNOWN", ""),
        ("", ""),
        ("   ", ""),
    ],
)
def test_a_bank_is_known_by_any_of_its_names_whether_it_has_joined_or_not(told, meant):
    with running_as("thaam_loops"):
        bank("DEMO3")
    assert code_told(told) == meant


def test_a_word_of_a_narration_is_no_bank_unless_it_heads_it_or_is_an_ifsc():
    assert listed_code("UPI/DR/SBIN0001234/ravi") == "SBIN"
    assert listed_code("UPI/DR/ravi/rent") == ""
    assert listed_code("") == ""


def test_the_list_to_choose_from_has_the_directory_first_and_each_bank_once():
    with running_as("thaam_loops"):
        joined = bank("DEMO3")
        joined.ifsc_prefix = "CNRB"
        joined.save()
    codes = [code for code, _ in banks_to_choose("hi")]
    assert codes.index("DEMO3") < codes.index("SBIN")
    assert "CNRB" not in codes, "a bank of the directory is not offered again under its letters"
    assert len(codes) == len(set(codes))


def onward(order, to, number):
    return {
        "account": "BALU1", "what_0": "transfer", "amount_0": "1000", "bank_0": to, "rail_0": "UPI",
        "reference_0": f"53069311{number:04d}", "on_0": order.message.payment.date.isoformat(), "send": "1",
    }  # fmt: skip


@pytest.mark.req("S1.7", "S1.26")
def test_money_that_went_on_to_a_bank_that_has_not_joined_is_answered_at_the_desk():
    order = posted()
    clerk = signed_in("bank_clerk", "DEMO2")
    here = f"/hi/bank/order/{order.pk}"
    assert 'value="SBIN भारतीय स्टेट बैंक (SBI)"' in clerk.get(here).content.decode()
    refused = clerk.post(here, onward(order, "कोई बैंक", 1))
    assert refused.status_code == 422
    assert "IFSC के पहले चार अक्षर" in refused.content.decode()
    assert clerk.post(here, onward(order, "SBI", 1)).status_code == 302
    [answer] = kept(order)
    [line] = answer.message.lines
    assert (line.kind, line.payment.payee_bank) == ("onward", "SBIN")
    again = clerk.get(here).content.decode()
    assert 'value="SBIN भारतीय स्टेट बैंक (SBI)"' in again
    assert "→ भारतीय स्टेट बैंक (SBI)" in again, "where it went is a name, not a code"


def test_cash_whose_place_was_not_recorded_is_said_in_the_clerks_own_language():
    order = posted()
    clerk = signed_in("bank_clerk", "DEMO2")
    line = {"account": "BALU1", "what_0": "atm", "amount_0": "1000", "send": "1"}
    refused = clerk.post(f"/hi/bank/order/{order.pk}", line).content.decode()
    assert "“दर्ज नहीं” लिखें" in refused
    clerk.post(f"/hi/bank/order/{order.pk}", {**line, "particulars_0": "दर्ज नहीं"})
    assert kept(order)[0].message.lines[0].particulars == "not recorded"


@pytest.mark.req("S1.26")
def test_a_spreadsheet_takes_a_bank_that_has_not_joined_and_offers_the_well_known_ones():
    order = posted()
    clerk = signed_in("bank_clerk", "DEMO2")
    file = openpyxl.load_workbook(io.BytesIO(clerk.get("/en/bank/bulk/queue.xlsx").content))
    offered = [row[1] for row in file["Lists"].iter_rows(min_row=2, values_only=True)]
    assert any(each and each.startswith("SBIN ") for each in offered)
    page = file["Answers"]
    heads = [cell.value.split(" / ")[-1] for cell in page[1]]
    answer = {
        "What happened": "T1", "Amount ₹": 1000, "To bank": "sbi", "Rail": "UPI", "UTR onward": "530693110001",
        "Date": order.message.payment.date.isoformat(), "Account credited": "BALU1",
    }  # fmt: skip
    for head, value in answer.items():
        page.cell(2, heads.index(head) + 1).value = value
    out = io.BytesIO()
    file.save(out)
    out.seek(0)
    out.name = "answers.xlsx"
    preview = clerk.post("/en/bank/bulk", {"file": out}).content.decode()
    assert "not recognised" not in preview
    token = preview.split('name="rows" value="')[1].split('"')[0]
    clerk.post("/en/bank/bulk", {"rows": token, "send": "1"})
    assert kept(order)[0].message.lines[0].payment.payee_bank == "SBIN"
