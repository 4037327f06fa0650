"""One visit to a publisher for its icon: which address is asked for next, given what came of the one before.

At most one home page and four icons, one after the other. What is broken or missing leads on to the next offer; a
server in trouble ends the visit, and another comes later.
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from masthead.core.fetch import FetchRequest
from masthead.core.fetch.waiting import retry_after
from masthead.core.icons import Offer, Offers, Page, ranked
from masthead.core.records import from_builtins
from masthead.core.types import FetchResult
from masthead.core.urls import host_of
from masthead.feeds.icons import conditional
from masthead.feeds.icons.raster import Encoded, Raw
from masthead.feeds.models import SourceIcon
from masthead.store import media
from masthead.store.workers import run as workers

log = logging.getLogger(__name__)

FIND = workers.Task("masthead.core.icons:declared", Page, Offers)
ENCODE = workers.Task("masthead.feeds.icons.raster:encode", Raw, Encoded)
MOST_PAGE_BYTES, MOST_ICON_BYTES = 4_000_000, 1_000_000
_ACCEPT = "image/png, image/webp, image/x-icon, image/vnd.microsoft.icon, image/jpeg, image/gif;q=0.8, */*;q=0.1"
_PAGE_TYPES = frozenset(("", "text/html", "application/xhtml+xml", "text/plain"))
_TROUBLE = frozenset(("dns", "refused", "timeout", "tls", "protocol", "coding"))
# After so many visits that were cut short, an address in trouble counts as missing: the next offer gets its turn.
_PATIENCE = 3


@dataclass(slots=True)
class Visit:
    """The state of a visit, and in the end what came of it.

    `encoded`: the icon received from `url`; `confirmed`: the one that is here is still the publisher's; `trouble`: why
    the visit was cut short; `postponed`: nothing was asked, or we could not read it. None of them: there is no icon.
    """

    icon: SourceIcon
    now: datetime
    page_validators: dict[str, str] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    url: str = ""
    url_validators: dict[str, str] = field(default_factory=dict)
    encoded: Encoded | None = None
    confirmed: bool = False
    trouble: str = ""
    postponed: str = ""
    paused_host: str = ""
    silent_until: datetime | None = None
    why_not: list[str] = field(default_factory=list)
    _left: deque[Offer] = field(default_factory=deque)
    _asked: Offer | None = None

    def begin(self) -> FetchRequest | None:
        """The first request; None when there is nowhere to ask."""
        source = self.icon.source
        if source.home_url == self.icon.home_url:
            self.page_validators = self.icon.page_validators
            self.offers = tuple(from_builtins(self.icon.offers, list[Offer]))
        if not source.home_url:
            return self._choose("")
        held = self.page_validators if self.icon.asked_at else {}
        return conditional.request(source.home_url, held, "page", max_bytes=MOST_PAGE_BYTES, tag=self)

    def take(self, result: FetchResult) -> FetchRequest | None:
        """Judge an answer; the next request, None when the visit is over."""
        asked = retry_after(result.headers, self.now) if not (result.ok or result.not_modified) else None
        if asked is not None:
            self.silent_until = max(asked, self.silent_until or asked)
        if result.error == "paused":
            self.postponed, self.paused_host = result.error_detail, host_of(result.final_url)
            return None
        in_trouble = result.error in _TROUBLE or result.status in (408, 425, 429) or result.status >= 500
        if in_trouble and (self._asked is None or self.icon.failures < _PATIENCE):
            self.trouble = _words(result)
            return None
        try:
            return self._page(result) if self._asked is None else self._picture(self._asked, result)
        except workers.Unavailable as error:
            self.postponed = str(error)
            return None

    def _page(self, result: FetchResult) -> FetchRequest | None:
        """The home page came, or is refused: then what it declared last time holds."""
        kind = result.headers.get("content-type", "").partition(";")[0].strip().lower()
        if result.ok and kind in _PAGE_TYPES:
            try:
                self.offers = workers.call(FIND, Page(result.body, result.final_url)).icons
                self.page_validators = conditional.validators(result)
            except workers.Failed as error:
                # What could not be read is asked for again in full.
                log.error("home page %s could not be read: %s\n%s", result.final_url, error, error.report)
                self.offers, self.page_validators = (), {}
                self.why_not.append(f"home page: {error}")
        elif result.not_modified:
            self.page_validators = conditional.confirmed(self.page_validators, result)
        else:
            self.why_not.append(f"home page: {_words(result) if not result.ok else f'not a page but {kind}'}")
        reached = result.ok or result.not_modified
        return self._choose(result.final_url if reached else self.icon.source.home_url)

    def _choose(self, home: str) -> FetchRequest | None:
        self._left.extend(ranked(self.offers, home, self.icon.source.icon_url))
        return self._next()

    def _next(self) -> FetchRequest | None:
        if not self._left:
            return None
        self._asked = offer = self._left.popleft()
        held = self.icon.url_validators if offer.url == self.icon.url and self._is_here() else {}
        return conditional.request(offer.url, held, "image", max_bytes=MOST_ICON_BYTES, accept=_ACCEPT, tag=self)

    def _picture(self, offer: Offer, result: FetchResult) -> FetchRequest | None:
        self.url = offer.url
        if result.not_modified:
            self.confirmed, self.url_validators = True, conditional.confirmed(self.icon.url_validators, result)
            return None
        why_not = _words(result)
        if result.ok:
            try:
                encoded = workers.call(ENCODE, Raw(result.body, offer.how != "feed"))
            except workers.Failed as error:
                log.error("icon %s could not be read: %s\n%s", offer.url, error, error.report)
                encoded = Encoded(refusal=str(error))
            if not encoded.refusal:
                self.encoded, self.url_validators = encoded, conditional.validators(result)
                return None
            why_not = encoded.refusal
        self.why_not.append(f"{offer.url}: {why_not}")
        return self._next()

    def _is_here(self) -> bool:
        """Whether the files that a 304 would confirm are kept."""
        return bool(self.icon.files) and all(map(_is_kept, self.icon.files))


def _is_kept(file: dict[str, Any]) -> bool:
    try:
        return media.holds(str(file["path"]))
    except OSError:
        # It is asked for in full, and is written when the store answers again.
        return False


def _words(result: FetchResult) -> str:
    return f"{result.error}: {result.error_detail}" if result.error else f"the server answered {result.status}"
