"""Feeds: their health in words, and the acts: subscribe, pause, resume, poll now."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from masthead.accounts.queries import acts
from masthead.accounts.record import record
from masthead.desk import queries
from masthead.desk.access import editor, needs
from masthead.desk.forms import FeedForm, SubscribeForm
from masthead.desk.health import all_of, health
from masthead.desk.paging import page_of
from masthead.feeds import edit, seek
from masthead.feeds.locking import locked
from masthead.feeds.models import Feed, FeedState
from masthead.feeds.offers import Offer, told_by_address
from masthead.feeds.subscribe import NotSubscribed, subscribe
from masthead.feeds.websub import told
from masthead.pages import mapping


@needs("see desk")
def feeds(request: HttpRequest) -> HttpResponse:
    page = page_of(queries.feeds(state=request.GET.get("state", "")), request.GET.get("page"), 100)
    context = {"page": page, "rows": all_of(page), "states": FeedState.choices, "state": request.GET.get("state", "")}
    return render(request, "desk/feeds.html", context)


@needs("edit feed")
def new_feed(request: HttpRequest) -> HttpResponse:
    """Add a feed, or the feeds that an address tells. Nothing is fetched here: the poller finds them due at once.

    Of an address that tells several by its platform's rule the editor chooses; so does the screen of a feed whose
    address turns out to be a page that names several (`choose`).
    """
    form = SubscribeForm(request.POST or None)
    offers: Sequence[Offer] = ()
    if request.method == "POST" and form.is_valid():
        offers = told_by_address(form.cleaned_data["url"])
        picked = offers if len(offers) == 1 else [o for o in offers if o.url in request.POST.getlist("pick")]
        if picked or not offers:
            try:
                made = [subscribe(form.wish(offer)) for offer in picked or (None,)]
            except NotSubscribed as error:
                form.add_error("url", str(error))
            else:
                new = [one.feed for one in made if one.created]
                for feed in new:
                    record(editor(request), "subscribed to feed", feed)
                if new:
                    messages.success(request, "Subscribed. Its first articles come within a minute or two.")
                    return redirect("desk:feed", new[0].pk) if len(new) == 1 else redirect("desk:feeds")
                form.add_error("url", f"This feed is subscribed already, as {made[0].feed}.")
    return render(request, "desk/subscribe.html", {"form": form, "offers": offers if len(offers) > 1 else ()})


@needs("edit feed")
def feed(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Feed.objects.select_related("source"), pk=pk)
    form = FeedForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        # Only these: the poller may be writing the schedule of the same row.
        form.instance.save(update_fields=form.changed_data or ["title"])
        record(editor(request), "changed feed", found, ", ".join(form.changed_data))
        if "section" in form.changed_data:
            mapping.place_again()
        messages.success(request, "Saved.")
        return redirect("desk:feed", pk)
    context = {
        "feed": found,
        "health": health(found),
        "offers": seek.offered(found),
        "form": form,
        "fetches": queries.fetches(found),
        "acts": acts("feed", str(pk))[:20],
        "hub": told.words(found, told.current(found)),
    }
    return render(request, "desk/feed.html", context)


@needs("edit feed")
@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Take feeds of those that the page at this feed's address names."""
    with transaction.atomic():
        found = get_object_or_404(locked(Feed.objects.select_related("source")), pk=pk)
        taken = edit.choose(found, request.POST.getlist("pick"))
        for feed in taken:
            record(editor(request), "subscribed to feed", feed)
    if taken:
        messages.success(request, f"Subscribed to {len(taken)}. The first articles come within a minute or two.")
    else:
        messages.error(request, "Choose at least one of the feeds.")
    return redirect("desk:feed", taken[0].pk if taken else pk)


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
