"""What an editor decides about stories. The machine never undoes it: it moves no report that an editor placed, and
neither merges nor splits a story that holds one."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify

from masthead.articles.models import Article
from masthead.stories import facts, revise
from masthead.stories.models import Member, Story


@transaction.atomic
def place(article: Article, story: Story) -> Member:
    """Put an article into a story, for good."""
    before = Member.objects.filter(article=article).values_list("story", flat=True).first()
    target = story.merged_into or story
    values = {"story": target, "at": article.sort_at, "similarity": 1.0, "origin": Member.Origin.EDITOR}
    member, _ = Member.objects.update_or_create(article=article, defaults=values)
    keep(member, before)
    return member


@transaction.atomic
def separate(article: Article) -> Story:
    """Give an article a story of its own, for good; the one that it leaves keeps its address."""
    story = Story.objects.create(
        language=article.language.partition("-")[0].lower(),
        slug=article.slug or slugify(article.title, allow_unicode=True)[:120],
        title=article.title,
        first_at=article.sort_at,
        last_at=article.sort_at,
    )
    place(article, story)
    return story


@transaction.atomic
def merge(gone: Story, into: Story) -> None:
    """Make two stories one, for good. Raises ValueError for a story and itself."""
    target = into.merged_into or into
    if target.pk == gone.pk:
        raise ValueError("A story cannot be merged into itself.")
    Member.objects.filter(story__in=(gone, target)).update(origin=Member.Origin.EDITOR)
    facts.refresh(revise.merge(gone.pk, target.pk))


@transaction.atomic
def keep(member: Member, before: int | None) -> None:
    """An editor has written this member: it stays. `before`: the story it stood in, which leads on if it is empty."""
    Member.objects.filter(pk=member.pk).update(origin=Member.Origin.EDITOR)
    if before is not None and before != member.story_id and not Member.objects.filter(story=before).exists():
        revise.lead(before, member.story_id)
    facts.refresh([story for story in (before, member.story_id) if story is not None])
