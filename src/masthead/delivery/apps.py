from __future__ import annotations

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "masthead.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the times that go back with a clock that is set back: all but the end of an embargo."""
        from django.db.models import F, Q

        from masthead.delivery.models import Dispatch
        from masthead.store import clock

        clock.follows(Dispatch, "due_at", rows=~Q(due_at=F("article__embargo_until")))
