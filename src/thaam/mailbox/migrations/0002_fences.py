"""What the database refuses in the mailboxes: words once sent or kept are never changed, a bank sees its own."""

from django.db import migrations

from thaam.journal.fences import grant, only_columns, row_level

SEEN = "desk_office() IS NOT NULL OR partner_id = desk_partner()"


class Migration(migrations.Migration):
    dependencies = [("mailbox", "0001_first_tables"), ("journal", "0002_fences")]

    operations = [
        only_columns("mailbox_order", ["state", "revision"]),
        only_columns("mailbox_answer", ["settled_at", "refused"]),
        row_level("mailbox_order", using_sql=SEEN),
        row_level("mailbox_answer", using_sql=SEEN),
        grant("mailbox_nonce", app=["SELECT", "INSERT"]),
    ]
