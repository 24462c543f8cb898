"""A bank reads what it reported itself, and what became of it; nobody else's."""

from django.db import migrations
from django.db.migrations import RunSQL

from thaam.journal.roles import APP


class Migration(migrations.Migration):
    dependencies = [("suspects", "0004_fences")]

    operations = [
        RunSQL(
            sql=f"""CREATE POLICY suspects_report_of_bank ON suspects_report FOR SELECT TO {APP}
                    USING (by = 'bank:' || desk_partner());""",
            reverse_sql="DROP POLICY suspects_report_of_bank ON suspects_report;",
        ),
    ]
