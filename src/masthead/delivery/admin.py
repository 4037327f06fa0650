"""Endpoints and messages for operators."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from masthead.delivery.models import Dispatch, Endpoint


@admin.register(Endpoint)
class EndpointAdmin(admin.ModelAdmin[Endpoint]):
    list_display = ("url", "kind", "active", "reason", "created_at")
    list_filter = ("kind", "active")
    search_fields = ("url",)
    readonly_fields = ("created_at", "queued_revision", "takedowns_queued")


@admin.register(Dispatch)
class DispatchAdmin(admin.ModelAdmin[Dispatch]):
    list_display = ("event", "endpoint", "article", "created_at", "due_at", "tries", "sent_at", "error")
    list_filter = ("event", "endpoint", ("sent_at", admin.EmptyFieldListFilter))
    list_select_related = ("endpoint", "article")
    search_fields = ("error", "endpoint__url")
    raw_id_fields = ("article",)
    readonly_fields = ("endpoint", "article", "event", "payload", "created_at", "tries", "sent_at", "error")
    show_full_result_count = False
    actions = ("send_again",)

    @admin.action(description="Send again now")
    def send_again(self, request: HttpRequest, chosen: QuerySet[Dispatch]) -> None:
        count = chosen.update(due_at=timezone.now(), sent_at=None)
        self.message_user(request, f"{count} messages will be sent again.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
