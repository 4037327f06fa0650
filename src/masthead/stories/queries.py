"""All that grouping reads: what waits, what a report might resemble, how common words are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from masthead.articles.models import Article, ArticleState
from masthead.core import grouping
from masthead.core.crowding import ALONE
from masthead.core.grouping import CANDIDATES, COMPARED, POSTED, Peer
from masthead.core.revising import MOVES
from masthead.core.signing import Signature as Signed
from masthead.stories.models import Member, Posting, Signature, Story, Term

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
    """The newest reports of the stories that share telling words with `terms`, near in time. Four queries."""
    window = (at - grouping.WINDOW, at + grouping.WINDOW)
    articles = sharing(language, [term[:TERM_LENGTH] for term in terms], window)
    if not articles:
        return []
    return members_of(set(Member.objects.filter(article__in=articles).values_list("story", flat=True)), window)


def sharing(language: str, terms: Iterable[str], window: tuple[datetime, datetime]) -> list[int]:
    """The articles that share most of `terms`, at most `CANDIDATES`. One query.

    Of each word only the newest articles are read, so that a word that is in all the news of the week costs no more
    than another. (Django joins no limited queries on SQLite, hence the wrapping by hand.)
    """
    parts: list[str] = []
    values: list[Any] = []
    for term in dict.fromkeys(terms):
        rows = Posting.objects.filter(language=language, term=term, at__range=window).order_by("-at", "-article")
        sql, parameters = rows.values(found=F("article_id"))[:POSTED].query.sql_with_params()
        parts.append(f"SELECT * FROM ({sql}) AS part{len(parts)}")  # noqa: S608 (placeholders throughout)
        values += parameters
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT found FROM ({' UNION ALL '.join(parts)}) AS parts"  # noqa: S608 (placeholders throughout)
            " GROUP BY found HAVING COUNT(*) >= %s ORDER BY COUNT(*) DESC, found DESC LIMIT %s",
            [*values, grouping.fewest(len(parts)), CANDIDATES],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def members_of(stories: Iterable[int], window: tuple[datetime, datetime]) -> list[Peer]:
    """The reports of these stories within a window, the newest of each, with their signatures. Two queries."""
    ranked = Window(RowNumber(), partition_by=F("story"), order_by=[F("at").desc(), F("article").desc()])
    rows = Member.objects.filter(story__in=list(stories), at__range=window).annotate(row=ranked)
    chosen = list(rows.filter(row__lte=COMPARED).values_list("story", "article", "at", "origin", "moves"))
    signed = {s.article_id: s for s in Signature.objects.filter(article__in=[row[1] for row in chosen])}
    return [
        Peer(
            key=article,
            story=story,
            at=at,
            signature=read(signed[article]),
            fixed=origin == Member.Origin.EDITOR or moves >= MOVES,
            crowd=signed[article].marks.get("crowd", ALONE),
        )
        for story, article, at, origin, moves in chosen
        if article in signed
    ]


def read(row: Signature) -> Signed:
    """A stored signature as the rules know it."""
    marks = row.marks
    return Signed(
        terms=row.terms,
        sketch=tuple(row.sketch),
        names=tuple((name, share) for name, share in marks.get("names", ())),
        years=tuple(marks.get("years", ())),
        figures=tuple(marks.get("figures", ())),
        days=tuple(marks.get("days", ())),
        series=tuple(marks.get("series", ())),
        source=marks.get("source", ""),
    )


def held(stories: Iterable[int]) -> set[int]:
    """Those of these stories in which an editor placed something: the machine neither merges nor splits them."""
    placed = Member.objects.filter(story__in=list(stories), origin=Member.Origin.EDITOR)
    return set(placed.values_list("story", flat=True))


def stale(limit: int) -> list[int]:
    """Stories to look at again: a report's embargo is over, or the report whose headline they bear is hidden."""
    now = timezone.now()
    due = Story.objects.filter(refresh_at__lte=now).order_by("refresh_at").values_list("pk", flat=True)[:limit]
    recent = Story.objects.order_by("-last_at", "-id").values_list("pk", flat=True)[: LATE // 4]
    hidden = Story.objects.filter(pk__in=list(recent), merged_into=None).filter(
        ~Q(lead__state=ArticleState.PUBLISHED) | Q(lead__embargo_until__gt=now)
    )
    return list(dict.fromkeys([*due, *hidden.filter(articles__gt=0).values_list("pk", flat=True)[:limit]]))
