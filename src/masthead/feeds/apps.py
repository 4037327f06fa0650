from __future__ import annotations

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "masthead.feeds"
    label = "feeds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the times that go back with a clock that is set back."""
        from django.db.models import Q

        from masthead.feeds.models import Feed, Fetch, HostPause, HubSubscription, SourceIcon
        from masthead.store import clock

        clock.follows(Feed, "due_at", "not_before", "self_due_at", "fetched_at")
        clock.follows(Fetch, "started_at", rows=Q(ingested_at=None))
        clock.follows(HostPause, "until")
        clock.follows(HubSubscription, "due_at")
        clock.follows(SourceIcon, "due_at")
