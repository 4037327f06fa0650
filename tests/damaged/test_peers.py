# ruff: noqa: E501 (items and pages in one piece)
"""What users of other systems complain of most (the numbers are those of our notes on peers): each a test that it cannot happen.

8 to 11 dates, 12 to 15 links and pictures, 16 to 18 markup and teasers, 19 names, 24 edits and deletions. The whole set
of damages stands in the files beside this one; here the whole way from the feed's bytes to the article is walked.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

import pytest
import zstandard
from django.test import Client

from masthead.articles.clean import clean
from masthead.articles.columns import NEWS_ENDS
from masthead.articles.models import Article, ArticleState, Revision
from masthead.articles.queries import visible
from masthead.core.records import article_from_json
from masthead.core.types import CleanArticle
from masthead.entries.ingest import ingest
from masthead.entries.models import Entry
from masthead.feeds.models import Feed, Fetch
from masthead.feeds.subscribe import Wish, subscribe

pytestmark = pytest.mark.django_db
START = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
LONG = "<p>The harbour council voted on Monday to rebuild the old swing bridge over the river.</p>"
TEXT = LONG + "<p>Work begins in April and lasts two years, engineer Ola Berg said.</p><p>Ferries cross until then.</p>"


class Newsroom:
    """One subscribed feed; `arrive` takes a document all the way to its articles."""

    def __init__(self) -> None:
        self.feed: Feed = subscribe(Wish("https://feeds.example/harbour", source="Harbour Courier")).feed
        self.hours = 0

    def arrive(self, *items: str, base: str = "https://harbour.example/") -> None:
        head = f"<title>Harbour Courier</title><link>{base}</link>"
        spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
        body = f'<rss version="2.0" {spaces}><channel>{head}{"".join(items)}</channel></rss>'.encode()
        Fetch.objects.create(
            feed=self.feed, started_at=START + timedelta(hours=self.hours), status=200, final_url=self.feed.url,
            body=zstandard.compress(body), body_size=len(body),
        )  # fmt: skip
        self.hours += 1
        ingest()
        assert clean().failed == 0

    def one(self) -> CleanArticle:
        return document(Article.objects.get())


def document(article: Article) -> CleanArticle:
    assert article.revision is not None
    return article_from_json(article.revision.document)


def item(number: int = 1, content: str = TEXT, title: str = "Council rebuilds the bridge", **more: str) -> str:
    fields = {
        "title": title,
        "link": f"https://harbour.example/n/{number}",
        "guid": f"urn:h:{number}",
        "content:encoded": content,
        **more,
    }
    return (
        "<item>" + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items() if value) + "</item>"
    )


@pytest.fixture
def newsroom(db: None) -> Newsroom:
    return Newsroom()


@pytest.mark.parametrize("raw", ["", "no date", "Thu, 01 Jan 1970 00:00:00 GMT", "0000-00-00 00:00:00"])
def test_8_a_missing_date_breaks_nothing_and_becomes_no_year(newsroom: Newsroom, raw: str) -> None:
    newsroom.arrive(item(1, pubDate=raw), item(2, title="Another report of the day"))
    assert Article.objects.count() == 2
    article = Article.objects.order_by("pk")[0]
    assert article.published_at is None and document(article).published is None
    assert article.sort_at == START - NEWS_ENDS, "what a feed that is new to us brings may be of any age"


@pytest.mark.parametrize("raw", ["Fri, 05 Mar 2049 09:00:00 GMT", "Wed, 01 Jan 2025 00:00:00 GMT"])
def test_9_a_date_ahead_of_first_sight_is_not_believed(newsroom: Newsroom, raw: str) -> None:
    newsroom.arrive(item(pubDate=raw))
    found = newsroom.one()
    assert found.published is None
    assert [repair.before for repair in found.repairs if repair.code == "future-date"] != []
    assert Article.objects.get().sort_at == START - NEWS_ENDS


@pytest.mark.parametrize(
    ("raw", "at"),
    [("Mon, 04 Mar 2024 09:15:00 +0200", "07:15"), ("Mon, 04 Mar 2024 09:15:00 -0500", "14:15"), ("Mon, 04 Mar 2024 09:15:00 GMT", "09:15")],
)  # fmt: skip
def test_10_a_time_zone_is_not_shifted(newsroom: Newsroom, raw: str, at: str) -> None:
    newsroom.arrive(item(pubDate=raw))
    published = Article.objects.get().published_at
    assert published is not None and f"{published:%Y-%m-%d %H:%M}" == f"2024-03-04 {at}"
    assert document(Article.objects.get()).published.value.startswith("2024-03-04T09:15:00")  # type: ignore[union-attr]


def test_11_a_late_item_is_not_lost_and_an_old_one_not_told_again(newsroom: Newsroom) -> None:
    newsroom.arrive(item(1, title="First report", pubDate="Tue, 05 Mar 2024 10:00:00 GMT"))
    late = item(2, title="Written earlier, sent later", pubDate="Mon, 04 Mar 2024 10:00:00 GMT")
    newsroom.arrive(item(1, title="First report", pubDate="Tue, 05 Mar 2024 10:00:00 GMT"), late)
    newsroom.arrive(late, item(1, title="First report", pubDate="Tue, 05 Mar 2024 11:00:00 GMT"))
    assert sorted(Article.objects.values_list("title", flat=True)) == ["First report", "Written earlier, sent later"]


def test_12_relative_links_lead_to_the_publisher(newsroom: Newsroom) -> None:
    newsroom.arrive(item(content=TEXT + '<p>See <a href="/plan">the plan</a> and <a href="map.html">a map</a>.</p>'))
    html = "".join(block.html for block in newsroom.one().body)
    assert 'href="https://harbour.example/plan"' in html and 'href="https://harbour.example/n/map.html"' in html
    assert "feeds.example" not in html


def test_13_pictures_that_scripts_load_are_kept(newsroom: Newsroom) -> None:
    pictures = '<p><img src="/s.gif" srcset="/a-400.jpg 400w, /a-1200.jpg 1200w" alt="A"></p><p>x</p><p><img class="lazy" src="data:image/gif;base64,R0" data-src="/b.jpg" alt="B"></p>'
    newsroom.arrive(item(content=TEXT + pictures))
    assert [image.src for image in newsroom.one().images] == [
        "https://harbour.example/a-1200.jpg",
        "https://harbour.example/b.jpg",
    ]


def test_14_readers_load_no_picture_from_the_publisher(newsroom: Newsroom) -> None:
    picture = '<figure><img src="https://img.harbour.example/kai.jpg" width="900" height="600"></figure>'
    table = '<table><tr><td><img src="https://img.harbour.example/t.jpg"></td><td>1</td></tr><tr><td>2</td><td>3</td></tr></table>'
    card = '<p>Read more</p><figure><img src="https://img.harbour.example/c.jpg"><figcaption><a href="/o">Other</a></figcaption></figure>'
    newsroom.arrive(item(content=picture + TEXT + table + card))
    page = Client().get(f"/article/{Article.objects.get().pk}", follow=True)
    assert page.status_code == 200
    assert re.findall(rb'<(?:img|source)[^>]*(?:src|srcset)="https?://(?!testserver)[^"]*"', page.content) == []


@pytest.mark.parametrize(
    "first",
    ['<img class="wp-smiley" src="https://s.example/72x72/1f600.png" alt="😀">', '<img src="https://count.example/p.gif" width="1" height="1">', '<img src="/img/logo.png" width="80" height="80">'],
)  # fmt: skip
def test_15_an_emoji_pixel_or_logo_never_leads(newsroom: Newsroom, first: str) -> None:
    newsroom.arrive(item(content=f'<p>{first}</p>{LONG}<p><img src="/kai.jpg" width="900" height="600"></p>{TEXT}'))
    lead = newsroom.one().lead_image
    assert lead is not None and lead.src == "https://harbour.example/kai.jpg"


@pytest.mark.parametrize("times", [0, 1, 2])
def test_16_broken_and_over_escaped_markup_is_not_shown(newsroom: Newsroom, times: int) -> None:
    html = TEXT + "<p>Fish &amp; chips<b> unclosed</p>"
    for _ in range(times):
        html = escape(html)
    newsroom.arrive(item(content=html))
    page = Client().get(f"/article/{Article.objects.get().pk}", follow=True).content.decode()
    assert "Fish &amp; chips" in page and "&lt;p" not in page and "&amp;amp;" not in page


@pytest.mark.parametrize(
    ("raw", "title"),
    [("FÃ¤hren fahren Ã¼ber Nacht", "Fähren fahren über Nacht"), ("Tom &amp;amp; Anna&amp;#8217;s boat", "Tom & Anna’s boat"), ("Don&amp;amp;#8217;t", "Don’t")],
)  # fmt: skip
def test_17_titles_are_text_in_the_right_letters(newsroom: Newsroom, raw: str, title: str) -> None:
    newsroom.arrive(item(title=raw))
    assert Article.objects.get().title == title


def test_18_a_teaser_of_another_report_is_a_card_and_leads_inside_where_we_hold_it(newsroom: Newsroom) -> None:
    newsroom.arrive(item(2, title="Ferries run until midnight"))
    teaser = '<p>Read more: <a href="/n/2?utm_source=rss">Ferries run until midnight</a></p>'
    newsroom.arrive(item(1, content=LONG + teaser + TEXT, title="Bridge report"))
    report = Article.objects.get(title="Bridge report")
    assert "Read more" not in document(report).text and "midnight" not in document(report).text
    assert [card.url for card in document(report).related] == ["https://harbour.example/n/2"]
    page = Client().get(f"/article/{report.pk}", follow=True).content.decode()
    other = Article.objects.get(title="Ferries run until midnight")
    assert re.search(rf'href="[^"]*/article/{other.pk}-', page)


def test_19_author_source_and_address_are_what_the_item_says(newsroom: Newsroom) -> None:
    newsroom.arrive(
        item(link="https://harbour.example/n/1?utm_medium=feed", **{"dc:creator": "anna@harbour.example (Anna Bell)"})
    )
    found = newsroom.one()
    assert found.byline == ("Anna Bell",)
    assert found.canonical_url == "https://harbour.example/n/1"
    assert found.source.name == "Harbour Courier"
    assert found.provenance["byline"].origin == "feed:author"


def test_19_no_author_is_made_of_the_publisher_or_an_account(newsroom: Newsroom) -> None:
    newsroom.arrive(item(**{"dc:creator": "admin"}), item(2, title="Second", **{"dc:creator": "Harbour Courier"}))
    assert [document(article).byline for article in Article.objects.all()] == [(), ()]


def test_24_an_edit_is_a_revision_and_what_vanishes_stays(newsroom: Newsroom) -> None:
    newest = item(9, title="Report number 9", pubDate="Tue, 05 Mar 2024 09:00:00 GMT")
    older = [item(n, title=f"Report number {n}", pubDate=f"Tue, 05 Mar 2024 0{8 - n}:00:00 GMT") for n in range(2, 7)]
    stated = "Tue, 05 Mar 2024 08:30:00 GMT"
    newsroom.arrive(newest, item(1, pubDate=stated), *older)
    newsroom.arrive(newest, item(1, content=TEXT.replace("April", "May"), pubDate=stated), *older)
    edited = Article.objects.get(title="Council rebuilds the bridge")
    assert list(Revision.objects.filter(article=edited).order_by("number").values_list("number", flat=True)) == [1, 2]
    assert edited.changed_at is not None
    newsroom.arrive(newest, *older)
    newsroom.arrive(newest, *older)
    edited.refresh_from_db()
    assert Entry.objects.get(pk=edited.entry_id).missing_since is not None
    assert edited.state == ArticleState.PUBLISHED and visible().filter(pk=edited.pk).exists()
    assert Client().get(f"/article/{edited.pk}", follow=True).status_code == 200


def test_24_the_history_is_public(newsroom: Newsroom) -> None:
    newsroom.arrive(item())
    newsroom.arrive(item(content=TEXT.replace("April", "May")))
    article = Article.objects.get()
    path = Client().get(f"/article/{article.pk}", follow=True).request["PATH_INFO"]
    shown: Any = Client().get(path.rstrip("/") + "/changes/")
    assert shown.status_code == 200
    assert b"April" in shown.content and b"May" in shown.content
