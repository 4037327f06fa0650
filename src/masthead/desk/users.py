"""Who may come in, and what they may do."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from masthead.accounts import queries
from masthead.accounts.models import User
from masthead.accounts.record import record
from masthead.desk.access import editor, needs
from masthead.desk.forms import NewUserForm, UserForm


@needs("edit user")
def users(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/users.html", {"users": queries.users()})


@needs("edit user")
def new_user(request: HttpRequest) -> HttpResponse:
    form = NewUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.save()
        record(editor(request), "made user", made, made.role)
        messages.success(request, f"{made.username} can log in now.")
        return redirect("desk:users")
    return render(request, "desk/user.html", {"form": form, "who": None})


@needs("edit user")
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
    return render(request, "desk/user.html", {"form": form, "who": found})
