"""What the database refuses, tried as the roles that run."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from cast import NOON, running_as
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.journal.recording import OutsideTransaction, record
from thaam.parties.desks import seated

pytestmark = pytest.mark.django_db


def _record(about: str = "complaint:26116000001") -> Fact:
    return record(Kind.COMPLAINT_FILED, about=about, by="citizen", at=NOON, amount_paise=100)


@pytest.mark.parametrize(
    "change", ["UPDATE journal_fact SET by = 'x'", "DELETE FROM journal_fact", "TRUNCATE journal_fact CASCADE"]
)
@pytest.mark.parametrize("role", ["thaam_app", "thaam_loops", "thaam_owner"])
def test_a_fact_is_never_changed(role: str, change: str) -> None:
    _record()
    connection.check_constraints()  # no pending trigger events: they would refuse a TRUNCATE too
    with running_as(role), pytest.raises(DatabaseError, match=r"denied|refused"), transaction.atomic():
        connection.cursor().execute(change)


def test_without_a_desk_no_row_is_seen_and_with_one_its_rows(as_app: None) -> None:
    _record()
    _record(about="complaint:26116000002")
    assert Fact.objects.count() == 0
    with seated("complaint:26116000002"):
        assert [fact.about for fact in Fact.objects.all()] == ["complaint:26116000002"]
    with seated("office:1"):
        assert Fact.objects.count() == 2
    assert Fact.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_next_transaction_on_the_connection_has_no_desk(as_app: None) -> None:
    with seated("office:1"):
        _record()
        assert Fact.objects.count() == 1
    assert Fact.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused() -> None:
    with pytest.raises(OutsideTransaction):
        _record()
