from __future__ import annotations

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "masthead.articles"
    label = "articles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the operator's model for quotations, loaded with the first text, and what goes back with the clock."""
        from django.conf import settings
        from django.db.models import Q

        from masthead.articles.models import Image, ImageState
        from masthead.core.quotes.model import use_model
        from masthead.store import clock

        use_model(settings.MASTHEAD.quotes_model)
        clock.follows(Image, "due_at", rows=Q(state=ImageState.WANTED))
