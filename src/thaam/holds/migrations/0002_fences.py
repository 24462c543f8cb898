"""Entries are never changed; what is held, contested and earmarked lies inside what was asked."""

from django.db import migrations

from thaam.journal.fences import append_only


class Migration(migrations.Migration):
    """The database's own guard over the hold book."""

    dependencies = [("holds", "0001_first"), ("journal", "0002_fences")]
    operations = [
        append_only("holds_entry"),
        migrations.RunSQL(
            """
            ALTER TABLE holds_hold ADD CONSTRAINT held_is_what_was_asked CHECK (held <@ asked),
                ADD CONSTRAINT contested_is_held CHECK (contested <@ held),
                ADD CONSTRAINT earmarked_is_held CHECK (earmarked <@ held),
                ADD CONSTRAINT something_is_asked CHECK (NOT isempty(asked));
            """,
            """
            ALTER TABLE holds_hold DROP CONSTRAINT held_is_what_was_asked, DROP CONSTRAINT contested_is_held,
                DROP CONSTRAINT earmarked_is_held, DROP CONSTRAINT something_is_asked;
            """,
        ),
    ]
