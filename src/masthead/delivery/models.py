"""Whatever leaves by itself: endpoints that want to be told, and what was sent to them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from masthead.articles.models import Article


class Endpoint(models.Model):
    """Somebody to tell: a WebSub hub of our own feeds, or a webhook."""

    class Kind(models.TextChoices):
        WEBSUB = "websub", "WebSub hub (our feeds changed)"
        WEBHOOK = "webhook", "Webhook (an article was published, changed or taken down)"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    url = models.URLField(max_length=2000)
    secret = models.CharField(max_length=200, blank=True, help_text="signs webhooks (HMAC-SHA256)")
    active = models.BooleanField(default=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why it is not active, in words")
    created_at = models.DateTimeField(default=timezone.now)
    # Progress: what was made up to this revision has been queued.
    queued_revision = models.PositiveBigIntegerField(default=0)
    takedowns_queued = models.PositiveIntegerField(default=0, help_text="rounds of takedowns that were queued")

    def __str__(self) -> str:
        return self.url


class Dispatch(models.Model):
    """One message to one endpoint; tried again with growing pauses until it is taken or given up.

    Waiting: `due_at` is set. Taken: `sent_at` is set. Given up: neither, and `error` says why. `payload` names what
    the message is about; what it says is written when it is sent, so that it is never out of date.
    """

    class Event(models.TextChoices):
        PUBLISHED = "article.published", "Article published"
        CHANGED = "article.changed", "Article changed"
        WITHDRAWN = "article.withdrawn", "Article taken down"
        FEEDS = "feeds.changed", "Our feeds changed"

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="dispatches")
    article = models.ForeignKey(Article, null=True, on_delete=models.CASCADE, related_name="+")
    event = models.CharField(max_length=20, choices=Event.choices)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "dispatches"
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None), name="dispatch_due"),
            models.Index(fields=["sent_at"], name="dispatch_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint_id}"
