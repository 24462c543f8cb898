"""Whoever holds the code of a hold sees how the contest about money paid from it stands: dates, nothing of the victim."""

from django.db import migrations


class Migration(migrations.Migration):
    """One function; the tables stay as they are."""

    dependencies = [("restoration", "0005_more_fences")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION restoration_contest_on(given uuid) RETURNS TABLE
                (contested_at timestamptz, approved_at timestamptz, refused_at timestamptz, paid_back_at timestamptz,
                 jurisdiction text)
                LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
                $$ SELECT v.contested_at, v.approved_at, v.refused_at, v.paid_back_at, h.jurisdiction
                     FROM restoration_reversal v JOIN restoration_restoration r ON r.id = v.restoration_id
                     JOIN holds_hold h ON h.id = r.hold_id
                   WHERE r.hold_id = given ORDER BY v.contested_at DESC LIMIT 1 $$;
            """,
            "DROP FUNCTION restoration_contest_on(uuid);",
        ),
    ]
