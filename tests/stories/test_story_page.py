"""A story page from the tables: what its reports say together, within their rights; the course of it; what is near."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import lxml.html
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from masthead.articles.models import Article, ArticleState, Image, Revision
from masthead.core import signing
from masthead.core.records import to_builtins
from masthead.core.types import ArticleDate, Quote
from masthead.pages import compose
from masthead.pages.story_types import StoryPage
from masthead.stories import facts, queries
from masthead.stories.models import Member, Posting, Signature, Story

from .conftest import NOON

TOLD = (
    "The old dam above the town of Alfeld broke on Monday night. Rescue teams from Norwin searched the flooded valley.",
    "Rescue teams searched the valley after the old dam above Alfeld broke. Twelve houses stand under water.",
    "In Alfeld the old dam broke on Monday and the flood reached twelve houses in the valley, rescue teams said.",
)


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel("2026-05-04T20:00:00Z", tick=False):
        yield


def stated(article_at: Any) -> dict[str, Any]:
    at = article_at.isoformat().replace("+00:00", "Z")
    return to_builtins(ArticleDate(at, "minute", "Z", at, at, at, "stated", 1.0))  # type: ignore[no-any-return]


def tell(newsroom: Any, number: int, text: str = "", **values: Any) -> Article:
    """A report of publisher `number`, an hour after the one before it, with its date stated."""
    at = NOON + timedelta(hours=number)
    text = text or TOLD[number % 3]
    document = {"published": stated(at)} | values.pop("document", {})
    title = values.pop("title", f"Dam breaks above Alfeld: report {number}")
    source = values.pop("source", f"Courier {number}")
    article: Article = newsroom.article(title, text, source=source, at=at, document=document, **values)
    return article


def story_of(*articles: Article, copies: dict[Article, Article] | None = None, lead: Article | None = None) -> Story:
    story = Story.objects.create(
        language="en", slug="dam", title="T", lead=lead or articles[0], first_at=articles[0].sort_at,
        last_at=articles[-1].sort_at, articles=len(articles), sources=len({a.source_id for a in articles}),
    )  # fmt: skip
    Member.objects.bulk_create(
        Member(story=story, article=a, at=a.sort_at, copy_of=(copies or {}).get(a)) for a in articles
    )
    return story


def page_of(story: Story) -> StoryPage:
    page = compose.story(story.pk)
    assert isinstance(page, StoryPage)
    return page


def test_everything_that_is_told_stands_in_a_report(newsroom: Any) -> None:
    rows = [tell(newsroom, n) for n in range(3)]
    page = page_of(story_of(*rows))
    texts = {row.pk: text for row, text in zip(rows, TOLD, strict=True)}
    assert page.summary
    assert all(line.text in texts[line.card.id] and line.borne for line in page.summary)
    assert page.story.title == page.lead.title
    assert [name.name for name in page.names] == ["Alfeld"]
    assert [(f.words, [c.id for c in f.cards]) for f in page.figures] == [("Twelve houses", [rows[1].pk, rows[2].pk])]
    assert page.compared == 3


def test_a_story_bears_one_headline_everywhere(newsroom: Any, client: Any) -> None:
    """The headline that the others bear out is stored, and page, cards and API show the same, also when it changes."""
    rows = [tell(newsroom, n, title="What we know so far") for n in range(2)]
    best = tell(newsroom, 2, title="Dam above Alfeld breaks and floods the valley")
    story = story_of(*rows, best)
    for row, text in zip((*rows, best), TOLD, strict=True):
        counts = signing.count(row.title, text, "en")
        terms = signing.sign(counts, {}, 10).terms
        Signature.objects.create(article=row, language="en", at=row.sort_at, terms=dict(terms))
    facts.refresh([story.pk])
    titles = {best.title}
    assert {Story.objects.get().title, *_titles(story, best, client)} == titles
    Article.objects.filter(pk=best.pk).update(title="Dam above Alfeld broke: valley flooded")
    titles = {"Dam above Alfeld broke: valley flooded"}
    assert set(_titles(story, best, client)) == titles
    assert queries.stale(10) == [story.pk]
    facts.refresh(queries.stale(10))
    assert Story.objects.get().title in titles
    assert queries.stale(10) == []


def _titles(story: Story, article: Article, client: Any) -> list[str]:
    (card,) = compose.cards_by_id([article.pk])
    assert card.story is not None
    told = client.get(f"/api/v1/stories/{story.pk}").json()
    page = client.get(page_of(story).story.path).content.decode()
    heading = lxml.html.fromstring(page).find(".//h1")
    assert heading is not None
    return [page_of(story).story.title, card.story.title, told["title"], heading.text_content()]


def test_rights_hold_in_all_that_is_told(newsroom: Any, settings: Any) -> None:
    quote = to_builtins(Quote("We measured the water every hour", "Anna Berg", "said", 0, 0.9))
    secret = "Alfeld filler sentence of the dam. " * 40 + "In the flooded valley of Alfeld 77 houses stand under water."
    rows = [
        tell(newsroom, n, f"{TOLD[n]} {secret}", document={"quotes": [quote]}, standfirst="Nobody may see this.")
        for n in range(3)
    ]
    for row, policy in zip(rows, ("full", "excerpt", "link"), strict=True):
        type(row.source).objects.filter(pk=row.source_id).update(policy=policy)
    page = page_of(story_of(*rows))
    assert not [line for line in page.summary if line.card.id == rows[2].pk]
    assert not [
        card.id for figure in page.figures for card in figure.cards if card.id != rows[0].pk and "77" in figure.words
    ]
    assert [[c.id for c in said.cards] for speaker in page.speakers for said in speaker.said] == [[rows[0].pk]]
    type(rows[0].source).objects.update(policy="link")
    page = page_of(Story.objects.get())
    assert page.summary == page.names == page.figures == page.contests == page.speakers == ()


def test_figures_that_differ_name_who_says_what(newsroom: Any) -> None:
    rows = [tell(newsroom, n, title=f"Alfeld flood: {said} dead") for n, said in enumerate(("three", "3", "5"))]
    page = page_of(story_of(*rows))
    assert [[(s.words, [c.id for c in s.cards]) for s in sides] for sides in page.contests] == [
        [("three dead", [rows[0].pk, rows[1].pk]), ("5 dead", [rows[2].pk])]
    ]


def test_copies_are_no_witnesses_and_stand_under_the_first(newsroom: Any) -> None:
    first, copy, again, other = (tell(newsroom, n, title="Alfeld flood: 3 dead") for n in range(4))
    story = story_of(first, copy, again, other, copies={copy: first, again: copy})
    page = page_of(story)
    assert [c.id for c in page.reports] == [first.pk, other.pk]
    assert [c.id for c in page.copies[first.pk]] == [copy.pk, again.pk]
    assert page.compared == 2
    assert [[c.id for c in f.cards] for f in page.figures if f.words == "3 dead"] == [[first.pk, other.pk]]
    report = next(m for m in page.timeline if m.card.id == first.pk)
    assert [c.id for c in report.copies] == [copy.pk, again.pk]
    first.state = ArticleState.HELD
    first.save()
    page = page_of(story)
    assert [c.id for c in page.reports] == [copy.pk, other.pk]
    assert [c.id for c in page.copies[copy.pk]] == [again.pk]


def test_first_is_who_stated_the_earliest_time(newsroom: Any) -> None:
    vague = tell(newsroom, 0, document={"published": None}, published_at=None)
    rows = [tell(newsroom, n) for n in (1, 2)]
    page = page_of(story_of(vague, *rows))
    assert page.first is not None
    assert ([c.id for c in page.first.cards], page.first.open) == ([rows[0].pk], 1)
    assert page_of(story_of_two := Story.objects.get()).story.id == story_of_two.pk
    Revision.objects.filter(article=rows[1]).update(document=rows[1].revision.document | {"published": None})
    assert page_of(story_of_two).first is None


def test_the_course_tells_of_changes_by_publishers_alone(newsroom: Any) -> None:
    rows = [tell(newsroom, n) for n in range(2)]
    at = rows[1].sort_at + timedelta(minutes=30)
    for number, origin, changed in ((2, "source", ["title"]), (3, "ours", ["body"]), (4, "source", ["lead_image"])):
        Revision.objects.create(
            article=rows[0], number=number, made_at=at, origin=origin, changed=changed, digest="",
            document=rows[0].revision.document,
        )  # fmt: skip
    Article.objects.filter(pk=rows[1].pk).update(gone_at=at + timedelta(hours=1))
    page = page_of(story_of(*rows))
    assert [(m.kind, m.card.id, m.fields) for m in page.timeline] == [
        ("report", rows[0].pk, ()),
        ("report", rows[1].pk, ()),
        ("changed", rows[0].pk, ("title",)),
        ("gone", rows[1].pk, ()),
    ]
    assert page.changed_at == at + timedelta(hours=1)


def test_each_picture_once_and_only_where_it_may_be_shown(newsroom: Any, picture: Any) -> None:
    images = [picture(f"https://p.example/{n}.jpg") for n in range(4)]
    for image, digest, name in zip(images, "aabc", "wxyz", strict=True):
        variants = [v | {"path": f"images/{name}-{v['width']}.{v['type'][6:]}"} for v in image.variants]
        Image.objects.filter(pk=image.pk).update(digest=digest, variants=variants)
    rows = [tell(newsroom, n, lead=Image.objects.get(pk=image.pk)) for n, image in enumerate(images)]
    type(rows[3].source).objects.filter(pk=rows[3].source_id).update(show_images=False)
    assert [c.id for c in page_of(story_of(*rows, lead=rows[2])).pictures] == [rows[2].pk, rows[0].pk]


def signed(article: Article, *terms: str) -> None:
    Signature.objects.create(
        article=article, language="en", at=article.sort_at, terms={t: 1 / (n + 1) for n, t in enumerate(terms)}
    )
    Posting.objects.bulk_create(Posting(language="en", term=t, at=article.sort_at, article=article) for t in terms)


def test_related_stories_share_telling_words_and_are_stories(newsroom: Any) -> None:
    own, near, far = ([tell(newsroom, n + k) for n in range(2)] for k in (0, 2, 4))
    single = tell(newsroom, 6)
    story = story_of(*own)
    others = [Story.objects.create(slug=f"s{n}", title=f"S{n}", lead=rows[0], first_at=NOON, last_at=NOON, articles=2,
                                   sources=2) for n, rows in enumerate((near, far))]  # fmt: skip
    for other, rows in zip(others, (near, far), strict=True):
        Member.objects.bulk_create(Member(story=other, article=a, at=a.sort_at) for a in rows)
    for row in (*own, *near, single):
        signed(row, "dam", "alfeld", "flood", "berg", "norwin")
    for row in far:
        signed(row, "dam", "alfeld", "carnival")
    page = page_of(story)
    assert [card.id for card in page.related] == [near[0].pk]
    assert page.related[0].story is not None
    Article.objects.filter(pk=near[0].pk).update(state=ArticleState.HELD)
    assert page_of(story).related == ()


def test_as_many_questions_for_two_hundred_reports_as_for_two(newsroom: Any) -> None:
    rows = [tell(newsroom, n) for n in range(2)]
    story = story_of(*rows)
    for row in rows:
        signed(row, "dam", "alfeld", "flood")

    def questions() -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(story)
        return len(captured)

    few = questions()
    more = [tell(newsroom, n, title=f"Alfeld {n}", source=f"Courier {n % 50}") for n in range(2, 230)]
    Member.objects.bulk_create(Member(story=story, article=a, at=a.sort_at) for a in more)
    Story.objects.filter(pk=story.pk).update(articles=230, sources=50)
    assert questions() == few
    page = page_of(story)
    assert page.left_out == 30
    assert page.reports[0].id == rows[0].pk
    assert page.reports[-1].id == more[-1].pk
    assert [m.card.id for m in page.timeline] == [c.id for c in page.reports]
