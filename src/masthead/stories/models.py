"""Events: the articles of different sources about one thing that happened."""

from __future__ import annotations

from django.db import models

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
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-last_at", "-id"]
        verbose_name_plural = "stories"
        indexes = [models.Index(fields=["-last_at", "-id"], name="story_newest")]

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
    copy_of = models.ForeignKey(Article, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["story", "at"], name="member_by_story")]

    def __str__(self) -> str:
        return f"{self.article_id} in {self.story_id}"


class Signature(models.Model):
    """What grouping needs of an article, so that it never reads the text again. `terms`: {term: weight}."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=35, blank=True)
    at = models.DateTimeField()
    terms = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["language", "at"], name="signature_window")]

    def __str__(self) -> str:
        return f"signature of {self.article_id}"
