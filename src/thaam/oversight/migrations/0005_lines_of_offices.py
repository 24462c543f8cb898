"""Lines told to offices are called so."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("oversight", "0004_fences")]

    operations = [
        migrations.RenameModel("Alert", "OfficeLine"),
        migrations.RenameModel("AlertNumber", "OfficeNumber"),
    ]
