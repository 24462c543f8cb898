"""Files are seen by staff, by the bank or complaint they are about; custody is never rewritten."""

from django.db import migrations

from thaam.journal.fences import append_only, only_columns, row_level

SEEN = "desk_office() IS NOT NULL OR about = 'complaint:' || desk_complaint() OR by = 'bank:' || desk_partner()"


class Migration(migrations.Migration):
    dependencies = [("files", "0001_first_tables"), ("journal", "0002_fences")]

    operations = [
        only_columns("files_file", ["scan"]),
        row_level("files_file", SEEN),
        append_only("files_touch"),
        row_level("files_touch", "EXISTS (SELECT 1 FROM files_file f WHERE f.id = files_touch.file_id)"),
    ]
