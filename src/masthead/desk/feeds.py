"""Feeds: their health in words, and the acts: subscribe, pause, resume, poll now."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from masthead.accounts.queries import acts
from masthead.accounts.record import record
from masthead.desk import queries
from masthead.desk.access import editor, needs
from masthead.desk.forms import FeedForm, SubscribeForm, unique_slug
from masthead.feeds.models import Feed, FeedState, Source


@needs("see desk")
def feeds(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.feeds(state=request.GET.get("state", "")), 100).get_page(request.GET.get("page"))
    context = {"page": page, "states": FeedState.choices, "state": request.GET.get("state", "")}
    return render(request, "desk/feeds.html", context)


@needs("edit feed")
def subscribe(request: HttpRequest) -> HttpResponse:
    """Add a feed. Nothing is fetched here: the poller finds it due at once."""
    form = SubscribeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            source = form.cleaned_data["source"]
            if source is None:
                name = form.source_name()
                source = Source.objects.create(name=name, slug=unique_slug(name))
            feed = Feed.objects.create(source=source, url=form.cleaned_data["url"], due_at=timezone.now())
            record(editor(request), "subscribed to feed", feed)
        messages.success(request, "Subscribed. Its first articles come within a minute or two.")
        return redirect("desk:feed", feed.pk)
    return render(request, "desk/subscribe.html", {"form": form})


@needs("edit feed")
def feed(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Feed.objects.select_related("source"), pk=pk)
    form = FeedForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.instance.save(update_fields=form.changed_data or ["title"])
        record(editor(request), "changed feed", found, ", ".join(form.changed_data))
        messages.success(request, "Saved.")
        return redirect("desk:feed", pk)
    context = {"feed": found, "form": form, "fetches": queries.fetches(found), "acts": acts("feed", str(pk))[:20]}
    return render(request, "desk/feed.html", context)


@needs("edit feed")
@require_POST
def poll_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Set it due. The poller still keeps the shortest interval that its publisher asked for."""
    found = get_object_or_404(Feed, pk=pk)
    if found.state != FeedState.ACTIVE:
        messages.error(request, "It is not active: resume it first.")
        return redirect("desk:feed", pk)
    Feed.objects.filter(pk=pk).update(due_at=timezone.now())
    record(editor(request), "asked to poll feed", found)
    messages.success(request, "Due now.")
    return redirect("desk:feed", pk)


@needs("edit feed")
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Feed, pk=pk)
    reason = request.POST.get("reason", "")[:500] or "Paused at the desk"
    Feed.objects.filter(pk=pk).update(state=FeedState.PAUSED, reason=reason)
    record(editor(request), "paused feed", found, reason)
    messages.success(request, "Paused. Its articles stay.")
    return redirect("desk:feed", pk)


@needs("edit feed")
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Feed, pk=pk)
    Feed.objects.filter(pk=pk).update(state=FeedState.ACTIVE, reason="", failures=0, due_at=timezone.now())
    record(editor(request), "resumed feed", found)
    messages.success(request, "Active again, and due now.")
    return redirect("desk:feed", pk)
