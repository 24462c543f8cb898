"""Who sits at `association:<office>` sees that office's register of traders' problems and the answers, nothing else."""

from django.db import migrations

from thaam.journal.roles import APP


class Migration(migrations.Migration):
    """Two more policies for reading; the office's own rules stay as they are."""

    dependencies = [("coordination", "0003_attend_by_code")]

    operations = [
        migrations.RunSQL(
            sql=f"""
            CREATE POLICY coordination_traderproblem_brought ON coordination_traderproblem FOR SELECT TO {APP}
                USING (desk() = 'association:' || office_id);
            CREATE POLICY coordination_traderproblemanswer_brought ON coordination_traderproblemanswer
                FOR SELECT TO {APP} USING (desk() LIKE 'association:%' AND EXISTS
                (SELECT 1 FROM coordination_traderproblem p WHERE p.id = problem_id));
            """,
            reverse_sql="""
            DROP POLICY coordination_traderproblem_brought ON coordination_traderproblem;
            DROP POLICY coordination_traderproblemanswer_brought ON coordination_traderproblemanswer;
            """,
        ),
    ]
