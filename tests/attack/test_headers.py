"""What every answer says to browsers, through the outermost callable; and what requests may claim of themselves."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_started
from django.db import close_old_connections
from django.http import HttpResponse

from attack import routes
from attack.outlets import header_faults
from masthead import wsgi
from masthead.pages.cache import PageCache
from masthead.store import headers

PLACES = [
    "/", "/search/?q=%3Cscript%3E", "/feed.rss", "/robots.txt", "/icon.svg", "/media/drawn/1-2.svg", "/nowhere",
    "/s/none",
    "/api/v1/articles", "/api/v1/nowhere", "/desk/", "/desk/login/", "/admin/", "/admin/login/", "/healthz", "/metrics",
    "/websub/x", "/media/../../secret_key", "/static/none.css", "/static/../secret_key", "/%00", "/article/1/",
    "/article/99999999999999999999/", "/%ff%fe", "//evil.example/", "/desk//evil.example",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _one_connection():
    """The test's transaction stays open, as Django's own test client leaves it."""
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


def ask(path: str, *, method: str = "GET", body: bytes = b"", **more: str) -> HttpResponse:
    """Through the page cache, static files and Django, as the server calls them."""
    place, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method, "PATH_INFO": place, "QUERY_STRING": query, "SERVER_NAME": "testserver",
        "SERVER_PORT": "80", "HTTP_HOST": "testserver", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "CONTENT_LENGTH": str(len(body)),
    }  # fmt: skip
    environ |= more
    told: list[Any] = []
    data = b"".join(wsgi.application(environ, lambda status, found, *rest: told.append((status, found))))
    answer = HttpResponse(data, status=int(told[-1][0].partition(" ")[0]))
    del answer["Content-Type"]
    for name, value in told[-1][1]:
        answer[name] = value
    return answer


@pytest.mark.django_db
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "TRACE"])
def test_every_answer_forbids_what_it_does_not_need(place, method):
    answer = ask(place, method=method)
    assert answer.status_code < 500
    assert header_faults(answer) == []
    assert "unsafe" not in answer["Content-Security-Policy"]
    if place.startswith(("/desk", "/admin")):
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_failure_of_ours_says_no_more(monkeypatch):
    from masthead.site.views import front

    monkeypatch.setattr(front, "compose", None)
    broken = ask("/popular/hour/")
    assert broken.status_code == 500 and header_faults(broken) == []
    assert b"Traceback" not in broken.content and b"AttributeError" not in broken.content


@pytest.mark.django_db
def test_https_is_remembered_by_browsers_where_the_site_is_on_it(client, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    from django.middleware.security import SecurityMiddleware

    made = SecurityMiddleware(lambda request: HttpResponse("x"))
    from django.test import RequestFactory

    assert made(RequestFactory().get("/", secure=True))["Strict-Transport-Security"] == "max-age=31536000"
    assert headers.of_static(https=True)["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in headers.of_static(https=False)


def test_static_files_carry_them_too(tmp_path, monkeypatch):
    from whitenoise import WhiteNoise

    (tmp_path / "a.css").write_text("a{}")
    found = wsgi._statics.add_headers_function
    files = WhiteNoise(lambda *_: [], root=str(tmp_path), prefix="static/", add_headers_function=found)
    monkeypatch.setattr(wsgi, "cache", PageCache(files, limit=1000))
    answer = ask("/static/a.css")
    assert answer.status_code == 200 and header_faults(answer) == []


HOSTS = [
    "evil.example", "testserver.evil.example", "evil.example:80", "testserver@evil.example", "evil.example#testserver",
    "testserver/evil.example", "testserver\\evil", "testserver evil", "[::1", "testserver:80@evil.example", "*", "..",
    "testserver,evil.example", "ТESTSERVER", "testserver\tevil.example", "0x7f.1", "2130706433",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("host", HOSTS)
def test_a_strange_host_is_refused(host):
    for place in ("/", "/feed.rss", "/desk/login/", "/api/v1/articles", "/s/none", "/nowhere", "/admin/"):
        answer = ask(place, HTTP_HOST=host)
        assert answer.status_code == 400, place
        assert host.encode() not in answer.content and header_faults(answer) == []


@pytest.mark.django_db
def test_what_a_stranger_forwards_changes_no_byte():
    """Nor is it kept: an answer of the page cache is the same for all (netlify-ipx GHSA-9jjv-524m-jm98)."""
    claims = {
        "HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_PORT": "444",
        "HTTP_X_FORWARDED_FOR": "127.0.0.1", "HTTP_FORWARDED": "host=evil.example", "HTTP_X_REAL_IP": "127.0.0.1",
        "HTTP_X_ORIGINAL_URL": "/desk/", "HTTP_X_REWRITE_URL": "/desk/", "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE",
        "HTTP_X_FORWARDED_PREFIX": "//evil.example", "HTTP_X_HOST": "evil.example", "HTTP_VIA": "evil",
        "HTTP_REFERER": "https://evil.example/<script>", "HTTP_USER_AGENT": "<script>alert(1)</script>",
    }  # fmt: skip
    for place in ("/", "/about/", "/search/?q=x", "/feed.rss", "/sitemap.xml", "/opensearch.xml"):
        poisoned = ask(place, **claims)
        plain = ask(place)
        assert poisoned.content == plain.content and b"evil" not in poisoned.content, place


@pytest.mark.django_db
def test_a_forged_address_opens_no_metrics():
    assert ask("/metrics").status_code == 200
    for name in ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED"):
        assert ask("/metrics", REMOTE_ADDR="203.0.113.9", **{name: "127.0.0.1"}).status_code == 403


def test_cookies_of_a_site_on_https(tmp_path):
    """Read in a process of its own, as the settings are read once (ASVS 3.3)."""
    import json
    import os
    import subprocess
    import sys

    script = """
import json, django
from django.conf import settings as s
django.setup()
from masthead.accounts import throttle
names = "SESSION_COOKIE_NAME SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE CSRF_COOKIE_NAME"
names += " CSRF_COOKIE_SECURE CSRF_COOKIE_HTTPONLY SECURE_HSTS_SECONDS DEBUG"
print(json.dumps([*(getattr(s, name) for name in names.split()), throttle.MARK]))
"""
    environment = os.environ | {"MASTHEAD_HOME": str(tmp_path), "MASTHEAD_BASE_URL": "https://news.example"}
    environment |= {"DJANGO_SETTINGS_MODULE": "masthead.settings"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [
        "__Host-masthead", True, True, "Lax", "__Host-masthead-csrf", True, True, 31_536_000, False,
        "__Secure-masthead-known",
    ]  # fmt: skip


def test_the_admin_is_part_of_the_urlconf_that_is_tried():
    assert any(routes.is_admin(route) for route in routes.all_routes()) and settings.ROOT_URLCONF == "masthead.urls"
