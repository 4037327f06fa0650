"""All that grouping reads: what waits, what a report might resemble, how common words are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from masthead.articles.models import Article, ArticleState
from masthead.core import grouping
from masthead.core.crowding import ALONE
from masthead.core.grouping import CANDIDATES, COMPARED, POSTED, Peer
from masthead.core.revising import MOVES
from masthead.core.signing import Signature as Signed
from masthead.stories.models import Decision, Member, Posting, Signature, Story
from masthead.stories.words import LENGTH

LATE = 2000
"""So many article numbers back it is looked for reports that became visible after younger ones (commits overtake)."""
_ANY = "\x00"
"""Stands for any word while a query is written down. No word is like it: words have letters or digits."""


def waiting(after: int, limit: int) -> list[Article]:
    """Articles without a story, oldest number first. Reads the end of the table alone, however long it is."""
    member = Member.objects.filter(article=OuterRef("pk"))
    rows = Article.objects.filter(~Exists(member), pk__gt=after - LATE).exclude(state=ArticleState.WITHDRAWN)
    return list(rows.select_related("revision").order_by("pk")[:limit])


def peers(language: str, terms: Iterable[str], at: datetime) -> list[Peer]:
    """The newest reports of the stories that share telling words with `terms`, near in time. Four queries."""
    window = (at - grouping.WINDOW, at + grouping.WINDOW)
    articles = sharing(language, [term[:LENGTH] for term in terms], window)
    if not articles:
        return []
    return members_of(set(Member.objects.filter(article__in=articles).values_list("story", flat=True)), window)


def sharing(language: str, terms: Iterable[str], window: tuple[datetime, datetime]) -> list[int]:
    """The articles that share most of `terms`, at most `CANDIDATES`. One query.

    Of each word only the newest articles are read, so that a word that is in all the news of the week costs no more
    than another. (Django joins no limited queries on SQLite, hence the wrapping by hand; and it takes longer to write a
    query down than the database to answer it, so that one is written for all words.)
    """
    wanted = list(dict.fromkeys(terms))
    if not wanted:
        return []
    rows = Posting.objects.filter(language=language, term=_ANY, at__range=window).order_by("-at", "-article")
    sql, parameters = rows.values(found=F("article_id"))[:POSTED].query.sql_with_params()
    parts = [f"SELECT * FROM ({sql}) AS part{number}" for number in range(len(wanted))]  # noqa: S608 (placeholders)
    values = [term if value == _ANY else value for term in wanted for value in parameters]
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


def locked_stories(stories: Iterable[int]) -> None:
    """Hold these stories until the transaction ends, so that editor and machine decide one after the other."""
    if connection.features.has_select_for_update:
        list(Story.objects.select_for_update().filter(pk__in=list(stories)).order_by("pk").values_list("pk"))


def decisions(story: int, limit: int = 50) -> QuerySet[Decision]:
    """What editors decided about a story or what left it, newest first."""
    rows = Decision.objects.filter(Q(story=story) | Q(left=story)).order_by("-at", "-id")
    return rows.select_related("user", "undone_by", "article", "story", "left")[:limit]


def decided_since(decisions: Iterable[Decision]) -> dict[int, set[int]]:
    """By decision: those of its reports about which somebody decided later, and still does. One query."""
    rows = {row.pk: {state[0] for state in row.before} for row in decisions}
    if not rows:
        return {}
    about = Q(article__in=set().union(*rows.values())) | Q(verb=Decision.Verb.MERGE)
    found = Decision.objects.filter(about, pk__gt=min(rows), undone_at=None).values_list("pk", "before")
    later = [(pk, {state[0] for state in before}) for pk, before in found]
    return {pk: own & set().union(*(other for n, other in later if n > pk)) for pk, own in rows.items()}


def standing(decisions: Sequence[Decision]) -> set[int]:
    """Those of these decisions of which something is left to undo. Two queries."""
    since = decided_since(decisions)
    articles = {state[0] for row in decisions for state in row.before}
    placed = Member.objects.filter(article__in=articles, origin=Member.Origin.EDITOR)
    stands = dict(placed.values_list("article", "story"))
    return {
        row.pk
        for row in decisions
        if row.undone_at is None
        and any(
            stands.get(article) == (row.story.merged_into_id or row.story_id)
            for article in {state[0] for state in row.before} - since[row.pk]
        )
    }


def decision_about(article: int, story: int) -> Decision | None:
    """The newest decision by which an article stands in its story."""
    merged = Q(verb=Decision.Verb.MERGE, story=story)
    rows = Decision.objects.filter(Q(article=article, story=story) | merged, undone_at=None).select_related("user")
    return rows.order_by("-at", "-id").first()


def near(article: int, limit: int = 6) -> list[int]:
    """The stories that a report comes nearest to, besides its own, nearest first. Six queries at most."""
    row = Signature.objects.filter(article=article).first()
    if row is None:
        return []
    signed = read(row)
    found: defaultdict[int, list[float]] = defaultdict(list)
    own: int | None = None
    for peer in peers(row.language, grouping.keys(signed), row.at):
        if peer.key == article:
            own = peer.story
        else:
            found[peer.story].append(grouping.likeness(signed, row.at, peer.signature, peer.at))
    mean = {story: sum(values) / len(values) for story, values in found.items() if story != own}
    return sorted((story for story in mean if mean[story] > 0), key=lambda story: (-mean[story], story))[:limit]


def stale(limit: int) -> list[int]:
    """Stories to look at again: a report's embargo is over, or the report whose headline they bear is hidden or bears
    another one now."""
    now = timezone.now()
    due = Story.objects.filter(refresh_at__lte=now).order_by("refresh_at").values_list("pk", flat=True)[:limit]
    recent = Story.objects.order_by("-last_at", "-id").values_list("pk", flat=True)[: LATE // 4]
    other = Story.objects.filter(pk__in=list(recent), merged_into=None).filter(
        ~Q(lead__state=ArticleState.PUBLISHED) | Q(lead__embargo_until__gt=now) | ~Q(lead__title=F("title"))
    )
    return list(dict.fromkeys([*due, *other.filter(articles__gt=0).values_list("pk", flat=True)[:limit]]))
