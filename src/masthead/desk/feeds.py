"""Feeds: their health in words, and the acts: subscribe, pause, resume, poll now."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from masthead.accounts.queries import acts
from masthead.accounts.record import record
from masthead.desk import queries
from masthead.desk.access import editor, needs
from masthead.desk.forms import FeedForm, SubscribeForm
from masthead.feeds import edit
from masthead.feeds.models import Feed, FeedState
from masthead.feeds.subscribe import NotSubscribed, subscribe
from masthead.feeds.websub import told


@needs("see desk")
def feeds(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.feeds(state=request.GET.get("state", "")), 100).get_page(request.GET.get("page"))
    context = {"page": page, "states": FeedState.choices, "state": request.GET.get("state", "")}
    return render(request, "desk/feeds.html", context)


@needs("edit feed")
def new_feed(request: HttpRequest) -> HttpResponse:
    """Add a feed. Nothing is fetched here: the poller finds it due at once."""
    form = SubscribeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = subscribe(form.wish())
        except NotSubscribed as error:
            form.add_error("url", str(error))
        else:
            if made.created:
                record(editor(request), "subscribed to feed", made.feed)
                messages.success(request, "Subscribed. Its first articles come within a minute or two.")
                return redirect("desk:feed", made.feed.pk)
            form.add_error("url", f"This feed is subscribed already, as {made.feed}.")
    return render(request, "desk/subscribe.html", {"form": form})


@needs("edit feed")
def feed(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Feed.objects.select_related("source"), pk=pk)
    form = FeedForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        # Only these: the poller may be writing the schedule of the same row.
        form.instance.save(update_fields=form.changed_data or ["title"])
        record(editor(request), "changed feed", found, ", ".join(form.changed_data))
        messages.success(request, "Saved.")
        return redirect("desk:feed", pk)
    context = {
        "feed": found,
        "form": form,
        "fetches": queries.fetches(found),
        "acts": acts("feed", str(pk))[:20],
        "hub": told.words(found, told.current(found)),
    }
    return render(request, "desk/feed.html", context)


@needs("edit feed")
@require_POST
def poll_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Have it polled soon, taking it up again where it was paused, gone or refused."""
    found = get_object_or_404(Feed, pk=pk)
    if edit.poll_soon([pk]):
        record(editor(request), "asked to poll feed", found)
        messages.success(request, "Due now, as soon as its server allows.")
    else:
        messages.error(request, "It was merged into another feed, which is polled in its place.")
    return redirect("desk:feed", pk)


@needs("edit feed")
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    found, reason = get_object_or_404(Feed, pk=pk), request.POST.get("reason", "").strip()
    if edit.pause([pk], reason):
        record(editor(request), "paused feed", found, reason)
        messages.success(request, "Paused. Its articles stay.")
    else:
        messages.error(request, f"It is not polled anyway: {found.get_state_display()}.")
    return redirect("desk:feed", pk)
