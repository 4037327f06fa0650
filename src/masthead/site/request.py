"""What a view reads off a request, checked."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import Http404, HttpRequest

from masthead.pages.types import Paging

PAGE = re.compile(r"[1-9][0-9]{0,3}")


def edition_of(prefix: str) -> str:
    """The edition of an address: its prefix, or the first."""
    return prefix or str(settings.MASTHEAD.language)


def page_number(request: HttpRequest) -> int:
    """The number in `?page=`, 1 without. Raises Http404 for anything that no page of ours links to."""
    given = request.GET.get("page")
    if given is None:
        return 1
    if not PAGE.fullmatch(given):
        raise Http404("page: a number from 1 is wanted")
    return int(given)


def demand_cards(cards: object, paging: Paging) -> None:
    """A page beyond the last is no page. Raises Http404."""
    if not cards and paging.number > 1:
        raise Http404("beyond the last page")
