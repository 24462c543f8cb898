"""Place decides who reads: a complaint that an office owns is seen in that office's state, and by who handed it on."""

from django.db import migrations

SEES = """
    CREATE FUNCTION desk_sees(complaint uuid, owner bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = public, pg_temp AS $$
        SELECT owner::text = desk_office()
            OR EXISTS (SELECT 1 FROM parties_office o JOIN parties_office m ON m.id::text = desk_office()
                       WHERE o.id = owner AND (o.state = m.state OR o.state = '' OR m.state = ''))
            OR EXISTS (SELECT 1 FROM complaints_handing h
                       WHERE h.complaint_id = complaint AND desk_office() IN (h.from_office_id::text, h.to_office_id::text))
    $$;
"""
SEEN = (
    "(desk_office() IS NOT NULL AND (office_id IS NULL OR desk_sees(id, office_id))) OR id::text = desk_complaint()"
)
WITH_IT = "EXISTS (SELECT 1 FROM complaints_complaint c WHERE c.id = complaint_id)"
BEFORE = "desk_office() IS NOT NULL OR {}::text = desk_complaint()"


def _policies(table: str, using: str) -> str:
    return "".join(f"ALTER POLICY {table}_{what} ON {table} USING ({using});" for what in ("seen", "changed", "removed"))


class Migration(migrations.Migration):
    dependencies = [("complaints", "0005_looks"), ("parties", "0004_guesses")]
    operations = [
        migrations.RunSQL(
            SEES
            + _policies("complaints_complaint", SEEN)
            + _policies("complaints_paper", WITH_IT)
            + _policies("complaints_person", WITH_IT),
            _policies("complaints_complaint", BEFORE.format("id"))
            + _policies("complaints_paper", BEFORE.format("complaint_id"))
            + _policies("complaints_person", BEFORE.format("complaint_id"))
            + "DROP FUNCTION desk_sees(uuid, bigint);",
        ),
    ]
