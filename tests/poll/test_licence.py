"""A licence that a feed states for all its items reaches the article: policy, page, API and feeds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import zstandard
from django.test import Client

from masthead.articles.clean import clean
from masthead.articles.models import Article
from masthead.core.records import article_from_json
from masthead.entries.ingest import ingest
from masthead.entries.models import EntryVersion
from masthead.feeds.models import Feed, Fetch, Source
from masthead.feeds.subscribe import Wish, subscribe
from masthead.pages import article_page
from masthead.pages.types import ArticlePage

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
NC = "https://creativecommons.org/licenses/by-nc/4.0/"
BY = "https://creativecommons.org/licenses/by/4.0/"
TEXT = "".join(f"&lt;p&gt;{number}. {'The harbour of the old town was closed. ' * 12}&lt;/p&gt;" for number in range(5))


def arrive(url: str, channel: str = "", item: str = "") -> Article:
    """The article of a feed's only item, by the whole way from its bytes."""
    feed = subscribe(Wish(url, source="Gazette")).feed
    body = f"""<rss version="2.0" xmlns:cc="http://backend.userland.com/creativeCommonsRssModule"><channel>
        <title>Gazette</title><link>http://gazette.example/</link>{channel}<item><title>Harbour closed</title>
        <link>{url}/1</link><guid>{url}/1</guid><description>{TEXT}</description>{item}</item></channel></rss>"""
    data = zstandard.compress(body.encode())
    Fetch.objects.create(feed=feed, started_at=AT, status=200, final_url=url, body=data, body_size=len(body))
    ingest()
    clean()
    return Article.objects.select_related("source", "revision").get(entry__feed=feed)


def page_of(article: Article) -> ArticlePage:
    page = article_page.article(article.pk)
    assert isinstance(page, ArticlePage)
    return page


def licence(url: str) -> str:
    return f"<cc:license>{url}</cc:license>"


def test_a_feeds_licence_opens_its_articles_though_its_source_has_none() -> None:
    arrive("http://gazette.example/closed", "<copyright>All rights reserved</copyright>")
    assert Source.objects.get().licence == "All rights reserved"
    article = arrive("http://gazette.example/open", licence(BY))
    assert Feed.objects.count() == 2 and Source.objects.count() == 1
    page = page_of(article)
    assert (page.policy, page.licence, page.truncated) == ("full", BY, False)
    assert article.revision is not None
    record = article_from_json(article.revision.document)
    assert (record.license, record.provenance["license"].origin) == (BY, "feed:license")


@pytest.mark.parametrize(
    ("channel", "item", "known", "expected", "policy", "origin"),
    [
        (licence(BY), "", "", BY, "full", "feed:license"),
        (licence(BY), licence(NC), "", NC, "excerpt", "feed:license"),
        ("<copyright>(c) 2026 Gazette</copyright>", "", BY, BY, "full", "source:licence"),
        ("<copyright>(c) 2026 Gazette</copyright>", "", "", "(c) 2026 Gazette", "excerpt", "source:licence"),
        ("", "", "", "", "excerpt", "none"),
    ],
)  # fmt: skip
def test_what_is_stated_nearest_holds(
    channel: str, item: str, known: str, expected: str, policy: str, origin: str
) -> None:
    if known:
        subscribe(Wish("http://gazette.example/feed", source="Gazette"))
        Source.objects.update(licence=known)
    article = arrive("http://gazette.example/feed", channel, item)
    page = page_of(article)
    assert (page.licence, page.policy, page.provenance["license"].origin) == (expected, policy, origin)


def test_the_licence_stands_at_every_outlet(client: Client) -> None:
    article = arrive("http://gazette.example/feed", licence("https://creativecommons.org/licenses/by-sa/4.0/"))
    Source.objects.update(licence="")
    shown = client.get(page_of(article).card.path).content.decode()
    assert 'href="https://creativecommons.org/licenses/by-sa/4.0/" rel="license noopener"' in shown
    assert ">CC BY-SA 4.0</a>" in shown
    assert '"license":"https://creativecommons.org/licenses/by-sa/4.0/"' in shown
    record = client.get(f"/api/v1/articles/{article.pk}").json()
    assert (record["licence"], record["policy"]) == ("https://creativecommons.org/licenses/by-sa/4.0/", "full")
    for path in ("/feed.rss", "/feed.atom"):
        assert "rights>https://creativecommons.org/licenses/by-sa/4.0/<" in client.get(path).content.decode()


def test_the_stored_context_is_read_under_the_name_it_is_written_with() -> None:
    article = arrive("http://gazette.example/feed", licence(BY))
    context = EntryVersion.objects.get(entry=article.entry).context
    assert context["licence"] == BY
