"""Rows read and written by kept statements are the rows Django's own queries read and write."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from banking import Rs, debit, files
from cast import NOON
from thaam.chase.models import Claim, Line, Partition, Trail
from thaam.holds.models import Hold
from thaam.journal.gathering import gathering
from thaam.journal.ids import new_id
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.journal.rows import insert, read, read_by
from thaam.mailbox.models import Order

OURS = ("journal", "mailbox", "holds", "chase", "work", "parties")


def values_of(row: object) -> dict[str, object]:
    return {
        field.attname: bytes(value) if isinstance(value := getattr(row, field.attname), memoryview) else value
        for field in row._meta.concrete_fields  # type: ignore[attr-defined]
    }


def told(row: object) -> dict[str, object]:
    """What the row says, without a key that the database makes."""
    made = {field.attname for field in row._meta.concrete_fields if isinstance(field, models.AutoField)}  # type: ignore[attr-defined]
    return {name: value for name, value in values_of(row).items() if name not in made}


def test_every_table_is_read_as_django_reads_it(db: None) -> None:
    files(debit(Rs(40_000)))
    seen = 0
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            expected = {row.pk: values_of(row) for row in model._default_manager.all()}
            found = read_by(model, model._meta.pk.attname, expected)
            assert {row.pk: values_of(row) for row in found} == expected, model
            assert [row.pk for row in found] == sorted(expected), model
            seen += bool(expected)
    assert seen > 10


def test_what_was_read_can_be_written_again_and_is_the_same(db: None) -> None:
    files(debit(Rs(40_000)))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for model in (Fact, Order, Claim, Hold, Partition, Trail):
        rows = list(model._default_manager.all())
        before = [told(row) for row in rows]
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE NONE; SET LOCAL session_replication_role = replica")
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
                cursor.execute("SET ROLE thaam_loops")
            insert(model, rows)
            again = [told(row) for row in model._default_manager.all()]
            assert len(again) == len(before) > 0 and all(values in again for values in before), model
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE NONE; SET LOCAL session_replication_role = origin; SET ROLE thaam_loops")


def test_a_key_twice_is_the_databases_refusal(db: None) -> None:
    fact = Fact(id=new_id(), kind=Kind.ORDER_POSTED.value, about="order:1", by="loop:chase", at=NOON, data={"a": [1]})
    insert(Fact, [fact])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Fact, [fact])
    assert read_by(Fact, "id", [fact.pk])[0].data == {"a": [1]}


def test_a_locking_read_waits_for_nobody_but_those_rows(db: None) -> None:
    files(debit(Rs(40_000)))
    order = Order.objects.first()
    assert order is not None
    with CaptureQueriesContext(connection) as queries:
        assert [row.pk for row in read_by(Order, "id", [order.pk], lock=True)] == [order.pk]
    assert 'FOR UPDATE OF "mailbox_order"' in queries[0]["sql"]
    assert read(Order, "posted_at < %s", [NOON - dt.timedelta(days=1)]) == []
    assert read_by(Order, "id", []) == []


def test_a_gathering_sees_what_it_has_and_writes_it_once(db: None) -> None:
    files(debit(Rs(40_000)))
    with CaptureQueriesContext(connection) as queries, gathering() as rows:
        claim = rows.all_of(Claim, "chase_id", Claim.objects.values_list("chase_id", flat=True)[0])[0]
        assert rows.one(Claim, claim.pk) is claim
        lines = rows.all_of(Line, "payment_id", claim.payment_id)
        assert rows.all_of(Line, "payment_id", claim.payment_id) == lines
        before = len(queries)
        rows.one(Claim, claim.pk), rows.many(Claim, [claim.pk]), rows.all_of(Line, "payment_id", claim.payment_id)
        assert len(queries) == before
