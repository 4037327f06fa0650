"""Late evidence in the database: stories that merge, reports that move, stories that fall apart.

`core.revising` decides. Addresses never break: a story that is merged or left empty names the one that it went into,
and one that falls apart keeps its address for the larger part. What an editor placed is not touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import F
from django.utils.text import slugify

from masthead.core.grouping import Peer
from masthead.core.revising import NEIGHBOURS, Merge, Move, revise
from masthead.stories.models import Member, Story
from masthead.stories.queries import held, locked_stories


def look_again(story: int, near: Sequence[int], peers: Iterable[Peer]) -> list[int]:
    """Look at `story`, which a report has joined, and at its neighbours again; the stories that changed.

    Called within the transaction of the joining. Two queries where nothing changes, none for a story that stands alone.
    """
    looked: dict[int, list[Peer]] = {number: [] for number in (story, *near[:NEIGHBOURS])}
    for peer in peers:
        if peer.story in looked:
            looked[peer.story].append(peer)
    if len(looked) == 1 and len(looked[story]) < 2:
        return []
    changed: list[int] = []
    touched = held(looked)
    changes = revise(story, looked, touched)
    if changes:
        locked_stories(looked)
        if held(looked) != touched:
            return []  # an editor has decided meanwhile
    for change in changes:
        changed += merge(change.gone, change.into) if isinstance(change, Merge) else move(change)
    return changed


def merge(gone: int, into: int) -> list[int]:
    """Make story `gone` one with `into`: its reports move, and its address and those that led to it lead there."""
    Member.objects.filter(story=gone).update(story=into)
    lead(gone, into)
    return [into]


def lead(gone: int, into: int) -> None:
    """The address of `gone`, and those that led to it, lead to `into` from now on."""
    Story.objects.filter(pk=gone).update(merged_into=into, articles=0, sources=0, lead=None, refresh_at=None)
    Story.objects.filter(merged_into=gone).update(merged_into=into)


def move(change: Move) -> list[int]:
    """Have reports leave their story, for a new one where none is named; both stories, the old one first."""
    into = change.into if change.into is not None else _opened(change).pk
    rows = Member.objects.filter(story=change.story, article__in=change.keys).exclude(origin=Member.Origin.EDITOR)
    rows.update(story=into, moves=F("moves") + 1)
    if not Member.objects.filter(story=change.story).exists():
        lead(change.story, into)
    return [change.story, into]


def _opened(change: Move) -> Story:
    """A new story for the reports that leave theirs."""
    first = Member.objects.filter(article__in=change.keys).select_related("article").order_by("at", "id")
    members = list(first)
    article = members[0].article
    return Story.objects.create(
        language=article.language.partition("-")[0].lower(),
        slug=article.slug or slugify(article.title, allow_unicode=True)[:120],
        title=article.title,
        first_at=members[0].at,
        last_at=members[-1].at,
    )
