"""A stranger's list of feeds, followed from the import to every page, feed and list that shows what it brought."""

from __future__ import annotations

import dataclasses
import http.server
import threading
import time

import pytest
from django.test import Client
from lxml import etree

from attack import lists, outlets, packs
from attack.payloads import OWN
from masthead.accounts.models import Role, User
from masthead.cli import _opml
from masthead.core.parse import opml
from masthead.feeds import client as door
from masthead.feeds.models import Feed, Policy, Source
from masthead.feeds.poll import poll_due

pytestmark = [pytest.mark.django_db]
ACTIVE = (
    "javascript:alert(1)", " java\tscript:alert(1)", "&#106;avascript:alert(1)", "data:text/html,<script>1</script>",
    "vbscript:x", "file:///etc/passwd", "FILE:///c:/x", "gopher://evil.example/", "ftp://evil.example/", "//", "http://",
    "feed:javascript:alert(1)", "feed:file:///etc/passwd", "blob:https://x/y", "about:blank",
)  # fmt: skip


def operator() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_user(username="op", role=Role.OPERATOR, is_staff=True, is_superuser=True))
    return client


@pytest.mark.slow
def test_nothing_active_comes_out_of_what_a_list_brought(editions):
    pairs = packs.pairs(text.replace("CANARY", "https://canary.example") for text in OWN)[::3]
    said = lists.take_in(lists.opml(pairs))
    assert Feed.objects.count() >= len(pairs) * 0.9 and f"{len(pairs)} " in said
    lists.bring_reports()
    seen = outlets.Seen()
    lists.ask(operator().get, said, seen)
    assert not seen.faults, seen.faults[:20]
    for outlet in ("/about/sources/", "/api/v1/sources", "/desk/sources/", "/desk/feeds/", "/latest/", "OPML"):
        assert len(seen.marks[outlet]) > 20, f"{outlet} shows nothing of the list: it was not tried"


def written(*attributes: str) -> bytes:
    lines = "".join(f"<outline type='rss' {one}/>" for one in attributes)
    return f"<opml version='2.0' xmlns:masthead='urn:masthead:opml'><body>{lines}</body></opml>".encode()


@pytest.mark.parametrize("address", ACTIVE)
def test_no_address_but_of_the_web_is_kept(address):
    text = address.replace("<", "&lt;")
    said = lists.take_in(
        written(f'text="A" xmlUrl="{text}"', f'text="B" xmlUrl="https://b.example/f" htmlUrl="{text}"')
    )
    kept = Feed.objects.get()
    assert kept.title == "B" and kept.home_url == "" and kept.source.home_url == ""
    assert "1 refused" in said
    assert [(one.url, one.home_url) for one in opml.read(_opml.export()).feeds] == [("https://b.example/f", "")]


INTERNAL = ("127.0.0.1:{port}", "localhost:{port}", "2130706433:{port}", "0x7f.1:{port}", "[::ffff:127.0.0.1]:{port}")


@pytest.mark.django_db(transaction=True)
def test_an_address_inside_is_listed_and_never_asked(settings):
    """The list may name it; the fetcher refuses at connect, and the desk says why."""
    asked: list[str] = []

    class Inside(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Inside)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, allow_private_addresses=(), host_gap=0.0)
    door.close()
    try:
        hosts = [host.format(port=server.server_port) for host in INTERNAL] + [
            "169.254.169.254",
            "[fd00::1]",
            "10.0.0.1",
        ]
        lists.take_in(written(*(f'text="N{n}" xmlUrl="http://{host}/secret"' for n, host in enumerate(hosts))))
        assert Feed.objects.count() > 5
        poll_due()
    finally:
        door.close()
        server.shutdown()
        server.server_close()
    assert asked == []
    page = operator().get("/desk/feeds/").content.decode()
    for feed in Feed.objects.all():
        assert feed.failures > 0, feed.url
    assert "N0" in page


