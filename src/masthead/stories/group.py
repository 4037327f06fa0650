"""The verb: each article without a story joins that of its event or opens one (`core.grouping` has the rules).

An editor's placing is never touched. An article whose text changed is looked at anew (`stories/anew.py`). Articles
that may not be shown yet are grouped too, but give a story neither title nor count until they may.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from masthead.articles.models import Article
from masthead.core import grouping
from masthead.core.grouping import Choice, Peer
from masthead.store import turns
from masthead.store.steps import Outcome
from masthead.stories import anew, facts, revise
from masthead.stories.models import Member, Posting, Progress, Story
from masthead.stories.queries import peers, stale, waiting
from masthead.stories.sign import remember, sign
from masthead.stories.words import Words

PRUNED = 5000


def group(limit: int = 100) -> Outcome:
    """Group up to `limit` articles. One process at a time; another one finds nothing to do."""
    turn = turns.take(Progress)
    if turn is None:
        return Outcome()
    reached = Progress.objects.get(pk=1).article
    done = failed = 0
    rows: list[Article] = []
    words = Words()
    touched: dict[int, None] = {}
    try:
        rows = waiting(reached, limit)
        for article in rows:
            if not turn.keep():
                return Outcome(done=done, failed=failed)
            try:
                stories = place(article, words)
            except (ValueError, TypeError, IntegrityError):
                failed += _alone(article)
                continue
            done += bool(stories)
            touched.update(dict.fromkeys(stories))
        for article in anew.changed(reached, limit):
            if not turn.keep():
                return Outcome(done=done, failed=failed)
            try:
                touched.update(dict.fromkeys(anew.look(article, words)))
            except (ValueError, TypeError, IntegrityError):
                failed += anew.pass_over(article)
        words.write()
        # Once for all reports of a story. What a fault keeps from being done here is due, and done by the next run.
        facts.refresh(touched)
        done += facts.refresh(stale(limit))
        _prune()
    finally:
        # What was looked at lies behind the mark, which keeps its distance for late commits.
        turn.give_back(article=max([reached, *(row.pk for row in rows)]))
    return Outcome(done=done, failed=failed, more=len(rows) == limit)


def place(article: Article, words: Words) -> list[int]:
    """Put one article into its story; the stories whose facts are due by that. None where another process did it."""
    signed = sign(article, words, new=True)
    language, at = signed.language, article.sort_at
    near = peers(language, grouping.keys(signed.signature), at)
    choice = grouping.choose(signed.signature, at, near)
    with transaction.atomic():
        member = _join(article, language, choice)
        if member is None:
            return []
        remember(article, signed, choice.crowd)
        own = Peer(key=article.pk, story=member.story_id, at=at, signature=signed.signature, crowd=choice.crowd)
        changed = revise.look_again(member.story_id, choice.near, [*near, own])
        stories = list(dict.fromkeys([member.story_id, *changed]))
        Story.objects.filter(pk__in=stories, merged_into=None).update(refresh_at=timezone.now())
    words.count(language, signed.words)
    return stories


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


def _prune() -> None:
    """Forget postings that no new report will be compared with, some at a time."""
    newest = Posting.objects.order_by("-at").values_list("at", flat=True).first()
    if newest is None:
        return
    before = min(newest, timezone.now()) - 2 * grouping.WINDOW
    old = list(Posting.objects.filter(at__lt=before).order_by("at").values_list("pk", flat=True)[:PRUNED])
    if old:
        Posting.objects.filter(pk__in=old).delete()
