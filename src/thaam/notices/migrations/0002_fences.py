"""Staff see every notice; a citizen sees those about the own complaint; the loops write them."""

from django.db import migrations

from thaam.journal.fences import append_only, grant, only_columns, row_level


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_first_tables"), ("journal", "0002_fences")]

    operations = [
        only_columns("notices_notice", ["sent_at"]),
        grant("notices_notice", app=["SELECT"], loops=["SELECT", "INSERT", "UPDATE (sent_at)"]),
        row_level("notices_notice", "desk_office() IS NOT NULL OR about = 'complaint:' || desk_complaint()", "false"),
        append_only("notices_try"),
        row_level("notices_try", "desk_office() IS NOT NULL", "false"),
    ]
