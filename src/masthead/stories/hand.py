"""What an editor decides about stories. The machine never undoes it: it moves no report that an editor placed, and
neither merges nor splits a story that holds one. An editor can: each decision keeps how it was before (`undo`)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from masthead.accounts.models import User
from masthead.articles.models import Article
from masthead.store import generation
from masthead.stories import facts, revise
from masthead.stories.models import Decision, Member, Story
from masthead.stories.queries import decided_since, locked_stories

State = tuple[int, int | None, str]
"""An article, the story in which it stands, and who placed it there."""


@transaction.atomic
def place(article: Article, story: Story, by: User | None = None) -> Member:
    """Put an article into a story, for good. Raises ValueError for a story in another language."""
    target = alive(story)
    own = primary(article.language)
    if own and target.language and own != target.language:
        raise ValueError(f"The story is in {target.language}, the report in {own}: a story has one language.")
    return _put(article, target, by, Decision.Verb.PLACE)


@transaction.atomic
def separate(article: Article, by: User | None = None) -> Story:
    """Give an article a story of its own, for good; the one that it leaves keeps its address. One that is alone in its
    story stays there, and the machine merges it with none."""
    member = Member.objects.filter(article=article).select_related("story").first()
    if member and not Member.objects.filter(story=member.story_id).exclude(article=article).exists():
        story = member.story
    else:
        story = _open(article)
    _put(article, story, by, Decision.Verb.SEPARATE)
    return story


@transaction.atomic
def merge(gone: Story, into: Story, by: User | None = None) -> None:
    """Make two stories one, for good. Raises ValueError for a story and itself, and for two languages."""
    source, target = alive(gone), alive(into)
    if source.pk == target.pk:
        raise ValueError("A story cannot be merged into itself: the two are one already.")
    if source.language and target.language and source.language != target.language:
        raise ValueError(f"One story is in {source.language}, the other in {target.language}.")
    _hold(source.pk, target.pk)
    members = Member.objects.filter(story__in=(source, target))
    before: list[State] = list(members.values_list("article", "story", "origin"))
    members.update(origin=Member.Origin.EDITOR)
    led_on = _led_on(source.pk)
    changed = revise.merge(source.pk, target.pk)
    _record(Decision.Verb.MERGE, target, before, led_on, left=source, by=by)
    _show(*changed)


@transaction.atomic
def keep(member: Member, before: int | None) -> list[int]:
    """An editor has written this member: it stays. `before`: the story it stood in, which leads on if it is empty.

    The stories whose addresses lead on since.
    """
    led_on: list[int] = []
    Member.objects.filter(pk=member.pk).update(origin=Member.Origin.EDITOR)
    if before is not None and before != member.story_id and not Member.objects.filter(story=before).exists():
        led_on = _led_on(before)
        revise.lead(before, member.story_id)
    _show(before, member.story_id)
    return led_on


@transaction.atomic
def undo(decision: Decision, by: User | None = None) -> int:
    """Put the reports back to where they stood before a decision, as far as they still stand where it put them; how
    many. What the machine had placed is the machine's again. Raises ValueError where nothing of it is left."""
    target = alive(decision.story)
    if decision.undone_at is not None:
        raise ValueError("This was undone already.")
    _hold(target.pk)
    here = set(Member.objects.filter(story=target, origin=Member.Origin.EDITOR).values_list("article", flat=True))
    here -= decided_since([decision])[decision.pk]
    states: list[State] = [state for state in decision.before if state[0] in here]
    if not states:
        raise ValueError("Nothing is left of it to undo: what came later has taken its place.")
    _lead_back(decision, target)
    touched = [_put_back(state) for state in states]
    if not Member.objects.filter(story=target).exists():
        revise.lead(target.pk, touched[0])
    Decision.objects.filter(pk=decision.pk).update(undone_at=timezone.now(), undone_by=by)
    _show(target.pk, *touched)
    return len(states)


def alive(story: Story) -> Story:
    """The story itself, or the one that it was merged into."""
    fresh = Story.objects.select_related("merged_into").get(pk=story.pk)
    return fresh.merged_into or fresh


def primary(language: str) -> str:
    """The language in which a report's stories are."""
    return language.partition("-")[0].lower()


def _hold(*stories: int) -> None:
    """Lock these stories. Raises ValueError when the machine has merged one of them this very moment."""
    locked_stories(stories)
    if Story.objects.filter(pk__in=stories).exclude(merged_into=None).exists():
        raise ValueError("One of these stories was merged this moment: look at it again.")


def _open(article: Article) -> Story:
    return Story.objects.create(
        language=primary(article.language),
        slug=article.slug or slugify(article.title, allow_unicode=True)[:120],
        title=article.title,
        first_at=article.sort_at,
        last_at=article.sort_at,
    )


def _put(article: Article, story: Story, by: User | None, verb: Decision.Verb) -> Member:
    old = Member.objects.filter(article=article).select_related("story").first()
    _hold(story.pk, *([old.story_id] if old else []))
    values = {"story": story, "at": article.sort_at, "similarity": 1.0, "origin": Member.Origin.EDITOR}
    member, _ = Member.objects.update_or_create(article=article, defaults=values)
    led_on = keep(member, old.story_id if old else None)
    before: State = (article.pk, old.story_id if old else None, old.origin if old else Member.Origin.MACHINE)
    left = old.story if old and old.story_id != story.pk else None
    _record(verb, story, [before], led_on, left=left, by=by, article=article)
    return member


def _record(
    verb: Decision.Verb,
    story: Story,
    before: list[State],
    led_on: list[int],
    *,
    left: Story | None,
    by: User | None,
    article: Article | None = None,
) -> None:
    Decision.objects.create(
        verb=verb, at=timezone.now(), user=by, article=article, story=story, left=left, before=before, led_on=led_on
    )


def _led_on(gone: int) -> list[int]:
    """A story that is about to lead on, and those that lead to it, which will follow."""
    return [gone, *Story.objects.filter(merged_into=gone).order_by("pk").values_list("pk", flat=True)]


def _lead_back(decision: Decision, target: Story) -> None:
    """The stories that lead on since a decision, where they still do, are there again."""
    if decision.led_on:
        gone, *others = decision.led_on
        if Story.objects.filter(pk=gone, merged_into=target).update(merged_into=None):
            Story.objects.filter(pk__in=others, merged_into=target).update(merged_into=gone)


def _put_back(state: State) -> int:
    """One report as it was before; the story in which it stands now."""
    pk, number, origin = state
    story = Story.objects.filter(pk=number).select_related("merged_into").first() if number else None
    back = alive(story) if story else _open(Article.objects.get(pk=pk))
    Member.objects.filter(article=pk).update(story=back, origin=origin)
    return back.pk


def _show(*stories: int | None) -> None:
    """Bring these stories up to date; readers see it at once."""
    facts.refresh([story for story in stories if story is not None])
    generation.bump(hard=True)
