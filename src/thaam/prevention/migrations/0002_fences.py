"""Nothing of this package is rewritten; only offices read it."""

from django.db import migrations

from thaam.journal.fences import append_only, row_level

TABLES = (
    "payersasked", "payerstold", "warning", "warningtold", "trickchosen", "storyprint", "storyband", "arrest",
    "arrestidentifier",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("prevention", "0001_first_tables"), ("journal", "0002_fences")]

    operations = [
        *(append_only(f"prevention_{table}") for table in TABLES),
        *(row_level(f"prevention_{table}", "desk_office() IS NOT NULL") for table in TABLES),
    ]
