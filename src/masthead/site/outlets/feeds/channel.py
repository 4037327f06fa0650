"""A list page as a feed of any form: what the writers of RSS, Atom and JSON Feed write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from masthead.pages import addresses
from masthead.pages.types import Card, Paging
from masthead.site.outlets.text import one_line, web_address


@dataclass(frozen=True, slots=True)
class Item:
    """An article in a feed. `html` is sanitised, with absolute addresses, and holds what rights permit."""

    card: Card
    html: str
    original_url: str = ""
    categories: tuple[str, ...] = ()
    licence: str = ""

    @property
    def id(self) -> str:
        """A tag URI (RFC 4151), the same for ever: it holds neither the headline nor the edition."""
        host = urlsplit(settings.MASTHEAD.base_url).hostname or "masthead.invalid"
        return f"tag:{host},{self.card.first_seen:%Y-%m-%d}:article/{self.card.id}"

    @property
    def url(self) -> str:
        return addresses.absolute(self.card.path)

    @property
    def title(self) -> str:
        return one_line(self.card.title) or self.url

    @property
    def published(self) -> datetime | None:
        """The instant of publication, where it is known better than to the day."""
        return None if self.card.precision == "day" else self.card.published

    @property
    def published_day(self) -> str | None:
        """The day of publication (ISO 8601), where no more than that is known."""
        return f"{self.card.published:%Y-%m-%d}" if self.card.published and self.card.precision == "day" else None

    @property
    def updated(self) -> datetime:
        """When it last became what it is: the source's last change, else when we first saw it."""
        return self.card.changed or self.published or self.card.first_seen

    @property
    def source_name(self) -> str:
        return one_line(self.card.source.name) or self.card.source.slug

    @property
    def source_url(self) -> str:
        """The publisher's home page, empty when it has none."""
        return web_address(self.card.source.home_url)

    @property
    def authors(self) -> tuple[str, ...]:
        return tuple(filter(None, map(one_line, self.card.byline)))


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed: where its page stands (`path`, with a query for a search), and its items, newest first."""

    path: str
    title: str
    description: str
    language: str
    items: tuple[Item, ...]
    hubs: tuple[str, ...] = ()
    paging: Paging = field(default_factory=Paging)
    changed_at: datetime | None = None

    @property
    def url(self) -> str:
        return addresses.absolute(self.path)

    def self_url(self, form: str, page: int = 1) -> str:
        """The address of this feed, or of another page of it (RFC 5005)."""
        url = addresses.absolute(addresses.feed(self.path, form))
        return url if page == 1 else f"{url}{'&' if '?' in url else '?'}page={page}"

    @property
    def updated(self) -> datetime:
        """When its newest item became what it is; for an empty feed the day's first instant, so that it stays put."""
        times = [item.updated for item in self.items]
        if self.changed_at:
            times.append(self.changed_at)
        now = timezone.now()
        if not times:
            return now.replace(hour=0, minute=0, second=0, microsecond=0)
        return min(max(times), now)


Writer = Callable[[Channel], bytes]
