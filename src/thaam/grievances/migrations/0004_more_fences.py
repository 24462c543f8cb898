"""Who sees what is new of objections: offices, the holder at the own desk, the bank; a trade body a few columns."""

from django.db import migrations

from thaam.journal.fences import append_only, row_level
from thaam.journal.roles import APP

OBJECTION = (
    "desk_office() IS NOT NULL OR id::text = desk_complaint() OR bank_id = desk_partner()"
)
OF_IT = "objection_id IN (SELECT id FROM grievances_objection)"
SEEN_BY_ASSOCIATION = f"{OF_IT} OR desk() = 'association:' || office_id"


class Migration(migrations.Migration):
    """Row-level security of the new tables; an objection belongs to its bank whoever ordered the hold."""

    dependencies = [("grievances", "0003_heard_in_full"), ("journal", "0002_fences"), ("files", "0002_fences")]
    operations = [
        append_only("grievances_finding"),
        append_only("grievances_nudge"),
        append_only("grievances_loss"),
        migrations.RunSQL(
            f"""
            ALTER POLICY grievances_objection_seen ON grievances_objection USING ({OBJECTION});
            ALTER POLICY grievances_objection_changed ON grievances_objection USING ({OBJECTION});
            ALTER POLICY grievances_objection_removed ON grievances_objection USING ({OBJECTION});
            """,
            migrations.RunSQL.noop,
        ),
        row_level("grievances_unproved", using_sql="id::text = desk_complaint()"),
        row_level("grievances_finding", using_sql=OF_IT),
        row_level("grievances_pause", using_sql=OF_IT),
        row_level("grievances_hearing", using_sql=OF_IT),
        row_level("grievances_opening", using_sql=OF_IT),
        row_level("grievances_loss", using_sql=OF_IT),
        row_level("grievances_consent", using_sql=SEEN_BY_ASSOCIATION),
        row_level("grievances_nudge", using_sql=SEEN_BY_ASSOCIATION),
        migrations.RunSQL(
            f"""
            CREATE OR REPLACE FUNCTION open_objection_on(given uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
                SET search_path = public, pg_temp AS
                $$ SELECT id FROM grievances_objection
                   WHERE (hold_id = given OR own_hold_id = given) AND closed_at IS NULL $$;
            CREATE FUNCTION objection_of_link(given text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
                SET search_path = public, pg_temp AS
                $$ SELECT id FROM grievances_objection WHERE link = given $$;
            -- stage, clock, bank, district and the sum (shown as a band): of consenting members, to that body only
            CREATE FUNCTION objections_of_association(asking text) RETURNS TABLE (
                    consent_id uuid, number text, bank_id text, district text, stage text, stage_since timestamptz,
                    due_at timestamptz, paused boolean, outcome text, held_paise bigint, nudged_at timestamptz,
                    jurisdiction text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
                $$ SELECT c.id, o.number, o.bank_id, a.district, o.stage, o.stage_since, o.due_at,
                          o.paused_at IS NOT NULL, o.outcome,
                          coalesce((SELECT sum(upper(r) - lower(r)) FROM holds_hold h, unnest(h.held) r
                                    WHERE h.id = o.hold_id), w.amount_paise, 0)::bigint,
                          (SELECT max(n.at) FROM grievances_nudge n
                           WHERE n.objection_id = o.id AND n.office_id = c.office_id AND n.what = 'nudge'),
                          o.jurisdiction
                   FROM grievances_consent c JOIN grievances_objection o ON o.id = c.objection_id
                        JOIN parties_office a ON a.id = c.office_id
                        LEFT JOIN holds_ownholdseen w ON w.id = o.own_hold_id
                   WHERE c.ended_at IS NULL AND c.office_id::text = asking AND desk() = 'association:' || asking $$;
            -- figures for publication: of reports only counts by channel, of a balance only the share that was held
            CREATE FUNCTION reports_by_channel(from_at timestamptz, to_at timestamptz)
                RETURNS TABLE (number text, channel text) LANGUAGE sql STABLE SECURITY DEFINER
                SET search_path = public, pg_temp AS
                $$ SELECT number, channel FROM complaints_complaint WHERE filed_at >= from_at AND filed_at < to_at $$;
            CREATE FUNCTION share_of_balance(given uuid, most bigint) RETURNS double precision
                LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
                $$ SELECT most::double precision / nullif(most + f.usable_paise, 0)
                   FROM grievances_finding f JOIN grievances_objection o ON o.id = f.objection_id
                   WHERE o.hold_id = given AND f.usable_paise IS NOT NULL ORDER BY f.at DESC LIMIT 1 $$;
            CREATE POLICY files_file_objection ON files_file FOR SELECT TO {APP}
                USING (about = 'objection:' || desk_complaint() OR (about LIKE 'objection:%' AND EXISTS
                       (SELECT 1 FROM grievances_objection o WHERE files_file.about = 'objection:' || o.id)));
            """,
            f"""
            DROP POLICY files_file_objection ON files_file;
            DROP FUNCTION objections_of_association(text); DROP FUNCTION objection_of_link(text);
            DROP FUNCTION share_of_balance(uuid, bigint); DROP FUNCTION reports_by_channel(timestamptz, timestamptz);
            """,
        ),
    ]
