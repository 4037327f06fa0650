from __future__ import annotations

from django.apps import AppConfig


class EntriesConfig(AppConfig):
    name = "masthead.entries"
    label = "entries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the times that go back with a clock that is set back."""
        from django.db.models import Q

        from masthead.entries.models import Entry, LinkedPage, PageState
        from masthead.store import clock

        clock.follows(Entry, "clean_after", rows=Q(cleaned_version=0))
        clock.follows(LinkedPage, "due_at", rows=Q(state=PageState.WANTED))
