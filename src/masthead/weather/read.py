"""The verb: asks the provider when it is time, keeps the reading, leaves a provider that fails alone for a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from masthead.core.fetch.types import FetchRequest
from masthead.core.types import FetchResult
from masthead.feeds.client import fetch_many
from masthead.store import generation
from masthead.store.steps import Outcome
from masthead.weather.models import Attempt, Reading
from masthead.weather.places import Place, UnknownCity, find
from masthead.weather.providers import PROVIDERS, NotWeather, Observation, Provider

LEASE = timedelta(minutes=3)
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=2)
LONGEST_WAIT = timedelta(hours=3)
KEPT = timedelta(days=2)
EARLY = timedelta(minutes=30)
OLD = timedelta(hours=3)


def read(limit: int = 1) -> Outcome:
    """Ask for the weather if it is due. One request at most; `limit` is there for all steps and changes nothing."""
    options = settings.MASTHEAD
    provider = PROVIDERS.get(options.weather)
    if provider is None or not options.city or limit < 1:
        return Outcome()
    now = timezone.now()
    attempt = _claim(f"{options.weather} {options.weather_url} {options.city}"[:300], now)
    if attempt is None:
        return Outcome()
    try:
        place = find(options.city)
    except UnknownCity as error:
        _failed(attempt, f"MASTHEAD_CITY: {error}", now)
        return Outcome(failed=1)
    results: list[FetchResult] = []
    request = FetchRequest(
        url=provider.address(place, options.weather_url),
        kind="weather",
        last_modified=attempt.last_modified,
        max_bytes=2_000_000,
    )
    fetch_many([request], lambda _, result: results.append(result))
    now = timezone.now()
    try:
        observations, observation = _understand(results, attempt, provider, place, now)
    except NotWeather as error:
        _failed(attempt, f"{provider.name}: {error}", now)
        return Outcome(failed=1)
    _keep(attempt, provider, place, observations, observation, results[0], now)
    return Outcome(done=1)


def _claim(asked: str, now: datetime) -> Attempt | None:
    """The one row, held for a few minutes, if it is due; another city or provider is due at once."""
    attempt, _ = Attempt.objects.get_or_create(pk=1, defaults={"asked": asked, "due_at": now})
    same = Attempt.objects.filter(pk=1, asked=asked)
    if attempt.asked != asked:
        fresh = {"asked": asked, "failures": 0, "error": "", "last_modified": "", "ahead": [], "due_at": now + LEASE}
        taken = Attempt.objects.filter(pk=1, asked=attempt.asked).update(**fresh)
    else:
        taken = same.filter(due_at__lte=now).update(due_at=now + LEASE)
    return same.get() if taken else None


def _understand(
    results: Sequence[FetchResult], attempt: Attempt, provider: Provider, place: Place, now: datetime
) -> tuple[tuple[Observation, ...], Observation]:
    """All hours of the answer and the one of now. Raises `NotWeather`."""
    if not results:
        raise NotWeather("no answer")
    result = results[0]
    if result.error:
        raise NotWeather(result.error_detail or result.error)
    if result.status == 304 or result.not_modified:
        observations = _from_json(attempt.ahead)
    elif result.ok:
        observations = provider.read(result.body, place)
    else:
        raise NotWeather(f"answered {result.status}")
    return observations, choose(observations, now)


def choose(observations: Sequence[Observation], now: datetime) -> Observation:
    """The newest observation that is not of the future. Raises `NotWeather` when none is of these hours."""
    past = [o for o in observations if o.at <= now + EARLY]
    if not past:
        raise NotWeather("the answer speaks of the future alone")
    newest = max(past, key=lambda o: o.at)
    if newest.at < now - OLD:
        raise NotWeather(f"the answer is of {newest.at:%Y-%m-%d %H:%M} UTC: too old")
    return newest


def _keep(
    attempt: Attempt,
    provider: Provider,
    place: Place,
    observations: Sequence[Observation],
    observation: Observation,
    result: FetchResult,
    now: datetime,
) -> None:
    options = settings.MASTHEAD
    with transaction.atomic():
        Reading.objects.update_or_create(
            asked=options.city,
            provider=options.weather,
            observed_at=observation.at,
            defaults={
                "city": place.name,
                "country": place.country,
                "latitude": place.latitude,
                "longitude": place.longitude,
                "temperature": observation.temperature,
                "symbol": observation.symbol,
                "fetched_at": now,
            },
        )
        Reading.objects.filter(fetched_at__lt=now - KEPT).delete()
        Attempt.objects.filter(pk=attempt.pk, asked=attempt.asked).update(
            due_at=next_time(result, provider.interval, now),
            failures=0,
            error="",
            last_modified=result.headers.get("last-modified", attempt.last_modified)[:100],
            ahead=_to_json(observations),
        )
        generation.bump()


def next_time(result: FetchResult, interval: int, now: datetime) -> datetime:
    """When to ask again: not before `Expires` (RFC 9111 section 5.3) nor the interval, within three hours."""
    due = now + timedelta(seconds=interval)
    try:
        expires = parsedate_to_datetime(result.headers.get("expires", ""))
    except ValueError:
        return due
    if expires.tzinfo is None:
        expires = expires.replace(tzinfo=UTC)
    return min(max(due, expires), now + LONGEST_WAIT)


def _failed(attempt: Attempt, why: str, now: datetime) -> None:
    """Note the failure and double the pause."""
    pause = min(FIRST_PAUSE * 2 ** min(attempt.failures, 10), LONGEST_PAUSE)
    Attempt.objects.filter(pk=attempt.pk, asked=attempt.asked).update(
        due_at=now + pause, failures=attempt.failures + 1, error=why[:500]
    )


def _to_json(observations: Sequence[Observation]) -> list[list[Any]]:
    return [[o.at.isoformat(), o.temperature, o.symbol] for o in observations]


def _from_json(stored: Any) -> tuple[Observation, ...]:
    return tuple(Observation(datetime.fromisoformat(at), float(temp), str(symbol)) for at, temp, symbol in stored)
