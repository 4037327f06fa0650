"""What editors do to feeds. Nothing here fetches: "poll now" sets a due time, and politeness keeps the last word."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from masthead.feeds.models import Feed, FeedState


def poll_soon(feeds: Iterable[int]) -> int:
    """Have feeds polled as soon as their servers allow; takes up again what was gone, refused or paused.

    A feed that was merged into another stays so, as does an archive that was imported. Returns how many were set due.
    """
    wanted = Feed.objects.filter(pk__in=list(feeds)).exclude(state__in=(FeedState.MERGED, FeedState.IMPORTED))
    return wanted.update(due_at=timezone.now(), due_why="an editor asked for it", state=FeedState.ACTIVE, reason="")


def pause(feeds: Iterable[int], reason: str = "") -> int:
    """Stop polling feeds until somebody calls `poll_soon`. Returns how many were active."""
    active = Feed.objects.filter(pk__in=list(feeds), state=FeedState.ACTIVE)
    return active.update(state=FeedState.PAUSED, reason=(reason or "paused by an editor")[:500])
