"""Events: the articles of different sources about one thing that happened."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from masthead.accounts.models import User
from masthead.articles.models import Article


class Story(models.Model):
    """One event. A story of a single article has no page of its own (its article is the page)."""

    language = models.CharField(max_length=35, blank=True)
    slug = models.SlugField(max_length=120, allow_unicode=True)
    title = models.CharField(max_length=1000, help_text="a headline of one of its reports")
    lead = models.ForeignKey(Article, null=True, on_delete=models.SET_NULL, related_name="+")
    articles = models.PositiveIntegerField(default=0)
    sources = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    refresh_at = models.DateTimeField(
        null=True, blank=True, help_text="when a report under embargo may be shown: title and counts change then"
    )
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-last_at", "-id"]
        verbose_name_plural = "stories"
        indexes = [
            models.Index(fields=["-last_at", "-id"], name="story_newest"),
            models.Index(fields=["refresh_at"], condition=Q(refresh_at__isnull=False), name="story_to_refresh"),
        ]

    def __str__(self) -> str:
        return self.title


class Member(models.Model):
    """An article's place in its story, and why."""

    class Origin(models.TextChoices):
        MACHINE = "machine", "Grouped by similarity"
        EDITOR = "editor", "Placed by an editor"

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="members")
    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(help_text="the article's sort_at")
    similarity = models.FloatField(default=1.0)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.MACHINE)
    moves = models.PositiveSmallIntegerField(default=0, help_text="how often the machine moved it on late evidence")
    copy_of = models.ForeignKey(Article, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["story", "at"], name="member_by_story")]

    def __str__(self) -> str:
        return f"{self.article_id} in {self.story_id}"


class Decision(models.Model):
    """What an editor decided about stories, who and when, and how it was before: so that it can be undone."""

    class Verb(models.TextChoices):
        PLACE = "place", "Belongs to this story"
        SEPARATE = "separate", "A story of its own"
        MERGE = "merge", "One story"

    verb = models.CharField(max_length=8, choices=Verb.choices)
    at = models.DateTimeField()
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+", help_text="where the reports went")
    left = models.ForeignKey(
        Story, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="the story that they left"
    )
    before = models.JSONField(default=list, help_text="[article, story or null, origin] of each report before")
    led_on = models.JSONField(default=list, blank=True, help_text="the stories whose addresses lead on since")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}: {self.story_id}"


class Signature(models.Model):
    """What grouping needs of an article, so that it never reads the text again (`core.signing.Signature`)."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=35, blank=True, help_text="primary subtag")
    at = models.DateTimeField()
    revision = models.PositiveBigIntegerField(null=True, help_text="of which revision it was made")
    terms = models.JSONField(default=dict, help_text="{marked term: weight}")
    sketch = models.JSONField(default=list, blank=True, help_text="smallest hashes of its runs of words")
    marks = models.JSONField(default=dict, blank=True, help_text="names, years, figures, days, series, source, crowd")

    class Meta:
        indexes = [models.Index(fields=["language", "at"], name="signature_window")]

    def __str__(self) -> str:
        return f"signature of {self.article_id}"


class Posting(models.Model):
    """The inverted index of the last days: a telling word and an article that holds it. Old ones are pruned."""

    language = models.CharField(max_length=35, blank=True)
    term = models.CharField(max_length=80)
    at = models.DateTimeField()
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["language", "term", "at", "article"], name="posting_by_term"),
            models.Index(fields=["at"], name="posting_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.term}: {self.article_id}"


class Term(models.Model):
    """In how many reports of late a word occurred. The empty word counts the reports themselves."""

    language = models.CharField(max_length=35, blank=True)
    term = models.CharField(max_length=80, blank=True)
    reports = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "term"], name="term_of_language")]

    def __str__(self) -> str:
        return f"{self.term} ({self.reports})"


class Progress(models.Model):
    """How far grouping has come (one row, id 1). All articles up to `article` have been grouped; one process groups
    at a time, since what joins what depends on the order."""

    article = models.PositiveBigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "progress"

    def __str__(self) -> str:
        return f"up to article {self.article}"
