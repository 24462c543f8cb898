"""Applications and restorations are read where their complaint is read; a victim's own stay at the own desk."""

from django.db import migrations

SEEN = {
    "restoration_application": "EXISTS (SELECT 1 FROM complaints_complaint c WHERE c.id = complaint_id)",
    "restoration_restoration": "EXISTS (SELECT 1 FROM chase_claim k JOIN complaints_complaint c ON c.id = k.chase_id"
    " WHERE k.id = claim_id)",
}
BEFORE = {
    "restoration_application": "desk_office() IS NOT NULL OR complaint_id::text = desk_complaint()",
    "restoration_restoration": "desk_office() IS NOT NULL OR claim_id IN (SELECT id FROM chase_claim"
    " WHERE chase_id::text = desk_complaint())",
}


def _policies(of: dict[str, str]) -> str:
    return "".join(
        f"ALTER POLICY {table}_{what} ON {table} USING ({using});"
        for table, using in of.items()
        for what in ("seen", "changed", "removed")
    )


class Migration(migrations.Migration):
    dependencies = [("restoration", "0007_application_proved_at"), ("complaints", "0006_seen_by_place")]
    operations = [migrations.RunSQL(_policies(SEEN), _policies(BEFORE))]
