"""Make the database ready: roles, migrations as the owner, the demo's directory. `python -m thaam.project.preparing`.

A process of its own, so that the supervisor stays small and the owner's role is gone when the platform runs.
"""

from __future__ import annotations

import datetime
import os
import sys


def main() -> int:
    """Prepare and migrate; with `--demo` fill the demo's directory."""
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
    if "--demo" in sys.argv:
        from thaam.project import filling

        filling.fill(at=datetime.datetime.now(datetime.UTC))
    return 0


if __name__ == "__main__":
    sys.exit(main())
