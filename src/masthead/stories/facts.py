"""What a story says of itself, drawn from those of its reports that readers may see: headline, lead, counts, times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from masthead.articles.models import ArticleState
from masthead.core import consensus, signing, similar
from masthead.core.consensus import Report
from masthead.core.consensus.headline import TELLING
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
    """One story, at the same cost however many reports it has: they are counted by the database, the newest read."""
    story = Story.objects.filter(pk=pk).first()
    if story is None or story.merged_into_id is not None:
        return 0
    now = timezone.now()
    published = Member.objects.filter(story=pk, article__state=ArticleState.PUBLISHED)
    hidden = Q(article__embargo_until__gt=now)
    shown = published.exclude(hidden)
    changed: dict[str, object] = {
        "refresh_at": published.filter(hidden).aggregate(at=Min("article__embargo_until"))["at"],
    }
    facts = shown.aggregate(
        articles=Count("pk"), sources=Count("article__source", distinct=True), first_at=Min("at"), last_at=Max("at")
    )
    if facts["articles"]:
        lead = central(_compared(shown), story.lead_id)
        changed |= {**facts, "title": lead.article.title, "lead": lead.article_id}
    else:
        changed |= {"articles": 0, "sources": 0, "lead": None}
    Story.objects.filter(pk=pk).update(**changed)
    return 1


def _compared(shown: QuerySet[Member]) -> list[Member]:
    """The newest of these reports, oldest first; copies of others among them are left out where there are others."""
    original = Exists(shown.filter(article=OuterRef("copy_of")))
    newest = shown.select_related("article").order_by("-at", "-id")
    rows = list(newest.filter(~original)[:COMPARED]) or list(newest[:COMPARED])
    return rows[::-1]


def central(recent: Sequence[Member], present: int | None) -> Member:
    """The report whose headline the story bears: the one that the others bear out most, of two publishers the one most
    like the others. The `present` one stays unless another is clearly nearer."""
    if len(recent) == 1:
        return recent[0]
    by_key = {m.article_id: m for m in recent}
    terms = dict(Signature.objects.filter(article__in=by_key).values_list("article", "terms"))
    reading = consensus.read(map(_report, recent), {key: signing.opening(own) for key, own in terms.items()})
    start = present if present in by_key and reading.sources >= TELLING else _nearest(recent, terms, present)
    return by_key[consensus.headline(reading, start)]


def _nearest(recent: Sequence[Member], terms: Mapping[int, Mapping[str, float]], present: int | None) -> int:
    """The report most like all the others."""
    near = {
        m.article_id: sum(
            similar.similarity(terms.get(m.article_id, {}), terms.get(other.article_id, {}))
            for other in recent
            if other is not m
        )
        * (STEADY if m.article_id == present else 1)
        for m in recent
    }
    return max(near, key=lambda key: (near[key], -key))


def _report(member: Member) -> Report:
    """A member as consensus sees it: its headline; its text is in its signature."""
    article = member.article
    return Report(
        key=article.pk,
        source=article.source_id,
        title=article.title,
        text="",
        whole="",
        language=article.language.partition("-")[0].lower(),
        at=member.at,
    )
