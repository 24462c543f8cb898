import django.db.models.deletion
from django.db import migrations, models

import thaam.holds.multirange
from thaam.journal.fences import only_columns, row_level


class Migration(migrations.Migration):
    dependencies = [("chase", "0004_money_back_out_of_other_money"), ("holds", "0001_first"), ("journal", "0002_fences")]

    operations = [
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("ranges", thaam.holds.multirange.PaiseRangesField(default=tuple)),
                ("until_at", models.DateTimeField()),
                ("by", models.CharField(max_length=120)),
                ("ordered_at", models.DateTimeField()),
                ("answer_revision", models.IntegerField(default=0)),
                (
                    "hold",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="watches", to="holds.hold"
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="watches", to="chase.payment"
                    ),
                ),
            ],
        ),
        only_columns("chase_watch", ["answer_revision"]),
        row_level("chase_watch", using_sql="desk_office() IS NOT NULL"),
    ]
