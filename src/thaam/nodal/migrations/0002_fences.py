"""A bank sees what concerns itself, staff see all; a token is looked up by functions that tell next to nothing."""

from django.db import migrations

from thaam.journal.fences import append_only, only_columns, row_level

OF_ORDER = (
    "desk_office() IS NOT NULL OR EXISTS (SELECT 1 FROM mailbox_order o WHERE o.id = {}.order_id "
    "AND o.partner_id = desk_partner())"
)
OF_NODAL = (
    "desk_office() IS NOT NULL OR EXISTS (SELECT 1 FROM parties_nodal n WHERE n.id = nodal_receipt.nodal_id "
    "AND n.bank_id = desk_partner())"
)


class Migration(migrations.Migration):
    dependencies = [("nodal", "0001_first_tables"), ("journal", "0002_fences"), ("mailbox", "0002_fences")]

    operations = [
        only_columns(
            "nodal_link", ["code_digest", "code_until", "code_tries", "codes_sent", "entered_at"]
        ),
        append_only("nodal_heard"),
        append_only("nodal_ping"),
        only_columns("nodal_receipt", ["read_at"]),
        row_level("nodal_link", OF_ORDER.format("nodal_link")),
        row_level("nodal_heard", OF_ORDER.format("nodal_heard")),
        row_level("nodal_ping", "desk_office() IS NOT NULL"),
        row_level("nodal_receipt", OF_NODAL),
        migrations.RunSQL(
            """
            CREATE FUNCTION order_link_door(asked text) RETURNS TABLE (id uuid, partner text)
                LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
                SELECT l.id, o.partner_id::text FROM nodal_link l JOIN mailbox_order o ON o.id = l.order_id
                WHERE l.token_digest = asked $$;
            CREATE FUNCTION ping_read(asked text, at timestamptz) RETURNS boolean
                LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
                BEGIN
                    UPDATE nodal_receipt SET read_at = coalesce(read_at, at) WHERE token = asked;
                    RETURN FOUND;
                END $$;
            """,
            "DROP FUNCTION order_link_door(text); DROP FUNCTION ping_read(text, timestamptz);",
        ),
    ]
