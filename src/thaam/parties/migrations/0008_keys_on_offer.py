import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0007_pool_accounts")]

    operations = [
        migrations.CreateModel(
            name="KeyOffer",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("public_key", models.BinaryField()),
                ("read_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="key_offers", to="parties.bank"
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="keys_read", to="parties.officer"
                    ),
                ),
            ],
        ),
    ]