BOMBS = {
    "an external entity": b"<!DOCTYPE o [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><opml><body>"
    b"<outline type='rss' text='&x;A' xmlUrl='https://a.example/f'/></body></opml>",
    "laughs": b"<!DOCTYPE o [<!ENTITY a 'ha'>" + b"".join(
        b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10 if n else b"&a;" * 10) for n in range(9)
    ) + b"]><opml><body><outline type='rss' text='&a8;A' xmlUrl='https://a.example/f'/></body></opml>",
    "depth": b"<opml><body>" + b"<outline text='d'>" * 100_000
    + b"<outline type='rss' text='A' xmlUrl='https://a.example/f'/>" + b"</outline>" * 100_000 + b"</body></opml>",
    "a long name": b"<opml><body><outline type='rss' text='A" + b"x" * 5_000_000 + b"' xmlUrl='https://a.example/f'/>",
    "a long folder": b"<opml><body><outline text='" + b"<b>" * 500_000
    + b"'><outline type='rss' text='A' xmlUrl='https://a.example/f'/></outline>",
    "a broken line": b"<opml><body><outline type='rss' text='A' xmlUrl='https://a.example/f' "
    + b"a=\"" * 500_000 + b">",
    "open comments": b"<opml><body><outline type='rss' text='A' xmlUrl='https://a.example/f'/>" + b"<!--" * 500_000,
    "another coding": b"<?xml version='1.0' encoding='utf-7'?><opml><body>+ADw-script+AD4-<outline type='rss' text='A'"
    b" xmlUrl='https://a.example/f'/></body></opml>",
    "zeros": b"<opml><body><outline type='rss' text='A\x00\x00&#0;\x1b[31m' xmlUrl='https://a.example/f'/>",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_of_a_list_costs_little_and_opens_nothing(name):
    began = time.perf_counter()
    lists.take_in(BOMBS[name])
    assert time.perf_counter() - began < 10
    feed = Feed.objects.get()
    assert feed.url == "https://a.example/f" and "root:" not in feed.title and "haha" not in feed.title
    assert feed.title.endswith("A") or feed.title.startswith("A")
    assert feed.title.isprintable() and len(feed.title) <= 500 and len(feed.source.name) <= 200
    going_out = _opml.export()
    etree.fromstring(going_out, etree.XMLParser(resolve_entities=False, no_network=True))
    assert len(going_out) < 50_000 and [one.url for one in opml.read(going_out).feeds] == [feed.url]


def test_a_list_gives_its_feeds_no_rights():
    mine = Source.objects.create(name="The Times", slug="times", policy=Policy.FULL, home_url="https://times.example/")
    lists.take_in(written("text='A' xmlUrl='https://a.example/f' masthead:policy='full' masthead:fullText='all'"))
    assert Feed.objects.get().source.policy == Policy.AUTO
    mine.refresh_from_db()
    assert mine.policy == Policy.FULL


def test_a_list_that_adds_to_a_publisher_who_is_here_is_told():
    """It says itself whose feeds these are: whoever imports it has to see that."""
    Source.objects.create(name="The Times\x1b[2J", slug="times", home_url="https://times.example/")
    first = lists.take_in(written("text='New' xmlUrl='https://new.example/f' htmlUrl='https://new.example/'"))
    assert "was added to" not in first
    said = lists.take_in(written("text='A' xmlUrl='https://a.example/f' htmlUrl='https://times.example/'"))
    assert "https://a.example/f was added to 'The Times[2J', who was here before" in said


LANGUAGES = ("en", "pt-BR", "zh-Hant-TW")
NO_LANGUAGES = ('en"><script>', "en' onload=x", "../../etc", "e", "english language", "x" * 60, "-", "<b>")


@pytest.mark.parametrize("language", LANGUAGES + NO_LANGUAGES)
def test_a_language_is_a_tag_or_nothing(language):
    from xml.sax.saxutils import quoteattr

    lists.take_in(written(f"text='A' xmlUrl='https://a.example/f' language={quoteattr(language)}"))
    assert Feed.objects.get().language == (language if language in LANGUAGES else "")
