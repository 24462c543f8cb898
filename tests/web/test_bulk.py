"""A bank answers by spreadsheet: what is right goes once, what is not comes back with its cells named."""

import csv
import io
import re
import time
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cast import BASIS, DEVI, an_id, bank, hold_order, payment, running_as
from thaam.files.sheets import UnreadableSheet
from thaam.mailbox.models import Answer
from thaam.mailbox.posting import post
from thaam.parties.models import Officer
from thaam.web.bank import sheet
from thaam.wire.messages import FreezeToHoldOrder, LocatePayment

pytestmark = pytest.mark.django_db
HERE = "/en/bank/bulk"


def clerk_of(code):
    with running_as("thaam_loops"):
        who = Officer.objects.create(username=f"clerk-{code}", role="bank_clerk", bank=bank(code))
    client = Client()
    client.force_login(who)
    return client


def posted(count, *, to="DEMO2", start=1):
    """Hold orders of ₹1,000 each."""
    with running_as("thaam_loops"):
        for code in ("DEMO1", "DEMO2", "DEMO3", "DEMO4"):
            bank(code)
        for n in range(start, start + count):
            paid = payment(1_000_00, reference=f"UTR{n:09d}", payee_bank=to)
            changes = {"payee_hint": f"BALU{n:04d}", "execute_before": datetime(2099, 1, 1, tzinfo=UTC)}
            changes["expires_at"] = datetime(2099, 4, 1, tzinfo=UTC)
            post(partner=to, message=hold_order(n, payment=paid, **changes), at=datetime.now(tz=UTC), by="test")


def downloaded(client):
    """The queue as openpyxl opens it, and the row numbers of each request."""
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{HERE}/queue.xlsx").content))
    page = book.worksheets[0]
    places = {}
    for number in range(2, page.max_row + 1):
        places.setdefault(page.cell(number, 1).value, []).append(number)
    return book, places


LETTER = {column.name: n for n, column in enumerate(sheet.COLUMNS, start=1)}


def fill(book, number, **cells):
    for name, value in cells.items():
        book.worksheets[0].cell(number, LETTER[name]).value = value


def upload(client, book, name="queue.xlsx"):
    content = book
    if not isinstance(book, bytes):
        out = io.BytesIO()
        book.save(out)
        content = out.getvalue()
    return client.post(HERE, {"file": SimpleUploadedFile(name, content)})


def counted(answer):
    """What the page says: ready, sent now, sent before, to put right."""
    html = answer.content.decode()
    return {name: int(n) for name, n in re.findall(r"data-(ready|went|before|wrong)>(?:<b>)?(\d+)", html)}


def cells(answer):
    return re.findall(r'<td class="mono"><b>(\w+)</b></td>', answer.content.decode())


def token(answer):
    return re.search(r'name="rows" value="([^"]*)"', answer.content.decode())[1]


def kept():
    with running_as("thaam_loops"):
        return Answer.objects.count()


