"""Every paisa in exactly one state, by CHECK; a reporter's mobile is seen by offices and by their own link only."""

from django.db import migrations

from thaam.holds.multirange import partition_sql
from thaam.journal.fences import row_level

STATES = ("asked", "held", "seen", "gone", "returned", "restored", "released", "unexplained")
KINDS = ("asked", "held", "onward", "seen", "gone", "returned", "restored", "released", "unexplained")
WHOLE = "int8multirange(int8range(0, amount_paise))"


class Migration(migrations.Migration):
    """The database's own guard over accounts and lines."""

    dependencies = [("chase", "0001_first"), ("journal", "0002_fences")]
    operations = [
        migrations.RunSQL(
            partition_sql("chase_partition", "every_paisa_in_one_state", STATES, whole=WHOLE),
            "ALTER TABLE chase_partition DROP CONSTRAINT every_paisa_in_one_state",
        ),
        migrations.RunSQL(
            partition_sql("chase_payment", "one_word_a_paisa", KINDS, whole=None),
            "ALTER TABLE chase_payment DROP CONSTRAINT one_word_a_paisa",
        ),
        migrations.RunSQL(
            f"ALTER TABLE chase_payment ADD CONSTRAINT words_inside_payment CHECK ({' + '.join(KINDS)} <@ {WHOLE})",
            "ALTER TABLE chase_payment DROP CONSTRAINT words_inside_payment",
        ),
        row_level("chase_claim", using_sql="desk_office() IS NOT NULL OR chase_id::text = desk_complaint()"),
    ]
