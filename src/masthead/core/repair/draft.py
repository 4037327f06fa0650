"""The article while it is being mended, and the record of every mend."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from masthead.core.characters import strip_controls
from masthead.core.types import (
    ArticleDate,
    Block,
    Evidence,
    ImageRef,
    Provenance,
    RelatedCard,
    Repair,
    SourceRef,
)

_SHOWN = 300
_MAX_REPAIRS = 200


def shown(text: str) -> str:
    """`text` as a repair shows it: at most 300 characters, no controls."""
    text = strip_controls(text).strip()
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


@dataclass(slots=True)
class Draft:
    """Filled by the repairs one after the other; `core.repair.article` makes the `CleanArticle` of it."""

    title: str = ""
    standfirst: str = ""
    byline: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    language: str = ""
    published: ArticleDate | None = None
    modified: ArticleDate | None = None
    source: SourceRef = field(default_factory=SourceRef)
    canonical_url: str = ""
    short_links: list[str] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)
    lead_image: ImageRef | None = None
    related: list[RelatedCard] = field(default_factory=list)
    categories: tuple[str, ...] = ()
    license: str = ""
    page: dict[str, Any] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    provenance: dict[str, Provenance] = field(default_factory=dict)

    def mend(self, code: str, field_name: str, before: str, after: str, why: str) -> None:
        """Record one repair; the same one twice is recorded once."""
        if len(self.repairs) >= _MAX_REPAIRS:
            return
        repair = Repair(code=code, field=field_name, before=shown(before), after=shown(after), why=why)
        if repair not in self.repairs:
            self.repairs.append(repair)

    def warn(self, sentence: str) -> None:
        """Record something that a reader or editor should know and that could not be mended."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def origin(
        self,
        field_name: str,
        origin: str,
        *,
        method: str = "stated",
        confidence: float = 1.0,
        evidence: tuple[Evidence, ...] = (),
    ) -> None:
        """Record where a field came from."""
        self.provenance[field_name] = Provenance(origin, method, round(confidence, 2), evidence)
