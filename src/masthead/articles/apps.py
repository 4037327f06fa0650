from __future__ import annotations

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "masthead.articles"
    label = "articles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the operator's model for quotations; it is loaded when the first text is read."""
        from django.conf import settings

        from masthead.core.quotes.model import use_model

        use_model(settings.MASTHEAD.quotes_model)
