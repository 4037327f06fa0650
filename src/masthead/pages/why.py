"""Why each report stands where it stands on a front page: the places, their reasons, and how the section was found."""

from __future__ import annotations

from dataclasses import dataclass

from masthead.pages.cards import cards_by_id
from masthead.pages.front_page import reasons
from masthead.pages.models import Placement, Section, Slot
from masthead.pages.types import Card


@dataclass(frozen=True, slots=True)
class Standing:
    """A report on the page. `origin` and `evidence`: how its section was found (`pages.models.Placement`)."""

    card: Card
    position: int
    origin: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class StandingIn:
    """A part of the page: `area` as in `Slot`; `name` of the section for a section's block, else empty."""

    area: str
    name: str
    reports: tuple[Standing, ...]


def standing(edition: str) -> tuple[StandingIn, ...]:
    """An edition's front page, part by part, from the top. Five queries."""
    slots = list(Slot.objects.filter(edition=edition).order_by("position"))
    keys = [slot.article_id for slot in slots]
    shown = {c.id: c for c in cards_by_id(keys, edition, why={s.article_id: reasons(s) for s in slots})}
    placed = {p.article_id: p for p in Placement.objects.filter(article__in=keys)}
    blocks = [f"section:{slug}" for slug in Section.objects.order_by("position", "slug").values_list("slug", flat=True)]
    found: dict[str, list[Standing]] = {}
    for slot in slots:
        if card := shown.get(slot.article_id):
            placement = placed.get(slot.article_id)
            origin, evidence = (placement.origin, placement.evidence) if placement else ("", "")
            found.setdefault(slot.area, []).append(Standing(card, slot.position + 1, origin, evidence))
    order = {area: n for n, area in enumerate(["lead", "second", *blocks, "brief"])}
    return tuple(
        StandingIn(area, _name(area, found[area]), tuple(found[area]))
        for area in sorted(found, key=lambda area: order.get(area, len(blocks) + 1))
    )


def _name(area: str, reports: list[Standing]) -> str:
    section = reports[0].card.section
    return section.name if area.startswith("section:") and section else ""
