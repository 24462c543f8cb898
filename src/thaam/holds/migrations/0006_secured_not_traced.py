from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("holds", "0005_found_by_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="hold",
            name="secured",
            field=models.BooleanField(default=False),
        ),
    ]
