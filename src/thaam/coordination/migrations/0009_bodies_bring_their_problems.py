"""A trade body writes a problem into its own office's register itself; it answers none and reads no other office's."""

from django.db import migrations

from thaam.journal.roles import APP


class Migration(migrations.Migration):
    dependencies = [("coordination", "0008_clocks_of_traders")]
    operations = [
        migrations.RunSQL(
            sql=f"""
            CREATE POLICY coordination_traderproblem_told ON coordination_traderproblem FOR INSERT TO {APP}
                WITH CHECK (desk() = 'association:' || office_id);
            """,
            reverse_sql="DROP POLICY coordination_traderproblem_told ON coordination_traderproblem;",
        ),
    ]
