"""How long answers on the screen took: a bank sees its own, staff see all, nobody changes them."""

import django.db.models.deletion
from django.db import migrations, models

from thaam.journal.fences import append_only, row_level


class Migration(migrations.Migration):
    dependencies = [
        ("nodal", "0002_fences"),
        ("mailbox", "0004_hint_addresses"),
        ("parties", "0007_pool_accounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="OnScreen",
            fields=[
                ("answer_id", models.UUIDField(primary_key=True, serialize=False)),
                ("opened_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField()),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="on_screen", to="parties.bank"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="on_screen", to="mailbox.order"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["bank", "sent_at"], name="on_screen_by_bank")]},
        ),
        append_only("nodal_onscreen"),
        row_level("nodal_onscreen", "desk_office() IS NOT NULL OR bank_id = desk_partner()"),
    ]
