"""What the machine knows of an article, told to an editor in the words that readers get, in the site's own language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation

from masthead.articles.models import Revision
from masthead.core.rank import Reason
from masthead.core.types import CleanArticle
from masthead.pages.models import Placement, Slot
from masthead.site import tell
from masthead.site.words import chrome_language, direction_of


@dataclass(frozen=True, slots=True)
class Factor:
    """A fact in words, and what it multiplies a score by."""

    words: str
    factor: float


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
    with translation.override("en"):
        return tell.section_found(placement.origin, placement.evidence) if placement else ""


def _reasons(why: Iterable[Reason]) -> list[str]:
    with translation.override("en"):
        return tell.reasons(why, "en")


def factors(why: Iterable[Reason]) -> tuple[Factor, ...]:
    """What each fact multiplies the score by; of an undated report the age too, which readers are not told."""
    return tuple(Factor(_reasons([reason])[0], reason.factor) for reason in why)


def notes(stored: Iterable[Sequence[Any]]) -> tuple[str, ...]:
    """What besides its score brought an article to its slot ("kept its place ...")."""
    why = [Reason(str(code), float(value)) for code, value in stored]
    return tuple(_reasons(reason for reason in why if reason.code in ("editor", "held", "variety")))


def standing(slot: Slot) -> str:
    """All that a slot keeps of why its article stands there."""
    return " · ".join(_reasons(Reason(str(code), float(value)) for code, value in slot.why))
