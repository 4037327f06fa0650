from __future__ import annotations

from django.contrib import admin

from masthead.weather.models import Attempt, Reading


@admin.register(Reading)
class ReadingAdmin(admin.ModelAdmin[Reading]):
    list_display = ("city", "temperature", "symbol", "provider", "observed_at", "fetched_at")
    list_filter = ("provider", "city")
    date_hierarchy = "observed_at"


@admin.register(Attempt)
class AttemptAdmin(admin.ModelAdmin[Attempt]):
    list_display = ("asked", "due_at", "failures", "error")
    readonly_fields = ("ahead", "last_modified")
