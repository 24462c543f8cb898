"""The national layouts: dirty cells read, nothing dropped, and out and in again the same money to the paisa."""

import datetime as dt
import io
import json

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import an_id, hold_order, payment
from thaam.wire.messages import CannotMatch, HoldAnswer, Line, PaymentId, Range
from thaam.wire.national.lines import rows_of
from thaam.wire.national.rows import actions, day_in, paise_in, same_account
from thaam.wire.national.shape import NotAnUpdate, read_update, request_of, write_update
from thaam.wire.national.workbook import NotNational, Workbook, read_workbook, write_workbook

NOON = dt.datetime(2026, 6, 1, 6, 30, tzinfo=dt.UTC)


def book(**sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        page = made.create_sheet(title.replace("_", " "))
        for row in rows:
            page.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("cell", "paise"),
    [(" 1,23,456.70", 12345670), ("Rs. 500/-", 50000), ("INR 12", 1200), ("₹ 7.5", 750), ("१२०", 12000), ("", None),
     ("nil", None), ("1.234", None), ("-5", None)],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it_and_never_as_a_float(cell, paise):
    assert paise_in(cell) == paise


@pytest.mark.parametrize(
    ("cell", "day"),
    [("01/06/2026 19:09:PM", dt.date(2026, 6, 1)), ("2026-06-01 14:05", dt.date(2026, 6, 1)),
     ("1-Jun-2026", dt.date(2026, 6, 1)), ("31/02/2026", None), ("", None)],
)  # fmt: skip
def test_a_day_is_read_day_first(cell, day):
    assert day_in(cell) == day


def test_one_account_padded_and_not_is_one():
    assert same_account("000123", "123")
    assert not same_account("", "")


ATM_HEAD = ["S No.", "Acknowledgement No.", "Account No./ (Wallet /PG/PA) Id", "Transaction Id / UTR Number",
            "Withdrawal Date & Ti", "Withdrawal Amount", "Disputed Amount", "ATM ID", "Place/Location of ATM",
            "Action Taken By bank"]  # fmt: skip


def test_dirty_sheets_are_read_and_what_is_strange_is_carried_along():
    content = book(
        Withdrawal_through_ATM=[
            ["BankAction report"],
            ATM_HEAD,
            [1, "32906260000017", "0011", "530693093182", "01/06/2026 14:05", " 6,799/-", "", "ATM ID :-CNDG0417",
             "Place of ATM :-Durg", "DEMO2"],
            ATM_HEAD,
            [2, "32906260000017", "0011", "530693093182", "never", "many", "", "", "", "DEMO2"],
        ],
        Somebody_elses_sheet=[["x", "y"]],
    )  # fmt: skip
    found = read_workbook(content)
    first, second = found.rows
    assert (first.kind, first.amount_paise, first.disputed_paise) == ("atm", 6_799_00, 6_799_00)
    assert (first.cells["atm_id"], first.cells["place"]) == ("CNDG0417", "Durg")
    assert second.faults == {"amount": "many", "at": "never"}
    told = "\n".join(found.unread)
    assert "Somebody elses sheet" in told
    assert "cannot be read (many)" in told
    assert "above the headings" in told


def test_every_sheet_of_the_profile_comes_back_with_every_cell():
    rows = []
    for action in actions().values():
        cells = {name: f"{name} {action.kind}" for name, _ in action.columns if name != "number"}
        made = type(read_workbook_row())(action.kind, cells, {"New column of tomorrow": f"=x {action.kind}"})
        rows.append(made)
    back = read_workbook(write_workbook(Workbook(rows, [("Notes", [["a", "b"]])])))
    assert {row.kind for row in back.rows} == set(actions())
    for sent, got in zip(rows, sorted(back.rows, key=lambda row: [r.kind for r in rows].index(row.kind)), strict=True):
        assert got.cells == sent.cells, sent.kind
        assert got.others == sent.others, sent.kind
    assert ("Notes", [["a", "b"]]) in back.others


def read_workbook_row():
    from thaam.wire.national.rows import NationalRow

    return NationalRow("hold")


def test_a_cell_of_ours_never_runs_as_a_formula():
    row = read_workbook_row()
    row.cells = {"account": "=1+1", "amount": "5", "acknowledgement": "1", "reference": "@x"}
    page = openpyxl.load_workbook(io.BytesIO(write_workbook(Workbook([row]))))["Transaction put on hold"]
    assert {cell.data_type for cells in page.iter_rows(min_row=2) for cell in cells if cell.value} == {"s"}


def test_another_workbook_is_none_of_these():
    with pytest.raises(NotNational):
        read_workbook(book(Sheet1=[["a", "b"]]))
    with pytest.raises(NotNational):
        read_workbook(b"PK nothing")


def answer(*lines):
    return HoldAnswer(
        id=an_id(9), order_id=an_id(1), answered_at=NOON, revision=1, replaces=None, account="A1", position=0,
        lines=lines, exactness="lagged", rule_applied="amount_only", ranges_kind="assigned",
    )  # fmt: skip


ONWARD = PaymentId("IMPS", "530693110042", dt.date(2026, 6, 1), 20_000_00, "DEMO2", "DEMO3")


def test_an_answer_becomes_rows_whose_disputed_shares_add_up_while_whole_amounts_do_not():
    lines = (
        Line("held", 0, 500_00, lien_reference="L1"),
        Line("onward", 500_00, 800_00, payment=ONWARD, child_lo=0),
        Line("terminal", 800_00, 900_00, terminal_kind="CASH_ATM", particulars="CNDG0417 Durg"),
        Line("terminal", 900_00, 950_00, terminal_kind="FEE_TAX", particulars="charges"),
        Line("seen", 950_00, 960_00, reason="floor"),
        Line("unexplained", 960_00, 1_000_00, reason="not_found"),
    )
    order = hold_order(1, payment=payment(1_000_00))
    rows = rows_of(order, answer(*lines), bank="DEMO2")
    assert sum(row.disputed_paise for row in rows) == 1_000_00
    assert sum(row.amount_paise for row in rows) > 1_000_00, "a transfer's own amount overcounts"
    back = read_workbook(write_workbook(Workbook(rows))).rows
    assert sum(row.disputed_paise for row in back) == 1_000_00
    assert {row.cells["reference"] for row in back} == {order.payment.reference}
    told = rows_of(order, CannotMatch(an_id(8), order.id, NOON, "not_found", "all of May"), bank="DEMO2")
    assert told[0].cells["remarks"] == "not_found: all of May"


def test_a_request_tells_nothing_of_the_victim():
    order = hold_order(1, payment=payment(1_000_00), ranges=(Range(0, 400_00),), amount_paise=400_00)
    said = request_of(order)
    assert said["instrument"]["incidents"][0] | {"transaction_date": ""} == {
        "amount": "1000", "rrn": order.payment.reference, "transaction_date": "", "transaction_time": "",
        "disputed_amount": "400", "layer": 1,
    }  # fmt: skip
    assert said["instrument"]["payer_mobile_number"] == said["instrument"]["payer_account_number"] == ""
    json.dumps(said)


UPDATE = {
    "acknowledgement_no": "32906260000017",
    "job_id": "SAHY-1",
    "tomorrow": {"new": 1},
    "transactions": [
        {"txn_type": "Money Transfer To", "txn_type_id": 3, "root_rrn_transaction_id": "530693093182",
         "rrn_transaction_id": "530693110042", "root_account_number": "0011", "amount": "20000",
         "disputed_amount": "300", "transaction_datetime": "2026-06-01 13:59:30", "payee_bank": "DEMO3",
         "status_code": "00", "pan_number": "FORM60"},
        {"txn_type": "Something", "txn_type_id": 77, "amount": "5", "status_code": "00"},
    ],
}  # fmt: skip


def test_an_update_keeps_every_key_it_came_with():
    update = read_update(UPDATE)
    assert [row.kind for row in update.rows] == ["transfer", "other"]
    assert update.rows[0].disputed_paise == 300_00
    assert update.rows[0].others == {"pan_number": "FORM60"}
    again = write_update(update)
    assert again["tomorrow"] == {"new": 1}
    assert again["transactions"][0].items() >= UPDATE["transactions"][0].items()
    assert again["transactions"][1]["txn_type_id"] == "77", "a kind nobody has seen is carried, not renamed"
    assert "txn_type_id = 77" in "\n".join(update.unread)


@pytest.mark.parametrize(("code", "cannot"), [("01", "not_found"), ("15", "ambiguous"), ("00", None), ("99", None)])
def test_a_status_code_becomes_our_cannot_match(code, cannot):
    said = UPDATE | {"transactions": [{"txn_type_id": 1, "status_code": code}]}
    assert read_update(said).cannot == cannot


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_anything_else_is_refused_by_name(said):
    with pytest.raises(NotAnUpdate):
        read_update(said)
