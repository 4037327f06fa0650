"""Many rows at once: what is written is what changed, wherever it changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from masthead.feeds.models import Feed, Source
from masthead.pages.models import Section
from masthead.store.rows import held_by, update_rows

NAMES = ("url", "due_at", "hints", "failures")
pytestmark = pytest.mark.django_db


@pytest.fixture
def feeds() -> list[Feed]:
    source = Source.objects.create(name="Paper", slug="paper")
    made = [Feed(source=source, url=f"https://paper.example/{n}", hints={"seek": {"left": ["a"]}}) for n in range(3)]
    return Feed.objects.bulk_create(made)


def test_what_changed_in_the_inside_of_a_value_is_written(feeds: list[Feed]) -> None:
    before = {feed.pk: held_by(feed, NAMES) for feed in feeds}
    feeds[0].hints["seek"]["left"].pop()
    feeds[1].due_at = datetime(2026, 11, 26, 12, 30, 15, 250_000, tzinfo=UTC)
    update_rows(feeds, NAMES, before)
    assert [feed.hints["seek"]["left"] for feed in Feed.objects.order_by("pk")] == [[], ["a"], ["a"]]
    assert [feed.due_at for feed in Feed.objects.order_by("pk")] == [None, feeds[1].due_at, None]


def test_what_stayed_is_not_written(feeds: list[Feed]) -> None:
    before = {feed.pk: held_by(feed, NAMES) for feed in feeds}
    feeds[2].failures = 4
    with CaptureQueriesContext(
        connection,
    ) as queries:
        update_rows(feeds, NAMES, before)
    assert len(queries) == 1 and '"failures" = ' in queries[0]["sql"] and '"url" = ' not in queries[0]["sql"]
    with CaptureQueriesContext(connection) as queries:
        update_rows(feeds, NAMES, {feed.pk: held_by(feed, NAMES) for feed in feeds})
    assert not len(queries)


def test_every_kind_of_value_comes_back_as_it_went(feeds: list[Feed]) -> None:
    """As the ORM itself would write it."""
    hints = {"a": 1, "b": [None, True, 1.5], "ü": {"é": "\u2028"}}
    moment = datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC)
    for feed in feeds:
        feed.hints, feed.due_at = hints, moment
    update_rows(feeds[:1], NAMES)
    feeds[1].save()
    one, other = Feed.objects.filter(pk__in=[feeds[0].pk, feeds[1].pk]).order_by("pk").values("hints", "due_at")
    assert one == other == {"hints": hints, "due_at": moment}
    assert Feed.objects.filter(hints__a=1, due_at=moment).count() == 2


def test_names_hold_no_control_characters_through_whichever_door() -> None:
    """Pages show them: none may hold a character that HTML and XML cannot."""
    source = Source.objects.create(
        slug="quay", name="The \x01Quay\x9f", description="Of\n\x0bthe harbour", licence="CC\x7f BY"
    )
    section = Section.objects.create(slug="quays", name="Qu\x1bays")
    Source.objects.filter(pk=source.pk).update(owner="A \x08house", ownership="\u202eeno")
    [other] = Source.objects.bulk_create([Source(name="B\x02", slug="b")])
    for row in (source, section, other):
        row.refresh_from_db()
    assert (source.name, source.description, source.licence) == ("The Quay", "Of\nthe harbour", "CC BY")
    assert (source.owner, source.ownership, section.name, other.name) == ("A house", "eno", "Quays", "B")