@pytest.mark.req("S1.7")
def test_of_forty_one_requests_thirty_eight_go_once_and_three_come_back_with_their_cells_named():
    posted(41)
    client = clerk_of("DEMO2")
    book, places = downloaded(client)
    assert len(places) == 41
    keys = list(places)
    for key in keys[:30]:
        fill(book, places[key][0], what="H1 रोक लगाई / Put on hold", amount=1000, lien="L1")
    for n, key in enumerate(keys[30:38]):
        first, second, third, _ = places[key]
        fill(book, first, what="H1", amount="₹400")
        fill(book, second, what="T1", amount=350.5, bank="DEMO3 Demo Bank", rail="IMPS", reference=f"5306931100{n:02d}")
        fill(book, second, on="01.06.2026", whole="5,000")
        fill(book, third, what="C1", amount=249.5, particulars="ATM 17 Durg")
    wrong = [places[key][0] for key in keys[38:]]
    fill(book, wrong[0], what="H1", amount=999)
    fill(book, wrong[1], what="H1", amount=1000.01)
    fill(book, wrong[2], what="Z9", amount=1000)

    preview = upload(client, book)
    assert counted(preview) == {"ready": 38, "wrong": 3}
    assert cells(preview) == [f"M{wrong[0]}", f"M{wrong[1]}", f"L{wrong[2]}"]
    html = preview.content.decode()
    assert "The lines add up to ₹999, asked was ₹1,000: ₹1 short." in html
    assert "₹0.01 over" in html
    assert "There is no code “Z9”" in html
    assert kept() == 0

    rows = token(preview)
    first = client.post(HERE, {"rows": rows, "send": "1"})
    assert counted(first) == {"went": 38, "wrong": 3}
    again = client.post(HERE, {"rows": rows, "send": "1"})
    assert counted(again) == {"went": 0, "before": 38, "wrong": 3}
    assert counted(upload(client, book)) == {"ready": 0, "before": 38, "wrong": 3}
    assert kept() == 38

    back = client.post(HERE, {"rows": rows, "wrong": "1"})
    page = openpyxl.load_workbook(io.BytesIO(back.content)).worksheets[0]
    assert [page.cell(n, 1).value for n in range(2, page.max_row + 1)] == keys[38:]
    assert "सूची में नहीं है" in page.cell(4, LETTER["put_right"]).value

    for number, amount in ((2, "600"), (3, "1000"), (4, "1000")):
        page.cell(number, LETTER["what"]).value = "H1"
        page.cell(number, LETTER["amount"]).value = amount
    page.append([page.cell(2, 1).value])
    page.cell(5, LETTER["what"]).value = "X7"
    page.cell(5, LETTER["amount"]).value = "400"
    put_right = upload(client, page.parent)
    assert counted(put_right) == {"ready": 3, "wrong": 0}
    assert counted(client.post(HERE, {"rows": token(put_right), "send": "1"})) == {"went": 3, "wrong": 0}
    assert kept() == 41
    with running_as("thaam_loops"):
        mixed = next(answer.message for answer in Answer.objects.filter(order_id=keys[30]))
    assert [(line.kind, line.hi - line.lo) for line in mixed.lines] == [
        ("held", 400_00),
        ("terminal", 249_50),
        ("onward", 350_50),
    ]
    assert mixed.lines[2].payment.amount_paise == 5_000_00


def test_the_book_locks_what_is_ours_and_offers_the_codes_in_both_languages():
    posted(1)
    book, places = downloaded(clerk_of("DEMO2"))
    page = book.worksheets[0]
    assert page.protection.sheet
    number = places[an_id(1)][0]
    assert page.cell(number, LETTER["request"]).protection.locked
    assert not page.cell(number, LETTER["amount"]).protection.locked
    assert page.cell(1, LETTER["amount"]).value == "रकम ₹ / Amount ₹"
    rules = {str(rule.sqref).split(":")[0][0]: rule.formula1 for rule in page.data_validations.dataValidation}
    assert set(rules) == {"L", "O", "P"}
    offered = [cell.value for cell in book["Lists"]["A"]]
    assert "H1 रोक लगाई / Put on hold" in offered
    assert "X1 यह नंबर नहीं मिला / Reference not found" in offered


@pytest.mark.req("S1.7")
def test_a_cannot_match_code_is_an_answer_of_its_own_and_needs_where_one_looked():
    posted(2)
    client = clerk_of("DEMO2")
    book, places = downloaded(client)
    one, two = (places[an_id(n)][0] for n in (1, 2))
    fill(book, one, what="X1", particulars="1 May to 3 June, all accounts")
    fill(book, two, what="X1", amount=1000)
    preview = upload(client, book)
    assert counted(preview) == {"ready": 1, "wrong": 1}
    assert sorted(cells(preview)) == [f"M{two}", f"T{two}"]
    client.post(HERE, {"rows": token(preview), "send": "1"})
    with running_as("thaam_loops"):
        assert Answer.objects.get().message.code == "not_found"


HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", '=HYPERLINK("http://evil.example")']


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_written_as_text_both_ways_and_read_back_unchanged(value):
    rows = [{"request": an_id(1), "line": "1", "hint": value, "note": value, "what": "H1", "amount": "5"}]
    content = sheet.write_xlsx(rows, lists=sheet.choices([]), others=["note"])
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cell = page.cell(2, LETTER["hint"])
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", value, True)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
    text = sheet.write_csv(rows, others=["note"])
    assert all(not each.startswith(sheet.RISKY) for row in csv.reader(io.StringIO(text.decode())) for each in row)
    for back in (sheet.read(content), sheet.read(text)):
        assert back.rows[0].cells["hint"] == value.strip()
        assert back.rows[0].others["note"] == value
        assert not back.rows[0].faults


