"""Every article into its section; again when a new revision brought other categories or another date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef

from masthead.articles.models import Article, Revision
from masthead.core.sectioning import Profile
from masthead.pages.languages import edition_of, primary
from masthead.pages.lists import zone
from masthead.pages.models import Placement
from masthead.pages.profiles import by_words
from masthead.pages.sections import DEFAULT, Directory, Found
from masthead.stories.models import Member

LATE = 2000
"""So many revision numbers back it is looked for what was committed after younger ones."""


def waiting(after: int, limit: int) -> tuple[list[Article], int]:
    """Articles with a revision that has not been looked at, and the number of the last of these revisions.

    Reads the end of the table alone, however long it is.
    """
    placed = Placement.objects.filter(article=OuterRef("article"), revision__gte=OuterRef("pk"))
    fresh = Revision.objects.filter(~Exists(placed), pk__gt=after - LATE).order_by("pk").values_list("article", "pk")
    newest = dict(fresh[:limit])
    rows = Article.objects.filter(pk__in=newest).select_related("entry__feed")
    return sorted(rows, key=lambda row: newest[row.pk]), max([after, *newest.values()])


def place(articles: Sequence[Article]) -> set[tuple[str, date]]:
    """Place these articles; the editions and days that now have more or fewer articles. An editor's placing stays."""
    directory = Directory.read()
    held = {p.article_id: p for p in Placement.objects.filter(article__in=[a.pk for a in articles])}
    newest = _newest([a.pk for a in articles])
    touched: set[tuple[str, date]] = set()
    profiles: dict[str, Profile] = {}
    with transaction.atomic():
        for article in articles:
            before = held.get(article.pk)
            by_hand = before is not None and before.origin == "editor"
            found = Found(before.section, "editor") if before and by_hand else _find(article, directory, profiles)
            values: dict[str, object] = {
                "language": primary(article.language),
                "at": article.sort_at,
                "revision": newest.get(article.pk, 0),
            }
            if not by_hand:
                values |= {"section": found.section, "origin": found.origin, "evidence": found.evidence}
            Placement.objects.update_or_create(article=article, defaults=values)
            if before is not None and before.at != article.sort_at:
                touched.add((edition_of(before.language), before.at.astimezone(zone()).date()))
                Member.objects.filter(article=article).update(at=article.sort_at)
            touched.add((edition_of(article.language), article.sort_at.astimezone(zone()).date()))
    return touched


def _find(article: Article, directory: Directory, profiles: dict[str, Profile]) -> Found:
    """Where an article belongs: as feed or publisher say; where they say nothing, by its words if these are clear."""
    categories = (str(category) for category in article.categories)
    found = directory.find(article.entry.feed.section, categories, article.source_id)
    if found.origin != "default":
        return found
    verdict = by_words(article, profiles)
    if verdict is None or verdict.section not in directory.by_slug or verdict.section == DEFAULT:
        return found
    return Found(directory.by_slug[verdict.section], "text", ", ".join(verdict.evidence)[:200])


def _newest(articles: Sequence[int]) -> dict[int, int]:
    """The newest revision of each article."""
    rows = Revision.objects.filter(article__in=articles).order_by("pk").values_list("article", "pk")
    return dict(rows)
