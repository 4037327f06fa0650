"""Django's settings, made from `options.py`. Everything an operator may set stands there."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext

from masthead.options import Options, load
from masthead.store import database, logs, media

# Makes Django's generic classes (`ModelAdmin[Feed]`) subscriptable at run time, as the type checker reads them.
django_stubs_ext.monkeypatch()

MASTHEAD: Options = load()
PACKAGE = Path(__file__).parent

_key = MASTHEAD.home / "secret_key"
SECRET_KEY = MASTHEAD.secret_key or (_key.read_text(encoding="ascii").strip() if _key.is_file() else "not-yet-made")
DEBUG = MASTHEAD.debug
ROOT_URLCONF = "masthead.urls"
WSGI_APPLICATION = "masthead.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_base = urlsplit(MASTHEAD.base_url)
_https = _base.scheme == "https"
ALLOWED_HOSTS = list(
    dict.fromkeys(
        ["localhost", "127.0.0.1", "[::1]", *([_base.hostname] if _base.hostname else []), *MASTHEAD.allowed_hosts]
    )
)
CSRF_TRUSTED_ORIGINS = [f"{_base.scheme}://{_base.netloc}"] if _base.netloc else []

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "masthead.store",
    "masthead.accounts",
    "masthead.feeds",
    "masthead.entries",
    "masthead.articles",
    "masthead.stories",
    "masthead.audience",
    "masthead.weather",
    "masthead.pages",
    "masthead.delivery",
    "masthead.site",
    "masthead.desk",
    "masthead.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "masthead.store.headers.safe_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "masthead.accounts.sessions.watch",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "masthead.store.operators.admin_changes_show_at_once",
    "masthead.site.old_addresses.old_addresses",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "masthead.desk.context.desk",
            ]
        },
    }
]

DATABASES = {"default": database.configuration(MASTHEAD.database_url, MASTHEAD.home, MASTHEAD.database_pool)}

# Cookies belong to the desk alone; readers get none. They never travel by http when the site is on https.
SESSION_COOKIE_NAME = "__Host-masthead" if _https else "masthead"
SESSION_COOKIE_AGE = MASTHEAD.session_hours * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_NAME = "__Host-masthead-csrf" if _https else "masthead-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # other sites of the domain are not ours to decide for
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

LOGIN_URL = "/desk/login/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = MASTHEAD.language
TIME_ZONE = MASTHEAD.time_zone
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [PACKAGE / "locale"]
STATIC_URL = "/static/"
STATIC_ROOT = MASTHEAD.home / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = MASTHEAD.home / "media"
STORAGES = {
    "default": media.storage(MASTHEAD.media),
    "staticfiles": {"BACKEND": "masthead.store.statics.Statics"},
}

LOGGING = logs.configuration(
    MASTHEAD.log_format, MASTHEAD.log_level, terminal=logs.on_terminal(), process=os.environ.get("MASTHEAD_PROCESS", "")
)
