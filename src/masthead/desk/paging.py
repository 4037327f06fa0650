"""Pages of lists that may be very long: what is counted is bounded, so that a page costs the same in any archive."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from masthead.core.characters import one_line

COUNTED = 10_000
"""Rows that are counted, and may be paged through; a filter finds what lies behind them."""


class _Bounded(Paginator[Any]):
    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:COUNTED].count())


def page_of(rows: QuerySet[Any], number: str | None, per_page: int) -> Page[Any]:
    """The page that was asked for, or the nearest there is."""
    return _Bounded(rows, per_page).get_page(number)


def asked(request: HttpRequest) -> dict[str, str]:
    """What the address of a list asks for, each on one line: it is written into the page again."""
    return {name: one_line(request.GET.get(name, ""))[:200] for name in request.GET}