@pytest.mark.parametrize("value", HOSTILE)
def test_a_formula_in_an_upload_is_refused_at_its_cell_and_comes_back_as_text(value):
    posted(1)
    client = clerk_of("DEMO2")
    book, places = downloaded(client)
    number = places[an_id(1)][0]
    fill(book, number, what="H1", amount=1000, lien=value)
    preview = upload(client, book)
    assert counted(preview) == {"ready": 0, "wrong": 1}
    assert cells(preview) == [f"N{number}"]
    assert counted(client.post(HERE, {"rows": token(preview), "send": "1"})) == {"went": 0, "wrong": 1}
    back = client.post(HERE, {"rows": token(preview), "wrong": "1"})
    with zipfile.ZipFile(io.BytesIO(back.content)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
    assert kept() == 0


def test_a_formula_that_shows_the_right_amount_is_refused_too():
    posted(1)
    client = clerk_of("DEMO2")
    book, places = downloaded(client)
    fill(book, places[an_id(1)][0], what="H1", amount="=500+500")
    assert cells(upload(client, book)) == [f"M{places[an_id(1)][0]}"]


def test_a_csv_goes_the_same_way_and_keeps_columns_we_do_not_know():
    posted(2)
    client = clerk_of("DEMO2")
    text = client.get(f"{HERE}/queue.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    head = [*rows[0], "Branch ref"]
    filled = {an_id(1): ("H1", "1,000"), an_id(2): ("H1", "१००")}
    body = []
    for row in rows[1:]:
        what, amount = filled[row[0]] if row[1] == "1" else ("", "")
        row[LETTER["what"] - 1], row[LETTER["amount"] - 1] = what, amount
        body.append([*row, "BR/7"])
    out = io.StringIO()
    csv.writer(out).writerows([head, *body])
    preview = upload(client, out.getvalue().encode(), "queue.csv")
    assert counted(preview) == {"ready": 1, "wrong": 1}
    back = client.post(HERE, {"rows": token(preview), "wrong": "1"})
    assert back["Content-Type"].startswith("text/csv")
    again = list(csv.DictReader(io.StringIO(back.content.decode("utf-8-sig"))))
    assert [(row["अनुरोध आईडी / Request id"], row["Branch ref"]) for row in again] == [(an_id(2), "BR/7")]


@pytest.mark.req("S4.1")
def test_another_banks_request_is_neither_in_the_file_nor_taken_from_one():
    posted(1, to="DEMO2")
    posted(1, to="DEMO4", start=2)
    client = clerk_of("DEMO2")
    book, places = downloaded(client)
    assert list(places) == [an_id(1)]
    number = places[an_id(1)][0]
    for request in (an_id(2), an_id(99), "", "x' OR 1=1"):
        fill(book, number, request=request, what="H1", amount=1000)
        preview = upload(client, book)
        assert counted(preview) == {"ready": 0, "wrong": 1}, request
        assert "This order is not your bank" in preview.content.decode()
        assert cells(preview) == [f"A{number}"]
    fill(book, number, request=an_id(1), what="H1", amount=1000)
    stolen = token(upload(client, book))
    refused = clerk_of("DEMO4").post(HERE, {"rows": stolen, "send": "1"})
    assert refused.status_code == 422
    assert kept() == 0


def test_an_order_answered_on_the_screen_meanwhile_is_named_and_not_answered_again():
    posted(1)
    client = clerk_of("DEMO2")
    book, places = downloaded(client)
    fill(book, places[an_id(1)][0], what="H1", amount=1000)
    preview = upload(client, book)
    screen = {"account": "BALU0001", "what_0": "unknown", "amount_0": "1000", "send": "1"}
    assert client.post(f"/en/bank/order/{an_id(1)}", screen).status_code == 302
    late = client.post(HERE, {"rows": token(preview), "send": "1"})
    assert counted(late) == {"went": 0, "wrong": 1}
    assert kept() == 1


def test_one_outgoing_transfer_is_not_given_away_twice_in_one_file():
    posted(2)
    client = clerk_of("DEMO2")
    book, places = downloaded(client)
    for n in (1, 2):
        fill(book, places[an_id(n)][0], what="T1", amount=1000, bank="DEMO3", rail="IMPS", reference="530693110042")
        fill(book, places[an_id(n)][0], on="2026-06-01", whole=1500)
    assert counted(upload(client, book)) == {"ready": 1, "wrong": 1}


def _bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "x")
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (sheet.UNPACKED_MAX + 1))
    return out.getvalue()


