"""Letters are never rewritten. Staff see all, a citizen the own receipt, a bank its orders; a number that somebody
holds on paper is looked up by one function that tells only what a stranger may know."""

from django.db import migrations

from thaam.journal.fences import append_only, grant, row_level

MINE = (
    "desk_office() IS NOT NULL OR about = 'complaint:' || desk_complaint() OR (template = 'order' AND EXISTS "
    "(SELECT 1 FROM mailbox_order o WHERE 'hold:' || o.id = letters_letter.about AND o.partner_id = desk_partner()))"
)


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0001_first_tables"),
        ("journal", "0002_fences"),
        ("mailbox", "0002_fences"),
    ]

    operations = [
        append_only("letters_letter"),
        grant("letters_letter", app=["SELECT"], loops=["SELECT", "INSERT"]),
        row_level("letters_letter", MINE, "false"),
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION letter_known(asked text)
                    RETURNS TABLE (number text, template text, written_at timestamptz, digest text, paper_digest text)
                    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
                    SELECT number, template, written_at, digest, paper_digest FROM letters_letter WHERE number = asked
                $$;
            """,
            reverse_sql="DROP FUNCTION letter_known(text);",
        ),
    ]
