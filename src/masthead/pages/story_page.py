"""A story page: the reports of different sources about one event, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from masthead.articles.models import Article, ArticleState, Revision
from masthead.pages import addresses
from masthead.pages.article_page import tombstone
from masthead.pages.cards import card, cards, has_page, shown, story_view, with_card_columns
from masthead.pages.languages import direction, edition_of
from masthead.pages.lists import changed_at
from masthead.pages.models import Placement
from masthead.pages.story_related import nearest, related
from masthead.pages.story_told import told
from masthead.pages.story_types import Moment, StoryMoved, StoryPage
from masthead.pages.types import Card, Tombstone
from masthead.stories.models import Member, Story

OLDEST, NEWEST = 20, 180
"""More reports of one event than anyone reads: of longer stories the first and the newest are shown."""
CHANGES = 200
UNREAD = (
    "article__categories", "article__state_at", "article__state_reason", "article__canonical_url",
    "article__revision__changed", "article__revision__made_at", "article__revision__page_at",
    "article__revision__digest", "article__revision__engine",
)  # fmt: skip
"""Columns of 200 reports that the page has no use for."""
PICTURES = 8


def story(pk: int) -> StoryPage | StoryMoved | Tombstone | None:
    """The page of a story. `StoryMoved` when it was merged into another or has a single report left; `Tombstone` when
    all that readers could see of it was taken down.
    """
    row = Story.objects.filter(pk=pk).select_related("lead", "merged_into", "merged_into__merged_into").first()
    if row is None:
        return None
    if row.merged_into is not None:
        target = row.merged_into.merged_into or row.merged_into
        return StoryMoved(id=target.pk, path=addresses.story(target.pk, target.slug))
    members = _members(row)
    if not members:
        return _tombstone(row)
    if not has_page(row) or len(members) == 1:
        only = next((m.article for m in members if m.article_id == row.lead_id), members[-1].article)
        return StoryMoved(id=row.pk, path=addresses.article(only.pk, only.slug))
    rows = {m.article_id: m.article for m in members}
    originals = _originals(members)
    nearby = related(row, [key for key in rows if key not in originals])
    found = _cards(row, rows)
    leads = {c.id: c for c in cards((article for article, _ in nearby), edition_of(row.language))}
    copies: dict[int, list[Card]] = {}
    for copy, original in originals.items():
        copies.setdefault(original, []).append(found[copy])
    reports = tuple(found[key] for key in rows if key not in originals)
    lead = found.get(row.lead_id or 0) or reports[-1]
    changes = _changes(rows, found)
    near = nearest([(leads[article.pk], shared) for article, shared in nearby], lead)
    page = StoryPage(
        story=story_view(row, lead.title),
        language=row.language,
        direction=direction(row.language),
        lead=lead,
        reports=reports,
        copies={key: tuple(value) for key, value in copies.items()},
        changed_at=_changed_at([*(found[key] for key in rows), *near], changes),
        pictures=_pictures(reports, rows, lead),
        related=near,
        left_out=max(0, row.articles - len(rows)),
    )
    page, alone = told(page, rows)
    return replace(page, timeline=_timeline(page, alone, changes))


def _tombstone(row: Story) -> Tombstone | None:
    """What stands where the story stood: the last taking down, and why. None where a report may yet be shown."""
    reports = Article.objects.filter(pk__in=Member.objects.filter(story=row).values("article"))
    if reports.exclude(state=ArticleState.WITHDRAWN).exists():
        return None
    last = reports.order_by("state_at", "pk").last()
    return tombstone(last) if last is not None else None


def _members(row: Story) -> list[Member]:
    """The reports of a story that readers may see, oldest first: the first and the newest ones. Two queries."""
    rows = with_card_columns(Member.objects.filter(shown("article__"), story=row), "article")
    rows = rows.select_related("article__revision").defer(*UNREAD)
    newest = list(rows.order_by("-at", "-id")[:NEWEST])
    oldest = list(rows.order_by("at", "id")[:OLDEST])
    both = {m.pk: m for m in (*oldest, *newest)}
    return sorted(both.values(), key=lambda m: (m.at, m.pk))


def _cards(story: Story, rows: Mapping[int, Article]) -> dict[int, Card]:
    """The reports as cards. They are all of this story: it is read once, not with each. One query."""
    edition = edition_of(story.language)
    placed = Placement.objects.filter(article__in=rows).select_related("section").only("article", "section")
    sections = {placement.article_id: placement.section for placement in placed}
    return {
        key: card(article, edition=edition, section=sections.get(key), story=story) for key, article in rows.items()
    }


def _originals(members: Iterable[Member]) -> dict[int, int]:
    """The report that each copy is shown under: of a copy of a copy the first; a copy of a hidden one stands alone."""
    of = {m.article_id: m.copy_of_id for m in members}
    found: dict[int, int] = {}
    for key in of:
        at, seen = key, {key}
        while (before := of.get(at)) is not None and before in of and before not in seen:
            at = before
            seen.add(at)
        if at != key and of.get(at) not in seen:
            found[key] = at
    return found


def _changes(rows: Mapping[int, Article], found: Mapping[int, Card]) -> list[Moment]:
    """What publishers did to these reports afterwards: the newest changes, and reports taken away. One query."""
    made = Revision.objects.filter(article__in=rows, origin=Revision.Origin.SOURCE, number__gt=1).order_by("-made_at")
    moments = [
        Moment(at, "changed", found[key], fields=tuple(dict.fromkeys(changed)))
        for key, at, changed in made.values_list("article", "made_at", "changed")[:CHANGES]
        if set(changed) - {"lead_image"}
    ]
    return moments + [Moment(a.gone_at, "gone", found[key]) for key, a in rows.items() if a.gone_at]


def _timeline(page: StoryPage, alone: Mapping[int, tuple[str, ...]], changes: Iterable[Moment]) -> tuple[Moment, ...]:
    """Reports and what became of them, in the order of time."""
    moments = [
        Moment(view.at, "report", view, copies=page.copies.get(view.id, ()), alone=alone.get(view.id, ()))
        for view in page.reports
    ]
    order = {view.id: position for position, view in enumerate(page.reports)}
    moments += changes
    return tuple(sorted(moments, key=lambda m: (m.at, m.kind != "report", order.get(m.card.id, 0))))


def _changed_at(reports: Sequence[Card], changes: Iterable[Moment]) -> datetime | None:
    newest = changed_at(reports)
    return max((at for at in (newest, *(m.at for m in changes)) if at), default=None)


def _pictures(reports: Iterable[Card], rows: Mapping[int, Article], lead: Card) -> tuple[Card, ...]:
    """Reports with pictures of their own, the lead's first, each picture once however many reports show it."""
    seen: set[str] = set()
    found: list[Card] = []
    for view in (lead, *reports):
        image = rows[view.id].lead
        if view.picture is None or view.picture.drawn or image is None:
            continue
        marks = {view.picture.src, image.digest} - {""}
        if not marks & seen:
            found.append(view)
        seen |= marks
    return tuple(found[:PICTURES])
