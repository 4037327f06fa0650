from __future__ import annotations

from django.contrib import admin

from masthead.audience.models import Exclusion, ViewCount


@admin.register(ViewCount)
class ViewCountAdmin(admin.ModelAdmin[ViewCount]):
    list_display = ("article", "hour", "views", "short_link_uses", "daily")
    list_filter = ("daily",)
    list_select_related = ("article",)
    raw_id_fields = ("article",)
    date_hierarchy = "hour"
    show_full_result_count = False


@admin.register(Exclusion)
class ExclusionAdmin(admin.ModelAdmin[Exclusion]):
    list_display = ("hour", "reason", "requests")
    list_filter = ("reason",)
    date_hierarchy = "hour"
