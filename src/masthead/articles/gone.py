"""Articles whose entry left its feed early are marked: the source deleted them. They stay, and the page says so."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db.models import F

from masthead.articles.models import Article
from masthead.entries.models import Entry

_PAUSE = 60.0  # seconds between two looks: the look reads the whole table of entries
# A cache on the way may hand out an old document once: an item is gone when its feed was read again so much later.
_CERTAIN_AFTER = timedelta(hours=1)
_last = [float("-inf")]


def mark_gone(limit: int = 500, *, pause: float = _PAUSE) -> int:
    """Copy `Entry.missing_since` to `Article.gone_at`, and take it back where an entry returned. Returns how many."""
    if time.monotonic() - _last[0] < pause:
        return 0
    _last[0] = time.monotonic()
    missing = dict(
        Entry.objects.exclude(missing_since=None)
        .filter(feed__succeeded_at__gte=F("missing_since") + _CERTAIN_AFTER)
        .filter(pk__in=Article.objects.filter(gone_at=None).values("entry"))
        .values_list("pk", "missing_since")[:limit]
    )
    for pk, since in missing.items():
        Article.objects.filter(entry=pk).update(gone_at=since)
    back = Entry.objects.filter(missing_since=None, pk__in=Article.objects.exclude(gone_at=None).values("entry"))
    returned = list(back.values_list("pk", flat=True)[:limit])
    Article.objects.filter(entry__in=returned).update(gone_at=None)
    return len(missing) + len(returned)
