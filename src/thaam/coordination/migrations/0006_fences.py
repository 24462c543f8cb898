"""Materials and public bulletins are everybody's to read, the roster the staff's; written facts are not changed."""

from django.db import migrations

from thaam.journal.fences import append_only, row_level
from thaam.journal.roles import APP

STAFF = "desk_office() IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("coordination", "0005_materials_and_shifts"), ("journal", "0002_fences")]

    operations = [
        row_level("coordination_material", "true", STAFF),
        append_only("coordination_material"),
        row_level("coordination_shift", STAFF, STAFF),
        migrations.RunSQL(
            sql=f"""
            CREATE POLICY coordination_bulletin_public ON coordination_bulletin FOR SELECT TO {APP}
                USING (for_public AND approved_at IS NOT NULL);
            CREATE POLICY coordination_bulletin_traders ON coordination_bulletin FOR SELECT TO {APP}
                USING (desk() LIKE 'association:%' AND EXISTS (SELECT 1 FROM coordination_bulletincopy c
                       WHERE c.bulletin_id = coordination_bulletin.id AND 'association:' || c.office_id = desk()));
            CREATE POLICY coordination_bulletincopy_traders ON coordination_bulletincopy FOR SELECT TO {APP}
                USING ('association:' || office_id = desk());
            """,
            reverse_sql="""
            DROP POLICY coordination_bulletin_public ON coordination_bulletin;
            DROP POLICY coordination_bulletin_traders ON coordination_bulletin;
            DROP POLICY coordination_bulletincopy_traders ON coordination_bulletincopy;
            """,
        ),
    ]
