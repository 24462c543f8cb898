"""The WSGI application: pages and the signed door for banks."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thaam.project.settings")
application = get_wsgi_application()
