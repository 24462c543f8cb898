"""How many reports of a mobile its codes have released lately: asked at a citizen's desk, which sees one complaint."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_after_sending")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION released_by_code(given text, since timestamptz) RETURNS bigint LANGUAGE sql STABLE
                SECURITY DEFINER SET search_path = public, pg_temp AS
                $$ SELECT count(*) FROM complaints_complaint
                   WHERE mobile = given AND confirmed_by = 'citizen' AND confirmed_at > since $$;
            """,
            "DROP FUNCTION released_by_code(text, timestamptz);",
        ),
    ]
