"""A manager who scans the meeting's code has no desk: one function writes their line and tells nothing else."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("coordination", "0002_fences")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION attend_meeting(
                    asked_code text, new_id uuid, who text, post text, of_bank text, of_office bigint, phone text,
                    at timestamptz
                ) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
                DECLARE meeting coordination_meeting%ROWTYPE;
                BEGIN
                    SELECT * INTO meeting FROM coordination_meeting WHERE attend_code = asked_code FOR UPDATE;
                    IF NOT FOUND THEN RETURN 'unknown'; END IF;
                    IF meeting.closed_at IS NOT NULL THEN RETURN 'closed'; END IF;
                    INSERT INTO coordination_attendance
                        (id, meeting_id, name, designation, bank_id, office_id, mobile, came_at)
                        VALUES (new_id, meeting.id, who, post, of_bank, of_office, phone, at)
                        ON CONFLICT (meeting_id, mobile) DO NOTHING;
                    UPDATE coordination_meeting SET held_at = at WHERE id = meeting.id AND held_at IS NULL;
                    RETURN 'came';
                END $$;
            """,
            reverse_sql="DROP FUNCTION attend_meeting(text, uuid, text, text, text, bigint, text, timestamptz);",
        ),
    ]
