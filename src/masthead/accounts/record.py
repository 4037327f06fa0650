"""The verb of the accounts: write down who did what. Nothing here is ever changed or deleted by the program."""

from __future__ import annotations

from django.db.models import Model
from django.utils import timezone

from masthead.accounts.models import Act, User


def record(user: User | None, verb: str, subject: Model | None = None, note: str = "") -> Act:
    """Note an act: `verb` ("withdrew article"), on `subject`, with the reason that was given."""
    return Act.objects.create(
        user=user,
        at=timezone.now(),
        verb=verb,
        object_type=subject._meta.model_name or "" if subject else "",
        object_id=str(subject.pk) if subject else "",
        label=str(subject)[:300] if subject else "",
        note=note,
    )
