"""Adding feeds at the desk, choices among several, and how a feed fares in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from masthead.accounts.models import Act
from masthead.desk.health import all_of, health
from masthead.feeds.models import Feed, FeedState, HostPause

NEW = "/desk/feeds/new/"
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def test_any_spelling_of_an_address_is_taken_and_recognised(chief, db):
    chief.post(NEW, {"url": "feed://gazette.invalid/rss"})
    assert Feed.objects.get().url == "https://gazette.invalid/rss"
    for spelling in ("www.gazette.invalid/rss/", "HTTP://Gazette.invalid:80/rss", "feed:https://gazette.invalid/rss"):
        assert "subscribed already" in chief.post(NEW, {"url": spelling}).content.decode(), spelling
    assert Feed.objects.count() == 1


def test_an_address_that_tells_several_feeds_lets_the_editor_choose(chief, db):
    page = chief.post(NEW, {"url": "https://github.com/pilot/pier"}).content.decode()
    assert not Feed.objects.exists()
    assert page.count('name="pick"') == 3 and "Releases" in page and "https://github.com/pilot/pier/tags.atom" in page
    picked = ["https://github.com/pilot/pier/tags.atom", "https://github.com/pilot/pier/commits.atom"]
    chief.post(NEW, {"url": "https://github.com/pilot/pier", "pick": [*picked, "https://never.invalid/x"]})
    assert sorted(Feed.objects.values_list("url", flat=True)) == sorted(picked)
    assert Act.objects.filter(verb="subscribed to feed").count() == 2
    assert "subscribed already" in chief.post(NEW, {"url": "https://github.com/pilot/pier"}).content.decode()


def test_an_address_that_tells_one_feed_becomes_it(chief, db):
    chief.post(NEW, {"url": "https://harbour.substack.com/p/one"})
    feed = Feed.objects.get()
    assert feed.url == "https://harbour.substack.com/feed" and feed.fetched_at is None


def test_what_a_page_names_is_offered_on_the_feeds_screen(chief, feed):
    offers = [["http://gazette.invalid/a.xml", "News <b>"], ["http://gazette.invalid/b.xml", ""], [feed.url, "Itself"]]
    Feed.objects.filter(pk=feed.pk).update(state=FeedState.REFUSED, hints={"offers": offers}, reason="a page")
    page = chief.get(reverse("desk:feed", args=[feed.pk])).content.decode()
    assert "News &lt;b&gt;" in page and "subscribed already" in page
    answer = chief.post(reverse("desk:choose", args=[feed.pk]), {"pick": ["http://elsewhere.invalid/"]}, follow=True)
    assert "Choose at least one" in answer.content.decode() and Feed.objects.count() == 1
    chief.post(reverse("desk:choose", args=[feed.pk]), {"pick": [offers[0][0], offers[1][0]]})
    first, second = Feed.objects.order_by("pk")
    assert (first.pk, first.url, first.state) == (feed.pk, offers[0][0], FeedState.ACTIVE)
    assert first.due_at is not None and "offers" not in first.hints
    assert (second.url, second.source_id) == (offers[1][0], feed.source_id)


@pytest.mark.parametrize(
    ("fields", "state", "following", "why"),
    [
        ({}, "Not asked yet", "now, as soon as its turn comes", ""),
        (
            {"fetched_at": NOW, "succeeded_at": NOW, "due_at": NOW + timedelta(hours=3), "due_why": "the feed's ttl"},
            "Works", "in 3 hours", "the feed's ttl",
        ),
        ({"failures": 1, "due_at": NOW + timedelta(days=1), "fetched_at": NOW}, "Failed once", "in 1 day", ""),
        ({"failures": 4, "fetched_at": NOW}, "Failed 4 times in a row", "now, as soon as its turn comes", ""),
        (
            {"due_at": NOW, "due_why": "an editor asked for it", "not_before": NOW + timedelta(minutes=20)},
            "Not asked yet", "in 20 minutes", "its server is not asked sooner (an editor asked for it)",
        ),
        ({"hints": {"seek": {"page": "x"}}}, "Looking for its feed", "now, as soon as its turn comes", ""),
        ({"state": FeedState.PAUSED}, "Paused by an editor", "not polled until somebody resumes it", ""),
        (
            {"state": FeedState.GONE, "due_at": NOW},
            "Gone (410): the publisher ended it", "not polled any more; Resume asks once again", "",
        ),
    ],
)  # fmt: skip
def test_how_a_feed_fares_in_words(feed, fields, state, following, why):
    Feed.objects.filter(pk=feed.pk).update(**fields)
    with time_machine.travel(NOW, tick=False):
        told = health(Feed.objects.get(pk=feed.pk))
    assert (told.state, told.next, told.why) == (state, following, why)


def test_a_hosts_silence_is_told(feed):
    with time_machine.travel(NOW, tick=False):
        HostPause.objects.create(host="gazette.invalid", until=NOW + timedelta(hours=2), reason="429")
        told = health(Feed.objects.get(pk=feed.pk))
    assert told.next == "in 2 hours" and told.why == "gazette.invalid asked for silence (429)"


def test_moves_and_doubts_are_noted(feed):
    feed.moved_to, feed.moved_since = "http://new.invalid/", NOW
    feed.hints = {"doubt": {"at": NOW.isoformat(), "why": "another feed has newer items"}}
    moved, doubted = health(feed).notes
    assert "http://new.invalid/" in moved and "2026-11-24" in moved
    assert "another feed has newer items" in doubted and "2026-11-24" in doubted


def test_refused_pages_are_noted(feed, monkeypatch):
    monkeypatch.setattr("masthead.desk.health.pages_left_alone", lambda pk, now: f"feed {pk} was refused")
    assert health(feed).notes == (f"Pages behind its items are left alone: feed {feed.pk} was refused.",)
    feed.full_text = "on"
    assert health(feed).notes == ()


def test_the_list_tells_when_and_why_at_the_same_cost_for_many(chief, feed, source, django_assert_num_queries):
    soon = timezone.now() + timedelta(hours=5, minutes=1)
    Feed.objects.filter(pk=feed.pk).update(due_at=soon, due_why="the feed's ttl")
    page = chief.get(reverse("desk:feeds")).content.decode()
    assert "in 5 hours" in page and "the feed&#x27;s ttl" in page
    for number in range(5):
        Feed.objects.create(source=source, url=f"http://gazette.invalid/{number}")
    feeds = list(Feed.objects.select_related("source"))
    with django_assert_num_queries(1):
        assert len(all_of(feeds)) == 6
