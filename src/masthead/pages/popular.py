"""The most read lists: of an edition, a section, a source, for each window."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.core.cache import cache
from django.db.models import Exists, OuterRef

from masthead.audience import queries as audience
from masthead.pages.cards import cards_by_id
from masthead.pages.models import Placement
from masthead.pages.types import Popular

LIMIT = 10
SHORT = 5
WINDOWS = tuple(audience.WINDOWS)
DAY = "day"
KEPT = {"week": 300, "month": 900}
"""Seconds that the longer lists are kept: of millions of counts each takes a second, and changes little meanwhile."""


def popular(edition: str, window: str = DAY, limit: int = LIMIT) -> Popular:
    """The most read articles of an edition; the newest, saying so, where nothing was counted in the window."""

    def ask() -> audience.Ranking:
        return audience.most_popular(edition=edition, hours=audience.WINDOWS[window], limit=limit)

    return _list(_kept(f"{edition}:{limit}", window, ask), edition, window)


def popular_in(
    edition: str, *, section: str = "", source: int | None = None, window: str = "week", limit: int = SHORT
) -> Popular:
    """The most read of a section, or of a source in all its languages; empty where nothing was counted.

    It stands beside the newest of the same section or source, so that it never has to stand in for them.
    """

    def ask() -> audience.Ranking:
        placed = Placement.objects.filter(article=OuterRef("pk"), section__slug=section)
        return audience.most_popular(
            edition=edition if source is None else "",
            source=source,
            only=Exists(placed) if section else None,
            hours=audience.WINDOWS[window],
            limit=limit,
            fill=False,
        )

    return _list(_kept(f"{edition}:{section}:{source}:{limit}", window, ask), edition, window)


def _kept(of: str, window: str, ask: Callable[[], audience.Ranking]) -> audience.Ranking:
    """A ranking that is asked for anew when it is too old. What may be seen of it is decided at each use."""
    if window not in KEPT:
        return ask()
    key = f"popular:{window}:{hashlib.sha256(of.encode()).hexdigest()}"
    found: audience.Ranking | None = cache.get(key)
    if found is None:
        found = ask()
        cache.set(key, found, KEPT[window])
    return found


def _list(ranking: audience.Ranking, edition: str, window: str) -> Popular:
    shown = cards_by_id(ranking.ids, edition)
    return Popular(
        cards=shown,
        window_hours=ranking.window_hours,
        fallback=ranking.fallback,
        window=window,
        readings=tuple(ranking.views.get(card.id, 0) for card in shown) if not ranking.fallback else (),
    )
