"""The desk in a real browser: accessibility of every screen, both schemes, and no sideways scroll on a phone."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from masthead.accounts.models import Role, User
from masthead.audience.models import ViewCount
from masthead.stories.models import Member, Story

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
SCREENS = ["", "articles/", "articles/{article}/", "front/", "sources/", "sources/{source}/", "feeds/", "feeds/new/"]
SCREENS += ["stories/", "stories/{story}/", "articles/{article}/story/", "sections/categories/", "readers/"]
SCREENS += ["feeds/{feed}/", "sections/", "sections/{section}/", "log/", "users/", "users/new/", "password/"]
SCREENS += ["account/", "account/factor/", "again/"]

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
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
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
def test_every_screen_is_accessible(
    scheme, width, browser, live_server, client, axe, article, source, feed, section, decision
):
    context = enter(browser, live_server.url, client, scheme, width)
    page = context.new_page()
    problems = []
    for screen in SCREENS:
        pk = {"article": article.pk, "source": source.pk, "feed": feed.pk, "section": section.pk}
        path = "/desk/" + screen.format(**pk, story=decision.story_id)
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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 390])
def test_the_charts_of_readers_are_drawn(width, browser, live_server, client, article):
    """Each hour and day with readings has a bar as high as its share, inside the chart, standing on its line."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for ago, views in ((0, 10), (5, 40), (9 * 24, 20)):
        ViewCount.objects.create(article=article, hour=hour - timedelta(hours=ago), views=views)
    context = enter(browser, live_server.url, client, "light", width)
    page = context.new_page()
    page.goto(f"/desk/articles/{article.pk}/")
    charts = page.locator("svg.bars")
    assert charts.count() == 2
    for chart, label in ((charts.nth(0), "by the day"), (charts.nth(1), "by the hour")):
        frame, bars = chart.bounding_box(), [bar.bounding_box() for bar in chart.locator("rect").all()]
        assert label in (chart.get_attribute("aria-label") or "")
        assert frame is not None and frame["width"] > 150 and frame["height"] > 20 and len(bars) >= 2
        for bar in bars:
            assert bar is not None and bar["width"] > 1 and bar["height"] > 1
            assert frame["x"] - 1 <= bar["x"] and bar["x"] + bar["width"] <= frame["x"] + frame["width"] + 1
            assert abs(bar["y"] + bar["height"] - frame["y"] - frame["height"] * 48 / 49) < 1.5
    now, before = sorted((bar.bounding_box() for bar in charts.nth(1).locator("rect").all()), key=lambda box: -box["x"])
    assert abs(before["height"] / now["height"] - 4) < 0.2
    context.close()


@pytest.mark.django_db(transaction=True)
def test_a_story_is_looked_for_as_one_types(browser, live_server, client, article, story):
    """htmx brings what was found without the page being loaded anew; the field keeps the focus."""
    context = enter(browser, live_server.url, client, "light", 1280)
    page = context.new_page()
    page.goto(f"/desk/articles/{article.pk}/story/")
    now = timezone.now()
    other = Story.objects.create(slug="o", title="Another story", lead=article, first_at=now, last_at=now)
    page.evaluate("document.body.dataset.kept = 'yes'")
    page.locator("#q").press_sequentially(str(other.pk))
    page.get_by_role("button", name="Belongs here: Another story").wait_for()
    assert page.evaluate("document.body.dataset.kept") == "yes"
    assert page.evaluate("document.activeElement.id") == "q"
    page.get_by_role("button", name="Belongs here: Another story").click()
    page.get_by_text("The machine leaves it there.").wait_for()
    assert Member.objects.get(article=article).story == other
    context.close()
