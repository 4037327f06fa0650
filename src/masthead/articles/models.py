"""Clean reports, their revisions, pictures and short links."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from masthead.entries.models import Entry
from masthead.feeds.models import Source


class ArticleState(models.TextChoices):
    PUBLISHED = "published", "Published"
    HELD = "held", "Held by an editor"
    WITHDRAWN = "withdrawn", "Taken down"


class ImageState(models.TextChoices):
    WANTED = "wanted", "Wanted"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"


class Image(models.Model):
    """One picture by its publisher's address, and our own re-encoded copies of it under `media/`.

    `variants`: [{"width": 480, "height": 320, "type": "image/webp", "path": "images/ab/abcd-480.webp"}, ...].
    """

    url = models.CharField(max_length=2000)
    url_digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the address")
    source = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=8, choices=ImageState.choices, default=ImageState.WANTED)
    due_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    colour = models.CharField(max_length=7, blank=True, help_text="#rrggbb, shown until the picture is there")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the bytes as received")
    variants = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(state="wanted"), name="image_wanted")]

    def __str__(self) -> str:
        return self.url


class Article(models.Model):
    """The whole, clean report made from an entry. The columns serve lists; the report itself is its revision."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ArticleState.choices, default=ArticleState.PUBLISHED)
    state_reason = models.CharField(max_length=500, blank=True)
    state_at = models.DateTimeField(null=True, blank=True)
    embargo_until = models.DateTimeField(null=True, blank=True)
    slug = models.SlugField(max_length=120, allow_unicode=True)
    title = models.CharField(max_length=1000)
    standfirst = models.TextField(blank=True)
    language = models.CharField(max_length=35, blank=True)
    byline = models.JSONField(default=list, blank=True)
    published_at = models.DateTimeField(null=True, blank=True, help_text="when known to the day or better")
    published_precision = models.CharField(max_length=8, blank=True)
    published_inferred = models.BooleanField(default=False, help_text="nobody states the date; it was concluded")
    first_seen_at = models.DateTimeField()
    sort_at = models.DateTimeField(
        help_text="no newer than it is known to be (columns.sort_moment), and never moved up by its publisher"
    )
    changed_at = models.DateTimeField(null=True, blank=True, help_text="last revision by the source after the first")
    gone_at = models.DateTimeField(null=True, blank=True, help_text="the source deleted it")
    canonical_url = models.CharField(max_length=2000, blank=True)
    word_count = models.PositiveIntegerField(default=0)
    lead = models.ForeignKey(Image, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    lead_alt = models.TextField(blank=True)
    lead_credit = models.CharField(max_length=500, blank=True)
    categories = models.JSONField(default=list, blank=True)
    revision = models.ForeignKey("Revision", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-sort_at", "-id"]
        indexes = [
            models.Index(fields=["-sort_at", "-id"], name="article_newest"),
            # What is not published is little, and looked for at the desk.
            models.Index(fields=["state", "-sort_at", "-id"], name="article_held", condition=~Q(state="published")),
            models.Index(fields=["first_seen_at"], name="article_seen"),
            models.Index(fields=["source", "-sort_at", "-id"], name="article_by_source"),
            models.Index(fields=["language", "-sort_at", "-id"], name="article_by_language"),
            models.Index(fields=["canonical_url"], name="article_canonical"),
        ]

    def __str__(self) -> str:
        return self.title


class Revision(models.Model):
    """One state of an article: the whole `core.types.CleanArticle`."""

    class Origin(models.TextChoices):
        SOURCE = "source", "Changed by the source"
        OURS = "ours", "Repaired better by us"
        EDITOR = "editor", "Changed by an editor"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    origin = models.CharField(max_length=6, choices=Origin.choices, default=Origin.SOURCE)
    document = models.JSONField(help_text="core.types.CleanArticle")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what a reader would notice")
    changed = models.JSONField(
        default=list, blank=True, help_text="names of the fields that differ from the one before"
    )
    version = models.PositiveIntegerField(null=True, blank=True, help_text="of the entry, that it was made from")
    page_at = models.DateTimeField(null=True, blank=True, help_text="when the page that it was made from was fetched")
    engine = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the program that cleaned it")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="revision_number")]

    def __str__(self) -> str:
        return f"article {self.article_id} r{self.number}"


class ShortLink(models.Model):
    """`/s/<code>`: only ever leads to the stored article."""

    code = models.CharField(max_length=12, unique=True)
    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="short_link")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class Replay(models.Model):
    """One run of `masthead replay`: what it was asked, how far it is, what it found. A run that was stopped goes on.

    `engine` names the program that cleans: with another one a run begins anew. `findings` and `samples` are
    records of `replay.findings`.
    """

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    engine = models.CharField(max_length=64, help_text="SHA-256 of the program that cleans")
    applies = models.BooleanField(default=False)
    since = models.DateTimeField(null=True, blank=True)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    total = models.PositiveIntegerField(default=0, help_text="entries that there were at its start")
    last_entry = models.BigIntegerField(default=0, help_text="all up to this one are done")
    until_entry = models.BigIntegerField(default=0, help_text="the newest one at its start")
    findings = models.JSONField(default=dict, blank=True)
    samples = models.JSONField(default=dict, blank=True)
    # A run that several processes share is cut into parts, which are runs themselves (`replay/parts.py`).
    whole = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="parts")
    leased_until = models.DateTimeField(null=True, blank=True, help_text="a process goes on with this part")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"replay of {self.started_at:%Y-%m-%d %H:%M}"
