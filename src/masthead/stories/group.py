"""The verb: each article without a story joins that of its event or opens one (`core.grouping` has the rules).

An editor's placing is never touched: only articles without a `Member` are looked at. Articles that may not be shown
yet are grouped too, but give a story neither title nor count until they may.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from masthead.articles.models import Article
from masthead.core import grouping, signing
from masthead.core.grouping import Choice, Peer
from masthead.store import turns
from masthead.store.steps import Outcome
from masthead.stories import facts, revise
from masthead.stories.models import Member, Posting, Progress, Signature, Story, Term
from masthead.stories.queries import TERM_LENGTH, frequencies, peers, stale, waiting

PRUNED = 5000


def group(limit: int = 100) -> Outcome:
    """Group up to `limit` articles. One process at a time; another one finds nothing to do."""
    turn = turns.take(Progress)
    if turn is None:
        return Outcome()
    reached = Progress.objects.get(pk=1).article
    done = failed = 0
    rows: list[Article] = []
    try:
        rows = waiting(reached, limit)
        for article in rows:
            if not turn.keep():
                return Outcome(done=done, failed=failed)
            try:
                done += place(article)
            except (ValueError, TypeError, IntegrityError):
                failed += _alone(article)
        done += facts.refresh(stale(limit))
        _prune()
    finally:
        # What was looked at lies behind the mark, which keeps its distance for late commits.
        turn.give_back(article=max([reached, *(row.pk for row in rows)]))
    return Outcome(done=done, failed=failed, more=len(rows) == limit)


def place(article: Article) -> int:
    """Put one article into its story; 1 when that was done, 0 when another process had done it."""
    language = article.language.partition("-")[0].lower()
    text = str(article.revision.document.get("text") or "") if article.revision else ""
    counts = signing.count(article.title, text or article.standfirst, language, str(article.source_id))
    known, reports = frequencies(language, counts.words)
    signed = signing.sign(counts, {t: known.get(t[:TERM_LENGTH], 0) + 1 for t in counts.words}, reports + 1)
    at = article.sort_at
    near = peers(language, grouping.keys(signed), at)
    choice = grouping.choose(signed, at, near)
    with transaction.atomic():
        member = _join(article, language, choice)
        if member is None:
            return 0
        _remember(article, language, signed, choice.crowd)
        count(language, counts.words)
        own = Peer(key=article.pk, story=member.story_id, at=at, signature=signed, crowd=choice.crowd)
        changed = revise.look_again(member.story_id, choice.near, [*near, own])
        facts.refresh([member.story_id, *changed])
    return 1


def _join(article: Article, language: str, choice: Choice) -> Member | None:
    """The article's new place; None when another process had given it one."""
    story = choice.story if choice.story is not None else _open(article, language).pk
    values = {
        "story_id": story,
        "at": article.sort_at,
        "similarity": round(choice.likeness, 4),
        "copy_of_id": choice.copy_of,
    }
    member, created = Member.objects.get_or_create(article=article, defaults=values)
    if not created:
        Story.objects.filter(pk=story, articles=0, members=None).delete()
        return None
    return member


def _remember(article: Article, language: str, signed: signing.Signature, crowd: float) -> None:
    """Keep the signature, and the telling words that lead to it."""
    at = article.sort_at
    marks = {name: list(getattr(signed, name)) for name in ("names", "years", "figures", "days", "series")}
    values = {
        "language": language,
        "at": at,
        "terms": dict(signed.terms),
        "sketch": list(signed.sketch),
        "marks": marks | {"source": signed.source, "crowd": round(crowd, 4)},
    }
    Signature.objects.update_or_create(article=article, defaults=values)
    terms = dict.fromkeys(term[:TERM_LENGTH] for term in grouping.keys(signed))
    Posting.objects.bulk_create(Posting(language=language, term=term, at=at, article=article) for term in terms)


def _open(article: Article, language: str) -> Story:
    return Story.objects.create(
        language=language,
        slug=article.slug or slugify(article.title, allow_unicode=True)[:120],
        title=article.title,
        first_at=article.sort_at,
        last_at=article.sort_at,
    )


def _alone(article: Article) -> int:
    """A story of its own for an article whose comparison failed, so that it blocks nothing."""
    with transaction.atomic():
        if not Member.objects.filter(article=article).exists():
            story = _open(article, article.language.partition("-")[0].lower())
            Member.objects.create(story=story, article=article, at=article.sort_at)
            facts.refresh([story.pk])
    return 1


def count(language: str, terms: Iterable[str]) -> None:
    """Count the words of one more report; from some number of reports on, all counts are halved."""
    words = sorted({term[:TERM_LENGTH] for term in terms} | {""})
    held = set(Term.objects.filter(language=language, term__in=words).values_list("term", flat=True))
    Term.objects.filter(language=language, term__in=held).update(reports=F("reports") + 1)
    Term.objects.bulk_create(
        (Term(language=language, term=term, reports=1) for term in words if term not in held), ignore_conflicts=True
    )
    reports = Term.objects.filter(language=language, term="").values_list("reports", flat=True).first() or 0
    if reports > grouping.REMEMBERED:
        Term.objects.filter(language=language).update(reports=F("reports") / 2)
        Term.objects.filter(language=language, reports=0).delete()


def _prune() -> None:
    """Forget postings that no new report will be compared with, some at a time."""
    newest = Posting.objects.order_by("-at").values_list("at", flat=True).first()
    if newest is None:
        return
    before = min(newest, timezone.now()) - 2 * grouping.WINDOW
    old = list(Posting.objects.filter(at__lt=before).order_by("at").values_list("pk", flat=True)[:PRUNED])
    if old:
        Posting.objects.filter(pk__in=old).delete()
