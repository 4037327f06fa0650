from __future__ import annotations

from django.apps import AppConfig


class WeatherConfig(AppConfig):
    name = "masthead.weather"
    label = "weather"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the times that go back with a clock that is set back."""
        from masthead.store import clock
        from masthead.weather.models import Attempt

        clock.follows(Attempt, "due_at")
