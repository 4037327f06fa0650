"""The verb: articles into sections, reports onto the front pages, days counted.

Runs when something new came, and at least every minute besides, since what stands on a front page ages.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from masthead.core import layout
from masthead.core.layout import Place
from masthead.pages import days
from masthead.pages.candidates import candidates, front_sections
from masthead.pages.models import Arrangement, Slot
from masthead.pages.place import place, waiting
from masthead.store import generation, leases
from masthead.store.steps import Outcome

LEASE = timedelta(minutes=5)
EVERY = timedelta(seconds=60)


def arrange(limit: int = 200) -> Outcome:
    """Place up to `limit` articles and lay out the front pages. One process at a time."""
    now = timezone.now()
    progress = _claim(now)
    if progress is None:
        return Outcome()
    reached = progress.revision
    try:
        articles, last = waiting(progress.revision, limit)
        touched = place(articles) if articles else set()
        due = progress.arranged_at is None or not timedelta(0) <= now - progress.arranged_at < EVERY
        changed = days.recount([*touched, *(days.longest_ago() if due else ())])
        moved = 0
        if articles or due:
            moved = sum(lay_out(edition) for edition in settings.MASTHEAD.all_editions)
            Arrangement.objects.filter(pk=1).update(arranged_at=now)
        if articles or changed or moved:
            generation.bump()
        reached = last
    finally:
        Arrangement.objects.filter(pk=1, leased_until=progress.leased_until).update(revision=reached, leased_until=None)
    return Outcome(done=len(articles), more=len(articles) == limit)


def _claim(now: datetime) -> Arrangement | None:
    Arrangement.objects.get_or_create(pk=1)
    free = Arrangement.objects.filter(Q(leased_until=None) | Q(leased_until__lt=now), pk=1)
    until = now + leases.term(LEASE)
    return Arrangement.objects.get(pk=1) if free.update(leased_until=until) else None


def lay_out(edition: str) -> int:
    """Fill the slots of an edition's front page anew; how many changed. Pinned ones stay until their time is over."""
    now = timezone.now()
    held = {(slot.area, slot.position): slot for slot in Slot.objects.filter(edition=edition)}
    pinned = {place: slot.article_id for place, slot in held.items() if slot.pinned_until and slot.pinned_until > now}
    found = candidates(edition, {slot.article_id: place for place, slot in held.items()})
    places = layout.arrange(found, now, front_sections(), pinned=pinned)
    stories = {candidate.key: candidate.story for candidate in found}
    return _write(edition, held, places, stories, set(pinned), now)


def _write(
    edition: str,
    held: dict[tuple[str, int], Slot],
    places: list[Place],
    stories: dict[int, int | None],
    pinned: set[tuple[str, int]],
    now: datetime,
) -> int:
    """Bring the table to `places`; a slot that keeps its article keeps the time it was filled."""
    wanted = {(place.area, place.position): place for place in places}
    changed = 0
    with transaction.atomic():
        gone = [slot.pk for where, slot in held.items() if where not in wanted and where not in pinned]
        if gone:
            changed += Slot.objects.filter(pk__in=gone).delete()[0]
        for where, place in wanted.items():
            slot = held.get(where)
            why = [[reason.code, reason.value] for reason in place.why]
            if slot and slot.article_id == place.key:
                if slot.why != why or abs(slot.score - place.score) > 0.2 * max(place.score, 1e-9):
                    changed += slot.why != why
                    Slot.objects.filter(pk=slot.pk).update(score=place.score, why=why, story=stories.get(place.key))
                continue
            changed += 1
            Slot.objects.update_or_create(
                edition=edition,
                area=place.area,
                position=place.position,
                defaults={
                    "article_id": place.key,
                    "story_id": stories.get(place.key),
                    "score": place.score,
                    "why": why,
                    "pinned_until": None,
                    "filled_at": now,
                },
            )
    return changed
