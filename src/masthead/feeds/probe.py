"""What stands at an address that somebody wants to subscribe to, found out with one request at most.

The body that was fetched becomes the feed's first exchange, so that nothing is fetched twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from masthead.core.fetch import FetchRequest
from masthead.core.parse import NotAFeed, discover, parse_feed
from masthead.core.types import FetchResult
from masthead.feeds import claims, moves
from masthead.feeds.client import fetch_many
from masthead.feeds.models import Feed
from masthead.feeds.poll import record
from masthead.feeds.subscribe import NotSubscribed, Subscribed, Wish, subscribe

# A word before a colon is a scheme, unless a port follows.
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed that a page names."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found: a feed (`url` is where it stands, moves followed; `title` and `home_url` its own), or offers."""

    url: str
    result: FetchResult
    title: str = ""
    home_url: str = ""
    offers: tuple[Offer, ...] = ()

    @property
    def is_feed(self) -> bool:
        """Whether the address itself is a feed."""
        return not self.offers


def full_address(text: str) -> str:
    """An address as somebody types it, with its scheme."""
    text = text.strip()
    return text if not text or _SCHEME.match(text) else f"https://{text}"


def probe(url: str) -> Probe:
    """Ask once what stands at `url`. Raises `NotSubscribed` when it cannot be had, or is no feed and names none."""
    results: list[FetchResult] = []
    fetch_many([FetchRequest(url=url, kind="feed")], lambda request, result: results.append(result))
    result = results[0]
    if result.error:
        raise NotSubscribed(f"{url}: {result.error_detail}")
    if not result.ok or not result.body:
        raise NotSubscribed(f"{url}: the server answered {result.status}{'' if result.body else ' with an empty body'}")
    target = moves.permanent_target(result.redirects) or url
    try:
        parsed = parse_feed(result.body, url=result.final_url, content_type=result.headers.get("content-type", ""))
    except NotAFeed as error:
        offers = tuple(Offer(found.url, found.title) for found in discover(result.body, result.final_url))
        if not offers:
            raise NotSubscribed(f"{url} is not a feed and names none: {error}") from error
        return Probe(target, result, offers=offers)
    return Probe(target, result, title=parsed.title, home_url=parsed.link)


def take(found: Probe, wish: Wish) -> Subscribed:
    """Subscribe to a feed that was probed, and keep what the probe brought as its first exchange."""
    wish = replace(wish, url=found.url, title=wish.title or found.title, home_url=wish.home_url or found.home_url)
    with transaction.atomic():
        # Claimed before anybody else can see it as due: the address is not asked twice.
        subscribed = subscribe(wish)
        held = claims.claim(subscribed.feed, timezone.now()) if subscribed.created else None
    if held is not None:
        # The move was followed when subscribing: only what led on from there belongs to the exchange.
        rest = tuple(hop for hop in found.result.redirects if hop.url not in _before(found))
        record(held, replace(found.result, url=found.url, redirects=rest))
    return Subscribed(Feed.objects.select_related("source").get(pk=subscribed.feed.pk), subscribed.created)


def _before(found: Probe) -> frozenset[str]:
    """The addresses that moved for good before the feed's own."""
    passed: list[str] = []
    for hop in found.result.redirects:
        if hop.url == found.url:
            break
        passed.append(hop.url)
    return frozenset(passed) if found.url != found.result.url else frozenset()
