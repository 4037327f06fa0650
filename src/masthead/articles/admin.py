"""Articles in the operators' admin. Editors work at the desk."""

from __future__ import annotations

from django.contrib import admin

from masthead.articles.models import Article, Image, Replay, Revision, ShortLink


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin[Article]):
    list_display = ("title", "source", "state", "language", "published_at", "sort_at", "changed_at", "gone_at")
    list_filter = ("state", "language", "source", "published_precision")
    search_fields = ("title", "canonical_url")
    raw_id_fields = ("entry", "source", "lead", "revision")
    date_hierarchy = "sort_at"
    readonly_fields = ("slug", "first_seen_at", "word_count", "categories", "byline")
    list_select_related = ("source",)


@admin.register(Revision)
class RevisionAdmin(admin.ModelAdmin[Revision]):
    list_display = ("article", "number", "made_at", "origin", "changed")
    list_filter = ("origin", "made_at")
    search_fields = ("article__title",)
    raw_id_fields = ("article",)
    readonly_fields = ("document", "digest", "changed")
    list_select_related = ("article",)


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin[Image]):
    list_display = ("url", "source", "state", "width", "height", "tries", "error")
    list_filter = ("state", "source")
    search_fields = ("url", "error")
    raw_id_fields = ("source",)
    readonly_fields = ("url_digest", "digest", "variants", "colour")


@admin.register(ShortLink)
class ShortLinkAdmin(admin.ModelAdmin[ShortLink]):
    list_display = ("code", "article", "created_at")
    search_fields = ("code", "article__title")
    raw_id_fields = ("article",)
    list_select_related = ("article",)


@admin.register(Replay)
class ReplayAdmin(admin.ModelAdmin[Replay]):
    """How far a replay is, and what it found."""

    list_display = ("__str__", "applies", "source", "since", "total", "finished_at")
    list_filter = ("applies",)
