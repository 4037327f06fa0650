"""The way in and out: password, then the code of the second factor where there is one; and both again for what matters.

No answer tells whether there is a user of the name that was typed, nor whether it was the account or the address that
has to wait.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login as django_login
from django.contrib.auth import logout as django_logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import PasswordChangeView
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from masthead.accounts import factor, sessions, throttle
from masthead.accounts.events import tell
from masthead.accounts.models import User
from masthead.accounts.queries import has_factor
from masthead.accounts.record import record
from masthead.core.characters import one_line
from masthead.desk.access import editor, needs
from masthead.desk.forms import AgainForm, CodeForm

PENDING = "masthead.pending"
PATIENCE = timedelta(minutes=5)
"""So long a right password waits for its code."""
MOST_CODES = 5
"""Wrong codes after which the password is wanted again."""
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Name and password. A user with a second factor is not in yet: the session only says who may try a code."""
    target = _target(request)
    form = AuthenticationForm(request, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        name = request.POST.get("username", "")[:150]
        tried = throttle.attempt(request, "password", name)
        if tried.strike is None:
            return _slow(request, name, tried.wait)
        if form.is_valid():
            user = form.get_user()
            assert isinstance(user, User)
            throttle.succeeded(tried, name)
            return _ask_code(request, user, target) if has_factor(user) else _enter(request, user, target)
        tell("login refused", request, name, refused=True)
    return render(request, "desk/login.html", {"form": form, "next": target})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code of the second factor, or one for recovery. Without a right password just before: back to the start."""
    pending: Any = request.session.get(PENDING)
    user = _pending_user(pending)
    if user is None:
        return redirect("desk:login")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        tried = throttle.attempt(request, "code", user.get_username())
        if tried.strike is None:
            return _slow(request, user.get_username(), tried.wait)
        if factor.passes(user, form.cleaned_data["code"]):
            throttle.succeeded(tried, user.get_username())
            return _enter(request, user, pending["next"])
        tell("code refused", request, user.get_username(), refused=True)
        form.add_error("code", "This code is not right, or it was used before. Wait for the next one.")
        request.session[PENDING] = pending | {"wrong": pending["wrong"] + 1}
    return render(request, "desk/code.html", {"form": form})


@never_cache
@require_http_methods(["POST"])
def logout(request: HttpRequest) -> HttpResponse:
    """Out, on the server too: a copy of the cookie opens nothing afterwards."""
    django_logout(request)
    return redirect("desk:login")


@sensitive_post_parameters("password")
@needs("keep own account")
def again(request: HttpRequest) -> HttpResponse:
    """Who are you, once more: before users, passwords and second factors are changed (ASVS 7.5.1)."""
    user, target = editor(request), _target(request)
    form = AgainForm(user, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        tried = throttle.attempt(request, "password", user.get_username())
        if tried.strike is None:
            return _slow(request, user.get_username(), tried.wait)
        if form.is_valid():
            throttle.succeeded(tried, user.get_username())
            request.session[sessions.FRESH] = timezone.now().timestamp()
            return HttpResponseRedirect(target or reverse("desk:account"))
        tell("asked who it is, refused", request, user.get_username(), refused=True)
    return render(request, "desk/again.html", {"form": form, "next": target})


class Password(PasswordChangeView):
    """One's own password. Every other login of the user ends; this one goes on under a new session key."""

    template_name = "desk/password.html"
    success_url = reverse_lazy("desk:account")

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        user = editor(self.request)
        sessions.begin(self.request, user)
        record(user, "changed own password", user)
        tell("password changed", self.request, user.get_username())
        return answer


def _enter(request: HttpRequest, user: User, target: str) -> HttpResponse:
    sessions.end(request.session.get(sessions.KEY))
    # Django keeps the key where the same user logs in once more.
    request.session.flush()
    django_login(request, user, backend=_BACKEND)
    tell("logged in", request, user.get_username())
    answer = HttpResponseRedirect(target or reverse("desk:overview"))
    throttle.mark(answer, user)
    return answer


def _ask_code(request: HttpRequest, user: User, target: str) -> HttpResponse:
    django_logout(request)
    request.session.cycle_key()
    request.session[PENDING] = {"user": user.pk, "at": timezone.now().timestamp(), "next": target, "wrong": 0}
    return redirect("desk:code")


def _pending_user(pending: Any) -> User | None:
    if not isinstance(pending, dict) or pending["wrong"] >= MOST_CODES:
        return None
    if not 0 <= timezone.now().timestamp() - pending["at"] <= PATIENCE.total_seconds():
        return None
    return User.objects.filter(pk=pending["user"], is_active=True).first()


def _slow(request: HttpRequest, name: str, wait: int) -> HttpResponse:
    """Not now: the password was not even looked at."""
    tell("login slowed down", request, name, refused=True)
    form = Form()
    answer = render(request, "desk/slow.html", {"form": form, "minutes": -(-wait // 60)}, status=429)
    answer["Retry-After"] = str(wait)
    return answer


def _target(request: HttpRequest) -> str:
    """Where to go afterwards: an address of this site, or "" for anything else."""
    wanted = one_line(request.POST.get("next", request.GET.get("next", "")))
    local = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=settings.SESSION_COOKIE_SECURE
    )
    return wanted if local else ""
