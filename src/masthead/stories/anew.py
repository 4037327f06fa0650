"""Reports whose text changed since they were grouped: a page that came late, a follow-up under the same address.

They keep their place unless they tell of another event now. Then their story and its neighbours are looked at again, as
when a report joins (`core.revising`).
"""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from masthead.articles.models import Article
from masthead.core import grouping
from masthead.core.grouping import Choice, Peer
from masthead.core.revising import MOVES, Move, leaves
from masthead.stories import revise
from masthead.stories.models import Member, Signature, Story
from masthead.stories.queries import LATE, locked_stories, members_of, peers, read
from masthead.stories.sign import Signed, remember, sign
from masthead.stories.words import Words


def changed(reached: int, limit: int) -> list[Article]:
    """The articles of late that have another text than the one they were grouped by, oldest number first."""
    rows = Signature.objects.filter(article__pk__gt=reached - LATE, article__revision__isnull=False)
    keys = rows.exclude(revision=F("article__revision")).order_by("article").values_list("article", flat=True)[:limit]
    return list(Article.objects.filter(pk__in=list(keys)).select_related("revision").order_by("pk")) if keys else []


def look(article: Article, words: Words) -> list[int]:
    """Sign an article anew and look at its story again; the stories whose facts are due by that.

    None where an editor was quicker: it is looked at again in the next run. Raises as signing does, for a text that is
    none.
    """
    signed, at = sign(article, words, new=False), article.sort_at
    with transaction.atomic():
        member = Member.objects.filter(article=article).select_related("story").first()
        if member is None:
            return []
        found = [*peers(signed.language, grouping.keys(signed.signature), at), *_mates(member)]
        near = {peer.key: peer for peer in found if peer.key != article.pk}
        # Stories before reports, as editors do: so none waits for the other.
        locked_stories({member.story_id, *(peer.story for peer in near.values())})
        if not Member.objects.filter(pk=member.pk, story=member.story_id, origin=member.origin).exists():
            return []
        choice = grouping.choose(signed.signature, at, near.values())
        remember(article, signed, choice.crowd)
        _name_copies(member, choice, near)
        _free_copies(article, signed)
        fixed = member.origin == Member.Origin.EDITOR or member.moves >= MOVES
        own = Peer(article.pk, member.story_id, at, signed.signature, fixed=fixed, crowd=choice.crowd)
        stories = [member.story_id]
        if _goes(member, own, signed.language, near):
            into = choice.story if choice.story != member.story_id else None
            stories = revise.move(Move((article.pk,), member.story_id, into))
            own = replace(own, story=stories[-1])
        others = [n for n in (choice.story, *choice.near) if n is not None and n != own.story]
        stories += revise.look_again(own.story, others, [*near.values(), own])
        Story.objects.filter(pk__in=stories, merged_into=None).update(refresh_at=timezone.now())
    return list(dict.fromkeys(stories))


def pass_over(article: Article) -> int:
    """An article that cannot be looked at keeps its place and blocks nothing."""
    return Signature.objects.filter(article=article).update(revision=article.revision_id)


def _goes(member: Member, own: Peer, language: str, near: dict[int, Peer]) -> bool:
    """Whether the article leaves its story: it tells of another event now, or in another language.

    Alone in its story, it takes the story along into its language.
    """
    if member.story.language != language and not own.fixed:
        if Member.objects.filter(story=member.story_id).exclude(pk=member.pk).exists():
            return True
        Story.objects.filter(pk=member.story_id).update(language=language)
    return leaves(own, [peer for peer in near.values() if peer.story == member.story_id])


def _mates(member: Member) -> list[Peer]:
    """The newest reports of its story, which may share no words with the new text."""
    return members_of([member.story_id], (member.at - grouping.WINDOW, member.at + grouping.WINDOW))


def _name_copies(member: Member, choice: Choice, near: dict[int, Peer]) -> None:
    """Of two copies of one text the later report names the earlier one."""
    other = near.get(choice.copy_of or 0)
    if other is not None and (other.at, other.key) > (member.at, member.article_id):
        Member.objects.filter(article=other.key, copy_of=None).update(copy_of=member.article_id)
        other = None
    original = other.key if other is not None else None
    if member.copy_of_id != original:
        Member.objects.filter(pk=member.pk).update(copy_of=original)


def _free_copies(article: Article, signed: Signed) -> None:
    """What copied the text that the article had stands for itself now, unless it copies this one too."""
    for row in Signature.objects.filter(article__in=Member.objects.filter(copy_of=article).values("article")):
        if grouping.likeness(signed.signature, article.sort_at, read(row), row.at) < 1.0:
            Member.objects.filter(article=row.article_id).update(copy_of=None)
