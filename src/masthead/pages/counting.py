"""How readers are counted, with the figures of the day."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from masthead.audience import queries as audience
from masthead.audience.agents import REASONS
from masthead.pages.lists import zone
from masthead.pages.types import CountingPage, ReasonCount


def counting() -> CountingPage:
    """What was counted and what was not, today and in the last seven days."""
    midnight = datetime.combine(timezone.now().astimezone(zone()).date(), time.min, tzinfo=zone())
    today, week = audience.figures(midnight), audience.figures(midnight - timedelta(days=6))
    places = {name: place for place, name in enumerate(REASONS)}
    reasons = sorted(places, key=lambda name: (-week.excluded.get(name, 0), places[name]))
    return CountingPage(
        views_today=today.views,
        views_week=week.views,
        uses_today=today.uses,
        uses_week=week.uses,
        reasons=tuple(ReasonCount(r, today.excluded.get(r, 0), week.excluded.get(r, 0)) for r in reasons),
        written=audience.written_at(),
    )
