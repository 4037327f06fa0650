"""The small icon beside a source's name, where its publisher has one and lets pictures be shown."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from masthead.feeds.models import Source, SourceIcon
from masthead.pages import addresses
from masthead.pages.types import IconView

Row = TypeVar("Row", bound=Model)
# What the fetching of icons needs and no page does.
_NOT_SHOWN = ("offers", "page_validators", "url_validators", "reason")


def with_icon(rows: QuerySet[Row], source: str = "") -> QuerySet[Row]:
    """Sources with their icons, or rows that lead to one by the relation `source`, in the same query."""
    icon = f"{source}__icon" if source else "icon"
    return rows.select_related(icon).defer(*(f"{icon}__{name}" for name in _NOT_SHOWN))


def icon_of(source: Source) -> IconView | None:
    """The source's icon; no query for one that was read `with_icon`. None where it has none, or shows no pictures."""
    if not source.show_images:
        return None
    try:
        files = source.icon.files
    except SourceIcon.DoesNotExist:
        return None
    paths = [addresses.media(str(file["path"])) for file in files]
    return IconView(src=paths[0], large=paths[-1]) if paths else None
