"""Who sees a complaint: staff at an office, and the citizen at its own desk; two questions are answered to anybody."""

from django.db import migrations

from thaam.journal.fences import row_level

OWN = "desk_office() IS NOT NULL OR {}::text = desk_complaint()"


class Migration(migrations.Migration):
    """Row-level security of the complaint's tables and the two definer functions of finding.py."""

    dependencies = [("complaints", "0001_first"), ("journal", "0002_fences")]
    operations = [
        row_level("complaints_complaint", using_sql=OWN.format("id")),
        row_level("complaints_debit", using_sql=OWN.format("complaint_id")),
        row_level("complaints_code", using_sql=OWN.format("complaint_id")),
        migrations.RunSQL(
            """
            CREATE FUNCTION complaint_by_link(given text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
                SET search_path = public, pg_temp AS
                $$ SELECT id FROM complaints_complaint WHERE link = given $$;
            CREATE FUNCTION complaint_by_number(given text, last4 text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
                SET search_path = public, pg_temp AS
                $$ SELECT id FROM complaints_complaint WHERE number = given AND right(mobile, 4) = last4 $$;
            """,
            "DROP FUNCTION complaint_by_link(text); DROP FUNCTION complaint_by_number(text, text);",
        ),
    ]
