"""What the database refuses in the journal."""

from django.db import migrations

from thaam.journal.fences import append_only, foundations, grant, row_level


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_first_tables")]

    operations = [
        foundations(),
        append_only("journal_fact"),
        append_only("journal_line"),
        append_only("journal_tile"),
        append_only("journal_checkpoint"),
        row_level("journal_fact", using_sql="desk_office() IS NOT NULL OR about = desk()"),
        grant("journal_pending", app=["SELECT", "INSERT"]),
        grant("journal_line", app=["SELECT"], loops=["SELECT", "INSERT"]),
        grant("journal_tile", app=["SELECT"], loops=["SELECT", "INSERT"]),
        grant("journal_checkpoint", app=["SELECT"], loops=["SELECT", "INSERT"]),
        grant("journal_cursor", app=["SELECT"]),
    ]
