"""Watches, requests and reports are never rewritten; reporters' words and contacts are read by offices only."""

from django.db import migrations

from thaam.journal.fences import append_only, row_level


class Migration(migrations.Migration):
    dependencies = [("suspects", "0003_watching_and_blocking")]

    operations = [
        *(
            append_only(f"suspects_{table}")
            for table in ("watch", "blockrequest", "blocktold", "blockkept", "report", "reportanswer")
        ),
        row_level("suspects_blockrequest", "desk_office() IS NOT NULL"),
        row_level("suspects_blocktold", "desk_office() IS NOT NULL"),
        row_level("suspects_report", "desk_office() IS NOT NULL"),
    ]
