"""Time in which a bank waited for us is taken out of its clock."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oversight", "0005_lines_of_offices")]

    operations = [
        migrations.AddField("countedorder", "paused_s", models.PositiveIntegerField(default=0)),
        migrations.AddField("banktime", "paused", models.IntegerField(default=0)),
    ]
