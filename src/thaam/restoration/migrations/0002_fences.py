"""A victim's bank account is seen by offices, and by the victim at the complaint's own desk."""

from django.db import migrations

from thaam.journal.fences import row_level


class Migration(migrations.Migration):
    """Row-level security of applications and restorations."""

    dependencies = [("restoration", "0001_first"), ("journal", "0002_fences")]
    operations = [
        row_level(
            "restoration_application", using_sql="desk_office() IS NOT NULL OR complaint_id::text = desk_complaint()"
        ),
        row_level(
            "restoration_restoration",
            using_sql="desk_office() IS NOT NULL OR claim_id IN (SELECT id FROM chase_claim"
            " WHERE chase_id::text = desk_complaint())",
        ),
    ]
