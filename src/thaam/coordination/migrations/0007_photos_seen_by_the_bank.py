"""A bank sees the photos of its own branches' faults and of its own events, whoever took them."""

from django.db import migrations

from thaam.journal.roles import APP

SEEN = """
    CASE WHEN about LIKE 'inspection:%' THEN EXISTS (
             SELECT 1 FROM coordination_inspection i
             WHERE i.id = substr(about, 12)::uuid AND i.bank_id = desk_partner())
         WHEN about LIKE 'campaign:%' THEN EXISTS (
             SELECT 1 FROM coordination_campaignevent e
             WHERE e.id = substr(about, 10)::uuid AND e.bank_id = desk_partner())
         ELSE false END
"""


class Migration(migrations.Migration):
    dependencies = [("coordination", "0006_fences"), ("files", "0002_fences")]

    operations = [
        migrations.RunSQL(
            f"CREATE POLICY files_file_seen_by_its_bank ON files_file FOR SELECT TO {APP} USING ({SEEN})",
            "DROP POLICY files_file_seen_by_its_bank ON files_file",
        )
    ]
