"""The front page, and the frame of every page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from masthead.articles.queries import of_edition, visible
from masthead.core.rank import OLD, Reason
from masthead.pages.cards import cards, cards_by_id, section_view
from masthead.pages.languages import direction, others, own_name, primary
from masthead.pages.lists import changed_at, newest_first, stated_first
from masthead.pages.models import Placement, Section, Slot
from masthead.pages.popular import popular
from masthead.pages.types import Card, Frame, FrontPage, SectionBlock, WeatherView
from masthead.weather import queries as weather

LATEST = 12


def sections_of(edition: str) -> list[Section]:
    """The sections that have something in an edition, in their order. One query."""
    here = Placement.objects.filter(section=OuterRef("pk"))
    if edition == settings.MASTHEAD.language:
        here = here.exclude(language__in=others(edition))
    else:
        here = here.filter(language=primary(edition))
    return list(Section.objects.filter(Exists(here)).order_by("position", "slug"))


def reasons(slot: Slot) -> tuple[Reason, ...]:
    """What brought an article to its place, as the slot keeps it: facts, without what each multiplied the score by."""
    return tuple(Reason(str(code), float(value)) for code, value in slot.why)


def front(edition: str) -> FrontPage:
    """An edition's front page from the slots that `arrange` filled; what may not be seen any more is left out."""
    slots = list(Slot.objects.filter(edition=edition).order_by("area", "position"))
    found = {
        c.id: c
        for c in cards_by_id((s.article_id for s in slots), edition, why={s.article_id: reasons(s) for s in slots})
    }
    areas: dict[str, list[Card]] = {}
    for slot in slots:
        if slot.article_id in found:
            areas.setdefault(slot.area, []).append(found[slot.article_id])
    top = [*areas.get("lead", ()), *areas.get("second", ())]
    by_slug = {s.slug: s for s in Section.objects.all()}
    blocks = tuple(
        SectionBlock(section=section_view(section, edition), cards=tuple(areas[f"section:{slug}"]))
        for slug, section in by_slug.items()
        if f"section:{slug}" in areas
    )
    latest = cards(stated_first(newest_first(of_edition(visible(), edition))[: 3 * LATEST])[:LATEST], edition)
    return FrontPage(
        edition=edition,
        lead=top[0] if top else None,
        seconds=tuple(top[1:]),
        briefs=tuple(areas.get("brief", ())),
        sections=blocks,
        latest=latest,
        popular=popular(edition),
        changed_at=changed_at([*found.values(), *latest]),
        silent=_silent([*found.values(), *latest]),
    )


def _silent(shown: Sequence[Card]) -> int:
    """For how many days nothing new came, by the newest of what is shown; 0 where that is no old news.

    Reports without a date are sorted as older than they need be: that they came is what is known of them.
    """
    newest = max((card.at if card.published else card.first_seen for card in shown), default=None)
    age = timezone.now() - newest if newest else timedelta(0)
    return age.days if age >= OLD else 0


def weather_view() -> WeatherView | None:
    """The weather of the site's city, or None: off, not read yet, or too old to be told."""
    now = weather.current()
    if now is None:
        return None
    return WeatherView(
        city=now.city,
        temperature=now.temperature,
        unit=now.unit,
        symbol=now.symbol,
        observed=now.observed_at,
        stale=now.stale,
        provider=now.provider,
        provider_url=now.provider_url,
        credit=now.credit,
    )


def frame(edition: str) -> Frame:
    """What every page of an edition carries around its content."""
    options = settings.MASTHEAD
    return Frame(
        edition=edition,
        language=edition,
        direction=direction(edition),
        site_name=options.site_name,
        motto=options.motto,
        now=timezone.now(),
        sections=tuple(section_view(section, edition) for section in sections_of(edition)),
        editions=tuple((other, own_name(other)) for other in options.all_editions),
        weather=weather_view(),
    )
