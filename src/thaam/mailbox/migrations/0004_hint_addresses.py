import django.db.models.deletion
from django.db import migrations, models

from thaam.journal.fences import grant, row_level


class Migration(migrations.Migration):
    dependencies = [("mailbox", "0003_bucket"), ("parties", "0001_first_tables")]

    operations = [
        migrations.CreateModel(
            name="HintAddress",
            fields=[
                (
                    "bank",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="hint_address",
                        serialize=False,
                        to="parties.bank",
                    ),
                ),
                ("url", models.CharField(max_length=300)),
                ("set_at", models.DateTimeField()),
            ],
        ),
        grant("mailbox_hintaddress", app=["SELECT"]),
        row_level("mailbox_hintaddress", "desk_office() IS NOT NULL OR bank_id = desk_partner()"),
    ]
