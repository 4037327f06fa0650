"""Pages composed from the tables: what stands on them, what rights hide, and how many questions they ask."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from masthead.articles.models import Article, ArticleState
from masthead.articles.takedown import withdraw
from masthead.audience.models import ViewCount
from masthead.core.records import to_builtins
from masthead.core.types import Block, ImageRef, RelatedCard, Repair
from masthead.feeds.models import Source, SourceIcon
from masthead.pages import compose
from masthead.pages.arrange import arrange
from masthead.pages.story_types import StoryMoved, StoryPage
from masthead.pages.types import ArticlePage, Tombstone
from masthead.stories.group import group
from masthead.stories.models import Member, Story

LONG = "\n\n".join(f"Paragraph {n} tells something about the flood in the valley." * 3 for n in range(9))


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel("2026-05-04T12:30:00Z", tick=False):
        yield


def settle() -> None:
    while group().more:
        pass
    while arrange().more:
        pass


def test_an_empty_site_has_pages(db: None) -> None:
    front = compose.front("en")
    assert front.lead is None
    assert front.latest == ()
    assert front.popular.cards == ()
    assert compose.latest("en").cards == ()
    assert compose.article(1) is None
    assert compose.story(1) is None
    assert compose.section("news", "en") is None
    assert compose.source("nobody") is None
    assert compose.changes(1) is None
    assert compose.sources() == ((), False)
    assert compose.archive("en") is not None
    assert compose.archive("en", 2026) is None
    assert compose.archive("en", 99999) is None
    assert compose.frame("en").sections == ()


def test_one_article_leads_the_front_page(newsroom: Any) -> None:
    article = newsroom.article("Dam breaks", "The dam broke.")
    settle()
    front = compose.front("en")
    assert front.lead is not None
    assert front.lead.id == article.pk
    assert (front.lead.why[0].code, front.lead.why[0].value) == ("age-hours", 1)
    assert front.seconds == front.briefs == front.sections == ()
    assert front.popular.fallback
    assert [c.id for c in front.popular.cards] == [article.pk]
    assert [s.slug for s in compose.frame("en").sections] == ["news"]


def test_an_excerpt_shows_no_more_than_allowed(newsroom: Any, settings: Any) -> None:
    repair = to_builtins(Repair("leaked-markup", "body", "<b>secret words", "secret words", "Markup was taken out."))
    article = newsroom.article("Flood", LONG, document={"repairs": [repair]})
    page = compose.article(article.pk)
    assert isinstance(page, ArticlePage)
    assert page.policy == "excerpt"
    assert page.truncated
    assert sum(len(b.text) for b in page.blocks) <= settings.MASTHEAD.excerpt_characters
    assert page.canonical_url == article.canonical_url
    assert page.repairs[0].why
    assert not page.repairs[0].before
    assert not page.repairs[0].after


def test_full_text_is_canonical_here(newsroom: Any) -> None:
    newsroom.source(policy="full")
    article = newsroom.article("Flood", LONG)
    page = compose.article(article.pk)
    assert isinstance(page, ArticlePage)
    assert len(page.blocks) == 9
    assert not page.truncated
    assert page.canonical_url == f"http://testserver/article/{article.pk}-report-1/"
    assert page.original_url == article.canonical_url
    assert page.short_path == "/s/c1"


def test_link_policy_shows_headline_alone(newsroom: Any, picture: Any) -> None:
    newsroom.source(policy="link")
    article = newsroom.article("Flood", LONG, standfirst="What happened.", lead=picture())
    page = compose.article(article.pk)
    assert isinstance(page, ArticlePage)
    assert page.blocks == ()
    assert page.card.standfirst == ""
    assert page.card.picture is not None
    assert page.card.picture.drawn


def test_pictures_are_ours_and_the_lead_is_not_repeated(newsroom: Any, picture: Any) -> None:
    newsroom.source(policy="full")
    lead, other = picture("https://p.example/lead.jpg"), picture("https://p.example/other.jpg")
    body = [
        Block(type="figure", image=ImageRef(src=lead.url)),
        Block(type="figure", image=ImageRef(src=other.url, alt="A bridge", credit="Reuters")),
        Block(type="figure", image=ImageRef(src="https://p.example/never-fetched.jpg")),
    ]
    document = {"body": to_builtins(body), "lead_image": to_builtins(ImageRef(src=lead.url))}
    article = newsroom.article("Bridge", document=document, lead=lead, lead_alt="The dam")
    page = compose.article(article.pk)
    assert isinstance(page, ArticlePage)
    assert page.card.picture is not None
    assert (page.card.picture.src, page.card.picture.alt) == ("/media/images/ab/x-1280.jpeg", "The dam")
    assert [(b.picture.alt, b.picture.credit) for b in page.blocks if b.picture] == [("A bridge", "Reuters")]


def test_what_is_drawn_stays_the_same(newsroom: Any) -> None:
    newsroom.article()
    first, second = compose.latest("en").cards[0].picture, compose.latest("en").cards[0].picture
    assert first is not None
    assert first == second
    assert first.drawn
    assert first.src.startswith("/media/drawn/")


def test_hidden_articles_stand_nowhere(newsroom: Any) -> None:
    held = newsroom.article("Held", state=ArticleState.HELD)
    later = newsroom.article("Embargo", embargo_until=timezone.now() + timedelta(hours=1))
    gone = newsroom.article("Gone", state=ArticleState.WITHDRAWN, state_reason="A court order.")
    settle()
    assert compose.article(held.pk) is None
    assert compose.article(later.pk) is None
    assert compose.changes(later.pk) is None
    assert compose.article(gone.pk) == Tombstone("Gone", "A court order.", None)
    assert compose.front("en").lead is None
    assert compose.latest("en").cards == compose.day("en", date(2026, 5, 4)).cards == ()
    assert compose.section("news", "en").cards == ()  # type: ignore[union-attr]
    with time_machine.travel("2026-05-04T13:31:00Z", tick=False):
        settle()
        assert [c.id for c in compose.latest("en").cards] == [later.pk]
        assert compose.front("en").lead.id == later.pk  # type: ignore[union-attr]


def test_related_report_of_ours_leads_to_our_page(newsroom: Any) -> None:
    newsroom.source(policy="full")
    other = newsroom.article("The other report", source="The Gazette")
    cards = [RelatedCard("Read more", "Other", other.canonical_url), RelatedCard("", "Else", "https://else.example/")]
    article = newsroom.article("Main", document={"related": to_builtins(cards)})
    page = compose.article(article.pk)
    assert isinstance(page, ArticlePage)
    assert page.related[0].path == f"/article/{other.pk}-{other.slug}/"
    assert page.related[0].source is not None
    assert page.related[0].source.name == "The Gazette"
    assert page.related[1].path == ""


def test_a_pointer_without_address_is_shown_where_its_publisher_has_a_report_of_that_headline(newsroom: Any) -> None:
    newsroom.source(policy="full")
    other = newsroom.article("Old bridge closed")
    newsroom.article("Ferry tickets", source="The Gazette")
    cards = [RelatedCard("See also", title, "", "none") for title in ("Old bridge closed", "Ferry tickets", "Lost")]
    page = compose.article(newsroom.article("Main", document={"related": to_builtins(cards)}).pk)
    assert isinstance(page, ArticlePage)
    assert [(view.card.title, view.path) for view in page.related] == [
        ("Old bridge closed", f"/article/{other.pk}-{other.slug}/")
    ]


def test_neighbours_in_the_section(newsroom: Any) -> None:
    rows = [newsroom.article(f"News {n}", at=timezone.now() - timedelta(hours=n)) for n in range(3)]
    settle()
    page = compose.article(rows[1].pk)
    assert isinstance(page, ArticlePage)
    assert page.previous is not None
    assert page.next is not None
    assert (page.previous.id, page.next.id) == (rows[2].pk, rows[0].pk)


def test_story_page_and_where_it_leads_when_one_report_is_left(newsroom: Any) -> None:
    text = "The old dam above the town of Alfeld broke on Monday and hundreds fled from the flood."
    first = newsroom.article("Dam breaks above Alfeld", text)
    second = newsroom.article("Hundreds flee as Alfeld dam breaks", text.replace("Monday", "Monday night"), source="B")
    settle()
    story = Story.objects.get()
    page = compose.story(story.pk)
    assert isinstance(page, StoryPage)
    assert {first.pk, second.pk} == {c.id for c in page.reports} | {c.id for cs in page.copies.values() for c in cs}
    assert page.lead.story is not None
    second.state = ArticleState.WITHDRAWN
    second.save()
    assert compose.story(story.pk) == StoryMoved(story.pk, f"/article/{first.pk}-{first.slug}/")
    target = Story.objects.create(slug="t", title="T", first_at=timezone.now(), last_at=timezone.now())
    Story.objects.filter(pk=story.pk).update(merged_into=target)
    assert compose.story(story.pk) == StoryMoved(target.pk, f"/story/{target.pk}-t/")


def test_a_story_whose_reports_were_all_taken_down_is_gone_and_says_why(newsroom: Any, client: Any) -> None:
    text = "The old dam above the town of Alfeld broke on Monday and hundreds fled from the flood."
    rows = [newsroom.article(f"Alfeld dam breaks, says {n}", f"{text} {n} tells.", source=n) for n in "AB"]
    settle()
    story = Story.objects.get()
    for number, row in enumerate(rows):
        withdraw(row, f"reason {number}")
    for path in (f"/story/{story.pk}-{story.slug}/", f"/api/v1/stories/{story.pk}"):
        answer = client.get(path)
        assert answer.status_code == 410 and b"reason 1" in answer.content and b"reason 0" not in answer.content


def test_a_story_with_a_report_that_is_yet_to_come_is_not_gone(newsroom: Any, client: Any) -> None:
    text = "The old dam above the town of Alfeld broke on Monday and hundreds fled from the flood."
    rows = [newsroom.article(f"Alfeld dam breaks, says {n}", f"{text} {n} tells.", source=n) for n in "AB"]
    settle()
    story = Story.objects.get()
    withdraw(rows[0], "a mistake")
    Article.objects.filter(pk=rows[1].pk).update(embargo_until=timezone.now() + timedelta(hours=1))
    assert client.get(f"/story/{story.pk}-{story.slug}/").status_code == 404


def test_a_story_whose_reports_are_held_back_is_not_there(newsroom: Any, client: Any) -> None:
    text = "The old dam above the town of Alfeld broke on Monday and hundreds fled from the flood."
    for name in "AB":
        newsroom.article(f"Alfeld dam breaks, says {name}", f"{text} {name} tells.", source=name)
    settle()
    story = Story.objects.get()
    Article.objects.update(state=ArticleState.HELD)
    assert client.get(f"/story/{story.pk}-{story.slug}/").status_code == 404


def test_a_withdrawn_headline_is_not_told_by_its_story(newsroom: Any) -> None:
    text = "The old dam above the town of Alfeld broke on Monday and hundreds fled from the flood."
    rows = [newsroom.article(f"Alfeld dam breaks, says {n}", f"{text} {n} tells.", source=n) for n in "ABC"]
    settle()
    story = Story.objects.get()
    story.lead.state = ArticleState.WITHDRAWN  # type: ignore[union-attr]
    story.lead.save()  # type: ignore[union-attr]
    taken = story.title
    seen = [c.story.title for c in compose.latest("en").cards if c.story]
    assert len(rows) == 3
    assert seen
    assert taken not in seen
    assert compose.story(story.pk).story.title != taken  # type: ignore[union-attr]
    settle()
    assert Story.objects.get().title != taken


def test_history_tells_what_changed(newsroom: Any) -> None:
    from masthead.articles.models import Revision

    newsroom.source(policy="full")
    article = newsroom.article("Ten hurt", "Ten people were hurt.")
    document = article.revision.document | {
        "title": "Twelve hurt",
        "body": to_builtins([Block("paragraph", "Twelve people were hurt.")]),
    }
    Revision.objects.create(article=article, number=2, made_at=timezone.now(), document=document, digest="")
    page = compose.changes(article.pk)
    assert page is not None
    assert not isinstance(page, Tombstone)
    assert [r.number for r in page.revisions] == [2, 1]
    change = {c.field: [(p.kind, p.text.strip()) for p in c.parts] for c in page.revisions[0].changes}
    assert ("removed", "Ten") in change["title"]
    assert ("added", "Twelve") in change["body"]
    assert page.revisions[1].changes == ()


def test_archive_counts_by_year_month_and_day(newsroom: Any) -> None:
    for at in ("2024-12-31T23:30:00+00:00", "2025-03-01T08:00:00+00:00", "2025-03-01T09:00:00+00:00"):
        newsroom.article(at=timezone.datetime.fromisoformat(at))  # type: ignore[attr-defined]
    settle()
    assert [(c.day.year, c.articles) for c in compose.archive("en").counts] == [(2025, 2), (2024, 1)]  # type: ignore[union-attr]
    assert [(c.day.month, c.articles) for c in compose.archive("en", 2025).counts] == [(3, 2)]  # type: ignore[union-attr]
    assert [(c.day.day, c.articles) for c in compose.archive("en", 2025, 3).counts] == [(1, 2)]  # type: ignore[union-attr]
    assert compose.archive("en", 2025, 4) is None
    assert compose.archive("en", 2025, 13) is None
    assert len(compose.day("en", date(2025, 3, 1)).cards) == 2


def queries_of(pk: int, story: int) -> dict[str, int]:
    calls = {
        "front": lambda: compose.front("en"),
        "frame": lambda: compose.frame("en"),
        "section": lambda: compose.section("sport", "en"),
        "source": lambda: compose.source("the-courier"),
        "latest": lambda: compose.latest("en"),
        "page 3": lambda: compose.latest("en", 1),
        "popular": lambda: compose.popular("en"),
        "archive": lambda: compose.archive("en"),
        "month": lambda: compose.archive("en", 2026, 5),
        "day": lambda: compose.day("en", date(2026, 5, 4)),
        "article": lambda: compose.article(pk),
        "story": lambda: compose.story(story),
        "sources": lambda: compose.sources(),
        "changes": lambda: compose.changes(pk),
    }
    found = {}
    for name, call in calls.items():
        with CaptureQueriesContext(connection) as captured:
            assert call() is not None, name
        found[name] = len(captured)
    return found


def with_icons() -> None:
    for source in Source.objects.filter(icon=None):
        files = [
            {"side": 64, "path": f"icons/{source.pk}-64.webp"},
            {"side": 128, "path": f"icons/{source.pk}-128.webp"},
        ]
        SourceIcon.objects.create(source=source, files=files, offers=[{"url": "https://x.example/"}] * 9)


def test_a_sources_icon_comes_with_its_cards_unless_it_shows_no_pictures(newsroom: Any) -> None:
    article = newsroom.article("Dam breaks", "The dam broke.")
    settle()
    assert compose.front("en").lead.source.icon is None  # type: ignore[union-attr]
    with_icons()
    page = compose.article(article.pk)
    assert isinstance(page, ArticlePage) and page.card.source.icon is not None
    assert page.card.source.icon.src == f"/media/icons/{article.source_id}-64.webp"
    assert page.card.source.icon.large.endswith("-128.webp")
    listed = compose.source("the-courier")
    assert listed is not None and listed.source is not None and listed.source.icon == page.card.source.icon
    assert compose.sources()[0][0].source.icon == page.card.source.icon
    Source.objects.update(show_images=False)
    page = compose.article(article.pk)
    assert isinstance(page, ArticlePage) and page.card.source.icon is None
    assert compose.sources()[0][0].source.icon is None
    Source.objects.update(show_images=True)
    SourceIcon.objects.update(files=[])
    assert compose.sources()[0][0].source.icon is None


def test_icons_cost_no_question_each(newsroom: Any) -> None:
    counts = []
    for number in range(12):
        newsroom.article(f"Dam number {number} breaks", source=f"Courier {number}")
        if number % 2:
            with_icons()  # every second source has none when it is counted
        if number in (1, 10, 11):
            with CaptureQueriesContext(connection) as captured:
                assert len(compose.latest("en").cards) == number + 1 == len(compose.sources()[0])
            counts.append(len(captured))
    assert len(set(counts)) == 1


def test_as_many_questions_for_a_thousand_articles_as_for_ten(newsroom: Any) -> None:
    text = "The old dam above the town of Alfeld broke on Monday and hundreds fled from the flood."
    first = newsroom.article("Alfeld dam breaks", text, categories=["Sport"])
    newsroom.article("Dam breaks above Alfeld", text + " More follows.", source="B", categories=["Sport"])
    newsroom.many(10)
    settle()
    ViewCount.objects.create(article=first, hour=timezone.now(), views=5)
    story = Member.objects.get(article=first).story_id
    small = queries_of(first.pk, story)
    newsroom.many(1000, source="The Herald")
    newsroom.many(200)
    group()
    while arrange().more:
        pass
    ViewCount.objects.bulk_create(
        ViewCount(article_id=pk, hour=timezone.now(), views=2) for pk in range(first.pk + 1, first.pk + 400)
    )
    assert queries_of(first.pk, story) == small
    assert max(small.values()) <= 14, small


def changed(
    newsroom: Any, before: dict[str, Any], after: dict[str, Any]
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    from masthead.articles.models import Revision

    newsroom.source(policy="full")
    article = newsroom.article("Ten hurt", "Ten people were hurt.")
    Revision.objects.filter(article=article).update(document=article.revision.document | before)
    Revision.objects.create(
        article=article, number=2, made_at=timezone.now(), document=article.revision.document | after, digest=""
    )
    page = compose.changes(article.pk)
    assert page is not None and not isinstance(page, Tombstone)
    return [
        (c.field, c.kind, [(p.kind, p.text) for p in c.parts if p.kind != "same"]) for c in page.revisions[0].changes
    ]


def test_history_names_paragraphs_that_moved_came_and_went(newsroom: Any) -> None:
    lines = [
        "The council voted on Monday.",
        "Work begins in April and lasts a year.",
        "The bridge was closed in summer.",
    ]
    old, new = (
        [Block("paragraph", line) for line in found] for found in (lines, [lines[2], lines[0], "Nobody objected."])
    )
    told = changed(newsroom, {"body": to_builtins(old)}, {"body": to_builtins(new)})
    assert told == [
        ("body", "moved", []),
        ("body", "added", [("added", "Nobody objected.")]),
        ("body", "removed", [("removed", lines[1])]),
    ]


def test_history_tells_of_pictures_dates_and_embedded_films(newsroom: Any) -> None:
    def body(name: str, film: str) -> list[Any]:
        picture = ImageRef(f"https://cdn.example/{name}.jpg", caption=f"The {name}")
        return to_builtins([Block("figure", image=picture), Block("embed", url=f"https://films.example/{film}")])

    date = {"precision": "day", "zone": None, "raw": "", "method": "stated", "confidence": 1.0}
    bounds = {day: {"earliest": f"{day}T00:00Z", "latest": f"{day}T23:59Z"} for day in ("2024-03-05", "2024-03-06")}
    before, after = ({"value": day, **date, **found} for day, found in bounds.items())
    told = changed(
        newsroom,
        {"body": body("bridge", "a"), "published": before},
        {"body": body("ferry", "b"), "published": after},
    )
    kinds = {(field, kind) for field, kind, _ in told}
    assert {("published", "changed"), ("images", "added"), ("images", "removed")} <= kinds
    assert ("images", "added", [("added", "The ferry")]) in told
    assert any(field == "body" for field, _, _ in told)


def test_history_says_nothing_of_typography_and_counters(newsroom: Any) -> None:
    old = [Block("paragraph", "“Yes” – he said."), Block("paragraph", "12 comments")]
    new = [Block("paragraph", '"Yes" - he said.'), Block("paragraph", "40 comments")]
    assert changed(newsroom, {"body": to_builtins(old)}, {"body": to_builtins(new)}) == []


def test_marks_stand_at_words_not_at_spaces(newsroom: Any) -> None:
    old, new = ([Block("paragraph", f"Ten people were {word}hurt.")] for word in ("", "badly "))
    told = changed(newsroom, {"body": to_builtins(old)}, {"body": to_builtins(new)})
    assert told == [("body", "changed", [("added", "badly")])]
