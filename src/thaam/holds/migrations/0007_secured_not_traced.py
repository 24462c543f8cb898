from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("holds", "0006_a_bank_sees_its_own"),
    ]

    operations = [
        migrations.AddField(
            model_name="hold",
            name="secured",
            field=models.BooleanField(default=False),
        ),
    ]
