from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest

from masthead.accounts.models import User
from masthead.stories import hand
from masthead.stories.models import Decision, Member, Posting, Progress, Signature, Story, Term


class MemberInline(admin.TabularInline[Member, Story]):
    model = Member
    raw_id_fields = ("article", "copy_of")
    extra = 0


class StoryForm(ModelForm[Story]):
    def clean_merged_into(self) -> Story | None:
        """No story leads to itself, directly or by one that leads to it."""
        into: Story | None = self.cleaned_data["merged_into"]
        if into is not None and (into.merged_into or into).pk == self.instance.pk:
            raise ValidationError("A story cannot be merged into itself, nor into one that leads to it.")
        return into


@admin.register(Story)
class StoryAdmin(admin.ModelAdmin[Story]):
    form = StoryForm
    list_display = ("title", "language", "articles", "sources", "first_at", "last_at")
    list_filter = ("language",)
    search_fields = ("title",)
    raw_id_fields = ("lead", "merged_into")
    date_hierarchy = "last_at"
    inlines = (MemberInline,)
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Story, form: ModelForm[Story], change: bool) -> None:
        """What is merged by hand takes its reports along, and the machine leaves them there."""
        into, was = obj.merged_into, form.initial.get("merged_into")
        if into is None or was is not None or not change:
            super().save_model(request, obj, form, change)
            return
        obj.merged_into = None
        super().save_model(request, obj, form, change)
        try:
            hand.merge(obj, into, request.user if isinstance(request.user, User) else None)
        except ValueError as error:
            self.message_user(request, str(error), messages.ERROR)

    def save_formset(self, request: HttpRequest, form: Any, formset: BaseModelFormSet[Any, Any], change: bool) -> None:
        before = {m.pk: m.story_id for m in Member.objects.filter(story=form.instance)}
        super().save_formset(request, form, formset, change)
        for member, _ in formset.changed_objects:
            hand.keep(member, before.get(member.pk))
        for member in formset.new_objects:
            hand.keep(member, None)


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin[Member]):
    list_display = ("article", "story", "at", "similarity", "origin")
    list_filter = ("origin",)
    list_select_related = ("article", "story")
    raw_id_fields = ("article", "story", "copy_of")
    search_fields = ("article__title",)
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Member, form: ModelForm[Member], change: bool) -> None:
        before = Member.objects.values_list("story", flat=True).filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        hand.keep(obj, before)


@admin.register(Decision)
class DecisionAdmin(admin.ModelAdmin[Decision]):
    """Decisions are made at the desk, and undone there."""

    list_display = ("at", "verb", "user", "article", "story", "undone_at")
    list_filter = ("verb",)
    list_select_related = ("user", "article", "story")
    raw_id_fields = ("user", "article", "story", "left", "undone_by")
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        return False


@admin.register(Signature)
class SignatureAdmin(admin.ModelAdmin[Signature]):
    list_display = ("article", "language", "at")
    list_filter = ("language",)
    list_select_related = ("article",)
    raw_id_fields = ("article",)
    readonly_fields = ("terms", "sketch")
    show_full_result_count = False


@admin.register(Posting)
class PostingAdmin(admin.ModelAdmin[Posting]):
    list_display = ("term", "language", "at", "article_id")
    search_fields = ("=term",)
    raw_id_fields = ("article",)
    show_full_result_count = False


@admin.register(Term)
class TermAdmin(admin.ModelAdmin[Term]):
    list_display = ("term", "language", "reports")
    list_filter = ("language",)
    search_fields = ("=term",)
    ordering = ("-reports",)
    show_full_result_count = False


@admin.register(Progress)
class ProgressAdmin(admin.ModelAdmin[Progress]):
    list_display = ("article", "leased_until")
