"""A reader and an editor in a real browser, on the real thing: `masthead demo` as a process of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]

pytestmark = pytest.mark.browser


@dataclass
class Site:
    address: str
    home: Path
    password: str
    process: subprocess.Popen[str]
    began: datetime


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def until(what: str, check, seconds: float = 180) -> None:
    """Wait until `check` is true; fail with `what` when it does not become so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if check():
                return
        except OSError:
            pass
        time.sleep(0.5)
    pytest.fail(f"{what}: not within {seconds:.0f} s")


def text_of(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("demo")
    address = f"http://127.0.0.1:{free_port()}"
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("MASTHEAD_", "DJANGO_", "DATABASE_URL"))}
    masthead = Path(sys.executable).parent / "masthead"
    process = subprocess.Popen(
        [masthead, "demo", "--bind", address.removeprefix("http://")],
        cwd=folder,
        env={**clean, "MASTHEAD_POLL_FLOOR": "2"},  # asks oftener than a demo does, for the last test
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        said = ""
        while "password" not in said:
            line = process.stdout.readline()
            assert line, f"the demo ended: {said}"
            said += line
        password = re.search(r"password (\S+)", said)[1]
        until("a front page with a lead", lambda: "/article/" in text_of(f"{address}/"))
        until("a story", lambda: "/story/" in text_of(f"{address}/"))
        until("a picture of our own", lambda: "/media/images/" in text_of(f"{address}/"))
        yield Site(address, folder / "masthead-demo", password, process, datetime.now(UTC))
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(30)
    assert code == 0, "the demo did not stop cleanly"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def reader(browser: Browser, site: Site) -> Iterator[Page]:
    """A reader's browser; fails when a page asked anything of anybody else, or a script or style was refused."""
    context: BrowserContext = browser.new_context(base_url=site.address)
    page = context.new_page()
    foreign: list[str] = []
    errors: list[str] = []
    page.on("request", lambda r: None if r.url.startswith((site.address, "data:")) else foreign.append(r.url))
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("console", lambda m: errors.append(m.text) if "Content Security Policy" in m.text else None)
    yield page
    cookies = [c["name"] for c in context.cookies()]
    context.close()
    assert not foreign, f"asked of third parties: {foreign}"
    assert not errors
    assert not cookies or "sessionid" in " ".join(cookies) or "csrf" in " ".join(cookies)


def test_a_reader_goes_from_the_front_page_to_an_article_and_its_story(reader: Page):
    reader.goto("/")
    expect(reader.locator("h1").first).to_contain_text("The Meridian Courier")
    reader.locator("main article a[href^='/article/']").first.click()
    expect(reader).to_have_url(re.compile(r"/article/\d+-"))
    heading = reader.locator("main h1").first
    expect(heading).not_to_be_empty()
    assert reader.locator("main a[href^='/s/'], main a[href*='/s/']").count() >= 1, "no short link"
    assert reader.locator("main a[href^='/source/']").count() >= 1, "no source"
    assert reader.context.cookies() == [], "reading sets a cookie"
    reader.goto("/")
    story = reader.locator("a[href^='/story/']").first
    if story.count() == 0:
        reader.locator("main article a[href^='/article/']").first.click()
        story = reader.locator("a[href^='/story/']").first
    story.click()
    expect(reader).to_have_url(re.compile(r"/story/\d+-"))
    assert reader.locator("main a[href^='/article/']").count() >= 2


def test_search_finds_and_helps(reader: Page):
    reader.goto("/search/")
    reader.locator("input[name=q]").fill("dockers")
    reader.locator("main form button").click()
    expect(reader.locator("mark").first).to_be_visible()
    reader.goto("/search/?q=%22unbalanced")
    assert reader.locator("main").inner_text().strip()
    reader.goto("/search/?q=zzzzqqqq")
    expect(reader.locator("main")).not_to_contain_text("Traceback")


def test_arabic_edition_is_mirrored_and_in_its_language(reader: Page, site: Site):
    until("an Arabic report", lambda: "/article/" in text_of(f"{site.address}/ar/"))
    reader.goto("/ar/")
    assert reader.locator("html").get_attribute("dir") == "rtl"
    reader.locator("main article a[href^='/article/']").first.click()
    assert reader.locator("html").get_attribute("lang") == "ar"


def test_every_link_of_the_front_page_leads_somewhere(reader: Page, site: Site):
    reader.goto("/")
    links = reader.eval_on_selector_all("a[href]", "as => as.map(a => a.href)")
    ours = sorted({link.split("#")[0] for link in links if link.startswith(site.address)})
    assert len(ours) > 20
    dead = [(link, code) for link in ours if (code := status(link)) != 200]
    assert not dead


def test_a_wrong_address_is_told_kindly(reader: Page):
    answer = reader.goto("/no/such/page/")
    assert answer is not None and answer.status == 404
    expect(reader.locator("main")).to_be_visible()


@pytest.mark.service("newsboat")
@pytest.mark.parametrize("path", ["/feed.rss", "/feed.atom", "/ar/feed.rss", "/section/world/feed.atom"])
def test_a_feed_reader_takes_our_feeds(site: Site, tmp_path: Path, path: str) -> None:
    """newsboat, a feed reader that people use, takes every item with headline, address, date and text."""
    (tmp_path / "urls").write_text(f"{site.address}{path}\n")
    (tmp_path / "config").touch()
    cache = tmp_path / "cache.db"
    command = ["newsboat", "-u", tmp_path / "urls", "-C", tmp_path / "config", "-c", cache, "-x", "reload"]
    subprocess.run(command, check=True, timeout=60, env={**os.environ, "HOME": str(tmp_path)}, capture_output=True)
    with closing(sqlite3.connect(cache)) as database:
        items = database.execute("SELECT title, url, pubDate, content FROM rss_item").fetchall()
    sent = len(re.findall(r"<(?:item|entry)[ >]", text_of(site.address + path)))
    assert len(items) == sent > 0
    for title, url, published, content in items:
        assert title and "&" not in title.replace("& ", "") and url.startswith(f"{site.address}/article/")
        assert published > 0 and content


def test_an_editor_takes_an_article_down_and_it_is_gone_at_once(browser: Browser, site: Site):
    context = browser.new_context(base_url=site.address)
    page = context.new_page()
    page.goto("/desk/")
    page.get_by_label("Username").fill("demo")
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("h1")).to_have_text("Overview")
    page.locator("table.articles a").first.click()
    address = page.get_by_role("link", name="See it on the site").get_attribute("href")
    assert status(f"{site.address}{address}") == 200
    page.get_by_label("Reason, as readers will see it").fill("Sent out in error <script>alert(1)</script>")
    page.get_by_role("button", name="Take down").click()
    expect(page.locator(".messages")).to_contain_text("Taken down")
    assert status(f"{site.address}{address}") == 410, "a takedown is seen at once, cache or not"
    reader = context.new_page()
    reader.goto(address)
    expect(reader.locator("main")).to_contain_text("Sent out in error <script>")
    page.get_by_role("button", name="Put back").click()
    assert status(f"{site.address}{address}") == 200
    context.close()


def test_new_reports_keep_arriving(site: Site):
    """The last test of the file: the demo's publishers take their time, and the others use it."""
    until("a report of after the start", lambda: newest(site) > site.began, 200)


def newest(site: Site) -> datetime:
    """When the newest report came out, of those that tell it to the second."""
    told = [item["published"] for item in json.loads(text_of(f"{site.address}/api/v1/articles?limit=20"))["articles"]]
    return max(datetime.fromisoformat(at) for at in told if at and len(at) > len("2026-11-26"))
