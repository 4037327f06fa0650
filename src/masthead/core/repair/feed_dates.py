"""A feed's date against its page's: what a feed says of an entry, and which of two that differ is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from masthead.core.characters import one_line
from masthead.core.repair.date_weights import WEIGHTS
from masthead.core.repair.dates import judged, read_iso
from masthead.core.repair.dates_of_page import read_stated
from masthead.core.repair.draft import Draft
from masthead.core.types import ArticleDate, CleanArticle, Evidence, Provenance

_MARGIN = 0.05  # what a page must be surer by before it contradicts the feed


def entry_date(iso: str | None, raw: str, field: str, seen: datetime, draft: Draft) -> ArticleDate | None:
    """The date that a feed states of an entry: the instant it gives, else as much as its words say.

    `iso`: as the parser read it, None where it is no certain instant; `raw`: the words. What cannot be read, and what
    cannot be true at the moment it was `seen`, gives None, with the reason in the draft.
    """
    words = one_line(raw or iso or "")
    parts = (read_iso(iso) if iso else None) or (read_stated(words) if words else None)
    if parts is None:
        draft.origin(field, "none")
        if raw and field == "published":
            draft.warn(f"The date stated could not be read: {words[:80]}")
        return None
    found = judged(parts, words, field, seen, draft, (Evidence("feed", words[:80], iso or ""),))
    draft.origin(field, f"feed:{field}" if found else "none", confidence=found.confidence if found else 0.0)
    return found


def join_dates(page: CleanArticle, draft: Draft) -> None:
    """Settle `draft.published`, which is the feed's, with the page's: one supports the other, or the surer is taken.

    Where they differ by no more than a time zone can, they agree, and the one that states more is taken.
    """
    other = page.published
    if other is None:
        return
    own = draft.published
    origin = page.provenance.get("published", Provenance("page"))
    if other.since_unknown:  # the day of a change: it neither supports nor contradicts a day of publication
        told = [repair for repair in page.repairs if repair.code == "day-of-change"]
        draft.repairs = [repair for repair in draft.repairs if repair not in told] + (told if own is None else [])
        if own is not None:
            return
    if own is None:
        draft.published, draft.provenance["published"] = other, origin
        return
    if own.earliest <= other.latest and other.earliest <= own.latest:
        evidence = (*own.evidence, *other.evidence)[:8]
        surer = round(1 - (1 - own.confidence) * (1 - other.confidence), 2)
        kept = (
            own if (own.zone is not None) >= (other.zone is not None) and len(own.value) >= len(other.value) else other
        )
        draft.published = replace(kept, confidence=min(0.99, surer), evidence=evidence)
        place = draft.provenance["published"].origin if kept is own else origin.origin
        draft.origin("published", place, method=kept.method, confidence=min(0.99, surer), evidence=evidence)
        return
    if other.confidence > WEIGHTS["feed:published"] + _MARGIN and own.value[:10] != other.value[:10]:
        draft.mend(
            "date-conflict", "published", own.value, other.value,
            "The feed and the page state different days; the page says its own more plainly.",
        )  # fmt: skip
        draft.published = replace(
            other, evidence=(*other.evidence, *own.evidence)[:8], confidence=round(other.confidence - 0.1, 2)
        )
        draft.origin(
            "published", origin.origin, confidence=draft.published.confidence, evidence=draft.published.evidence
        )
