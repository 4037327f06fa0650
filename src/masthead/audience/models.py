"""How often articles were read: counts by the hour, and what was not counted and why. No addresses, ever."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from masthead.articles.models import Article


class ViewCount(models.Model):
    """Views of an article within one hour (UTC, `hour` is its start); `daily`: within the day that begins there."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    hour = models.DateTimeField()
    views = models.PositiveIntegerField(default=0)
    short_link_uses = models.PositiveIntegerField(default=0)
    daily = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "hour"], name="view_hour")]
        indexes = [
            # All that a ranking reads, the most read of an hour or day together (`audience.top`).
            models.Index(fields=["hour", "daily", "views", "article"], name="view_by_hour"),
            models.Index(fields=["hour"], condition=Q(daily=False), name="view_to_roll"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.hour:%Y-%m-%d %H}h: {self.views}"


class Exclusion(models.Model):
    """Requests within one hour that were not counted, by reason ("crawler", "prefetch", "repeat", ...)."""

    hour = models.DateTimeField()
    reason = models.CharField(max_length=20)
    requests = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "reason"], name="exclusion_hour")]

    def __str__(self) -> str:
        return f"{self.reason} {self.hour:%Y-%m-%d %H}h: {self.requests}"
