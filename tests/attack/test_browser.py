"""Hostile articles in real Chromium, with our policy switched off and canaries set: nothing runs, nothing is asked."""

from __future__ import annotations

import os

import pytest
from django.conf import settings
from django.test import Client

from attack import browser, packs, press
from attack.payloads import OWN
from masthead.accounts.models import Role, User
from masthead.articles.models import Article

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _sync_in_a_loop(monkeypatch):
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps a loop in this thread


def test_nothing_runs_and_nothing_is_asked_of_others(live_server):
    canary = browser.Canary()
    payloads = [text.replace("CANARY", canary.address) for text in OWN[::3]]
    things = press.print_news(packs.alone(payloads, [number % 2 for number in range(len(payloads))]))
    client = Client()
    client.force_login(User.objects.create_user(username="op", role=Role.CHIEF))
    name = settings.SESSION_COOKIE_NAME
    cookies = [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    articles = list(Article.objects.values_list("pk", flat=True))
    paths = [f"/article/{pk}/" for pk in articles[::2]] + [f"/desk/articles/{pk}/" for pk in articles[::8]]
    paths += [
        "/",
        "/latest/",
        "/search/?q=report",
        f"/story/{things['story']}/",
        "/desk/",
        "/desk/articles/",
        "/desk/log/",
    ]
    opened = browser.visit(live_server.url, paths, cookies)
    canary.close()
    assert opened.pages == len(paths) > 30
    assert opened.faults == [] and canary.hits == []


def test_the_browser_would_tell(live_server, settings, monkeypatch):
    """The same with a page of ours that lets a payload through."""
    from django.http import HttpResponse

    from masthead.site.views import about

    canary = browser.Canary()
    markup = f"<main><img src='{canary.address}/x.gif'><script>alert('ran')</script><p onclick=x>a</p></main>"
    monkeypatch.setattr(about, "respond", lambda *_, **__: HttpResponse(markup))
    opened = browser.visit(live_server.url, ["/about/"])
    canary.close()
    assert any("ran" in fault for fault in opened.faults) and any("x.gif" in fault for fault in opened.faults)
    assert any("an attribute that runs" in fault for fault in opened.faults) and canary.hits == ["/x.gif"]
