"""What a story says of itself, drawn from those of its reports that readers may see: headline, lead, counts, times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone

from masthead.articles.models import ArticleState
from masthead.core import similar
from masthead.store import generation
from masthead.stories.models import Member, Signature, Story

COMPARED = 24
STEADY = 1.1
"""So much nearer to the others another report must be before the story takes its headline: titles do not flicker."""


def refresh(stories: Iterable[int]) -> int:
    """Bring these stories up to date; how many were."""
    done = 0
    for pk in dict.fromkeys(stories):
        done += _refresh(pk)
    if done:
        generation.bump()
    return done


def _refresh(pk: int) -> int:
    story = Story.objects.filter(pk=pk).first()
    if story is None or story.merged_into_id is not None:
        return 0
    now = timezone.now()
    members = list(Member.objects.filter(story=pk).select_related("article").order_by("at", "id"))
    published = [m for m in members if m.article.state == ArticleState.PUBLISHED]
    shown = [m for m in published if not m.article.embargo_until or m.article.embargo_until <= now]
    changed: dict[str, object] = {"refresh_at": next_embargo(published, now)}
    if shown:
        lead = central(shown, story.lead_id)
        changed |= {
            "title": lead.article.title,
            "lead": lead.article_id,
            "first_at": shown[0].at,
            "last_at": shown[-1].at,
        }
    else:
        changed["lead"] = None
    changed |= {"articles": len(shown), "sources": len({m.article.source_id for m in shown})}
    Story.objects.filter(pk=pk).update(**changed)
    return 1


def next_embargo(members: Iterable[Member], now: datetime) -> datetime | None:
    """When the next of these reports may be shown."""
    ends = (m.article.embargo_until for m in members)
    return min((end for end in ends if end and end > now), default=None)


def central(members: Sequence[Member], present: int | None) -> Member:
    """The report most like all the others, the present lead unless one is clearly nearer; copies give no headline."""
    originals = [m for m in members if m.copy_of_id is None] or list(members)
    recent = originals[-COMPARED:]
    if len(recent) == 1:
        return recent[0]
    terms = dict(Signature.objects.filter(article__in=[m.article_id for m in recent]).values_list("article", "terms"))
    near = {
        m.article_id: sum(
            similar.similarity(terms.get(m.article_id, {}), terms.get(other.article_id, {}))
            for other in recent
            if other is not m
        )
        * (STEADY if m.article_id == present else 1)
        for m in recent
    }
    return max(recent, key=lambda m: (near[m.article_id], -m.article_id))
