"""The browsers of logins in a few words of ours, whatever they call themselves."""

from __future__ import annotations

import time

import pytest
from django.test import Client

from masthead.accounts.agents import named
from masthead.accounts.models import Login, Role, User

_LIKE = "AppleWebKit/537.36 (KHTML, like Gecko)"
_APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)"
AGENTS = [
    ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_LIKE} Chrome/141.0.0.0 Safari/537.36", "Chrome on Windows"),
    (
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_LIKE} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.3537.57",
        "Edge on Windows",
    ),
    (
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_LIKE} Chrome/141.0.0.0 Safari/537.36 OPR/122.0.0.0",
        "Opera on macOS",
    ),
    (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_APPLE} Version/26.0 Safari/605.1.15", "Safari on macOS"),
    (f"{_IPHONE} {_APPLE} Version/26.0 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
    (f"{_IPHONE} {_APPLE} CriOS/141.0.7390.41 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
    (
        f"Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) {_APPLE} FxiOS/143.2 Mobile/15E148 Safari/605.1.15",
        "Firefox on iPad",
    ),
    (
        f"Mozilla/5.0 (Linux; Android 10; K) {_LIKE} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
        "Samsung Internet on Android",
    ),
    (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {_LIKE} Chrome/141.0.0.0 Safari/537.36", "Chrome on ChromeOS"),
    ("Mozilla/5.0 (X11; OpenBSD amd64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on BSD"),
    ("Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer on Windows"),
    ("Lynx/2.9.0dev.12 libwww-FM/2.14", "A text browser"),
    ("curl/8.14.1", "An unknown program"),
    ("Mozilla/5.0 (Windows NT 10.0)", "An unknown program on Windows"),
    ("", "A browser that does not say its name"),
    (" \t ", "A browser that does not say its name"),
]
HOSTILE = (
    "<script>alert(1)</script> Firefox/1",
    "Firefox/1\u202eevil\u2066 on <img src=x onerror=alert(1)>",
    "Chrome/\r\nSet-Cookie: a=b",
    "{{ settings.SECRET_KEY }} {% load x %}",
    "\x00\x1b[31m",
    "Version/" + "1" * 100_000,
)


@pytest.mark.parametrize(("agent", "words"), AGENTS)
def test_browser_and_system_are_named(agent, words):
    assert named(agent) == words


@pytest.mark.parametrize("agent", HOSTILE)
def test_only_words_of_ours_come_out(agent):
    began = time.perf_counter()
    words = named(agent)
    assert time.perf_counter() - began < 0.05
    assert words.replace(" ", "").isalpha() and len(words) < 40
    assert words in {"Firefox", "Chrome", "An unknown program"}


@pytest.mark.django_db
@pytest.mark.parametrize("agent", HOSTILE)
def test_a_hostile_browser_at_the_account_page(agent):
    User.objects.create_user(username="ada", password="seven grey herons wading", role=Role.CHIEF)
    client = Client(headers={"user-agent": agent})
    client.post("/desk/login/", {"username": "ada", "password": "seven grey herons wading"})
    kept = Login.objects.get().agent
    assert len(kept) <= 200 and kept.isprintable()
    page = client.get("/desk/account/").content.decode()
    assert f"<b>{named(agent)}</b>" in page
    assert "onerror" not in page and "alert(1)" not in page and "Set-Cookie" not in page and "\u202e" not in page
