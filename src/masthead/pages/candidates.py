"""What may stand on a front page: the newest, what stands there, and the reports of the largest stories of late."""

from __future__ import annotations

from django.utils import timezone

from masthead.articles.models import Article, ImageState
from masthead.articles.queries import of_edition, visible
from masthead.audience import queries as audience
from masthead.core.rank import OLD, Candidate
from masthead.pages.models import Placement, Section
from masthead.stories.models import Member, Story

NEWEST = 300
STORIES = 60
RECENT_STORIES = 1000
VIEWED = 60


def front_sections() -> list[str]:
    """The sections that have a block on the front page, in their order."""
    return list(Section.objects.order_by("position", "slug").values_list("slug", flat=True))


def _large_stories() -> list[int]:
    """The leads of the stories with most sources among those of the last days."""
    since = timezone.now() - OLD
    recent = Story.objects.filter(last_at__gt=since, merged_into=None).order_by("-last_at", "-id")
    rows = recent.values_list("sources", "lead")[:RECENT_STORIES]
    largest = sorted(((sources, lead) for sources, lead in rows if sources > 1 and lead), reverse=True)
    return [lead for _, lead in largest[:STORIES]]


def candidates(edition: str, held: dict[int, str]) -> list[Candidate]:
    """The candidates of an edition; `held`: the area of each article that stands on the page now.

    The number of queries and rows does not grow with the tables.
    """
    read = audience.most_popular(edition=edition, hours=24, limit=VIEWED, fill=False)
    newest = of_edition(visible(), edition).order_by("-sort_at", "-id").values_list("pk", flat=True)[:NEWEST]
    wanted = {*newest, *held, *read.ids, *_large_stories()}
    rows = list(of_edition(visible(), edition).filter(pk__in=wanted).select_related("source", "lead"))
    keys = [row.pk for row in rows]
    places = {p.article_id: p.section for p in Placement.objects.filter(article__in=keys).select_related("section")}
    members = {m.article_id: m for m in Member.objects.filter(article__in=keys).select_related("story")}
    return [
        _candidate(row, places.get(row.pk), members.get(row.pk), (read.views or {}).get(row.pk, 0), held)
        for row in rows
    ]


def _candidate(
    row: Article, section: Section | None, member: Member | None, views: int, held: dict[int, str]
) -> Candidate:
    undated = row.published_at is None
    return Candidate(
        key=row.pk,
        at=row.sort_at,
        source=row.source_id,
        section=section.slug if section else "",
        dated=not undated,
        sources=member.story.sources if member else 1,
        story=member.story_id if member and (member.story.sources > 1 or member.copy_of_id) else None,
        pictured=bool(row.source.show_images and row.lead and row.lead.state == ImageState.READY),
        weight=row.source.weight,
        views=views,
        half_life=float(section.half_life_hours) if section else 12.0,
        holds=held.get(row.pk, ""),
    )
