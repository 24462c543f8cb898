"""Who may see a trader's problem may see its clock, which a new holiday can move; of other clocks nothing."""

from django.db import migrations

from thaam.journal.roles import APP


class Migration(migrations.Migration):
    """One more policy for reading clocks."""

    dependencies = [("coordination", "0007_photos_seen_by_the_bank"), ("clocks", "0002_fences")]

    operations = [
        migrations.RunSQL(
            sql=f"""
            CREATE POLICY clocks_clock_of_traders ON clocks_clock FOR SELECT TO {APP}
                USING (about = 'trader_problem' AND desk() LIKE 'association:%' AND EXISTS
                (SELECT 1 FROM coordination_traderproblem p WHERE p.id = subject));
            """,
            reverse_sql="DROP POLICY clocks_clock_of_traders ON clocks_clock;",
        ),
    ]
