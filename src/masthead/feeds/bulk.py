"""Subscribe to many feeds at once: a list's feeds with a handful of statements in place of a handful for each."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from masthead.core.repair.language import normal_tag
from masthead.core.urls import absolute, host_of, without_scheme
from masthead.feeds.models import Feed, FeedState, FullText, Policy, Source
from masthead.feeds.naming import default_name
from masthead.feeds.queries import source_named, spellings
from masthead.feeds.subscribe import NotSubscribed, Subscribed, Wish, wanted_address


def subscribe_all(wishes: Sequence[Wish]) -> list[Subscribed | NotSubscribed]:
    """What `subscribe` would do with each, in order, in one transaction; up to some thousands at a time."""
    addresses: list[str | NotSubscribed] = []
    for wish in wishes:
        try:
            addresses.append(wanted_address(wish.url))
        except NotSubscribed as error:
            addresses.append(error)
    with transaction.atomic():
        known = _known([address for address in addresses if isinstance(address, str)])
        new: dict[str, tuple[Wish, str]] = {}
        for wish, address in zip(wishes, addresses, strict=True):
            if isinstance(address, str) and (name := without_scheme(address)) not in known:
                new.setdefault(name, (wish, address))
        sources = _Sources([wish for wish, _ in new.values()])
        feeds = Feed.objects.bulk_create(
            [_feed(wish, address, sources.of(wish)) for wish, address in new.values()], batch_size=500
        )
        made = dict(zip(new, feeds, strict=True))
    results: list[Subscribed | NotSubscribed] = []
    for address in addresses:
        if isinstance(address, NotSubscribed):
            results.append(address)
            continue
        name = without_scheme(address)
        # The first line of an address makes its feed; further ones find it.
        fresh = made.pop(name, None)
        if fresh is not None:
            known[name] = fresh
        results.append(Subscribed(known[name], created=fresh is not None))
    return results


def _known(addresses: Sequence[str]) -> dict[str, Feed]:
    """Feeds that have one of these addresses in any spelling, by what the spellings share."""
    wanted = [spelling for address in addresses for spelling in (address, *spellings(address))]
    found: dict[str, Feed] = {}
    for start in range(0, len(wanted), 5000):
        for feed in Feed.objects.filter(url__in=wanted[start : start + 5000]).select_related("source"):
            found.setdefault(without_scheme(feed.url), feed)
    return found


def _feed(wish: Wish, address: str, source: Source) -> Feed:
    return Feed(
        source=source,
        url=address,
        host=host_of(address)[:255],
        title=wish.title[:500],
        home_url=absolute(wish.home_url)[:2000],
        section=wish.section,
        full_text=wish.full_text if wish.full_text in FullText.values else FullText.AUTO,
        language=normal_tag(wish.language[:35]),
        state=FeedState.PAUSED if wish.paused else FeedState.ACTIVE,
        reason=wish.paused[:500],
        due_at=timezone.now(),
        due_why="new",
        hints={"folders": list(wish.folders)} if wish.folders else {},
    )


class _Sources:
    """The sources of wishes: by name where one is given, else by home page, else new ones; made all at once."""

    def __init__(self, wishes: Sequence[Wish]) -> None:
        self._by_name: dict[str, Source] = {}
        self._by_home = self._at_home([wish.home_url for wish in wishes if wish.home_url and not wish.source])
        self._slugs = set(Source.objects.values_list("slug", flat=True)) if wishes else set()
        self._numbers: dict[str, int] = {}
        self._new: list[Source] = []
        self._chosen = {id(wish): self._choose(wish) for wish in wishes}
        Source.objects.bulk_create(self._new, batch_size=500)

    def of(self, wish: Wish) -> Source:
        return self._chosen[id(wish)]

    @staticmethod
    def _at_home(homes: Sequence[str]) -> dict[str, Source]:
        wanted = [spelling for home in homes for spelling in spellings(home)]
        found: dict[str, Source] = {}
        for start in range(0, len(wanted), 5000):
            for source in Source.objects.filter(home_url__in=wanted[start : start + 5000]).order_by("pk"):
                found.setdefault(without_scheme(source.home_url), source)
        return found

    def _choose(self, wish: Wish) -> Source:
        if wish.source:
            name = wish.source.casefold()
            if name not in self._by_name:
                self._by_name[name] = source_named(wish.source) or self._make(wish)
            return self._by_name[name]
        home = without_scheme(wish.home_url)
        if not home:
            return self._make(wish)
        if home not in self._by_home:
            self._by_home[home] = self._make(wish)
        return self._by_home[home]

    def _make(self, wish: Wish) -> Source:
        name = (wish.source or wish.title or default_name(wish.url)).strip()[:200]
        policy = wish.policy if wish.policy in Policy.values else Policy.AUTO
        source = Source(name=name, slug=self._slug(name), home_url=absolute(wish.home_url)[:2000], policy=policy)
        self._new.append(source)
        return source

    def _slug(self, name: str) -> str:
        stem = slugify(name, allow_unicode=True)[:100] or "source"
        slug, number = stem, self._numbers.get(stem, 2)
        while slug in self._slugs:
            slug = f"{stem}-{number}"
            number += 1
        self._numbers[stem] = number
        self._slugs.add(slug)
        return slug
