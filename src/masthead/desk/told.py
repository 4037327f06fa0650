"""What the machine knows of an article, told to an editor in the words that readers get, in the site's own language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation

from masthead.articles.models import Revision
from masthead.core.types import CleanArticle
from masthead.pages.models import Placement
from masthead.site import tell
from masthead.site.words import chrome_language, direction_of

# How a section was found (`Placement.origin`).
_PLACED = {
    "feed": "because of its feed",
    "category": "because of its category",
    "text": "because of its text",
    "editor": "by an editor",
    "default": "because nothing else fits",
}


@dataclass(frozen=True, slots=True)
class Mend:
    """A repair: the field and what was done, in words; what stood there before and after."""

    field: str
    told: tell.Told
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """A revision, and the names of the fields that it changed."""

    revision: Revision
    fields: str


@dataclass(frozen=True, slots=True)
class Account:
    """All of it in one language."""

    language: str
    direction: str
    origins: tuple[tell.OriginTold, ...] = ()
    mends: tuple[Mend, ...] = ()
    warnings: tuple[tell.Told, ...] = ()
    changes: tuple[Change, ...] = ()


def account(document: CleanArticle | None, revisions: Iterable[Revision]) -> Account:
    """What is known of an article's newest state (None: it has none) and of its revisions."""
    language = chrome_language(settings.MASTHEAD.language, "en")
    with translation.override(language):
        changes = tuple(Change(row, ", ".join(tell.field(name) for name in row.changed)) for row in revisions)
        if document is None:
            return Account(language, direction_of(language), changes=changes)
        return Account(
            language,
            direction_of(language),
            tuple(tell.origins(document.provenance)),
            tuple(Mend(tell.field(r.field), tell.repair(r), r.before, r.after) for r in document.repairs),
            tuple(tell.warning(sentence) for sentence in document.warnings),
            changes,
        )


def placed(placement: Placement | None) -> str:
    """Why an article stands in its section."""
    return _PLACED.get(placement.origin, f"by {placement.origin}") if placement else ""
