"""Entries for operators (`contrib.admin`). What was received is shown, never edited."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from masthead.entries.models import Entry, EntryAlias, EntryVersion, LinkedPage, OldAddress


class _Received:
    """Rows that only the pipeline writes."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Entry)
class EntryAdmin(_Received, admin.ModelAdmin[Entry]):
    list_display = (
        "id",
        "source",
        "feed",
        "version",
        "cleaned_version",
        "first_seen_at",
        "missing_since",
        "clean_error",
    )
    list_filter = ("cleaned_version", "first_seen_at", "source")
    list_select_related = ("source", "feed")
    search_fields = ("=id", "feed__url", "source__name", "clean_error")
    raw_id_fields = ("feed", "source")


@admin.register(EntryVersion)
class EntryVersionAdmin(_Received, admin.ModelAdmin[EntryVersion]):
    list_display = ("entry_id", "number", "received_at", "title", "original_type")
    list_filter = ("received_at", "original_type")
    search_fields = ("=entry__id", "record__title", "record__link")
    raw_id_fields = ("entry", "fetch")
    exclude = ("original",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EntryVersion]:
        return super().get_queryset(request).defer("original")

    @admin.display(description="title")
    def title(self, version: EntryVersion) -> str:
        return str(version.record.get("title", ""))[:120]


@admin.register(EntryAlias)
class EntryAliasAdmin(_Received, admin.ModelAdmin[EntryAlias]):
    list_display = ("entry_id", "kind", "value", "source")
    list_filter = ("kind",)
    list_select_related = ("source",)
    search_fields = ("=entry__id", "=value")
    raw_id_fields = ("entry", "source")


@admin.register(OldAddress)
class OldAddressAdmin(_Received, admin.ModelAdmin[OldAddress]):
    list_display = ("address", "entry_id")
    search_fields = ("address", "=entry__id")
    raw_id_fields = ("entry",)


@admin.register(LinkedPage)
class LinkedPageAdmin(_Received, admin.ModelAdmin[LinkedPage]):
    list_display = ("url", "state", "status", "tries", "due_at", "fetched_at", "error")
    list_filter = ("state", "status")
    search_fields = ("=entry__id", "url", "error")
    raw_id_fields = ("entry",)
    exclude = ("body",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LinkedPage]:
        return super().get_queryset(request).defer("body")
