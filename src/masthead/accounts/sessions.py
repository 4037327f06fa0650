"""Logins at the desk: each has a row, limits of idleness and age, and can be ended from elsewhere at once.

Django's session holds the number of the row, and nothing of a session is believed whose row has ended.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from masthead.accounts.events import address_of, tell
from masthead.accounts.models import Login, User
from masthead.accounts.queries import must_have_factor

Handler = Callable[[HttpRequest], HttpResponse]
KEY, FRESH = "masthead.login", "masthead.fresh"
PLACES = ("/desk/", "/admin/")
"""Where logins mean anything; elsewhere no session is looked at, and no reader has one."""
SETTING_UP = ("/desk/account/", "/desk/logout/", "/desk/login/", "/desk/again/")
"""Where those may go who must set up a second factor first."""
STAYS_FRESH = timedelta(minutes=15)
_TO_THE_MINUTE = timedelta(minutes=1)


def connect() -> None:
    """Have every way of logging in and out write its row."""
    user_logged_in.connect(_began, dispatch_uid="masthead.login")
    user_logged_out.connect(_left, dispatch_uid="masthead.logout")


def _began(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    end(request.session.get(KEY))
    begin(request, user)


def _left(sender: Any, request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        end(request.session.get(KEY))
        tell("logged out", request, user.get_username())


def begin(request: HttpRequest, user: User) -> Login:
    """Write down that this session is a login of the user, who has just shown who they are."""
    now = timezone.now()
    # Kept for operators: on one line, without what moves or hides letters.
    sent = str(request.META.get("HTTP_USER_AGENT", ""))[:200]
    agent = "".join(letter if letter.isprintable() else " " for letter in sent)
    row = Login.objects.create(user=user, began_at=now, seen_at=now, address=address_of(request), agent=agent)
    request.session[KEY] = row.pk
    request.session[FRESH] = now.timestamp()
    return row


def end(pk: Any) -> None:
    """End a login by the number that its session holds; nothing when there is none."""
    if isinstance(pk, int):
        Login.objects.filter(pk=pk, ended_at=None).update(ended_at=timezone.now())


def living(user: User) -> QuerySet[Login]:
    """The logins of a user that still open the desk, the one used last first."""
    now = timezone.now()
    return Login.objects.filter(
        user=user,
        ended_at=None,
        seen_at__gt=now - timedelta(minutes=settings.MASTHEAD.session_idle_minutes),
        began_at__gt=now - timedelta(hours=settings.MASTHEAD.session_hours),
    )


def end_others(user: User, keep: Any) -> int:
    """End every login of a user but that of the number `keep`; how many there were."""
    return living(user).exclude(pk=keep if isinstance(keep, int) else 0).update(ended_at=timezone.now())


def is_fresh(request: HttpRequest) -> bool:
    """Whether the password was typed in the last quarter of an hour."""
    at = request.session.get(FRESH)
    return isinstance(at, float) and 0 <= timezone.now().timestamp() - at <= STAYS_FRESH.total_seconds()


def watch(get_response: Handler) -> Handler:
    """Middleware: at the desk and in the admin, only living logins count; who must do more first is led there."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PLACES) and isinstance(request.user, User):
            if not _alive(request, request.user):
                tell("a login that has ended was used", request, request.user.get_username(), refused=True)
                logout(request)
            elif elsewhere := _first(request, request.user):
                return HttpResponseRedirect(f"{elsewhere}?{urlencode({'next': _back(request)})}")
        return get_response(request)

    return respond


def _alive(request: HttpRequest, user: User) -> bool:
    pk = request.session.get(KEY)
    row = living(user).filter(pk=pk).first() if isinstance(pk, int) else None
    if row is None:
        return False
    now = timezone.now()
    # What the page asks by itself is no use by a person. Written once a minute: requests of the desk are reads.
    if now - row.seen_at >= _TO_THE_MINUTE and "X-Masthead-Poll" not in request.headers:
        living(user).filter(pk=row.pk).update(seen_at=now)
    return True


def _first(request: HttpRequest, user: User) -> str:
    """Where somebody has to go before what they asked for; "" when nowhere."""
    if not request.path.startswith(SETTING_UP) and must_have_factor(user):
        return "/desk/account/factor/"
    if request.path.startswith("/admin/accounts/") and not is_fresh(request):
        return "/desk/again/"
    return ""


def _back(request: HttpRequest) -> str:
    return request.get_full_path() if request.method in ("GET", "HEAD") else request.path
