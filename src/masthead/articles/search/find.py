"""Finding articles, and what to say when there are none."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from masthead.articles.models import Article
from masthead.articles.search.backend import backend
from masthead.articles.search.document import terms
from masthead.articles.search.query import Query, parse
from masthead.articles.search.scope import Scope, ranked
from masthead.articles.search.suggest import advise

START, STOP = "\x02", "\x03"
MOST_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of what was found, best first.

    `snippets`: by article id, HTML in which `<mark>` is the only element. `total`: over all pages; `more`: these are
    the newest of still more that hold the words. `help`: what is wrong with the query and what to try, in words of the
    active language; `suggestions`: queries that find something.
    """

    ids: tuple[int, ...] = ()
    snippets: dict[int, str] = field(default_factory=dict)
    total: int = 0
    help: str = ""
    suggestions: tuple[str, ...] = ()
    more: bool = False


def search(
    query: str,
    *,
    edition: str | None = None,
    source: str | int | None = None,
    within: QuerySet[Any] | None = None,
    language: str | None = None,
    since: datetime | date | None = None,
    until: datetime | date | None = None,
    page: int = 1,
    per_page: int = 20,
    newest: bool = False,
) -> SearchResult:
    """Find articles by words (all of them), "phrases", -excluded words, `OR` and beginnings*.

    `source` is a slug or an id; `within` articles, or rows that have an `article` (a section's, say); `language`
    BCP 47, a primary subtag finds its varieties; `since` and `until` compare with the instant that lists sort by, days
    being whole days in the site's zone. `newest`: ordered by time, not by rank. Never raises for anything a reader can
    type.
    """
    wish = parse(query)
    scope = Scope(edition, source, within, language, since, until)
    if not wish.usable:
        return SearchResult(help=" ".join(wish.notes))
    per_page = max(1, min(per_page, MOST_PER_PAGE))
    offset = (max(1, page) - 1) * per_page
    rules = language or edition or settings.MASTHEAD.language
    ids, total, more = ranked(wish, rules, scope, per_page, offset, newest)
    snippets = _snippets(wish, rules, ids) if ids else {}
    advice, suggestions = ("", ()) if total else advise(wish, rules, scope)
    help = " ".join(filter(None, [*wish.notes, advice]))
    return SearchResult(tuple(ids), snippets, total, help, suggestions, more)


def _snippets(query: Query, rules: str, ids: list[int]) -> dict[int, str]:
    """The snippets as HTML: everything escaped but our own marks.

    An article whose source's rights changed since it was indexed has none until it is indexed anew.
    """
    raw = backend().snippets(query, rules, ids, START, STOP)
    rows = Article.objects.filter(pk__in=ids).select_related("source").only("source__policy", "source__licence")
    now = {row.pk: terms(row.source) for row in rows}
    return {
        pk: html.escape(" ".join(text.split())).replace(START, "<mark>").replace(STOP, "</mark>")
        for pk, (text, indexed_under) in raw.items()
        if indexed_under == now.get(pk)
    }
