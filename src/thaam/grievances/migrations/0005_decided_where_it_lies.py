"""An objection is read where the complaint behind its hold is read: by its office's state, and by who handed it on."""

from django.db import migrations

SEES = """
    CREATE FUNCTION desk_sees_hold(given uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = public, pg_temp AS $$
        SELECT NOT EXISTS (SELECT 1 FROM holds_hold h JOIN complaints_complaint c ON c.number = h.reference
                           WHERE h.id = given AND c.office_id IS NOT NULL AND NOT desk_sees(c.id, c.office_id))
    $$;
"""
OTHERS = "id::text = desk_complaint() OR bank_id = desk_partner()"
SEEN = f"(desk_office() IS NOT NULL AND (hold_id IS NULL OR desk_sees_hold(hold_id))) OR {OTHERS}"
BEFORE = f"desk_office() IS NOT NULL OR {OTHERS}"


def _policies(using: str) -> str:
    table = "grievances_objection"
    return "".join(f"ALTER POLICY {table}_{what} ON {table} USING ({using});" for what in ("seen", "changed", "removed"))


class Migration(migrations.Migration):
    dependencies = [("grievances", "0004_more_fences"), ("complaints", "0006_seen_by_place")]
    operations = [
        migrations.RunSQL(SEES + _policies(SEEN), _policies(BEFORE) + "DROP FUNCTION desk_sees_hold(uuid);"),
    ]
