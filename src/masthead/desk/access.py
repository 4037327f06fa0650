"""The door of the desk: every screen names the right it needs; whoever lacks it learns what and whom to ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from masthead.accounts.events import tell
from masthead.accounts.models import User
from masthead.accounts.queries import may
from masthead.accounts.sessions import is_fresh

Params = ParamSpec("Params")
View = Callable[Concatenate[HttpRequest, Params], HttpResponse]


def needs(right: str) -> Callable[[View[Params]], View[Params]]:
    """Decorate a screen: anonymous users are sent to log in, others without `right` get a 403 that says so.

    The answer is never stored by browsers or proxies (ASVS 14.3.2). The wrapped view carries `right`, so that a
    test can hold every route of the desk against the table of roles.
    """

    def decorate(view: View[Params]) -> View[Params]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), "desk:login")
            if may(request.user, right):
                response = view(request, *args, **kwargs)
            else:
                tell(f"no right to {right}", request, str(request.user.get_username()), refused=True)
                response = render(request, "desk/refused.html", {"right": right}, status=403)
            add_never_cache_headers(response)
            return response

        guarded.right = right  # type: ignore[attr-defined]
        return guarded

    return decorate


def fresh(view: View[Params]) -> View[Params]:
    """Decorate a screen, inside of `needs`: whoever did not type their password of late is asked who they are first.

    For the form too, not its sending alone, so that nothing typed is lost.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        return redirect_to_login(request.path, "desk:again")

    return guarded


def editor(request: HttpRequest) -> User:
    """The user behind a guarded request."""
    assert isinstance(request.user, User)
    return request.user
