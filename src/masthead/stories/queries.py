"""All that grouping reads: what waits, what a report might resemble, how common words are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from masthead.articles.models import Article, ArticleState
from masthead.core import grouping
from masthead.core.grouping import Peer
from masthead.core.similar import Signature as Signed
from masthead.stories.models import Member, Posting, Signature, Story, Term

CANDIDATES = 40
"""With so many of the reports that share most telling words a new one is compared: its cost stays flat."""
LATE = 2000
"""So many article numbers back it is looked for reports that became visible after younger ones (commits overtake)."""
TERM_LENGTH = 80


def waiting(after: int, limit: int) -> list[Article]:
    """Articles without a story, oldest number first. Reads the end of the table alone, however long it is."""
    member = Member.objects.filter(article=OuterRef("pk"))
    rows = Article.objects.filter(~Exists(member), pk__gt=after - LATE).exclude(state=ArticleState.WITHDRAWN)
    return list(rows.select_related("revision").order_by("pk")[:limit])


def frequencies(language: str, terms: Iterable[str]) -> tuple[dict[str, int], int]:
    """In how many reports each of `terms` occurred, and how many reports were counted. One query."""
    wanted = [term[:TERM_LENGTH] for term in terms]
    rows = dict(Term.objects.filter(language=language, term__in=["", *wanted]).values_list("term", "reports"))
    return rows, rows.pop("", 0)


def peers(language: str, terms: Iterable[str], at: datetime) -> list[Peer]:
    """The newest reports of the stories that share telling words with `terms`, near in time. Three queries."""
    window = (at - grouping.WINDOW, at + grouping.WINDOW)
    near = (
        Posting.objects.filter(language=language, term__in=[t[:TERM_LENGTH] for t in terms], at__range=window)
        .values("article")
        .annotate(shared=Count("id"))
        .order_by("-shared", "-article")[:CANDIDATES]
    )
    articles = [row["article"] for row in near]
    if not articles:
        return []
    stories = set(Member.objects.filter(article__in=articles).values_list("story", flat=True))
    return members_of(stories, window)


def members_of(stories: Iterable[int], window: tuple[datetime, datetime]) -> list[Peer]:
    """The reports of these stories within a window, at most a dozen of each, with their signatures. Two queries."""
    rows = Member.objects.filter(story__in=list(stories), at__range=window).order_by("-at", "-id")
    chosen: dict[int, list[tuple[int, datetime]]] = {}
    for story, article, at in rows.values_list("story", "article", "at")[: CANDIDATES * grouping.COMPARED]:
        if len(chosen.setdefault(story, [])) < grouping.COMPARED:
            chosen[story].append((article, at))
    keys = [article for members in chosen.values() for article, _ in members]
    signed = {s.article_id: s for s in Signature.objects.filter(article__in=keys)}
    return [
        Peer(key=article, story=story, at=at, signature=_signed(signed[article]))
        for story, members in chosen.items()
        for article, at in members
        if article in signed
    ]


def _signed(row: Signature) -> Signed:
    return Signed(terms=row.terms, sketch=tuple(row.sketch))


def stale(limit: int) -> list[int]:
    """Stories to look at again: a report's embargo is over, or the report whose headline they bear is hidden."""
    now = timezone.now()
    due = Story.objects.filter(refresh_at__lte=now).order_by("refresh_at").values_list("pk", flat=True)[:limit]
    recent = Story.objects.order_by("-last_at", "-id").values_list("pk", flat=True)[: LATE // 4]
    hidden = Story.objects.filter(pk__in=list(recent), merged_into=None).filter(
        ~Q(lead__state=ArticleState.PUBLISHED) | Q(lead__embargo_until__gt=now)
    )
    return list(dict.fromkeys([*due, *hidden.filter(articles__gt=0).values_list("pk", flat=True)[:limit]]))
