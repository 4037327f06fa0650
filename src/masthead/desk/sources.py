"""Publishers: who they are, what of theirs may be shown."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from masthead.accounts.queries import acts
from masthead.accounts.record import record
from masthead.articles import search
from masthead.articles.again import want_pictures_again
from masthead.desk import icons, queries
from masthead.desk.access import editor, needs
from masthead.desk.forms import SourceForm
from masthead.desk.paging import page_of
from masthead.feeds.icons.again import ask_again
from masthead.feeds.locking import locked
from masthead.feeds.models import Source
from masthead.pages.icons import icon_of
from masthead.store import generation

# What a change of these means for pages and for the search index: it must be seen at once, everywhere.
RIGHTS = frozenset({"policy", "licence", "show_images", "embargo_minutes"})
# What a change of these may allow: pictures that nobody has asked for yet.
SHOWS = frozenset({"policy", "licence", "show_images"})


@needs("see desk")
def sources(request: HttpRequest) -> HttpResponse:
    page = page_of(queries.sources(), request.GET.get("page"), 100)
    return render(request, "desk/sources.html", {"page": page, "rows": [(row, icon_of(row)) for row in page]})


@needs("edit source")
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and change a source. A change of rights holds at every outlet from the next request on."""
    found = get_object_or_404(Source, pk=pk)
    form = SourceForm(instance=found)
    if request.method == "POST":
        # Read again with a lock: of two editors who save at once the second sees what the first has saved.
        with transaction.atomic():
            found = get_object_or_404(locked(Source.objects.all()), pk=pk)
            form = SourceForm(request.POST, instance=found)
            saved = form.is_valid()
            if saved:
                form.save()
                record(editor(request), "changed source", found, ", ".join(form.changed_data))
        if saved:
            wanted = _take_effect(found, form.changed_data)
            messages.success(request, f"Saved. Pictures asked for: {wanted}." if wanted else "Saved.")
            return redirect("desk:source", pk)
    context = {
        "source": found,
        "form": form,
        "icon": icon_of(found),
        "icon_told": icons.told(found),
        "feeds": queries.feeds(found),
        "acts": acts("source", str(pk))[:20],
    }
    return render(request, "desk/source.html", context)


def _take_effect(source: Source, changed: Collection[str]) -> int:
    """What a change means for search, icons, pages and pictures; how many pictures are asked for."""
    if RIGHTS.intersection(changed):
        search.reindex_all(source.pk)
    if {"home_url", "icon_url"}.intersection(changed):
        ask_again(source)
    wanted = want_pictures_again(source) if SHOWS.intersection(changed) else 0
    generation.bump(hard=True)
    return wanted
