"""A bank sees what it was asked; staff see all of it; what came is never rewritten."""

from django.db import migrations

from thaam.journal.fences import append_only, row_level

MINE = "desk_office() IS NOT NULL OR bank_id = desk_partner()"
OF_MINE = "EXISTS (SELECT 1 FROM evidence_asked a WHERE a.order_id = {}.asked_id)"


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_first_tables"), ("journal", "0002_fences")]

    operations = [
        append_only("evidence_asked"),
        append_only("evidence_got"),
        append_only("evidence_gotfile"),
        row_level("evidence_asked", MINE),
        row_level("evidence_got", OF_MINE.format("evidence_got")),
        row_level("evidence_gotfile", OF_MINE.format("evidence_gotfile")),
    ]
