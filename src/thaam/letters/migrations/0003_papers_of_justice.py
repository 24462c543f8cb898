"""Papers of objections, restorations and courts: their holder and victim see the own, a bank the orders to it."""

from django.db import migrations

from thaam.journal.roles import APP


class Migration(migrations.Migration):
    """One more policy for reading; letters stay unwritable."""

    dependencies = [
        ("letters", "0002_fences"),
        ("grievances", "0004_more_fences"),
        ("restoration", "0005_more_fences"),
    ]
    operations = [
        migrations.RunSQL(
            f"""
            CREATE POLICY letters_letter_justice ON letters_letter FOR SELECT TO {APP} USING (
                about LIKE 'objection:' || desk_complaint() || '/%' OR about LIKE 'bundle:' || desk_complaint() || '/%'
                OR (letters_letter.template = 'bond' AND EXISTS
                    (SELECT 1 FROM restoration_application a WHERE letters_letter.about = 'application:' || a.id))
                OR (letters_letter.template = 'restoration' AND EXISTS
                    (SELECT 1 FROM restoration_restoration r WHERE letters_letter.about = 'repayment:' || r.repayment_id))
                OR (letters_letter.template IN ('release', 'restoration') AND EXISTS
                    (SELECT 1 FROM mailbox_order o WHERE o.partner_id = desk_partner()
                     AND letters_letter.about IN ('release:' || o.id, 'repayment:' || o.id))));
            """,
            "DROP POLICY letters_letter_justice ON letters_letter;",
        )
    ]
