"""What an editor's change means for a source's icon."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from masthead.core.urls import host_of
from masthead.feeds.models import Source, SourceIcon


def ask_again(source: Source) -> None:
    """The source has another home page: its icon is looked for there, on the same host not within an hour."""
    icon = SourceIcon.objects.filter(source=source).first()
    if icon is None:
        return
    now = timezone.now()
    due = now
    if icon.asked_at is not None and host_of(icon.home_url) == host_of(source.home_url):
        due = max(now, icon.asked_at + timedelta(seconds=settings.MASTHEAD.poll_floor))
    SourceIcon.objects.filter(pk=icon.pk).update(due_at=due, failures=0, misses=0)
