"""A bank sees the clocks it runs under; staff see all; moves are never rewritten."""

from django.db import migrations

from thaam.journal.fences import append_only, row_level

SEEN = "desk_office() IS NOT NULL OR partner_id = desk_partner()"
OF_CLOCK = "EXISTS (SELECT 1 FROM clocks_clock c WHERE c.id = {}.clock_id)"


class Migration(migrations.Migration):
    dependencies = [("clocks", "0001_first_tables"), ("journal", "0002_fences")]

    operations = [
        append_only("clocks_moved"),
        row_level("clocks_clock", SEEN),
        row_level("clocks_pause", OF_CLOCK.format("clocks_pause")),
        row_level("clocks_moved", OF_CLOCK.format("clocks_moved")),
    ]
