"""Checks and settlement files are for staff: no bank learns which of its claims are drawn, nor another bank's file."""

from django.db import migrations

from thaam.journal.fences import append_only, only_columns, row_level

STAFF = "desk_office() IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_terminal_checks"), ("journal", "0002_fences")]

    operations = [
        only_columns("evidence_terminalcheck", ["result", "result_at", "result_by", "words"]),
        append_only("evidence_terminalcheck_asked"),
        append_only("evidence_settlementreport"),
        append_only("evidence_settled"),
        row_level("evidence_terminalcheck", STAFF),
        row_level("evidence_terminalcheck_asked", STAFF),
        row_level("evidence_settlementreport", STAFF),
        row_level("evidence_settled", STAFF),
    ]
