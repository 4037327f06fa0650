"""Who may come in, and what they may do."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from masthead.accounts import factor, queries, sessions, throttle
from masthead.accounts.models import User
from masthead.accounts.record import record
from masthead.desk.access import editor, fresh, needs
from masthead.desk.forms import NewUserForm, UserForm


@needs("edit user")
def users(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/users.html", {"users": queries.users()})


@needs("edit user")
@fresh
def new_user(request: HttpRequest) -> HttpResponse:
    form = NewUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.save()
        record(editor(request), "made user", made, made.role)
        messages.success(request, f"{made.username} can log in now.")
        return redirect("desk:users")
    return render(request, "desk/user.html", {"form": form, "who": None})


@needs("edit user")
@fresh
def user(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a user. Nobody can shut out or demote themselves: another operator has to."""
    found = get_object_or_404(User, pk=pk)
    form = UserForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        if found.pk == editor(request).pk and {"role", "is_active"}.intersection(form.changed_data):
            form.add_error(None, "You cannot change your own role or shut yourself out: ask another operator.")
        else:
            form.save()
            record(editor(request), "changed user", found, ", ".join(form.changed_data))
            messages.success(request, "Saved.")
            return redirect("desk:users")
    context = {"form": form, "who": found, "logins": sessions.living(found), "has_factor": queries.has_factor(found)}
    return render(request, "desk/user.html", context)


@needs("edit user")
@fresh
@require_POST
def door(request: HttpRequest, pk: int) -> HttpResponse:
    """What an operator does for a user at the door: end all logins, take a lost second factor away, let in again."""
    found = get_object_or_404(User, pk=pk)
    act, by = request.POST.get("act", ""), editor(request)
    if act == "end":
        ended = sessions.end_others(found, request.session.get(sessions.KEY) if found == by else None)
        record(by, "ended logins of user", found)
        messages.success(request, f"Ended: {ended}.")
    elif act == "factor" and factor.remove(found):
        sessions.end_others(found, request.session.get(sessions.KEY) if found == by else None)
        record(by, "removed second factor of user", found)
        messages.success(request, "Removed. The password alone lets them in, until they set up a new one.")
    elif act == "unlock":
        throttle.forget(found.get_username())
        record(by, "let user try again", found)
        messages.success(request, "They may try again at once, from any browser.")
    else:
        messages.error(request, "Nothing was done.")
    return redirect("desk:user", pk)
