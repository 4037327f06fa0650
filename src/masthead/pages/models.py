"""The parts of the site and who stands where on the front page."""

from __future__ import annotations

from django.db import models

from masthead.articles.models import Article
from masthead.feeds.models import Source
from masthead.store.fields import PlainCharField
from masthead.stories.models import Story


class Section(models.Model):
    """A part of the site. `names`: {"de": "Politik", ...}; `matches`: publishers' categories that belong here."""

    slug = models.SlugField(max_length=60, unique=True, allow_unicode=True)
    name = PlainCharField(max_length=100)
    names = models.JSONField(default=dict, blank=True)
    matches = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=100)
    half_life_hours = models.PositiveSmallIntegerField(default=12)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name


class CategoryRule(models.Model):
    """Where a publisher's category leads besides the `matches` of sections: for one source alone (else for all).

    Without a section it says nothing of where a report belongs ("Top stories").
    """

    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200, help_text="the category, folded")
    label = models.CharField(max_length=200, help_text="as it was seen")
    section = models.ForeignKey(Section, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="category_rule_of_source"),
            models.UniqueConstraint(fields=["key"], condition=models.Q(source=None), name="category_rule_of_all"),
        ]

    def __str__(self) -> str:
        return f"{self.label} -> {self.section or 'nothing'}"


class SectionWords(models.Model):
    """What is known of the words of each section in a language (`core.sectioning.Profile`); bounded."""

    language = models.CharField(max_length=35, unique=True, help_text="primary subtag")
    made_at = models.DateTimeField()
    reports = models.JSONField(default=dict, help_text="{section: reports}")
    words = models.JSONField(default=dict, help_text="{word: {section: reports}}")

    class Meta:
        verbose_name_plural = "words of sections"

    def __str__(self) -> str:
        return f"words of sections in {self.language}"


class Placement(models.Model):
    """The section of an article, and how it was found ("feed", "category", "text", "editor", "default")."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="+")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=35, blank=True, help_text="the article's primary subtag, for the index")
    at = models.DateTimeField(help_text="the article's sort_at")
    revision = models.PositiveBigIntegerField(default=0, help_text="the revision that was looked at")
    origin = models.CharField(max_length=10, default="default")
    evidence = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["section", "-at", "-article"], name="placement_by_section"),
            models.Index(fields=["section", "language", "-at", "-article"], name="placement_by_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} in {self.section_id}"


class Slot(models.Model):
    """A place on an edition's front page, filled by the pipeline or pinned by an editor.

    `area`: "lead", "second", "section:<slug>", "brief". `score` and `why` explain it (`core.rank`):
    [code, value] of each `Reason`.
    """

    edition = models.CharField(max_length=35, help_text="language of the edition")
    area = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    story = models.ForeignKey(Story, null=True, on_delete=models.SET_NULL, related_name="+")
    score = models.FloatField(default=0)
    why = models.JSONField(default=list, blank=True)
    pinned_until = models.DateTimeField(null=True, blank=True)
    filled_at = models.DateTimeField()

    class Meta:
        ordering = ["edition", "area", "position"]
        constraints = [models.UniqueConstraint(fields=["edition", "area", "position"], name="slot_place")]

    def __str__(self) -> str:
        return f"{self.edition} {self.area} {self.position}"


class DayCount(models.Model):
    """How many articles an edition has of one day of the site's zone: the archive adds these up."""

    edition = models.CharField(max_length=35)
    day = models.DateField()
    articles = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "day"], name="day_of_edition")]

    def __str__(self) -> str:
        return f"{self.edition} {self.day}: {self.articles}"


class Arrangement(models.Model):
    """How far arranging has come (one row, id 1): all revisions up to `revision` have been placed."""

    revision = models.PositiveBigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    arranged_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"up to revision {self.revision}"
