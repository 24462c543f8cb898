"""Any change of an entry of a hold book, or of a letter, is found: in the database, and offline in a kept export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from banking import Rs, files, hold_answer, located, order, release_done, run_timers, says
from cast import NOON
from thaam.holds import verifying as books
from thaam.holds.asking import mandate_of
from thaam.holds.models import Entry, Hold
from thaam.holds.releasing import order_release
from thaam.journal.sequencing import Sequencer
from thaam.journal.verifying import Verifier, verify
from thaam.letters import verifying as letters
from thaam.letters.models import Letter
from thaam.mailbox.exporting import export
from thaam.parties.keys import introduce_platform_key, platform_key

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _a_book_and_a_letter() -> None:
    """A lakh held, a thousand of it released by order; a letter kept as letters are."""
    introduce_platform_key(at=NOON)
    files()
    run_timers(NOON)
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    asked = order("DEMO2")
    says("DEMO2", hold_answer(asked))
    hold = Hold.objects.get()
    order_release(
        hold_id=hold.pk, ranges=((0, Rs(1_000)),), reason="holder_cleared", words="", mandate=mandate_of(hold),
        by="officer:1", at=LATER,
    )  # fmt: skip
    said = release_done(
        str(hold.pk), (0, Rs(1_000)), order_id=order("DEMO2", "ReleaseOrder").id, reason="ordered", at=LATER
    )
    says("DEMO2", said, at=LATER)
    write("TL1")
    Sequencer(platform_key()).number(at=LATER)


def write(number: str) -> None:
    """A letter's row and its fact, as letters.writing makes them; setting the paper is that module's test."""
    from hashlib import sha256

    from thaam.journal.ids import id_from
    from thaam.journal.kinds import Kind
    from thaam.journal.recording import record
    from thaam.letters.typesetting import digest_of

    data, paper = {"number": number, "sum": 1}, b"%PDF-1.7 " + number.encode()
    letter = Letter.objects.create(
        id=id_from("letter", number), number=number, template="receipt", about="complaint:1", lang="en", data=data,
        digest=digest_of(data), paper=paper, paper_digest=sha256(paper).hexdigest(), by="loop:readers", written_at=NOON,
    )  # fmt: skip
    record(
        Kind.LETTER_WRITTEN, about="complaint:1", by="loop:readers", at=NOON, letter=number, template="receipt",
        digest=letter.digest, paper_digest=letter.paper_digest,
    )  # fmt: skip


def exported() -> Iterator[dict[str, Any]]:
    yield from export(has=("entries", "letters"))
    yield from books.entry_records()
    yield from letters.letter_records()


def offline() -> list[str]:
    """What an export says by itself. The banks of these stories sign with no key: that is another test's business."""
    found = (str(finding) for finding in verify(exported(), Verifier()))
    return [each for each in found if "signature" not in each]


def intrude(statement: str) -> None:
    """Past every fence: as the superuser, with triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE postgres; SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        assert cursor.rowcount > 0
        cursor.execute("SET LOCAL session_replication_role = origin; SET LOCAL ROLE thaam_loops")


@pytest.mark.req("S4.1")
def test_books_and_letters_nobody_touched_hold() -> None:
    assert Entry.objects.count() == 2
    assert (offline(), list(books.findings()), list(letters.findings())) == ([], [], [])


@pytest.mark.req("S4.1")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE holds_entry SET amount_paise = amount_paise - 1 WHERE kind = 'held'",
        "UPDATE holds_entry SET ranges = '{[1,100001)}' WHERE kind = 'released'",
        "UPDATE holds_entry SET kind = 'restored' WHERE kind = 'released'",
        "UPDATE holds_entry SET cause = hold_id WHERE kind = 'released'",
        "DELETE FROM holds_entry WHERE kind = 'released'",
        "INSERT INTO holds_entry (id, kind, ranges, amount_paise, reason, cause, at, stated_at, book_id, hold_id)"
        " SELECT gen_random_uuid(), kind, ranges, amount_paise, reason, gen_random_uuid(), at, stated_at, book_id,"
        " hold_id FROM holds_entry WHERE kind = 'released'",
    ],
)
def test_any_change_of_an_entry_is_found_in_the_database_and_in_a_kept_export(change: str) -> None:
    intrude(change)
    assert any(each.startswith("hold ") for each in offline()), offline()
    assert list(books.findings())


@pytest.mark.req("S4.1")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE holds_hold SET expires_at = expires_at + interval '1 day'",
        "UPDATE holds_hold SET bank_id = 'DEMO3'",
        "UPDATE holds_hold SET asked = '{[0,20000001)}'",
        "UPDATE holds_hold SET reference = 'another complaint'",
        "UPDATE holds_hold SET payment_id = gen_random_uuid()",
        "UPDATE holds_hold SET officer = 'nobody'",
        "UPDATE holds_hold SET section = 'BNSS 999'",
        "UPDATE holds_hold SET provisional = NOT provisional, floor_paise = 7",
        "UPDATE holds_hold SET state = 'held'",
        "UPDATE holds_hold SET secured = true",
        "UPDATE holds_hold SET asked_at = asked_at - interval '1 day'",
        "UPDATE holds_book SET account = 'ACC-CHARU'",
        "UPDATE holds_entry SET at = at - interval '1 day'",
        "UPDATE holds_entry SET reason = 'ordered' WHERE kind = 'released'",
        "INSERT INTO holds_book SELECT gen_random_uuid(), 'ACC-CHARU', opened_at, bank_id FROM holds_book;"
        "UPDATE holds_entry SET book_id = (SELECT id FROM holds_book WHERE account = 'ACC-CHARU')",
    ],
)
def test_a_hold_that_stands_otherwise_than_its_order_or_its_facts_say_is_found(change: str) -> None:
    assert list(books.findings()) == []
    intrude(change)
    assert list(books.findings())


@pytest.mark.parametrize("table", ["holds_hold", "holds_book"])
def test_a_hold_or_a_book_that_is_missing_is_found(table: str) -> None:
    with transaction.atomic():
        intrude(f"DELETE FROM {table}")
        assert any("missing" in each for each in books.findings())
        transaction.set_rollback(True)


def test_held_paise_that_no_entry_explains_are_found() -> None:
    intrude("UPDATE holds_hold SET held = '{[0,1)}'")
    assert list(books.findings())


@pytest.mark.req("S4.1")
@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("""UPDATE letters_letter SET data = data || '{"sum": 2}'""", "not those the line tells of"),
        ("UPDATE letters_letter SET paper = paper || '\\x20'", "not those the line tells of"),
        ("UPDATE letters_letter SET number = 'TL2'", "no line tells of it"),
        ("DELETE FROM letters_letter", "it is missing"),
    ],
)
def test_any_change_of_a_letter_is_found(change: str, found: str) -> None:
    intrude(change)
    assert any(found in each for each in offline()), offline()


def test_a_letter_changed_together_with_its_digests_is_found_by_the_journal() -> None:
    intrude("UPDATE letters_letter SET paper = '\\x25', paper_digest = encode(sha256('\\x25'), 'hex')")
    assert list(letters.findings()) == []
    assert any("letter TL1" in each for each in offline())


def test_an_export_of_before_that_has_no_books_is_not_called_incomplete() -> None:
    found = [str(each) for each in verify(export(), Verifier()) if "signature" not in str(each)]
    assert found == []
