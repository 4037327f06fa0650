"""What stands at an address that somebody wants to subscribe to: a feed, a page that names feeds, or a choice.

One request, where the address tells the feed none for the page. Only a page that names no feed makes more: the usual
places on its host, one after the other at the host's pace, up to the first that is a feed. The body that was fetched
becomes the feed's first exchange, so that nothing is fetched twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from masthead.core.fetch import FetchRequest
from masthead.core.parse import NotAFeed, discover, parse_feed
from masthead.core.types import FetchResult
from masthead.feeds import claims, moves
from masthead.feeds.client import fetch_many
from masthead.feeds.models import Feed
from masthead.feeds.offers import Offer, offers_of, told_by_address
from masthead.feeds.poll import record
from masthead.feeds.subscribe import NotSubscribed, Subscribed, Wish, subscribe

# A server that answers so has no document there; any other trouble ends the search.
_ABSENT = frozenset((400, 401, 403, 404, 405, 406, 410))


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found: a feed (`url` is where it stands, moves followed; `title` and `home_url` its own), or offers."""

    url: str
    result: FetchResult | None = None
    title: str = ""
    home_url: str = ""
    offers: tuple[Offer, ...] = ()

    @property
    def is_feed(self) -> bool:
        """Whether the address itself is a feed."""
        return not self.offers


def probe(url: str) -> Probe:
    """Find out what stands at `url`. Raises `NotSubscribed` when it cannot be had, or is no feed and leads to none."""
    told = told_by_address(url)
    if len(told) > 1:
        return Probe(url, offers=told)
    result = _ask(told[0].url if told else url)
    if told and result.status in _ABSENT:
        # The rule does not hold for this page; the page itself may say more.
        result = _ask(url)
    if result.error:
        raise NotSubscribed(f"{url}: {result.error_detail}")
    if not result.ok or not result.body:
        raise NotSubscribed(f"{url}: the server answered {result.status}{'' if result.body else ' with an empty body'}")
    try:
        return _as_feed(result)
    except NotAFeed as error:
        found = discover(result.body, result.final_url, guess=True)
        if named := offers_of([feed for feed in found if feed.how != "guessed"]):
            return Probe(_target(result), result, offers=named)
        feed = _search([feed.url for feed in found]) if error.is_page else None
        if feed is None:
            raise NotSubscribed(f"{url} is not a feed and names none: {error}") from error
        return feed


def _ask(url: str) -> FetchResult:
    results: list[FetchResult] = []
    fetch_many([FetchRequest(url=url, kind="feed")], lambda request, result: results.append(result))
    return results[0]


def _target(result: FetchResult) -> str:
    return moves.permanent_target(result.redirects) or result.url


def _as_feed(result: FetchResult) -> Probe:
    """The answer as a feed. Raises `NotAFeed`."""
    parsed = parse_feed(result.body, url=result.final_url, content_type=result.headers.get("content-type", ""))
    return Probe(_target(result), result, title=parsed.title, home_url=parsed.link)


def _search(places: Sequence[str]) -> Probe | None:
    """The first of `places` that is a feed; None when there is none, or when the server would rather not be asked."""
    for place in places:
        result = _ask(place)
        if result.error or (not result.ok and result.status not in _ABSENT):
            return None
        if result.ok and result.body:
            try:
                return _as_feed(result)
            except NotAFeed:
                continue
    return None


def take(found: Probe, wish: Wish) -> Subscribed:
    """Subscribe to a feed that was probed, and keep what the probe brought as its first exchange."""
    wish = replace(wish, url=found.url, title=wish.title or found.title, home_url=wish.home_url or found.home_url)
    with transaction.atomic():
        # Claimed before anybody else can see it as due: the address is not asked twice.
        subscribed = subscribe(wish)
        held = claims.claim(subscribed.feed, timezone.now()) if subscribed.created else None
    if held is not None and found.result is not None:
        # The move was followed when subscribing: only what led on from there belongs to the exchange.
        passed = _before(found.result, found.url)
        rest = tuple(hop for hop in found.result.redirects if hop.url not in passed)
        record(held, replace(found.result, url=found.url, redirects=rest))
    return Subscribed(Feed.objects.select_related("source").get(pk=subscribed.feed.pk), subscribed.created)


def _before(result: FetchResult, url: str) -> frozenset[str]:
    """The addresses that moved for good before the feed's own."""
    passed: list[str] = []
    for hop in result.redirects:
        if hop.url == url:
            break
        passed.append(hop.url)
    return frozenset(passed) if url != result.url else frozenset()
