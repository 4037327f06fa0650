"""One's own account: where one is logged in, and the second factor."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from masthead.accounts import factor as factors
from masthead.accounts import sessions
from masthead.accounts.events import tell
from masthead.accounts.models import SecondFactor
from masthead.accounts.queries import has_factor, must_have_factor
from masthead.accounts.record import record
from masthead.desk.access import editor, fresh, needs
from masthead.desk.forms import CodeForm


@needs("keep own account")
def account(request: HttpRequest) -> HttpResponse:
    user = editor(request)
    context = {
        "logins": sessions.living(user),
        "here": request.session.get(sessions.KEY),
        "has_factor": has_factor(user),
        "codes_left": factors.codes_left(user),
    }
    return render(request, "desk/account.html", context)


@needs("keep own account")
@require_POST
def end_login(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own logins. Another user's is not found."""
    user = editor(request)
    if sessions.living(user).filter(pk=pk).exists():
        sessions.end(pk)
        tell("a login was ended", request, user.get_username())
        messages.success(request, "Ended. That browser has to log in again.")
    else:
        messages.error(request, "There is no such login any more.")
    return redirect("desk:account")


@needs("keep own account")
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    user = editor(request)
    count = sessions.end_others(user, request.session.get(sessions.KEY))
    tell("all other logins were ended", request, user.get_username())
    messages.success(request, f"Ended: {count}. Only this browser is logged in now.")
    return redirect("desk:account")


@needs("keep own account")
@fresh
def factor(request: HttpRequest) -> HttpResponse:
    """Set up, renew or take away the second factor. Recovery codes are shown once, on the answer that makes them."""
    user = editor(request)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form, codes = CodeForm(), []
    if act == "begin" and not has_factor(user):
        factors.prepare(user)
        return redirect("desk:factor")
    if act == "confirm" and not has_factor(user):
        form = CodeForm(request.POST)
        if form.is_valid():
            codes = factors.confirm(user, form.cleaned_data["code"])
            if codes:
                record(user, "set up second factor", user)
                tell("second factor set up", request, user.get_username())
            else:
                form.add_error("code", "This code is not right. Is the clock of your phone?")
    elif act == "codes" and has_factor(user):
        codes = factors.new_codes(user)
        record(user, "made new recovery codes", user)
    elif act == "remove" and factors.remove(user):
        record(user, "removed own second factor", user)
        tell("second factor removed", request, user.get_username())
        messages.success(request, "Removed. Your password alone lets you in now.")
        return redirect("desk:account")
    waiting = SecondFactor.objects.filter(user=user, confirmed_at=None).first()
    context = {
        "form": form,
        "codes": codes,
        "waiting": waiting,
        "picture": factors.picture(waiting) if waiting else "",
        "has_factor": has_factor(user),
        "must": must_have_factor(user),
    }
    return render(request, "desk/factor.html", context)
