"""Publishers' categories and where they lead: what came in of late, and the operator's hand on it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db import transaction

from masthead.articles.models import Article
from masthead.feeds.models import Source
from masthead.pages.models import Arrangement, CategoryRule, Placement, Section
from masthead.pages.place import LATE
from masthead.pages.profiles import forget
from masthead.pages.sections import DEFAULT, Directory, category_key

SEEN = 2000
"""So many of the newest articles are looked through."""
LISTED = 200
SUGGESTED_BY, SUGGESTED_SHARE = 3, 0.6
"""A section is suggested when so many reports of a category stand in it for other reasons, and that share of them."""


@dataclass
class Seen:
    """A category of late: how many articles and sources have it, where it leads and would best lead.

    `leads_to` None with `decided`: an editor said that it tells no section.
    """

    label: str
    articles: int = 0
    sources: set[str] = field(default_factory=set)
    leads_to: Section | None = None
    decided: bool = False
    suggested: Section | None = None


def seen(source: Source | None = None) -> list[Seen]:
    """The categories of the newest articles (of a source), those that lead nowhere first, then by number. Bounded."""
    rows = Article.objects.order_by("-sort_at", "-id")
    if source is not None:
        rows = rows.filter(source=source)
    articles = list(rows.values_list("pk", "source", "source__name", "categories")[:SEEN])
    placed = dict(
        Placement.objects.filter(article__in=[row[0] for row in articles], origin__in=("feed", "editor", "text"))
        .values_list("article", "section__slug")
    )  # fmt: skip
    directory = Directory.read()
    found: dict[str, Seen] = {}
    stand: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for pk, _, name, categories in articles:
        for label in dict.fromkeys(str(category).strip()[:200] for category in categories):
            if not (key := category_key(label)):
                continue
            entry = found.setdefault(key, Seen(label))
            entry.articles += 1
            entry.sources.add(name)
            if pk in placed:
                stand[key][placed[pk]] += 1
    of = source.pk if source else None
    for key, entry in found.items():
        entry.leads_to, entry.decided = directory.of_parts(entry.label, of), directory.decided(entry.label, of)
        if not entry.decided:
            entry.suggested = _suggestion(entry.label, stand[key], directory)
    return sorted(found.values(), key=lambda s: (s.decided, -s.articles, s.label))[:LISTED]


def _suggestion(label: str, stand: Counter[str], directory: Directory) -> Section | None:
    """By a word of the category that leads somewhere itself, else by where most of its reports stand already."""
    for word in reversed(label.split()):
        section = directory.of_category(word)
        if section is not None and section.slug != DEFAULT:
            return section
    slug, number = max(stand.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    if slug == DEFAULT or number < SUGGESTED_BY or number < SUGGESTED_SHARE * stand.total():
        return None
    return directory.by_slug.get(slug)


@transaction.atomic
def lead(label: str, to: Section | None, source: Source | None = None) -> int:
    """Have a category lead to a section, or nowhere; for one source or for all. Returns how many articles are looked
    at again. Raises `ValueError` for a category without a letter."""
    label = label.strip()[:200]
    if not (key := category_key(label)):
        raise ValueError(f"{label!r} is no category.")
    _unlist(key, source)
    if source is not None or to is None:
        CategoryRule.objects.create(source=source, key=key[:200], label=label, section=to)
    else:
        to.matches = [*to.matches, label]
        Section.objects.filter(pk=to.pk).update(matches=to.matches)
    return place_again()


@transaction.atomic
def let_go(label: str, source: Source | None = None) -> int:
    """Take back what was decided of a category. Returns how many articles are looked at again."""
    _unlist(category_key(label), source)
    return place_again()


def _unlist(key: str, source: Source | None) -> None:
    CategoryRule.objects.filter(source=source, key=key).delete()
    if source is not None:
        return
    for section in Section.objects.all():
        kept = [name for name in section.matches if category_key(str(name)) != key]
        if len(kept) != len(section.matches):
            Section.objects.filter(pk=section.pk).update(matches=kept)


def place_again() -> int:
    """Have the articles of late placed anew by the pipeline, but for those that an editor placed; how many."""
    reached = Arrangement.objects.filter(pk=1).values_list("revision", flat=True).first() or 0
    forget()
    again = Placement.objects.filter(revision__gt=max(0, reached - LATE)).exclude(origin="editor")
    return again.update(revision=0)
