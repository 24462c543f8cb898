"""Snapshots are frozen: staff read them, the loops (or a supervisor's command) write them once."""

from django.db import migrations

from thaam.journal.fences import append_only, only_columns, row_level

STAFF = "desk_office() IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_first_tables"), ("journal", "0002_fences")]

    operations = [
        *(append_only(f"oversight_{name}") for name in ("snapshot", "counted", "countedorder")),
        *(row_level(f"oversight_{name}", STAFF, STAFF) for name in ("snapshot", "counted", "countedorder", "pressnote")),
        only_columns("oversight_pressnote", ["released_by", "released_at"]),
    ]
