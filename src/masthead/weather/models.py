"""Readings of the weather in the site's city."""

from __future__ import annotations

from django.db import models


class Reading(models.Model):
    """One reading. `temperature` is in degrees Celsius; `symbol` is our own small vocabulary ("clear", "rain", ...)."""

    asked = models.CharField(max_length=200, help_text="the setting `city` as it stood")
    city = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2")
    latitude = models.FloatField()
    longitude = models.FloatField()
    provider = models.CharField(max_length=40)
    temperature = models.FloatField()
    symbol = models.CharField(max_length=20, blank=True)
    observed_at = models.DateTimeField(help_text="the time that the provider states")
    fetched_at = models.DateTimeField()

    class Meta:
        ordering = ["-fetched_at"]
        indexes = [models.Index(fields=["asked", "provider", "-observed_at"], name="reading_newest")]

    def __str__(self) -> str:
        return f"{self.city} {self.temperature} °C"


class Attempt(models.Model):
    """When the weather may be asked for again (one row, id 1): a provider that fails is not pressed.

    `ahead` holds the hours that the last answer foretold ([instant, °C, symbol]), for when it still holds (304).
    """

    asked = models.CharField(
        max_length=300, blank=True, help_text="the address asked for; another one is asked at once"
    )
    due_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    ahead = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return f"due {self.due_at:%H:%M}"
