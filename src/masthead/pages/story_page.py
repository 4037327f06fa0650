"""A story page: the reports of different sources about one event, side by side."""

from __future__ import annotations

from masthead.pages import addresses
from masthead.pages.cards import cards, has_page, shown, story_view, with_card_columns
from masthead.pages.languages import direction, edition_of
from masthead.pages.lists import changed_at
from masthead.pages.types import Card, StoryMoved, StoryPage
from masthead.stories.models import Member, Story

REPORTS = 200
"""More reports of one event than anyone reads; the newest of them are shown."""


def story(pk: int) -> StoryPage | StoryMoved | None:
    """The page of a story. `StoryMoved` when it was merged into another or has a single report left."""
    row = Story.objects.filter(pk=pk).select_related("lead", "merged_into", "merged_into__merged_into").first()
    if row is None:
        return None
    if row.merged_into is not None:
        target = row.merged_into.merged_into or row.merged_into
        return StoryMoved(id=target.pk, path=addresses.story(target.pk, target.slug))
    members = list(
        with_card_columns(Member.objects.filter(shown("article__"), story=row), "article").order_by("-at", "-id")[
            :REPORTS
        ]
    )[::-1]
    if not members:
        return None
    if not has_page(row) or len(members) == 1:
        only = next((m.article for m in members if m.article_id == row.lead_id), members[-1].article)
        return StoryMoved(id=row.pk, path=addresses.article(only.pk, only.slug))
    found = {c.id: c for c in cards((m.article for m in members), edition_of(row.language))}
    copies: dict[int, list[Card]] = {}
    reports: list[Card] = []
    for member in members:
        original = member.copy_of_id
        if original is not None and original in found and original != member.article_id:
            copies.setdefault(original, []).append(found[member.article_id])
        else:
            reports.append(found[member.article_id])
    lead = found.get(row.lead_id or 0) or reports[-1]
    return StoryPage(
        story=story_view(row, lead.title),
        language=row.language,
        direction=direction(row.language),
        lead=lead,
        reports=tuple(reports),
        copies={key: tuple(value) for key, value in copies.items()},
        changed_at=changed_at(list(found.values())),
    )
