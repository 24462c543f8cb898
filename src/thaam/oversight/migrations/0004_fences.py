"""Sums, open data and alerts are written once; a released note, its snapshot and open data are everybody's to read."""

from django.db import migrations

from thaam.journal.fences import append_only, row_level
from thaam.journal.roles import APP

STAFF = "desk_office() IS NOT NULL"
OWN = "desk_office() = office_id::text"


class Migration(migrations.Migration):
    dependencies = [("oversight", "0003_reckoned_sums"), ("journal", "0002_fences")]

    operations = [
        *(append_only(f"oversight_{name}") for name in ("summed", "banktime", "opendata", "alert")),
        *(row_level(f"oversight_{name}", STAFF, STAFF) for name in ("summed", "banktime")),
        row_level("oversight_opendata", "true", STAFF),
        row_level("oversight_alert", OWN, STAFF),
        row_level("oversight_alertnumber", OWN, OWN),
        migrations.RunSQL(
            sql=f"""
            CREATE POLICY oversight_pressnote_released ON oversight_pressnote FOR SELECT TO {APP}
                USING (released_at IS NOT NULL);
            CREATE POLICY oversight_snapshot_published ON oversight_snapshot FOR SELECT TO {APP} USING (
                EXISTS (SELECT 1 FROM oversight_pressnote n WHERE n.snapshot_id = oversight_snapshot.id
                        AND n.released_at IS NOT NULL)
                OR EXISTS (SELECT 1 FROM oversight_opendata o WHERE o.snapshot_id = oversight_snapshot.id));
            """,
            reverse_sql="""
            DROP POLICY oversight_pressnote_released ON oversight_pressnote;
            DROP POLICY oversight_snapshot_published ON oversight_snapshot;
            """,
        ),
    ]
