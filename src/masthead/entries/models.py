"""Items as received: identity, versions, aliases, and the page behind a summary.

A foreign key that a unique constraint begins with has no index of its own: these are the tables that grow.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from masthead.feeds.models import Feed, Fetch, Source


class Entry(models.Model):
    """One item of one feed, whatever its publisher does to it. What it said stands in its versions."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, help_text="SHA-256 of what identifies it within its feed")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    missing_since = models.DateTimeField(
        null=True, blank=True, help_text="left the feed before its age would explain it"
    )
    version = models.PositiveIntegerField(default=1, help_text="number of the newest version")
    # Progress of the next stage (clean): the version an article was made from; 0 = none. -1 = refused, with reason.
    cleaned_version = models.IntegerField(default=0)
    clean_error = models.TextField(blank=True)
    clean_after = models.DateTimeField(null=True, blank=True, help_text="wait until then: its page is being fetched")
    leased_until = models.DateTimeField(null=True, blank=True, help_text="a process is cleaning it (store/leases.py)")

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["feed", "key"], name="entry_key")]
        indexes = [
            models.Index(fields=["id"], condition=Q(cleaned_version=0), name="entry_to_clean"),
            models.Index(fields=["id"], condition=~Q(clean_error=""), name="entry_refused"),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"


class EntryVersion(models.Model):
    """One state of an entry: its bytes as received, never edited, and the `ParsedEntry` that was read from them."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    fetch = models.ForeignKey(Fetch, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    received_at = models.DateTimeField()
    original = models.BinaryField(help_text="zstd-compressed bytes as received")
    original_type = models.CharField(max_length=100, default="application/xml")
    record = models.JSONField(help_text="core.types.ParsedEntry without `original`")
    context = models.JSONField(default=dict, help_text="of the feed: title, link, language, format")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what a reader would notice")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="entry_version_number")]

    def __str__(self) -> str:
        return f"entry {self.entry_id} v{self.number}"


class EntryAlias(models.Model):
    """Another name of an entry: a scheme-stripped guid, a canonical link. Unique within a source."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=64, help_text="SHA-256 of the name")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="aliases")

    class Meta:
        verbose_name_plural = "entry aliases"
        constraints = [models.UniqueConstraint(fields=["source", "kind", "value"], name="entry_alias")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value[:12]}"


class OldAddress(models.Model):
    """An address that an item had on the site it was imported from: it leads to the item's article here.

    `address` is path and query in the form of `entries.old.normal`; the host does not count.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="old_addresses")
    address = models.CharField(max_length=2000)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the address")

    class Meta:
        verbose_name_plural = "old addresses"

    def __str__(self) -> str:
        return self.address


class PageState(models.TextChoices):
    WANTED = "wanted", "Wanted"
    READY = "ready", "Fetched"
    FAILED = "failed", "Failed"


class LinkedPage(models.Model):
    """The publisher's page behind an entry that brings only a summary; original bytes kept."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="page")
    url = models.CharField(max_length=2000)
    state = models.CharField(max_length=8, choices=PageState.choices, default=PageState.WANTED)
    due_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    final_url = models.CharField(max_length=2000, blank=True)
    content_type = models.CharField(max_length=200, blank=True)
    body = models.BinaryField(null=True, blank=True, help_text="zstd-compressed bytes as received")
    fetched_at = models.DateTimeField(null=True, blank=True, help_text="when the body that is kept came")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="when its server answered last, 304 included")
    # Validators as received, for the address that gave the body (`final_url`).
    etag = models.CharField(max_length=2000, blank=True)
    last_modified = models.CharField(max_length=500, blank=True)
    gave_text = models.BooleanField(
        null=True, help_text="whether the article's text is the page's; null: no article was made with it yet"
    )

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(state="wanted"), name="page_wanted")]

    def __str__(self) -> str:
        return self.url
