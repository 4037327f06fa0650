"""Readings of the weather in the site's city."""

from __future__ import annotations

from django.db import models


class Reading(models.Model):
    """One reading. `temperature` is in degrees Celsius; `symbol` is our own small vocabulary ("clear", "rain", ...)."""

    city = models.CharField(max_length=200)
    latitude = models.FloatField()
    longitude = models.FloatField()
    provider = models.CharField(max_length=40)
    temperature = models.FloatField()
    symbol = models.CharField(max_length=20, blank=True)
    observed_at = models.DateTimeField(help_text="the time that the provider states")
    fetched_at = models.DateTimeField()

    class Meta:
        ordering = ["-fetched_at"]
        indexes = [models.Index(fields=["city", "-fetched_at"], name="reading_newest")]

    def __str__(self) -> str:
        return f"{self.city} {self.temperature} °C"


class Attempt(models.Model):
    """When the weather may be asked for again (one row, id 1): a provider that fails is not pressed."""

    due_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"due {self.due_at:%H:%M}"
