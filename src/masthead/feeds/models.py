"""Publishers, their feeds, and every exchange with them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from masthead.core.urls import host_of
from masthead.store.fields import PlainCharField, PlainTextField


class Policy(models.TextChoices):
    """How much of a source's articles may be shown (DESIGN: rights policy)."""

    AUTO = "", "By its licence (excerpt unless an open licence is stated)"
    FULL = "full", "Full text"
    EXCERPT = "excerpt", "Excerpt"
    LINK = "link", "Headline and link"


class Source(models.Model):
    """A publisher."""

    name = PlainCharField(max_length=200)
    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True)
    home_url = models.URLField(max_length=2000, blank=True)
    description = PlainTextField(blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2")
    language = models.CharField(max_length=35, blank=True, help_text="BCP 47")
    ownership = PlainCharField(
        max_length=200, blank=True, help_text="who owns it, as readers see it: state broadcaster, co-operative, ..."
    )
    owner = PlainCharField(
        max_length=200, blank=True, help_text="the house it belongs to: sources of one house count as one voice"
    )
    policy = models.CharField(max_length=10, choices=Policy.choices, default=Policy.AUTO, blank=True)
    licence = PlainCharField(max_length=500, blank=True, help_text="as the source states it, a name or an address")
    show_images = models.BooleanField(default=True)
    embargo_minutes = models.PositiveIntegerField(default=0, help_text="hold its articles for so long")
    weight = models.SmallIntegerField(default=0, help_text="editor's weight on the front page, -3 to 3")
    icon_url = models.URLField(max_length=2000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        indexes = [
            models.Index(fields=["home_url"], name="source_home"),
            models.Index(fields=["name", "id"], name="source_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class SourceIcon(models.Model):
    """The small icon beside a source's name: our own copies of it, and when its publisher is asked again.

    A source has no row before its feed was read for the first time. `files`: [{"side": 64, "path": "icons/ab/..."},
    ...], the smallest first; empty when there is none (yet). Validators are byte-exact as received.
    """

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="icon")
    files = models.JSONField(default=list, blank=True)
    url = models.CharField(max_length=2000, blank=True, help_text="address that the icon came from")
    url_validators = models.JSONField(default=dict, blank=True, help_text="{url, etag, last_modified} of its answer")
    kept_at = models.DateTimeField(null=True, blank=True, help_text="when it was last received or confirmed")
    # The home page, as it was when it was last asked for.
    home_url = models.CharField(max_length=2000, blank=True, help_text="of the source then; another one is asked anew")
    page_validators = models.JSONField(default=dict, blank=True, help_text="{url, etag, last_modified} of the page")
    offers = models.JSONField(default=list, blank=True, help_text="core.icons.Offer: what the page declares")
    # Schedule. A visit is due when `due_at` has passed and no lease holds the row.
    due_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="visits in a row that servers cut short")
    misses = models.PositiveIntegerField(default=0, help_text="visits in a row that found no icon")
    reason = models.CharField(max_length=500, blank=True, help_text="why there is none, or what went wrong, in words")

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="icon_due")]

    def __str__(self) -> str:
        return f"icon of source {self.source_id}"


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
    # WebSub: what the feed says of itself, and what follows for its polling. The rest stands in `HubSubscription`.
    hub = models.CharField(max_length=2000, blank=True, help_text="of the hubs that it names, the one that is used")
    hubs = models.JSONField(
        default=list, blank=True, help_text="servers that it names to be told of news by, best first"
    )
    topic = models.CharField(
        max_length=2000, blank=True, help_text="its own address as it states it (rel=self), when it is its own"
    )
    self_due_at = models.DateTimeField(
        null=True, blank=True, help_text="when another address that it calls its own is looked at (again)"
    )
    told_until = models.DateTimeField(
        null=True, blank=True, help_text="until then its hub tells us of news, as it has shown: polled daily"
    )
    news_at = models.DateTimeField(
        null=True, blank=True, help_text="when its hub last said that there is news to fetch"
    )

    class Meta:
        ordering = ["source__name", "url"]
        # The choice of due feeds reads these, the longest due first, and nothing else (see `claims.choose`).
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="active", failures=0), name="feed_due"),
            models.Index(fields=["due_at", "id"], condition=Q(state="active", failures__gt=0), name="feed_due_failing"),
            # Nearly empty, and never read: with it SQLite's ANALYZE knows that few feeds have no time, where it would
            # scan them all once very many are due at the same one.
            models.Index(fields=["id"], condition=Q(state="active", due_at=None), name="feed_due_unset"),
            # What an editor should look at.
            models.Index(fields=["-failures", "url"], condition=Q(failures__gte=2), name="feed_in_trouble"),
            models.Index(fields=["state", "-failures", "url"], condition=~Q(state="active"), name="feed_not_active"),
            models.Index(fields=["id"], condition=~Q(topic=""), name="feed_with_hub"),
            models.Index(fields=["self_due_at"], condition=Q(self_due_at__isnull=False), name="feed_self_due"),
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

    # The index `fetch_by_feed` begins with it.
    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="fetches", db_index=False)
    started_at = models.DateTimeField()
    elapsed = models.FloatField(default=0, help_text="seconds")
    status = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    final_url = models.CharField(max_length=2000, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    body = models.BinaryField(null=True, blank=True, help_text="zstd-compressed bytes as received")
    body_size = models.PositiveBigIntegerField(default=0, help_text="bytes before compression")
    pushed = models.BooleanField(default=False, help_text="sent by the feed's hub (WebSub), not asked for by us")
    # Progress of the next stage (ingest). Null: not yet read.
    ingested_at = models.DateTimeField(null=True, blank=True)
    ingest_error = models.TextField(blank=True)
    leased_until = models.DateTimeField(null=True, blank=True, help_text="a process is reading it (store/leases.py)")
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


class HostTurn(models.Model):
    """Whose turn it is at a host, where several machines fetch (`feeds/turns.py`). Free from `until` on."""

    host = models.CharField(max_length=255, primary_key=True)
    holder = models.CharField(max_length=32)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.host


class HubState(models.TextChoices):
    WANTED = "wanted", "To be asked for"
    ASKED = "asked", "Asked for; the hub has yet to confirm"
    HELD = "held", "Confirmed by the hub"
    LAPSED = "lapsed", "The hub's lease ran out"
    DENIED = "denied", "Denied by the hub"
    ASIDE = "aside", "Set aside: another hub of the feed is tried"
    LEAVING = "leaving", "To be ended at the hub"
    ENDED = "ended", "Ended"


HUB_LIVE = (HubState.WANTED, HubState.ASKED, HubState.HELD, HubState.LAPSED, HubState.DENIED)


class HubSubscription(models.Model):
    """What we want of a hub, what it confirmed, and how well it does so (W3C WebSub). Outlives its feed."""

    feed = models.ForeignKey(Feed, null=True, blank=True, on_delete=models.SET_NULL, related_name="hub_subscriptions")
    hub = models.CharField(max_length=2000)
    topic = models.CharField(max_length=2000)
    callback = models.CharField(max_length=600, help_text="address of ours that the hub was given")
    token = models.CharField(max_length=64, unique=True, help_text="what nobody can guess of the callback")
    secret = models.CharField(
        max_length=64, blank=True, help_text="signs what the hub sends; empty: nothing is believed"
    )
    state = models.CharField(max_length=7, choices=HubState.choices, default=HubState.WANTED)
    reason = models.CharField(max_length=500, blank=True, help_text="what went wrong last, in words")
    created_at = models.DateTimeField(auto_now_add=True)
    # What is asked of the hub, and what it may therefore ask us to confirm.
    due_at = models.DateTimeField(null=True, blank=True, help_text="when the hub is asked (again)")
    asked_for = models.CharField(max_length=11, blank=True, help_text="subscribe or unsubscribe: what was asked last")
    asked_at = models.DateTimeField(null=True, blank=True)
    awaiting = models.BooleanField(default=False, help_text="the hub took the request and has yet to confirm")
    failures = models.PositiveIntegerField(default=0, help_text="requests in a row that came to nothing")
    held_since = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    # How well it keeps its word.
    pushed_at = models.DateTimeField(null=True, blank=True, help_text="last delivery that was taken")
    push_digest = models.CharField(max_length=64, blank=True)
    delivered = models.PositiveIntegerField(default=0, help_text="good deliveries since it last missed something")
    missed_at = models.DateTimeField(null=True, blank=True, help_text="when a poll found news that it had not sent")
    misses = models.PositiveIntegerField(default=0)
    unseen_at = models.DateTimeField(
        null=True, blank=True, help_text="when it first delivered an item that the feed's own server has yet to show"
    )
    ignored = models.PositiveIntegerField(default=0, help_text="deliveries that were not believed")
    ignored_at = models.DateTimeField(null=True, blank=True)
    ignored_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["feed"], condition=Q(state__in=HUB_LIVE), name="one_live_hub_of_a_feed")
        ]
        indexes = [models.Index(fields=["due_at"], condition=~Q(state="ended"), name="hub_due")]

    def __str__(self) -> str:
        return f"{self.topic} at {host_of(self.hub)}"

    @property
    def trusted(self) -> bool:
        """Whether it has shown that it delivers: once at first, and more often after every time that it missed."""
        return self.delivered > self.misses
