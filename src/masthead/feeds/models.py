"""Publishers, their feeds, and every exchange with them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from masthead.core.urls import host_of


class Policy(models.TextChoices):
    """How much of a source's articles may be shown (DESIGN: rights policy)."""

    AUTO = "", "By its licence (excerpt unless an open licence is stated)"
    FULL = "full", "Full text"
    EXCERPT = "excerpt", "Excerpt"
    LINK = "link", "Headline and link"


class Source(models.Model):
    """A publisher."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True)
    home_url = models.URLField(max_length=2000, blank=True)
    description = models.TextField(blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2")
    language = models.CharField(max_length=35, blank=True, help_text="BCP 47")
    ownership = models.CharField(
        max_length=200, blank=True, help_text="who owns it, as readers see it: state broadcaster, co-operative, ..."
    )
    policy = models.CharField(max_length=10, choices=Policy.choices, default=Policy.AUTO, blank=True)
    licence = models.CharField(max_length=500, blank=True, help_text="as the source states it, a name or an address")
    show_images = models.BooleanField(default=True)
    embargo_minutes = models.PositiveIntegerField(default=0, help_text="hold its articles for so long")
    weight = models.SmallIntegerField(default=0, help_text="editor's weight on the front page, -3 to 3")
    icon_url = models.URLField(max_length=2000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["home_url"], name="source_home")]

    def __str__(self) -> str:
        return self.name


class FeedState(models.TextChoices):
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused by an editor"
    GONE = "gone", "Gone (410): the publisher ended it"
    REFUSED = "refused", "Refused: not a feed, or not an address that may be reached"
    MERGED = "merged", "Moved to an address that another feed already has"
    IMPORTED = "imported", "An archive that was imported: never polled"


class FullText(models.TextChoices):
    AUTO = "auto", "Automatic"
    ON = "on", "Always fetch the page"
    OFF = "off", "Never fetch the page"


class Feed(models.Model):
    """One address that a source publishes, with its schedule and what its server said last."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="feeds")
    url = models.URLField(max_length=2000, unique=True)
    host = models.CharField(max_length=255, blank=True, editable=False, help_text="of the url: one request at a time")
    title = models.CharField(max_length=500, blank=True)
    home_url = models.URLField(max_length=2000, blank=True)
    language = models.CharField(max_length=35, blank=True)
    section = models.SlugField(
        max_length=60, blank=True, allow_unicode=True, help_text="default section of its articles"
    )
    full_text = models.CharField(max_length=4, choices=FullText.choices, default=FullText.AUTO)
    state = models.CharField(max_length=10, choices=FeedState.choices, default=FeedState.ACTIVE)
    reason = models.CharField(max_length=500, blank=True, help_text="why it is in this state, in words")
    created_at = models.DateTimeField(auto_now_add=True)
    # Schedule. A feed is due when `due_at` has passed and no lease holds it.
    due_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(
        null=True, blank=True, help_text="politeness: not polled before this, whatever anybody sets as due"
    )
    due_why = models.CharField(max_length=300, blank=True, help_text="why it is due then, in words")
    leased_until = models.DateTimeField(null=True, blank=True)
    interval = models.PositiveIntegerField(default=3600, help_text="seconds between polls at present")
    failures = models.PositiveIntegerField(default=0, help_text="failures in a row")
    fetched_at = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True, help_text="when it last brought something new")
    # Validators and hints, byte-exact as received, for this very address.
    etag = models.CharField(max_length=2000, blank=True)
    last_modified = models.CharField(max_length=500, blank=True)
    elsewhere = models.JSONField(
        default=dict, blank=True, help_text="validators of the address that it redirects to: {url, etag, last_modified}"
    )
    body_digest = models.CharField(max_length=64, blank=True)
    hints = models.JSONField(default=dict, blank=True)
    moved_to = models.CharField(max_length=2000, blank=True, help_text="target of a permanent redirect")
    moved_since = models.DateTimeField(null=True, blank=True)
    moved_count = models.PositiveIntegerField(default=0)
    hub = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ["source__name", "url"]
        # The choice of due feeds reads these, the longest due first, and nothing else (see `claims.choose`).
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="active", failures=0), name="feed_due"),
            models.Index(fields=["due_at", "id"], condition=Q(state="active", failures__gt=0), name="feed_due_failing"),
        ]

    def __str__(self) -> str:
        return self.title or self.url

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store it with the host of its address."""
        self.host = host_of(self.url)[:255]
        if (fields := kwargs.get("update_fields")) is not None and "url" in fields:
            kwargs["update_fields"] = {*fields, "host"}
        super().save(*args, **kwargs)


class Fetch(models.Model):
    """One exchange with a feed's server. A 200 keeps its body until the retention policy prunes it."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="fetches")
    started_at = models.DateTimeField()
    elapsed = models.FloatField(default=0, help_text="seconds")
    status = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    final_url = models.CharField(max_length=2000, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    body = models.BinaryField(null=True, blank=True, help_text="zstd-compressed bytes as received")
    body_size = models.PositiveBigIntegerField(default=0, help_text="bytes before compression")
    # Progress of the next stage (ingest). Null: not yet read.
    ingested_at = models.DateTimeField(null=True, blank=True)
    ingest_error = models.TextField(blank=True)
    entries_seen = models.PositiveIntegerField(default=0)
    entries_new = models.PositiveIntegerField(default=0)
    entries_changed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-started_at", "-id"]
        verbose_name_plural = "fetches"
        indexes = [
            models.Index(fields=["id"], condition=Q(ingested_at=None, body__isnull=False), name="fetch_to_ingest"),
            models.Index(fields=["feed", "-started_at"], name="fetch_by_feed"),
        ]

    def __str__(self) -> str:
        return f"{self.feed_id} {self.status} {self.started_at:%Y-%m-%d %H:%M}"


class HostPause(models.Model):
    """A host that asked for silence (429, 503, Retry-After): nothing of it is asked for until then."""

    host = models.CharField(max_length=255, primary_key=True)
    until = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.host
