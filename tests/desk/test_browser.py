"""The desk in a real browser: accessibility of every screen, both schemes, and no sideways scroll on a phone."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from masthead.accounts.models import Role, User

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
SCREENS = ["", "articles/", "articles/{article}/", "front/", "sources/", "sources/{source}/", "feeds/", "feeds/new/"]
SCREENS += [
    "feeds/{feed}/",
    "sections/",
    "sections/{section}/",
    "log/",
    "users/",
    "users/new/",
    "password/",
    "account/",
    "account/factor/",
    "again/",
]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core, installed once a machine."""
    folder = Path(tempfile.gettempdir()) / "masthead-axe"
    script = folder / "node_modules/axe-core/axe.min.js"
    if not script.is_file():
        folder.mkdir(exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), "axe-core@4"]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return script.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop running in this thread
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def enter(browser: Browser, address: str, client, scheme: str, width: int) -> BrowserContext:
    """A browser in which an operator is logged in. The policy is lifted for axe alone, which is injected."""
    client.force_login(User.objects.create_user(username=f"op-{scheme}-{width}", role=Role.OPERATOR))
    context = browser.new_context(
        base_url=address, color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True
    )
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
    return context


@pytest.mark.service("npm")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_every_screen_is_accessible(scheme, width, browser, live_server, client, axe, article, source, feed, section):
    context = enter(browser, live_server.url, client, scheme, width)
    page = context.new_page()
    problems = []
    for screen in SCREENS:
        path = "/desk/" + screen.format(article=article.pk, source=source.pk, feed=feed.pk, section=section.pk)
        answer = page.goto(path)
        assert answer is not None and answer.status == 200, path
        page.evaluate(axe)
        found = page.evaluate("() => axe.run()")["violations"]
        problems += [(path, v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} scrolls sideways"
    context.close()
    assert not problems, problems


@pytest.mark.service("npm")
@pytest.mark.django_db(transaction=True)
def test_the_way_in_is_accessible(browser, live_server, axe):
    context = browser.new_context(base_url=live_server.url, bypass_csp=True)
    page = context.new_page()
    page.goto("/desk/")
    page.evaluate(axe)
    assert page.evaluate("() => axe.run()")["violations"] == []
    context.close()
