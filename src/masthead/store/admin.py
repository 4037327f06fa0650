"""The counter and the heartbeats for operators: to be read, not written."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from masthead.store.models import Generation, Heartbeat, LatestMoment, Lease, Worker


class _ReadOnly(admin.ModelAdmin[Model]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Generation)
class GenerationAdmin(_ReadOnly):
    list_display = ("id", "soft", "hard")


@admin.register(Heartbeat)
class HeartbeatAdmin(_ReadOnly):
    list_display = ("step", "started_at", "finished_at", "done", "failed", "total", "error")
    search_fields = ("step", "error")


@admin.register(Lease)
class LeaseAdmin(_ReadOnly):
    list_display = ("name", "holder", "until")


@admin.register(LatestMoment)
class LatestMomentAdmin(_ReadOnly):
    list_display = ("id", "at")


@admin.register(Worker)
class WorkerAdmin(_ReadOnly):
    list_display = ("name", "lanes", "started_at", "seen_at", "broker_error")
    search_fields = ("name",)
