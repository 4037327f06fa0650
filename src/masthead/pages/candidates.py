"""What may stand on a front page: the newest, what stands there, and the reports of the largest stories of late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Exists, OuterRef
from django.utils import timezone

from masthead.articles.models import Article, ImageState
from masthead.articles.queries import of_edition, visible
from masthead.audience import queries as audience
from masthead.core.rank import OLD, Candidate
from masthead.core.repair.links import registrable_domain
from masthead.core.similar import everyday, fold, tokens
from masthead.pages.cards import shown
from masthead.pages.models import Placement, Section
from masthead.stories.models import Member, Story

NEWEST = 300
STORIES = 60
RECENT_STORIES = 1000
VIEWED = 60
SOURCES_READ = 4000
"""So many pairs of story and source are looked at when independent sources are counted."""


@dataclass(frozen=True, slots=True)
class _Around:
    """What is known besides the row itself."""

    sections: dict[int, Section]
    members: dict[int, Member]
    independent: dict[int, int]
    views: Mapping[int, int]
    held: dict[int, tuple[str, int]]


def front_sections() -> list[str]:
    """The sections that have a block on the front page, in their order."""
    return list(Section.objects.order_by("position", "slug").values_list("slug", flat=True))


def house_of(source: int, owner: str, home_url: str) -> str:
    """Whose voice a source is: its owner's as the desk states it, else that of its domain, else its own."""
    if owner.strip():
        return f"owner {fold(owner.strip())}"
    return _domain(home_url) or f"source {source}"


@lru_cache(maxsize=4096)
def _domain(url: str) -> str:
    return registrable_domain(url) if url else ""


def independent_sources(stories: Iterable[int]) -> dict[int, int]:
    """How many houses reported each story in words of their own, as far as readers see it: a copy of another report of
    the story that they see is no further voice."""
    seen = Member.objects.filter(shown("article__"), story=OuterRef("story"), article=OuterRef("copy_of"))
    rows = (
        Member.objects.filter(shown("article__"), ~Exists(seen), story__in=list(stories))
        .order_by("story_id", "article__source_id")
        .values_list("story_id", "article__source_id", "article__source__owner", "article__source__home_url")
        .distinct()[:SOURCES_READ]
    )
    houses: defaultdict[int, set[str]] = defaultdict(set)
    for story, source, owner, home_url in rows:
        houses[story].add(house_of(source, owner, home_url))
    return {story: len(found) for story, found in houses.items()}


def _large_stories() -> list[int]:
    """The leads of the stories with most sources among those of the last days."""
    since = timezone.now() - OLD
    recent = Story.objects.filter(last_at__gt=since, merged_into=None).order_by("-last_at", "-id")
    rows = recent.values_list("sources", "lead")[:RECENT_STORIES]
    largest = sorted(((sources, lead) for sources, lead in rows if sources > 1 and lead), reverse=True)
    return [lead for _, lead in largest[:STORIES]]


def candidates(edition: str, held: dict[int, tuple[str, int]]) -> list[Candidate]:
    """The candidates of an edition; `held`: area and position of each article that stands on the page now.

    The number of queries and rows does not grow with the tables.
    """
    read = audience.most_popular(edition=edition, hours=24, limit=VIEWED, fill=False)
    newest = of_edition(visible(), edition).order_by("-sort_at", "-id").values_list("pk", flat=True)[:NEWEST]
    wanted = {*newest, *held, *read.ids, *_large_stories()}
    rows = list(of_edition(visible(), edition).filter(pk__in=wanted).select_related("source", "lead"))
    keys = [row.pk for row in rows]
    members = {m.article_id: m for m in Member.objects.filter(article__in=keys).select_related("story")}
    around = _Around(
        {p.article_id: p.section for p in Placement.objects.filter(article__in=keys).select_related("section")},
        members,
        independent_sources({m.story_id for m in members.values() if m.story.sources > 1}),
        read.views or {},
        held,
    )
    return [_candidate(row, around) for row in rows]


def headline_words(title: str, language: str) -> frozenset[str]:
    """The telling words of a headline, by which it is known whether two are of one topic."""
    return frozenset(tokens(title, language)) - everyday(language)


def _candidate(row: Article, around: _Around) -> Candidate:
    section, member = around.sections.get(row.pk), around.members.get(row.pk)
    holds, stood = around.held.get(row.pk, ("", 0))
    return Candidate(
        key=row.pk,
        at=row.sort_at,
        source=row.source_id,
        section=section.slug if section else "",
        dated=row.published_at is not None and not row.published_inferred,
        sources=around.independent.get(member.story_id, 1) if member else 1,
        story=member.story_id if member and (member.story.sources > 1 or member.copy_of_id) else None,
        pictured=bool(row.source.show_images and row.lead and row.lead.state == ImageState.READY),
        weight=row.source.weight,
        views=around.views.get(row.pk, 0),
        half_life=float(section.half_life_hours) if section else 12.0,
        holds=holds,
        stood=stood,
        owner=house_of(row.source_id, row.source.owner, row.source.home_url),
        words=headline_words(row.title, row.language),
    )
