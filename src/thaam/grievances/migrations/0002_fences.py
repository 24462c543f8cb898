"""Steps are never changed; an objection is seen by offices, by its holder, and by the bank of the hold."""

from django.db import migrations

from thaam.journal.fences import append_only, row_level

SEEN = (
    "desk_office() IS NOT NULL OR {id}::text = desk_complaint()"
    " OR hold_id IN (SELECT id FROM holds_hold WHERE bank_id = desk_partner())"
)
OF_IT = "objection_id IN (SELECT id FROM grievances_objection)"


class Migration(migrations.Migration):
    """Row-level security, and the one question about open objections that anybody may ask."""

    dependencies = [("grievances", "0001_first"), ("journal", "0002_fences")]
    operations = [
        append_only("grievances_step"),
        row_level("grievances_objection", using_sql=SEEN.format(id="id")),
        row_level("grievances_joined", using_sql=OF_IT),
        row_level("grievances_step", using_sql=OF_IT),
        migrations.RunSQL(
            """
            CREATE FUNCTION open_objection_on(given uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
                SET search_path = public, pg_temp AS
                $$ SELECT id FROM grievances_objection WHERE hold_id = given AND closed_at IS NULL $$;
            """,
            "DROP FUNCTION open_objection_on(uuid);",
        ),
    ]
