"""The national layouts at the bank's desk: a filled file answers orders once, what is strange is shown, and out."""

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cast import running_as
from thaam.mailbox.models import Answer, Order
from thaam.wire.national.rows import NationalRow
from thaam.wire.national.workbook import Workbook, write_workbook
from web.test_bank_doors import posted, signed_in

pytestmark = pytest.mark.django_db
HERE = "/en/bank/bulk"


def row(kind, order, amount, **cells):
    told = {"acknowledgement": "32906260000017", "account": "0011", "reference": order.message.payment.reference}
    return NationalRow(kind, told | {"amount": amount} | cells)


def upload(client, content, name):
    return client.post(HERE, {"file": SimpleUploadedFile(name, content)})


def token(answer):
    return answer.content.decode().split('name="rows" value="')[1].split('"')[0]


def test_a_filled_workbook_is_looked_at_sent_once_and_nothing_is_dropped():
    first, second = posted(1), posted(2)
    clerk = signed_in("bank_clerk", "DEMO2")
    rows = [
        row("hold", first, "Rs. 600/-"),
        row(
            "transfer", first, "20,000", disputed="300", to_bank="DEMO3", reference_out="530693110042", at="25/11/2026"
        ),
        row("atm", first, "100", atm_id="CNDG0417", place="Durg", remarks="night"),
        row("hold", second, "1000"),
        row("hold", second, "5", reference="NOSUCH"),
    ]
    rows[0].others["Column of tomorrow"] = "kept"
    rows[1].others["Mode of Payment"] = "IMPS"
    content = write_workbook(Workbook(rows, [("Notes", [["please read"]])]))
    answer = upload(clerk, content, "BankAction.xlsx")
    html = answer.content.decode()
    assert "data-ready><b>2</b>" in html
    assert "data-wrong>1<" in html
    assert "Column of tomorrow = kept" in html
    assert "please read" in html
    sent = clerk.post(HERE, {"rows": token(answer), "send": "1"})
    assert "data-went><b>2</b>" in sent.content.decode()
    with running_as("thaam_loops"):
        lines = Answer.objects.get(order_id=first.pk).message.lines
        assert {line.kind: line.hi - line.lo for line in lines} == {
            "held": 600_00,
            "onward": 300_00,
            "terminal": 100_00,
        }
        assert next(line for line in lines if line.kind == "onward").payment.amount_paise == 20_000_00
    again = upload(clerk, content, "BankAction.xlsx")
    assert "data-before>2<" in again.content.decode()


def test_a_status_update_answers_and_a_status_code_cannot_match():
    first, second = posted(1), posted(2)
    clerk = signed_in("bank_clerk", "DEMO2")
    said = [
        {"acknowledgement_no": "1", "job_id": "J1", "transactions": [
            {"txn_type_id": 1, "root_rrn_transaction_id": first.message.payment.reference,
             "root_account_number": "0011", "amount": "1000", "status_code": "00"}]},
        {"acknowledgement_no": "2", "job_id": "J2", "transactions": [
            {"txn_type_id": 1, "root_rrn_transaction_id": second.message.payment.reference, "status_code": "01",
             "remarks": "searched May"}]},
    ]  # fmt: skip
    answer = upload(clerk, json.dumps(said).encode(), "update.json")
    assert "data-ready><b>2</b>" in answer.content.decode()
    clerk.post(HERE, {"rows": token(answer), "send": "1"})
    with running_as("thaam_loops"):
        assert Answer.objects.get(order_id=first.pk).kind == "HoldAnswer"
        assert Answer.objects.get(order_id=second.pk).message.code == "not_found"


@pytest.mark.parametrize("content", [b"{", b'{"a": 1}', b"[1, 2]", b"[" * 5000])
def test_other_json_is_refused_with_a_sentence(content):
    clerk = signed_in("bank_clerk", "DEMO2")
    answer = upload(clerk, content, "x.json")
    assert answer.status_code == 422
    assert "not in the national shape" in answer.content.decode()


def test_orders_and_answers_go_out_in_the_national_layouts_without_the_victim():
    order = posted()
    clerk = signed_in("bank_clerk", "DEMO2")
    [request] = json.loads(clerk.get(f"{HERE}/national/orders.json").content)
    assert request["instrument"]["incidents"][0]["rrn"] == order.message.payment.reference
    assert request["instrument"]["payer_mobile_number"] == ""
    clerk.post(
        f"/en/bank/order/{order.pk}",
        {"account": "A1", "what_0": "hold", "amount_0": "1000", "lien_0": "L", "send": "1"},
    )
    [update] = json.loads(clerk.get(f"{HERE}/national/answers.json").content)
    assert update["transactions"][0]["txn_type_id"] == 1
    page = openpyxl.load_workbook(io.BytesIO(clerk.get(f"{HERE}/national/answers.xlsx").content))[
        "Transaction put on hold"
    ]
    assert "1000" in {str(cell.value) for cells in page.iter_rows() for cell in cells}
    assert clerk.get(f"{HERE}/national/other.xlsx").status_code == 404
    with running_as("thaam_loops"):
        assert Order.objects.get(pk=order.pk).state != "open"
