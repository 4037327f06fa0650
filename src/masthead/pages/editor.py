"""An editor's hand: which section an article is in, and what stands on the front page whatever the score says."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from masthead.articles.models import Article
from masthead.pages.languages import edition_of, primary
from masthead.pages.models import Placement, Section, Slot
from masthead.store import generation
from masthead.stories.models import Member

# Places that an editor may fill by hand, with how many there are of each.
PINNABLE: tuple[tuple[str, str], ...] = (("lead", "The lead"), ("second", "Among the seconds"))
PLACES = {"lead": 1, "second": 4}


def into_section(article: Article, section: Section) -> None:
    """Put an article into a section by an editor's decision, which `arrange` never undoes."""
    Placement.objects.update_or_create(
        article=article,
        defaults={
            "section": section,
            "language": primary(article.language),
            "at": article.sort_at,
            "origin": "editor",
            "evidence": "",
        },
    )
    generation.bump(hard=True)


def pin(article: Article, area: str, until: datetime) -> Slot:
    """Set an article into an area of its edition's front page until then.

    It takes the first place there that no other pin holds; when pins hold them all, the pin that ends first gives
    way. Raises `ValueError` for an area that cannot be pinned.
    """
    if area not in PLACES:
        raise ValueError(f"{area!r} cannot be pinned; these can: {', '.join(PLACES)}")
    edition, now = edition_of(article.language), timezone.now()
    member = Member.objects.filter(article=article).first()
    with transaction.atomic():
        Slot.objects.filter(edition=edition, article=article).delete()
        held = {s.position: s for s in Slot.objects.filter(edition=edition, area=area)}
        free = [p for p in range(PLACES[area]) if p not in held or not _pinned(held[p], now)]
        position = free[0] if free else min(held.values(), key=lambda s: s.pinned_until or now).position
        slot, _ = Slot.objects.update_or_create(
            edition=edition,
            area=area,
            position=position,
            defaults={
                "article": article,
                "story_id": member.story_id if member else None,
                "pinned_until": until,
                "filled_at": now,
                "score": 0,
                "why": [["editor", 0]],
            },
        )
    generation.bump(hard=True)
    return slot


def unpin(article: Article) -> int:
    """Let the machine decide again. Returns how many pins were lifted."""
    lifted = Slot.objects.filter(article=article, pinned_until__isnull=False).update(pinned_until=None)
    generation.bump(hard=True)
    return lifted


def _pinned(slot: Slot, now: datetime) -> bool:
    return slot.pinned_until is not None and slot.pinned_until > now
