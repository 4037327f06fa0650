"""Stories near to a story: those of late that share its telling words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import Count

from masthead.articles.models import Article
from masthead.core import grouping
from masthead.pages.cards import has_page, is_shown, with_card_columns
from masthead.pages.languages import primary
from masthead.pages.types import Card
from masthead.stories.models import Member, Posting, Signature, Story

SIGNED = 12
TERMS = 16
NEAR = 60
SHARED = 3
"""Stories with fewer telling words in common are not related. A common section is worth one more, in their order."""
SHOWN = 4


def related(story: Story, keys: Sequence[int]) -> list[tuple[Article, int]]:
    """The leads of stories that share telling words with the reports `keys`, and how many words. Three queries."""
    weights: Counter[str] = Counter()
    oldest = sorted(keys)[:SIGNED]  # they stay the same when more reports come, and with them what is related
    for terms in Signature.objects.filter(article__in=oldest).values_list("terms", flat=True):
        weights.update(terms)
    telling = [term for term, _ in sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:TERMS]]
    window = (story.first_at - 2 * grouping.WINDOW, story.last_at + 2 * grouping.WINDOW)
    near = (
        Posting.objects.filter(language=primary(story.language), term__in=telling, at__range=window)
        .exclude(article__in=list(keys))
        .values("article")
        .annotate(shared=Count("term", distinct=True))
        .filter(shared__gte=SHARED)
        .order_by("-shared", "-article")[:NEAR]
    )
    shared = {row["article"]: row["shared"] for row in near}
    members = with_card_columns(
        Member.objects.filter(article__in=shared).exclude(story=story).select_related("story"), "story__lead"
    )
    best: dict[int, tuple[Article, int]] = {}
    for member in members:
        lead, words = member.story.lead, shared[member.article_id]
        if lead is None or not has_page(member.story) or not is_shown(lead):
            continue
        if words > best.get(member.story_id, (lead, 0))[1]:
            best[member.story_id] = (lead, words)
    return list(best.values())


def nearest(found: Iterable[tuple[Card, int]], lead: Card) -> tuple[Card, ...]:
    """The cards of the nearest of these leads, given with the words that they share."""
    section = lead.section.slug if lead.section else None
    ranked = [(words + (section is not None and _section(card) == section), card) for card, words in found]
    ranked.sort(key=lambda pair: (-pair[0], -pair[1].id))
    return tuple(card for _, card in ranked[:SHOWN])


def _section(card: Card) -> str | None:
    return card.section.slug if card.section else None
