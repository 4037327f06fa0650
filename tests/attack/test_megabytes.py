"""A megabyte in every field at once: what was meant to be a name is held as one, and every page still comes.

Of the kind of Mastodon's CVE-2026-23963.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from attack import outlets, press
from attack.packs import Pair
from masthead.accounts.models import Login, Role, User
from masthead.articles.models import Article
from masthead.articles.search import search
from masthead.entries.storable import pack
from masthead.feeds.models import Feed, Fetch, Source

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MEGABYTE = 1_000_000
WORDS = "The harbour of Eastmouth stays shut. "


def long(word: str, spaced: bool = True) -> str:
    """A megabyte of a word, or of words."""
    unit = f"{word} " if spaced else word
    return (unit * (MEGABYTE // len(unit) + 1))[:MEGABYTE]


def rss() -> bytes:
    address = f"https://rss.example/{long('a', spaced=False)}"
    item = "".join(
        f"<{tag}>{text}</{tag}>"
        for tag, text in {
            "title": long("Harbour"), "description": long("shut"), "link": address, "guid": long("g", spaced=False),
            "author": long("Anna"), "dc:creator": long("Berta"), "category": long("ships", spaced=False),
            "content:encoded": long(WORDS), "pubDate": long("Thu,"), "comments": address, "dc:rights": long("ours"),
        }.items()
    )  # fmt: skip
    enclosure = f'<enclosure url="{address}.jpg" type="{long("image/", spaced=False)}" length="{"9" * MEGABYTE}"/>'
    head = f"<title>{long('Gazette')}</title><description>{long('All of it')}</description><link>{address}</link>"
    head += f"<language>{long('en', spaced=False)}</language><image><url>{address}.png</url></image>"
    names = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    body = f'<rss version="2.0" {names}><channel>{head}<item>{item}{enclosure}</item></channel></rss>'
    return body.encode()


def json_feed() -> bytes:
    address = f"https://json.example/{long('a', spaced=False)}"
    item = {
        "id": long("i", spaced=False), "url": address, "title": long("Ferry"), "content_html": f"<p>{long(WORDS)}</p>",
        "summary": long("late"), "image": f"{address}.jpg", "date_published": "2" * MEGABYTE, "tags": [long("boats")],
        "authors": [{"name": long("Carl"), "url": address}], "language": long("de", spaced=False),
    }  # fmt: skip
    head = {"version": "https://jsonfeed.org/version/1.1", "title": long("Post"), "home_page_url": address}
    return json.dumps({**head, "icon": f"{address}.png", "items": [item]}).encode()


@pytest.fixture
def things() -> dict[str, object]:
    for form, data in (("rss", rss()), ("json", json_feed())):
        source = Source.objects.create(name="x", slug=f"hostile-{form}", policy="full")
        feed = Feed.objects.create(source=source, url=f"https://{form}.example/feed", full_text="off")
        fetch = Fetch.objects.create(
            feed=feed, started_at=timezone.now(), status=200, final_url=feed.url, body=pack(data), body_size=len(data)
        )
        press.publish()
        fetch.refresh_from_db()
        assert fetch.ingest_error == "" and fetch.entries_new == 1, form
    return press.keys([(Pair(0, WORDS, 0),)])


@pytest.fixture
def operator() -> Iterator[Client]:
    client = Client(raise_request_exception=False)
    user = User.objects.create_user(username="op", role=Role.OPERATOR, is_staff=True, is_superuser=True)
    client.force_login(user)
    return client


def test_names_are_held_as_names_and_every_page_comes(things, operator):
    things |= {"user": User.objects.get().pk, "login": Login.objects.get().pk}
    articles = list(Article.objects.values_list("pk", flat=True))
    assert len(articles) == 2
    seen = outlets.Seen()
    outlets.ask(operator.get, outlets.everything(things, articles), seen)
    assert not seen.faults, seen.faults[:20]
    # What shows an article whole has its text, which may be long; everything else has names.
    whole = ("/article/", "/desk/articles/", "/api/v1/articles/", "/story/", "/s/")
    large = {
        path: len(body)
        for path, (_, body) in seen.shelf.items()
        if len(body) > 50_000 and not path.startswith(whole) and "feed." not in path
    }
    assert not large
    found = search("shut OR late")  # a hundred thousand times, at the beginning of what is searched
    assert found.total == 2 and all("<mark>" in text and len(text) < 2_000 for text in found.snippets.values())
