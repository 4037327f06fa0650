"""The weather that may be told now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from masthead.weather.models import Attempt, Reading
from masthead.weather.providers import PROVIDERS

STALE_AFTER = timedelta(minutes=90)
HIDDEN_AFTER = timedelta(hours=6)
FAHRENHEIT = frozenset(("US", "BS", "BZ", "KY", "LR", "PW", "FM", "MH", "PR", "GU", "VI", "AS", "MP"))
"""Countries and territories whose papers give degrees Fahrenheit (CLDR, and what belongs to them)."""


@dataclass(frozen=True, slots=True)
class Current:
    """The last reading in the unit shown ("°C" or "°F"). `stale`: its age must be told."""

    city: str
    temperature: float
    unit: str
    symbol: str
    observed_at: datetime
    stale: bool
    provider: str
    provider_url: str
    credit: str


def current() -> Current | None:
    """The weather to show, or None: switched off, never read, or older than six hours. One query."""
    options = settings.MASTHEAD
    provider = PROVIDERS.get(options.weather)
    if provider is None or not options.city:
        return None
    now = timezone.now()
    reading = (
        Reading.objects.filter(asked=options.city, provider=options.weather, observed_at__gt=now - HIDDEN_AFTER)
        .order_by("-observed_at")
        .first()
    )
    if reading is None:
        return None
    imperial = options.units == "imperial" or (options.units != "metric" and reading.country in FAHRENHEIT)
    return Current(
        city=reading.city,
        temperature=reading.temperature * 1.8 + 32 if imperial else reading.temperature,
        unit="°F" if imperial else "°C",
        symbol=reading.symbol,
        observed_at=reading.observed_at,
        stale=now - reading.observed_at > STALE_AFTER,
        provider=provider.name,
        provider_url=provider.url,
        credit=provider.credit,
    )


def trouble() -> str:
    """Why the weather could not be read last, in words; empty when it could. For `doctor` and the desk."""
    attempt = Attempt.objects.filter(pk=1).first()
    return attempt.error if attempt else ""
