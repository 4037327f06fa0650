from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Model
from django.http import HttpRequest

from masthead.accounts.models import Act, ApiToken, Login, RecoveryCode, SecondFactor, Strike, User


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    list_display = ("username", "first_name", "last_name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active", "is_staff")
    fieldsets = (*(DjangoUserAdmin.fieldsets or ()), ("Masthead", {"fields": ("role",)}))
    add_fieldsets = (*DjangoUserAdmin.add_fieldsets, ("Masthead", {"fields": ("role",)}))


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin[ApiToken]):
    list_display = ("label", "user", "created_at", "last_used_at", "revoked_at")
    list_filter = ("revoked_at",)
    search_fields = ("label", "user__username")
    readonly_fields = ("digest", "created_at", "last_used_at")
    raw_id_fields = ("user",)


class _ReadOnly(admin.ModelAdmin[Model]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Act)
class ActAdmin(_ReadOnly):
    """The log is read here and written nowhere by hand."""

    list_display = ("at", "user", "verb", "label", "note")
    list_select_related = ("user",)
    list_filter = ("verb", "object_type")
    search_fields = ("label", "note", "user__username")
    date_hierarchy = "at"


@admin.register(Login)
class LoginAdmin(_ReadOnly):
    list_display = ("user", "began_at", "seen_at", "ended_at", "address", "browser")
    list_select_related = ("user",)
    search_fields = ("user__username", "address")


@admin.register(Strike)
class StrikeAdmin(_ReadOnly):
    list_display = ("at", "kind", "address")
    list_filter = ("kind",)


@admin.register(SecondFactor)
class SecondFactorAdmin(_ReadOnly):
    """Who has one; the secret is shown nowhere."""

    list_display = ("user", "made_at", "confirmed_at")
    list_select_related = ("user",)
    fields = ("user", "made_at", "confirmed_at")


@admin.register(RecoveryCode)
class RecoveryCodeAdmin(_ReadOnly):
    list_display = ("user", "used_at")
    list_select_related = ("user",)
    fields = ("user", "used_at")
