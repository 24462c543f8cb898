"""Make the database ready: roles, migrations as the owner, the demo's directory. `python -m thaam.project.preparing`.

A process of its own, so that the supervisor stays small and the owner's role is gone when the platform runs.
"""

from __future__ import annotations

import datetime
import os
import sys


def main() -> int:
    """Prepare and migrate, write the platform's key into the key history; with `--demo` fill the demo's directory."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "thaam.project.settings"
    os.environ["THAAM_ROLE"] = "owner"
    import psycopg
    from django.conf import settings

    from thaam.project import database

    try:
        database.prepare(settings.DATA)
    except psycopg.Error as why:
        sys.stderr.write(f"The database could not be prepared: {why}\n")
        return 1
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from thaam.parties.keys import introduce_platform_key

    if settings.PLATFORM_KEY_FILE.exists():
        # before anybody signs with it: an order older than its key's history would be no evidence
        introduce_platform_key(at=datetime.datetime.now(datetime.UTC))
    if "--demo" in sys.argv:
        from thaam.project import filling

        filling.fill(at=datetime.datetime.now(datetime.UTC))
    return 0


if __name__ == "__main__":
    sys.exit(main())
