"""What was seen, agreed, ended, asked and published is never rewritten; hearings are read by offices only."""

from django.db import migrations

from thaam.journal.fences import append_only, row_level


class Migration(migrations.Migration):
    dependencies = [("suspects", "0001_first_tables"), ("journal", "0002_fences")]

    operations = [
        *(
            append_only(f"suspects_{table}")
            for table in (
                "identifier", "sighting", "withdrawal", "mark", "markend", "hearing", "hearingdecided", "commonvalue",
                "lookup", "listversion",
            )
        ),
        row_level("suspects_hearing", "desk_office() IS NOT NULL"),
        row_level("suspects_hearingdecided", "desk_office() IS NOT NULL"),
    ]
