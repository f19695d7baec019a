"""Settings, read once from the environment and from `var/`. A missing value raises an error."""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from accord.config import fingerprint
from accord.config.database import Databases
from accord.config.rooms import ROOMS
from accord.mail.codes import Server
from accord.vault.sealing import Argon

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("ACCORD_VAR", ROOT / "var"))

_databases = Databases(VAR)
DATABASES: dict[str, Any] = {"default": _databases.connection("web")}
SECRET_KEY = _databases.secret("django")
# Encrypts second factors and staff email addresses at rest, but nothing about clients.
HOST_KEY = bytes.fromhex(_databases.secret("host"))

DEBUG = False
_LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
# A demo answers only on its own machine, whatever the environment says, because its passphrase and codes are on
# screen.
ALLOWED_HOSTS = _LOOPBACK if _databases.is_demo else os.environ.get("ACCORD_HOSTS", ",".join(_LOOPBACK)).split(",")
INSTALLED_APPS = [f"accord.{room.name}" for room in ROOMS if room.installed]
# This order matters for security. Everything that can refuse a request comes before the innermost middleware, which
# owns the transaction.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "accord.config.static.packed",
    "accord.config.static.StaticFiles",
    "csp.middleware.CSPMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accord.accounts.sessions.session_middleware",
    "accord.access.middleware.ActingMiddleware",
]
ROOT_URLCONF = "accord.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", ["accord.ui.loading.Loader"])],
            "context_processors": [
                "django.template.context_processors.i18n",
                "accord.ui.frame.frame",
                "accord.accounts.kept_forms.context",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "accord.ui.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "accord.ui.loading.Widgets"
WSGI_APPLICATION = "accord.config.wsgi.application"

ACCORD_ACTOR = "accord.systems.queries.actor_of"
ACCORD_FRAME = "accord.config.nav.frame_of"
ACCORD_KEPT = "accord.config.nav.kept_title"
ACCORD_NOTICES = "accord.config.notices.subjects"
ACCORD_DEMO = _databases.is_demo
# Argon2id at full cost, except in the demo and the tests, where a passphrase protects nothing real.
ACCORD_ARGON = Argon(1024, 1).text() if ACCORD_DEMO else Argon().text()
ACCORD_MAIL = Server.of(os.environ)  # None means that no mail is sent
# The hub's own help line, as "name, phone". It is shown before the national one.
ACCORD_HELP_LINE = os.environ.get("ACCORD_HELP_LINE", "")
ACCORD_EXIT_URL = os.environ.get("ACCORD_EXIT_URL", "https://www.weather.gov/")
# Proxies that Accord trusts to report a browser's address, given as addresses or networks.
ACCORD_PROXIES = [ip_network(each.strip()) for each in os.environ.get("ACCORD_PROXIES", "").split(",") if each.strip()]
ACCORD_PEOPLE_PER_HOUR = int(os.environ.get("ACCORD_PEOPLE_PER_HOUR", "60"))
ACCORD_NAMES_PER_HOUR = int(os.environ.get("ACCORD_NAMES_PER_HOUR", "120"))
ACCORD_LISTED_PER_HOUR = int(os.environ.get("ACCORD_LISTED_PER_HOUR", "600"))

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [ROOT / "accord" / room.name / "locale" for room in ROOMS]
LANGUAGE_COOKIE_NAME = "accord_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_ROOT = ROOT / "accord" / "ui" / "static"  # served directly, with nothing to collect or build
STATIC_URL = f"/static/{fingerprint.of(STATIC_ROOT)}/"
WHITENOISE_MAX_AGE = 3600

# Uploads are sealed as they arrive. Otherwise, Django would write files over 2.5 MB to the temporary folder, unencrypted.
# A form without answers is kept in memory instead.
FILE_UPLOAD_HANDLERS = ["accord.access.open_files.OpenHandler", "accord.files.uploading.SealingHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # everything in a request but its files
DATA_UPLOAD_MAX_NUMBER_FILES = (
    8  # the questions of one page of a form; each file can fill 25 MB of the temporary folder
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_NONE, _SELF = ["'none'"], ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": _NONE,
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": ["'self'", "data:"],
        "font-src": _SELF,
        "connect-src": _SELF,
        "form-action": _SELF,
        "frame-ancestors": _NONE,
        "base-uri": _NONE,
        "manifest-src": _SELF,
    }
}
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Plain HTTP only on the loopback address of a demo.
_TLS = not ACCORD_DEMO and os.environ.get("ACCORD_PLAIN_HTTP") != "1"
SECURE_SSL_REDIRECT = _TLS
SECURE_HSTS_SECONDS = 31536000 if _TLS else 0
# Subdomains are not included. A hub can be served under an agency's own domain, and including subdomains would break
# that agency's other sites. Accord does not need it, because its cookies have the __Host- prefix, so a site under the
# same domain can't set one.
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _TLS else None
CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE = _TLS
CSRF_COOKIE_NAME = "__Host-csrftoken" if _TLS else "csrftoken"  # like the session cookie, only from this exact host
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "accord.access.views.form_too_old"

# A log line holds a route and a code, but no request line, values, or names (tests/attack/test_dump.py).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"no_values": {"()": "accord.core.logs.NoValues"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no_values"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "propagate": True, "level": "WARNING"}},
}
