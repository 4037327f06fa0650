from __future__ import annotations

from django.contrib import admin

from masthead.pages.models import Arrangement, CategoryRule, DayCount, Placement, Section, SectionWords, Slot


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin[Section]):
    list_display = ("name", "slug", "position", "half_life_hours")
    list_editable = ("position", "half_life_hours")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(CategoryRule)
class CategoryRuleAdmin(admin.ModelAdmin[CategoryRule]):
    list_display = ("label", "source", "section")
    list_filter = ("section",)
    list_select_related = ("source", "section")
    search_fields = ("label",)


@admin.register(SectionWords)
class SectionWordsAdmin(admin.ModelAdmin[SectionWords]):
    list_display = ("language", "made_at", "reports")


@admin.register(Placement)
class PlacementAdmin(admin.ModelAdmin[Placement]):
    list_display = ("article", "section", "language", "at", "origin", "evidence")
    list_filter = ("section", "origin")
    list_select_related = ("article", "section")
    search_fields = ("article__title",)
    raw_id_fields = ("article",)
    show_full_result_count = False


@admin.register(Slot)
class SlotAdmin(admin.ModelAdmin[Slot]):
    list_display = ("edition", "area", "position", "article", "score", "pinned_until", "filled_at")
    list_filter = ("edition", "area")
    list_select_related = ("article",)
    raw_id_fields = ("article", "story")


@admin.register(DayCount)
class DayCountAdmin(admin.ModelAdmin[DayCount]):
    list_display = ("day", "edition", "articles", "counted_at")
    list_filter = ("edition",)
    date_hierarchy = "day"


@admin.register(Arrangement)
class ArrangementAdmin(admin.ModelAdmin[Arrangement]):
    list_display = ("revision", "arranged_at", "leased_until")
