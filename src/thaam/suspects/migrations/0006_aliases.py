"""Two identifiers that are one: joined and parted on an officer's word, read by offices only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from thaam.journal.fences import append_only, row_level

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("suspects", "0005_banks_read_their_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Alias",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("words", models.CharField(max_length=1000)),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("one", models.ForeignKey(on_delete=PROTECT, related_name="+", to="suspects.identifier")),
                ("other", models.ForeignKey(on_delete=PROTECT, related_name="+", to="suspects.identifier")),
            ],
            options={"verbose_name_plural": "aliases"},
        ),
        migrations.CreateModel(
            name="AliasEnd",
            fields=[
                (
                    "alias",
                    models.OneToOneField(
                        on_delete=PROTECT, primary_key=True, related_name="end", serialize=False, to="suspects.alias"
                    ),
                ),
                ("words", models.CharField(max_length=1000)),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.UniqueConstraint(fields=("one", "other"), name="one_alias_a_pair"),
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.CheckConstraint(
                condition=models.Q(("one", models.F("other")), _negated=True), name="an_alias_is_of_two"
            ),
        ),
        *(append_only(f"suspects_{table}") for table in ("alias", "aliasend")),
        *(row_level(f"suspects_{table}", "desk_office() IS NOT NULL") for table in ("alias", "aliasend")),
    ]
