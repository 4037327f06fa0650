"""Django's settings, made from `options.py`. Everything an operator may set stands there."""

from __future__ import annotations

from pathlib import Path

import django_stubs_ext

from masthead.options import Options, load

# Makes Django's generic classes (`ModelAdmin[Feed]`) subscriptable at run time, as the type checker reads them.
django_stubs_ext.monkeypatch()

MASTHEAD: Options = load()
PACKAGE = Path(__file__).parent

SECRET_KEY = MASTHEAD.secret_key or "not-yet-made"
DEBUG = MASTHEAD.debug
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *MASTHEAD.allowed_hosts]
ROOT_URLCONF = "masthead.urls"
WSGI_APPLICATION = "masthead.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
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
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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

DATABASES = {
    "default": {
        "ENGINE": "masthead.store.sqlite3",
        "NAME": MASTHEAD.home / "masthead.sqlite3",
    }
}

LANGUAGE_CODE = MASTHEAD.language
TIME_ZONE = MASTHEAD.time_zone
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [PACKAGE / "locale"]
STATIC_URL = "/static/"
STATIC_ROOT = MASTHEAD.home / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = MASTHEAD.home / "media"
