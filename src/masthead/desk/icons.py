"""A source's icon, told to an editor: where it comes from, or why there is none, and when it is asked for again."""

from __future__ import annotations

from django.utils import timezone

from masthead.feeds.models import Source, SourceIcon


def told(source: Source) -> str:
    """The state of a source's icon in words."""
    if not source.show_images:
        return "Not shown and not asked for, since its pictures are not shown."
    row = SourceIcon.objects.filter(source=source).first()
    if row is None:
        return "Not looked for yet: it is once one of its feeds was read."
    again = f"It is asked for again on {timezone.localtime(row.due_at):%Y-%m-%d}." if row.due_at else ""
    if row.asked_at is None:
        return "It is being looked for."
    if row.files:
        trouble = f"The last visit found none: {row.reason}. " if row.reason else ""
        return f"From {row.url}. {trouble}{again}"
    return f"None: {row.reason}. {again}"
