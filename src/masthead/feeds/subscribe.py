"""Subscribe: sources and feeds are made here. Nothing in this module fetches."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from masthead.core.repair.language import normal_tag
from masthead.core.urls import absolute, without_feed_scheme
from masthead.feeds.models import Feed, FeedState, FullText, Policy, Source
from masthead.feeds.naming import default_name, free_slug
from masthead.feeds.queries import same_address, source_named, spellings


class NotSubscribed(ValueError):
    """Why an address cannot be subscribed to; the message names it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a feed is wanted. Empty fields are filled from the feed when it is read.

    `folders`: where a list had it, outermost first; kept for writing lists. `paused`: why it is not polled until an
    editor says so; "": it is polled.
    """

    url: str
    source: str = ""
    title: str = ""
    home_url: str = ""
    section: str = ""
    policy: str = ""
    full_text: str = FullText.AUTO
    language: str = ""
    folders: tuple[str, ...] = ()
    paused: str = ""


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The feed; `created` is False when it was there already."""

    feed: Feed
    created: bool


def _source_for(wish: Wish) -> Source:
    """The source a feed belongs to: the one that is named, else one with the same home page, else a new one."""
    source: Source | None = None
    if wish.source:
        source = source_named(wish.source)
    elif wish.home_url:
        source = Source.objects.filter(home_url__in=spellings(wish.home_url)).order_by("pk").first()
    if source is not None:
        return source
    name = (wish.source or wish.title or default_name(wish.url)).strip()[:200]
    policy = wish.policy if wish.policy in Policy.values else Policy.AUTO
    return Source.objects.create(name=name, slug=free_slug(name), home_url=wish.home_url, policy=policy)


def wanted_address(text: str) -> str:
    """The address that a feed is kept under. Raises `NotSubscribed`."""
    url = absolute(without_feed_scheme(text))
    if not url:
        raise NotSubscribed(f"{text[:200]!r} is not an http or https address")
    if len(url) > 2000:
        raise NotSubscribed(f"{url[:80]}… has {len(url)} characters; 2000 are kept")
    return url


def subscribe(wish: Wish) -> Subscribed:
    """Have a feed: make it, due at once (or paused), unless its address is there already. Raises `NotSubscribed`.

    An address is the same with http or https, with or without "www." and a trailing slash.
    """
    url = wanted_address(wish.url)
    with transaction.atomic():
        known = same_address(url)
        if known is not None:
            return Subscribed(known, created=False)
        feed = Feed.objects.create(
            source=_source_for(wish),
            url=url,
            title=wish.title[:500],
            home_url=absolute(wish.home_url),
            section=wish.section,
            full_text=wish.full_text or FullText.AUTO,
            language=normal_tag(wish.language[:35]),
            state=FeedState.PAUSED if wish.paused else FeedState.ACTIVE,
            reason=wish.paused[:500],
            due_at=timezone.now(),
            due_why="new",
            hints={"folders": list(wish.folders)} if wish.folders else {},
        )
    return Subscribed(feed, created=True)
