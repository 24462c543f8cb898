"""Every fence stands: asked of the database itself, for all tables at once."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from cast import NOON, running_as
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.journal.recording import record
from thaam.parties.desks import sit_at

RUNNING = ("thaam_app", "thaam_loops")


def _column(sql: str, *values: object) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_append_only_tables_give_nobody_the_right_to_change_a_row() -> None:
    tables = _column("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%%_append_only'")
    assert {"journal_fact", "journal_line", "journal_checkpoint", "journal_tile"} <= set(tables)
    allowed = [
        f"{role} may {right} {table}"
        for table in tables
        for role in RUNNING
        for right in ("UPDATE", "DELETE", "TRUNCATE")
        if _column("SELECT 1 WHERE has_table_privilege(%s, %s, %s)", role, table, right)
    ]
    assert allowed == []


@pytest.mark.django_db
def test_no_running_role_owns_a_table_may_truncate_one_or_is_above_the_policies() -> None:
    assert _column("SELECT rolname FROM pg_roles WHERE rolname LIKE 'thaam_%%' AND (rolsuper OR rolbypassrls)") == []
    owners = _column("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert owners == ["thaam_owner"]
    tables = [model._meta.db_table for model in apps.get_models()]
    allowed = [
        f"{role} {table}"
        for table in tables
        for role in RUNNING
        if _column("SELECT 1 WHERE has_table_privilege(%s, %s, 'TRUNCATE')", role, table)
    ]
    assert allowed == []


@pytest.mark.django_db
def test_row_level_security_is_forced_wherever_it_is_on_and_shows_nothing_without_a_desk() -> None:
    with_it = _column("SELECT relname::text FROM pg_class WHERE relrowsecurity")
    forced = _column("SELECT relname::text FROM pg_class WHERE relforcerowsecurity")
    assert set(with_it) == set(forced)
    assert {"journal_fact", "mailbox_order", "mailbox_answer", "complaints_complaint", "chase_claim"} <= set(with_it)
    record(Kind.COMPLAINT_FILED, about="complaint:1", by="citizen", at=NOON)
    with running_as("thaam_app"):
        seen = [table for table in with_it if _column(f"SELECT '1' FROM {table} LIMIT 1")]
    assert seen == []


@pytest.mark.django_db(transaction=True)
def test_the_next_request_on_the_same_connection_has_no_desk(client: object) -> None:
    from django.test import Client

    from thaam.parties.models import Office, Officer

    office = Office.objects.create(code="HELP", name_hi="सहायता", name_en="Help")
    devi = Officer.objects.create(username="devi", role="supervisor", office=office)
    record_one()
    with running_as("thaam_app"):
        browser = Client()
        browser.force_login(devi)
        browser.get("/hi/desk/")
        assert _column("SELECT coalesce(desk(), 'none')") == ["none"]
        assert Fact.objects.count() == 0
        # a setting that outlived its transaction would show here
        sit_at(f"office:{office.pk}")
        assert Fact.objects.count() == 0


def record_one() -> None:
    """One committed fact that an office would see."""
    from django.db import transaction

    with transaction.atomic():
        record(Kind.COMPLAINT_FILED, about="complaint:1", by="citizen", at=NOON)
