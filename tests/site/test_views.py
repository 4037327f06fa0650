"""The pages over HTTP, from the database: addresses, redirects, errors, cookies, languages, number of queries."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import lxml.html
import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.views.defaults import server_error

from masthead.articles.models import Article, ArticleState, Revision, ShortLink
from masthead.articles.search.windows import LEVELS
from masthead.audience.agents import REASONS
from masthead.audience.models import Exclusion, ViewCount
from masthead.core.records import to_builtins
from masthead.core.types import Block, CleanArticle
from masthead.entries.models import Entry
from masthead.feeds.models import Feed, Source
from masthead.pages.models import DayCount, Placement, Section
from masthead.store import heartbeat
from masthead.store.steps import Outcome
from masthead.stories.models import Member, Story

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _afternoon() -> Any:
    with time_machine.travel("2026-05-04T15:00:00Z", tick=False):
        yield


def fill(number: int, *, language: str = "en", slug: str = "courier") -> list[Article]:
    """`number` reports of one source, section and (the first three) story."""
    source, _ = Source.objects.get_or_create(slug=slug, defaults={"name": slug.title(), "language": language})
    feed, _ = Feed.objects.get_or_create(url=f"https://{slug}.example/feed", defaults={"source": source})
    section, _ = Section.objects.get_or_create(slug="world", defaults={"name": "World", "names": {"ar": "العالم"}})
    first = Entry.objects.count()
    Entry.objects.bulk_create(
        Entry(feed=feed, source=source, key=f"{first + n:064d}", first_seen_at=NOON, last_seen_at=NOON)
        for n in range(number)
    )
    Article.objects.bulk_create(
        Article(
            entry=entry,
            source=source,
            slug=f"report-{entry.pk}",
            title=f"Report {entry.pk}",
            language=language,
            published_at=NOON - timedelta(minutes=order),
            first_seen_at=NOON,
            sort_at=NOON - timedelta(minutes=order),
            canonical_url=f"https://{slug}.example/{entry.pk}",
        )
        for order, entry in enumerate(Entry.objects.filter(source=source).order_by("pk"), 1)
    )
    articles = list(Article.objects.filter(source=source).order_by("pk"))
    Placement.objects.bulk_create(
        Placement(article=a, section=section, language=language, at=a.sort_at) for a in articles
    )
    for day in {a.sort_at.date() for a in articles}:
        DayCount.objects.update_or_create(edition="en", day=day, defaults={"articles": 1, "counted_at": NOON})
    return articles


def whole(article: Article) -> Article:
    """The article with a text, a short link, and a story of two sources."""
    record = CleanArticle(title=article.title, body=(Block(type="paragraph", text="One.", html="One."),), text="One.")
    article.revision = Revision.objects.create(
        article=article, number=1, made_at=NOON, document=to_builtins(record), digest=""
    )
    article.save(update_fields=["revision"])
    ShortLink.objects.create(code=f"c{article.pk}", article=article, created_at=NOON)
    return article


def story_of(*articles: Article) -> Story:
    story = Story.objects.create(
        slug="the-story",
        title="The story",
        language="en",
        lead=articles[0],
        articles=len(articles),
        sources=2,
        first_at=NOON,
        last_at=NOON,
    )
    Member.objects.bulk_create(Member(story=story, article=a, at=a.sort_at) for a in articles)
    return story


def with_editions(*languages: str) -> Any:
    return override_settings(MASTHEAD=dataclasses.replace(settings.MASTHEAD, editions=languages))


PATHS = [
    "/",
    "/latest/",
    "/popular/",
    "/popular/hour/",
    "/popular/week/",
    "/popular/month/",
    "/section/world/",
    "/source/courier/",
    "/archive/",
    "/archive/2026/",
    "/archive/2026/05/",
    "/archive/2026/05/04/",
    "/search/",
    "/search/?q=report",
    "/about/",
    "/about/sources/",
    "/about/counting/",
    "/about/front/",
    "/article/{article}/",
    "/article/{article}/changes/",
    "/story/{story}/",
]


def paths(client: Client, article: Article, story: Story) -> list[str]:
    names = {"article": f"{article.pk}-{article.slug}", "story": f"{story.pk}-{story.slug}"}
    return [path.format(**names) for path in PATHS]


def test_every_page_answers_without_a_cookie(client: Client, db: None) -> None:
    articles = fill(5)
    fill(1, slug="herald")
    for path in paths(client, whole(articles[0]), story_of(articles[0], Article.objects.get(source__slug="herald"))):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert answer["Content-Language"] == "en"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert client.head(path).status_code == 200
        assert client.post(path).status_code == 405


def test_the_first_page_of_an_empty_site(client: Client, db: None) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "No report has come in yet." in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/article/999/",
        "/article/99999999999999999999999/",
        "/article/0/",
        "/article/999/changes/",
        "/story/999/",
        "/section/nowhere/",
        "/source/nobody/",
        "/archive/2026/13/",
        "/archive/2026/5/",
        "/archive/0000/",
        "/archive/2026/02/30/",
        "/archive/2019/",
        "/latest/?page=0",
        "/latest/?page=x",
        "/latest/?page=-1",
        "/latest/?page=2",
        "/latest/?page=99999999999",
        "/latest/?page=%D9%A2",
        "/xx/",
        "/en/",
    ],
)
def test_what_is_not_there_is_404(client: Client, db: None, path: str) -> None:
    fill(1)
    assert client.get(path).status_code == 404


def test_a_wrong_slug_leads_to_the_right_one(client: Client, db: None) -> None:
    article = whole(fill(1)[0])
    right = f"/article/{article.pk}-{article.slug}/"
    for wrong in (f"/article/{article.pk}/", f"/article/{article.pk}-other/", f"/article/{article.pk}-%D8%A7/"):
        answer = client.get(wrong)
        assert (answer.status_code, answer["Location"]) == (301, right)
    answer = client.get(f"/article/{article.pk}-x/changes/")
    assert (answer.status_code, answer["Location"]) == (301, f"{right}changes/")


def test_a_slug_in_any_script_is_its_own_address(client: Client, db: None) -> None:
    article = whole(fill(1)[0])
    article.slug = "المدن-الساحلية"
    article.save()
    assert client.get(f"/article/{article.pk}-{article.slug}/").status_code == 200


def test_what_was_taken_down_is_410_and_says_why(client: Client, db: None) -> None:
    article = whole(fill(1)[0])
    article.state, article.state_reason, article.state_at = ArticleState.WITHDRAWN, "A court said so <b>", NOON
    article.save()
    answer = client.get(f"/article/{article.pk}-{article.slug}/")
    assert answer.status_code == 410
    assert "A court said so &lt;b&gt;" in answer.content.decode()
    assert client.get(f"/article/{article.pk}/changes/").status_code == 410


def test_editions_stand_under_their_language(client: Client, db: None) -> None:
    fill(2)
    arabic = whole(fill(2, language="ar", slug="marfa")[0])
    with with_editions("ar"):
        answer = client.get("/ar/")
        assert (answer.status_code, answer["Content-Language"]) == (200, "ar")
        text = answer.content.decode()
        assert 'dir="rtl"' in text
        assert "العالم" in text
        assert arabic.title in text
        assert arabic.title not in client.get("/latest/").content.decode()
        assert client.get("/ar/section/world/").status_code == 200
        assert client.get("/en/").status_code == 404
        assert client.get(f"/article/{arabic.pk}-{arabic.slug}/")["Content-Language"] == "ar"
    assert client.get("/ar/").status_code == 404
    assert client.get(f"/article/{arabic.pk}-{arabic.slug}/")["Content-Language"] == "ar"


def test_the_page_was_last_modified_when_anything_on_it_changed(client: Client, db: None) -> None:
    fill(2)
    assert client.get("/latest/")["Last-Modified"] == "Mon, 04 May 2026 12:00:00 GMT"
    Article.objects.update(changed_at=NOON + timedelta(hours=1))
    assert client.get("/latest/")["Last-Modified"] == "Mon, 04 May 2026 13:00:00 GMT"
    with time_machine.travel("2026-05-06T15:00:00Z", tick=False):
        assert client.get("/latest/")["Last-Modified"] == "Wed, 06 May 2026 00:00:00 GMT"


def test_a_page_that_is_not_there_offers_a_search_and_the_newest(client: Client, db: None) -> None:
    articles = fill(3)
    for path in ("/nowhere/", "/section/nowhere/"):
        lost = client.get(path)
        assert lost.status_code == 404
        assert articles[0].title in lost.content.decode()
        assert b'type="search"' in lost.content
    with with_editions("ar"):
        assert 'lang="ar"' in client.get("/ar/nowhere/").content.decode()


def test_the_page_of_a_fault_needs_no_database(rf: RequestFactory) -> None:
    answer = server_error(rf.get("/"))
    assert answer.status_code == 500
    assert b"The fault is ours" in answer.content


CEILING = 30


def test_pages_ask_the_same_number_of_questions_of_ten_articles_and_of_ten_thousand(client: Client, db: None) -> None:
    herald = fill(1, slug="herald")[0]
    article = whole(fill(10)[4])
    story = story_of(article, herald)
    asked = paths(client, article, story)
    few: dict[str, int] = {}
    for path in asked:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200, path
        few[path] = len(queries)
    fill(10_000, slug="wire")
    cache.clear()
    many: dict[str, int] = {}
    for path in asked:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200, path
        many[path] = len(queries)
    # A word of all ten thousand is looked for in windows of time, always the same number of them.
    searches = [path for path in asked if path.startswith("/search/?q=")]
    assert all(many.pop(path) <= few.pop(path) + 3 * LEVELS for path in searches) and searches
    assert many == few
    assert max(many.values()) <= CEILING, many


def test_the_most_popular_of_each_window_name_the_others(client: Client, db: None) -> None:
    articles = fill(3)
    now = timezone.now()
    ViewCount.objects.create(article=articles[1], hour=now.replace(minute=0, second=0, microsecond=0), views=1234)
    ViewCount.objects.create(article=articles[2], hour=now - timedelta(days=3), views=4)
    for path, here, shown in (("/popular/", "Day", 1), ("/popular/week/", "Week", 2), ("/popular/month/", "Month", 2)):
        tree = lxml.html.document_fromstring(client.get(path).content.decode())
        [nav] = tree.xpath("//nav[@class='windows']")
        assert [a.get("href") for a in nav.iter("a")] == [
            "/popular/hour/", "/popular/", "/popular/week/", "/popular/month/",
        ]  # fmt: skip
        assert [a.text for a in nav.iter("a") if a.get("aria-current")] == [here]
        assert len(tree.xpath("//ol[@class='ranking']/li")) == shown
        assert "read 1,234 times" in tree.text_content()
    assert client.get("/popular/day/")["Location"] == "/popular/"
    assert client.get("/popular/year/").status_code == 404
    assert client.get("/api/v1/popular?window=week").json()["window_hours"] == 168
    assert client.get("/api/v1/popular?window=year").status_code == 400


def test_sections_and_sources_show_what_is_read_most_in_them(client: Client, db: None) -> None:
    articles, others = fill(3), fill(2, slug="herald")
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for views, article in enumerate((articles[0], articles[2], others[1]), start=1):
        ViewCount.objects.create(article=article, hour=hour, views=views)
    for path, expected in (
        ("/source/courier/", [articles[2], articles[0]]),
        ("/source/herald/", [others[1]]),
        ("/section/world/", [others[1], articles[2], articles[0]]),
    ):
        tree = lxml.html.document_fromstring(client.get(path).content.decode())
        links = tree.xpath("//aside[@class='beside']//ol//h3/a/@href")
        assert [link.split("/")[2].split("-")[0] for link in links] == [str(a.pk) for a in expected], path
    ViewCount.objects.all().delete()
    cache.clear()
    assert 'class="beside"' not in client.get("/source/courier/").content.decode()


def test_how_we_count_has_the_figures_of_today_and_of_a_week(client: Client, db: None) -> None:
    [article] = fill(1)
    with time_machine.travel("2026-05-04T12:30:00Z", tick=False):
        now = timezone.now()
        ViewCount.objects.create(article=article, hour=now.replace(minute=0), views=5, short_link_uses=2)
        ViewCount.objects.create(article=article, hour=now - timedelta(days=2), views=1000)
        ViewCount.objects.create(article=article, hour=now - timedelta(days=8), views=10**6)
        Exclusion.objects.create(hour=now.replace(minute=0), reason="prerender", requests=3)
        heartbeat.beat("count", now, Outcome(done=1))
        tree = lxml.html.document_fromstring(client.get("/about/counting/").content.decode())
    rows = {row[0].text_content(): [c.text_content() for c in row[1:]] for row in tree.xpath("//tbody/tr")}
    assert rows["Readings of reports"] == ["5", "1,005"] and rows["Uses of short links"] == ["2", "2"]
    assert rows["Pages that a browser loads and draws in advance and may never show."] == ["3", "3"]
    assert len(rows) == 2 + len(REASONS)
    assert tree.xpath("//time[@datetime='2026-05-04T12:30:00+00:00' or @datetime='2026-05-04T12:30:00Z']")
