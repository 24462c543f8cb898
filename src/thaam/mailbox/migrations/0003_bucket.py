from django.db import migrations, models

from thaam.journal.fences import grant


class Migration(migrations.Migration):
    dependencies = [("mailbox", "0002_fences")]

    operations = [
        migrations.CreateModel(
            name="Bucket",
            fields=[
                ("key_id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("tokens", models.FloatField()),
                ("filled_at", models.DateTimeField()),
            ],
        ),
        # not worth a write-ahead log: after a crash every bank begins with a full bucket
        migrations.RunSQL("ALTER TABLE mailbox_bucket SET UNLOGGED", "ALTER TABLE mailbox_bucket SET LOGGED"),
        grant("mailbox_bucket", app=["SELECT", "INSERT", "UPDATE"]),
    ]