def _zip_of_nothing():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.txt", "hello")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe garbage \x80",
        b"PK\x03\x04 broken",
        _zip_of_nothing(),
        b"a,b,c\n1,2,3\n",
        "Request id,What happened,Amount ₹,Amount ₹\n".encode(),
        b"x" * (sheet.BYTES_MAX + 1),
        b"Request id,What happened,Amount \xe2\x82\xb9\n" + b"a,H1,1\n" * (sheet.ROWS_MAX + 1),
    ],
    ids="empty bytes broken zip columns twice big long".split(),
)
def test_a_file_that_is_none_is_refused_with_a_sentence(content):
    posted(1)
    answer = upload(clerk_of("DEMO2"), content)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_a_workbook_that_unpacks_without_end_is_refused_before_it_does():
    began = time.process_time()
    with pytest.raises(UnreadableSheet):
        sheet.read(_bomb())
    assert time.process_time() - began < 5


def test_a_number_that_excel_has_rounded_is_not_believed():
    posted(1)
    client = clerk_of("DEMO2")
    book, places = downloaded(client)
    number = places[an_id(1)][0]
    fill(book, number, what="H1", amount=1000, lien=5306931100421234567)
    assert cells(upload(client, book)) == [f"N{number}"]


def test_a_page_that_was_tampered_with_sends_nothing():
    posted(1)
    client = clerk_of("DEMO2")
    book, places = downloaded(client)
    fill(book, places[an_id(1)][0], what="H1", amount=1000)
    rows = token(upload(client, book))
    assert client.post(HERE, {"rows": rows[:-2] + "xx", "send": "1"}).status_code == 422
    assert kept() == 0


def test_a_freeze_to_hold_order_opens_on_the_screen_and_stands_in_the_sheet():
    posted(0)
    until = datetime(2099, 1, 1, tzinfo=UTC)
    asked = hold_order(1, payment=payment(1_000_00))
    message = FreezeToHoldOrder(
        an_id(7), "BALU0007", None, asked.payment, asked.ranges, 1_000_00, asked.basis, asked.issued_by,
        asked.issued_at, until, until,
    )  # fmt: skip
    with running_as("thaam_loops"):
        post(partner="DEMO2", message=message, at=datetime.now(tz=UTC), by="test")
    client = clerk_of("DEMO2")
    assert 'value="BALU0007"' in client.get(f"/en/bank/order/{an_id(7)}").content.decode()
    book, places = downloaded(client)
    fill(book, places[an_id(7)][0], what="H1", amount=1000)
    assert counted(upload(client, book)) == {"ready": 1, "wrong": 0}


@pytest.mark.req("S1.7")
def test_payments_to_be_found_stand_in_the_sheet_too_and_are_answered_with_one_code():
    clerk = clerk_of("DEMO1")
    with running_as("thaam_loops"):
        bank("DEMO2")
        for n in (1, 2, 3):
            paid = payment(1_000_00, reference=f"UTR{n:09d}")
            now, far = datetime.now(tz=UTC), datetime(2099, 1, 1, tzinfo=UTC)
            order = LocatePayment(an_id(n), paid, "4321", "9876543210", BASIS, DEVI, now, far)
            post(partner="DEMO1", message=order, at=now, by="test")
    book, places = downloaded(clerk)
    assert [len(places[an_id(n)]) for n in (1, 2, 3)] == [1, 1, 1]
    page = book.worksheets[0]
    assert page.cell(places[an_id(1)][0], LETTER["hint"]).value == "••••4321 से / from"
    assert "9876543210" not in str([cell.value for row in page for cell in row]), "the number is compared on the screen"
    fill(book, places[an_id(1)][0], what="L1 लेन-देन मिला / Payment found", account="ASHA0001")
    fill(book, places[an_id(2)][0], what="L2")
    fill(book, places[an_id(3)][0], what="L1")
    looked = upload(clerk, book)
    assert counted(looked) == {"ready": 2, "wrong": 1}
    assert "Enter the account it left from" in looked.content.decode()
    clerk.post(HERE, {"rows": token(looked), "send": "1"})
    with running_as("thaam_loops"):
        said = [each.message for each in Answer.objects.order_by("received_at", "order_id")]
    assert {(each.order_id, each.found, each.account) for each in said} == {
        (an_id(1), True, "ASHA0001"),
        (an_id(2), False, None),
    }
