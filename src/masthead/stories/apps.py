from __future__ import annotations

from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "masthead.stories"
    label = "stories"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the times that go back with a clock that is set back."""
        from masthead.store import clock
        from masthead.stories.models import Story

        clock.follows(Story, "refresh_at")
