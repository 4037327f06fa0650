"""Who may do what, and what was done: all reads of the accounts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from masthead.accounts.models import Act, Role, SecondFactor, User

# A role may do what the roles before it may, and more. Names are verbs with their object.
_NEW_RIGHTS: tuple[tuple[Role, tuple[str, ...]], ...] = (
    (Role.READER, ("keep own account",)),
    (Role.EDITOR, ("see desk", "hold article", "place article", "pin article")),
    (Role.CHIEF, ("withdraw article", "edit source", "edit feed", "edit section", "see log")),
    (Role.OPERATOR, ("edit user",)),
)


def rights_of(role: str) -> frozenset[str]:
    """Everything that a role may do. An unknown role may do nothing."""
    rights: set[str] = set()
    for known, added in _NEW_RIGHTS:
        rights.update(added)
        if known == role:
            return frozenset(rights)
    return frozenset()


def may(user: User | AnonymousUser | Any, right: str) -> bool:
    """Whether a user may do something at the desk. A disabled or anonymous user may nothing; a superuser everything."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or right in rights_of(user.role)


def has_factor(user: User) -> bool:
    """Whether a user has a second factor that counts."""
    return SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).exists()


def must_have_factor(user: User) -> bool:
    """Whether a user has to set a second factor up before anything else (setting `second_factor_for`)."""
    wanted = user.role in settings.MASTHEAD.second_factor_for
    return wanted and not has_factor(user)


def users() -> QuerySet[User]:
    return User.objects.order_by("username")


def acts(object_type: str = "", object_id: str = "") -> QuerySet[Act]:
    """What was done, newest first; of one object when it is named."""
    found = Act.objects.select_related("user").order_by("-at", "-id")
    if object_type:
        found = found.filter(object_type=object_type, object_id=object_id)
    return found
