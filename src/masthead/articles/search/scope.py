"""Where to look: the visible articles of an edition, source, language, time, or of any queryset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from masthead.articles.models import Article
from masthead.articles.queries import of_edition, visible
from masthead.articles.search.backend import backend
from masthead.articles.search.query import Query
from masthead.articles.search.windows import MOST, Window, source_mark, windows
from masthead.feeds.models import Source


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: each None looks everywhere."""

    edition: str | None = None
    source: str | int | None = None
    within: QuerySet[Any] | None = None
    language: str | None = None
    since: datetime | date | None = None
    until: datetime | date | None = None

    @property
    def narrowed(self) -> bool:
        """Whether a reader chose anything narrower than the edition."""
        return any(value not in (None, "") for value in (self.source, self.language, self.since, self.until)) or (
            self.within is not None
        )

    def articles(self) -> QuerySet[Article]:
        """The visible articles of this scope."""
        found = visible()
        if self.edition:
            found = of_edition(found, self.edition)
        if isinstance(self.source, int):
            found = found.filter(source_id=self.source)
        elif self.source:
            found = found.filter(source__slug=self.source)
        if self.within is not None:
            # Asked for each that is found, and not listed whole first.
            key = "pk" if self.within.model is Article else "article"
            found = found.filter(Exists(self.within.filter(**{key: OuterRef("pk")})))
        if self.language:
            found = found.filter(Q(language__iexact=self.language) | Q(language__istartswith=f"{self.language}-"))
        if self.since is not None:
            found = found.filter(sort_at__gte=_instant(self.since))
        if self.until is not None:
            found = found.filter(sort_at__lt=_instant(self.until, end=True))
        return found

    def windows(self) -> Iterator[Window]:
        """Where to look first: windows back from the newest article (or `until`) that hold more than `MOST` at all and
        do not hold all."""
        rows = visible().order_by("-sort_at", "-pk").values_list("sort_at", flat=True)
        if self.until is not None:
            rows = rows.filter(sort_at__lt=_instant(self.until, end=True))
        enough = rows[MOST : MOST + 1].first()
        if enough is None:
            return
        oldest = rows.reverse()[:1].get()
        yield from (window for window in windows(rows[:1].get()) if oldest < window.since <= enough)

    def marks(self) -> list[list[str]]:
        """The marks that everything in this scope has."""
        if isinstance(self.source, int):
            return [[source_mark(self.source)]]
        if not self.source:
            return []
        found = Source.objects.filter(slug=self.source).values_list("pk", flat=True)
        return [[source_mark(pk) for pk in found]] if found else []

    def sql(self) -> tuple[str, tuple[Any, ...]]:
        """The scope as a condition on an article's id in the index, with its parameters."""
        rows = self.articles().filter(pk=RawSQL(backend().ID, [])).order_by().values("pk")  # noqa: S611
        try:
            sql, parameters = rows.query.sql_with_params()
        except EmptyResultSet:
            return "1 = 0", ()
        return f"EXISTS ({sql})", tuple(parameters)


def _instant(day: datetime | date, *, end: bool = False) -> datetime:
    """A day's first instant in the site's zone (`end`: that of the next day); an instant as it is."""
    if isinstance(day, datetime):
        return day
    # No further than any zone can reckon.
    day = min(max(day, date(2, 1, 1)), date(9998, 12, 31))
    midnight = datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
    return midnight + timedelta(days=1) if end else midnight


def ranked(
    query: Query, rules: str, scope: Scope, limit: int, offset: int, newest: bool = False
) -> tuple[list[int], int, bool]:
    """One page of the articles of a scope that a query finds, best first; how many there are; whether still more.

    Where very many are found, the `MOST` newest of them are ranked: they are looked for in windows of time, each four
    times as long as the one before, so that a word of every day costs the same in a larger archive.
    """
    where, parameters = scope.sql()
    marks = scope.marks()
    for window in scope.windows():
        whole = scope.since is not None and window.since <= _instant(scope.since)
        ids, total = backend().find(
            query, rules, where, parameters, limit, offset, newest, [*marks, window.marks], if_more=not whole
        )
        if total > MOST:
            return ids, MOST, True
        if whole:
            return ids, total, False
    ids, total = backend().find(query, rules, where, parameters, limit, offset, newest, marks)
    return ids, min(total, MOST), total > MOST


def count(query: Query, rules: str, scope: Scope) -> int:
    """How many articles of a scope a query finds, up to `MOST`."""
    return ranked(query, rules, scope, 1, 0)[1]
