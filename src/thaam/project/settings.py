"""Django settings of every platform process; each value that differs between machines comes from the environment.

`THAAM_DATA` is the folder of this installation (database, keys, secret). `DATABASE_URL` replaces the embedded
PostgreSQL. `THAAM_ROLE` (app, loops, owner) is the database role this process runs as.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from thaam.project.database import settings_of

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("THAAM_DATA") or ROOT / "data").resolve()


def _secret() -> str:
    """The signing secret: from the environment, from the data folder, or (tests, checks) for this process alone."""
    if given := os.environ.get("THAAM_SECRET_KEY"):
        return given
    kept = DATA / "keys" / "secret"
    return kept.read_text().strip() if kept.is_file() else secrets.token_urlsafe(48)


SECRET_KEY = _secret()
DEBUG = os.environ.get("THAAM_DEBUG") == "1"
DEMO = os.environ.get("THAAM_DEMO") == "1"
DRILL = os.environ.get("THAAM_DRILL") == "1"
ALLOWED_HOSTS = [
    host for host in os.environ.get("THAAM_HOSTS", "localhost,.localhost,127.0.0.1,[::1]").split(",") if host
]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("THAAM_ORIGINS", "").split(",") if origin]

# The pages of each audience; project/urls.py includes the ones that exist.
AUDIENCES = [
    "citizen",
    "desk",
    "police",
    "bank",
    "suspects",
    "telecom",
    "review",
    "association",
    "audit",
    "directory",
    "together",
    "public",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "thaam.journal",
    "thaam.parties",
    "thaam.work",
    "thaam.mailbox",
    "thaam.suspects",
    "thaam.nodal",
    "thaam.files",
    "thaam.holds",
    "thaam.chase",
    "thaam.complaints",
    "thaam.clocks",
    "thaam.evidence",
    "thaam.grievances",
    "thaam.restoration",
    "thaam.helpline",
    "thaam.coordination",
    "thaam.prevention",
    "thaam.letters",
    "thaam.notices",
    "thaam.oversight",
    "thaam.bank_api",
    "thaam.web.shared",
    *(f"thaam.web.{audience}" for audience in AUDIENCES),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "thaam.web.shared.headers.PagePolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # One transaction a request, with the desk of whoever signed in set inside it (parties/desks.py).
    "thaam.parties.desks.DeskMiddleware",
]

ROOT_URLCONF = "thaam.project.urls"
WSGI_APPLICATION = "thaam.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "thaam.web.shared.context.page",
            ],
        },
    },
]

DATABASES = {"default": settings_of(data=DATA, role=os.environ.get("THAAM_ROLE", "app"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "parties.Officer"
LOGIN_URL = "/hi/desk/sign-in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

# A code from the phone after the password, for every member of staff. A demo prints its sign-ins: password only.
SECOND_FACTOR = os.environ.get("THAAM_SECOND_FACTOR", "0" if DEMO else "1") == "1"

LANGUAGE_CODE = "hi"
LANGUAGES = [("hi", "हिन्दी"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Kolkata"

CSRF_FAILURE_VIEW = "thaam.web.shared.errors.csrf_failed"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
# pages name their files with a mark of the content
WHITENOISE_MAX_AGE = 30 * 86400

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# The platform's own signing key (Ed25519) and where its pages and stream are reached.
PLATFORM = os.environ.get("THAAM_PLATFORM", "THAAM")
PLATFORM_KEY_FILE = DATA / "keys" / "platform.key"
PUBLIC_URL = os.environ.get("THAAM_PUBLIC_URL", "http://127.0.0.1:8000")
STREAM_URL = os.environ.get("THAAM_STREAM_URL", "http://127.0.0.1:8001")
# Where this machine itself reaches the pages, and the broker that carries banks' requests, when there is one.
WEB_URL = os.environ.get("THAAM_WEB_URL", PUBLIC_URL)
GOAML = os.environ.get("THAAM_GOAML", "")  # prevention.goaml.Filing: "entity=412 report=STR indicator=FRDIG"
NATS_URL = os.environ.get("THAAM_NATS_URL", "")
NATS_CREDENTIALS = Path(given) if (given := os.environ.get("THAAM_NATS_CREDENTIALS")) else None
# Hints to the addresses banks have named (off: nothing is ever opened towards a bank), and who may read /metrics.
BANK_HINTS = os.environ.get("THAAM_BANK_HINTS", "0") == "1"
METRICS_TOKEN = os.environ.get("THAAM_METRICS_TOKEN", "")
# Where files are kept, and the socket of a virus scanner (clamd), when there is one.
FILES = DATA / "files"
CLAMD = os.environ.get("THAAM_CLAMD", "/run/clamav/clamd.ctl")
# The secret the telephone exchange signs its call events with; "" (the default): operators type numbers by hand.
TELEPHONY_SECRET = os.environ.get("THAAM_TELEPHONY_SECRET", "")
HELPLINE_OFFICE = os.environ.get("THAAM_HELPLINE_OFFICE", "HELPLINE")
GATEWAY_URL = os.environ.get("THAAM_GATEWAY_URL", "")


def _routes(channel: str) -> list[tuple[str, str, str]]:
    """`THAAM_ROUTES_SMS="http=https://a http=https://b"`: in order; the local gateway when nothing is set."""
    given = os.environ.get(f"THAAM_ROUTES_{channel.upper()}", f"http={GATEWAY_URL}" if GATEWAY_URL else "")
    pairs = [part.partition("=") for part in given.split()]
    return [(f"{channel}-{n}", kind, address) for n, (kind, _, address) in enumerate(pairs, start=1)]


# Two routes a channel is the rule: the second is tried at once when the first does not take a message.
ROUTES = {channel: _routes(channel) for channel in ("sms", "email", "whatsapp")}
# The registration of each text with the telecom operators: "V1-hi=1107...,V1-en=1107...".
SMS_TEMPLATES = dict(pair.split("=", 1) for pair in os.environ.get("THAAM_SMS_TEMPLATES", "").split(",") if "=" in pair)
JURISDICTION = os.environ.get("THAAM_JURISDICTION", "IN")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("THAAM_LOG", "WARNING")},
}
