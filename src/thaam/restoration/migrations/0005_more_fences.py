"""Shares, courts' orders and recoveries are seen by offices; a victim sees the own share, intimation and reversal."""

from django.db import migrations

from thaam.journal.fences import row_level

OFFICE = "desk_office() IS NOT NULL"
MY_CLAIMS = "claim_id IN (SELECT id FROM chase_claim WHERE chase_id::text = desk_complaint())"


class Migration(migrations.Migration):
    """Row-level security of what came later."""

    dependencies = [("restoration", "0004_courts_and_ways_back"), ("journal", "0002_fences")]
    operations = [
        row_level("restoration_share", using_sql=f"{OFFICE} OR {MY_CLAIMS}"),
        row_level("restoration_shareout", using_sql=f"{OFFICE} OR id IN (SELECT share_out_id FROM restoration_share)"),
        row_level("restoration_courtorder", using_sql=OFFICE),
        row_level("restoration_courtorderaccount", using_sql=OFFICE),
        row_level("restoration_intimation", using_sql=f"{OFFICE} OR complaint_id::text = desk_complaint()"),
        row_level(
            "restoration_intimationhold",
            using_sql="intimation_id IN (SELECT id FROM restoration_intimation)",
        ),
        row_level("restoration_recovery", using_sql=OFFICE),
        row_level("restoration_reversal", using_sql="restoration_id IN (SELECT id FROM restoration_restoration)"),
        # a holder's code opens the hold's page; what was paid from it to a victim may be contested there, nothing seen
        migrations.RunSQL(
            """
            CREATE FUNCTION restoration_paid_from(given uuid) RETURNS TABLE (restoration_id uuid, chase_id uuid)
                LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
                $$ SELECT r.id, c.chase_id FROM restoration_restoration r JOIN chase_claim c ON c.id = r.claim_id
                     JOIN holds_repayment p ON p.id = r.repayment_id
                   WHERE r.hold_id = given AND p.paid_at IS NOT NULL AND NOT EXISTS
                     (SELECT 1 FROM restoration_reversal v WHERE v.restoration_id = r.id AND v.refused_at IS NULL)
                   ORDER BY p.paid_at DESC LIMIT 1 $$;
            """,
            "DROP FUNCTION restoration_paid_from(uuid);",
        ),
    ]
