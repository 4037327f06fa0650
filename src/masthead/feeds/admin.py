"""Feeds for operators (`contrib.admin`)."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from masthead.feeds import edit
from masthead.feeds.models import Feed, Fetch, HostPause, HostTurn, HubSubscription, Source, SourceIcon


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin[Source]):
    list_display = ("name", "country", "language", "ownership", "policy", "show_images", "weight")
    list_filter = ("policy", "show_images", "language", "country")
    search_fields = ("name", "slug", "home_url")
    readonly_fields = ("created_at",)


@admin.register(SourceIcon)
class SourceIconAdmin(admin.ModelAdmin[SourceIcon]):
    list_display = ("source", "url", "kept_at", "due_at", "failures", "misses", "reason")
    list_select_related = ("source",)
    search_fields = ("source__name", "url")
    raw_id_fields = ("source",)
    readonly_fields = (
        "files", "url", "url_validators", "kept_at", "home_url", "page_validators", "offers", "leased_until",
        "asked_at", "failures", "misses", "reason",
    )  # fmt: skip


@admin.register(Feed)
class FeedAdmin(admin.ModelAdmin[Feed]):
    list_display = ("__str__", "source", "state", "failures", "due_at", "succeeded_at", "changed_at", "reason")
    list_filter = ("state", "full_text", "language", "section")
    list_select_related = ("source",)
    search_fields = ("url", "title", "source__name")
    raw_id_fields = ("source",)
    readonly_fields = (
        "host", "leased_until", "not_before", "due_why", "fetched_at", "succeeded_at", "changed_at", "created_at",
        "etag", "last_modified", "elsewhere", "body_digest", "hints", "moved_to", "moved_since", "moved_count", "hub",
        "topic", "told_until", "news_at",
    )  # fmt: skip
    actions = ("poll_soon", "pause")

    @admin.action(description="Poll soon (as soon as the server allows)")
    def poll_soon(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        count = edit.poll_soon(feeds.values_list("pk", flat=True))
        self.message_user(request, f"{count} feeds will be polled", messages.SUCCESS)

    @admin.action(description="Pause")
    def pause(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        count = edit.pause(feeds.values_list("pk", flat=True))
        self.message_user(request, f"{count} feeds paused", messages.SUCCESS)


@admin.register(Fetch)
class FetchAdmin(admin.ModelAdmin[Fetch]):
    list_display = (
        "started_at", "feed", "status", "error", "body_size", "elapsed", "entries_new", "entries_changed",
        "ingest_error",
    )  # fmt: skip
    list_filter = ("status", "error", "started_at")
    list_select_related = ("feed",)
    search_fields = ("feed__url", "final_url", "detail", "ingest_error")
    exclude = ("body",)
    raw_id_fields = ("feed",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Fetch]:
        return super().get_queryset(request).defer("body")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Fetch | None = None) -> bool:
        return False


@admin.register(HubSubscription)
class HubSubscriptionAdmin(admin.ModelAdmin[HubSubscription]):
    list_display = ("topic", "hub", "state", "lease_until", "pushed_at", "misses", "ignored", "failures", "reason")
    list_filter = ("state",)
    search_fields = ("topic", "hub")
    # Who knows these may speak for the hub.
    exclude = ("token", "secret", "callback")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: HubSubscription | None = None) -> bool:
        return False


@admin.register(HostPause)
class HostPauseAdmin(admin.ModelAdmin[HostPause]):
    list_display = ("host", "until", "reason")
    search_fields = ("host",)


@admin.register(HostTurn)
class HostTurnAdmin(admin.ModelAdmin[HostTurn]):
    list_display = ("host", "holder", "until")
    search_fields = ("host",)
    readonly_fields = ("host", "holder", "until")
