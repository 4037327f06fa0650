"""Where to look: the visible articles of an edition, source, language, time, or of any queryset."""

from __future__ import annotations

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
from masthead.articles.search.windows import MOST, Window, source_mark, window
from masthead.feeds.models import Source

ROOM = 1.5
"""The next window is so much longer than it should have to be by what the one before held."""
DOUBT = 0.01
"""A share of `MOST` that a window is taken to hold besides: few found tell little."""
LEAST_WIDER = 1.5


@dataclass(frozen=True, slots=True)
class Archive:
    """A time in which articles stand: the newest, the `MOST`th after it, the oldest."""

    newest: datetime
    enough: datetime
    oldest: datetime

    def window(self, length: timedelta) -> Window | None:
        """The newest so long; None where that is all."""
        found = window(self.newest, length / timedelta(days=1))
        return found if found and found.since > self.oldest else None


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

    def archive(self) -> Archive | None:
        """The time in which articles of this scope stand; None where that are no more than `MOST` in all."""
        rows = visible().order_by("-sort_at", "-pk").values_list("sort_at", flat=True)
        if self.until is not None:
            rows = rows.filter(sort_at__lt=_instant(self.until, end=True))
        enough = rows[MOST : MOST + 1].first()
        if enough is None:
            return None
        return Archive(rows[:1].get(), enough, rows.reverse()[:1].get())

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

    Where very many are found, the `MOST` newest of them are ranked: they are looked for in a window of time, and if it
    holds too few, in one as long as it should take by their number, so that a word of every day costs the same in a
    larger archive.
    """
    where, parameters = scope.sql()
    marks = scope.marks()
    archive = scope.archive()
    window = archive.window(archive.newest - archive.enough) if archive else None
    while archive and window:
        whole = scope.since is not None and window.since <= _instant(scope.since)
        ids, total = backend().find(
            query, rules, where, parameters, limit, offset, newest, [*marks, window.marks], if_more=not whole
        )
        if total > MOST:
            return ids, MOST, True
        if whole:
            return ids, total, False
        wider = max(ROOM / (total / MOST + DOUBT), LEAST_WIDER)
        # A day more: where the newest stands at midnight, a window of its day alone has no length.
        window = archive.window((archive.newest - window.since + timedelta(days=1)) * wider)
    ids, total = backend().find(query, rules, where, parameters, limit, offset, newest, marks)
    return ids, min(total, MOST), total > MOST


def count(query: Query, rules: str, scope: Scope) -> int:
    """How many articles of a scope a query finds, up to `MOST`."""
    return ranked(query, rules, scope, 1, 0)[1]
