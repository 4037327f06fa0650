"""The parts of the site: their names, order, half-lives, and which publishers' categories belong to them."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from masthead.accounts.record import record
from masthead.desk.access import editor, needs
from masthead.desk.forms import SectionForm
from masthead.feeds.locking import locked
from masthead.feeds.models import Source
from masthead.pages import mapping
from masthead.pages.models import CategoryRule, Section
from masthead.store import generation

NOWHERE = "-"
"""What the form sends for "says nothing of the section"."""
TAKE_BACK = "?"


@needs("see desk")
def sections(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/sections.html", {"sections": Section.objects.all()})


@needs("edit section")
def section(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make or change a section. Articles of late are placed anew when its categories changed."""
    found = get_object_or_404(Section, pk=pk) if pk else None
    form = SectionForm(request.POST or None, instance=found)
    saved = None
    if request.method == "POST":
        # Read again with a lock: of two editors who save at once the second sees what the first has saved.
        with transaction.atomic():
            found = get_object_or_404(locked(Section.objects.all()), pk=pk) if pk else None
            form = SectionForm(request.POST, instance=found)
            saved = form.save() if form.is_valid() else None
    if saved:
        again = mapping.place_again() if {"names_text", "matches_text", "slug", "name"} & set(form.changed_data) else 0
        record(editor(request), "changed section" if found else "made section", saved, ", ".join(form.changed_data))
        generation.bump(hard=True)
        messages.success(request, f"Saved. {_looked_at(again)}" if again else "Saved.")
        return redirect("desk:sections")
    return render(request, "desk/section.html", {"section": found, "form": form})


@needs("see desk")
def categories(request: HttpRequest) -> HttpResponse:
    """The categories that came in of late and where they lead, unknown ones first; of one source with `?source=`."""
    source = _source(request.GET.get("source", ""))
    context = {
        "seen": mapping.seen(source),
        "of": source,
        "sources": Source.objects.order_by("name"),
        "sections": Section.objects.all(),
        "rules": CategoryRule.objects.select_related("source", "section").order_by("label", "source__name")[:500],
        "newest": mapping.SEEN,
        "nowhere": NOWHERE,
        "take_back": TAKE_BACK,
    }
    return render(request, "desk/categories.html", context)


@needs("edit section")
@require_POST
def lead(request: HttpRequest) -> HttpResponse:
    """Have a category lead to a section, nowhere, or where it led before anybody decided."""
    label, to = request.POST.get("category", "").strip(), request.POST.get("section", "")
    source = _source(request.POST.get("source", ""))
    back = redirect(reverse("desk:categories") + (f"?source={source.pk}" if source else ""))
    section = Section.objects.filter(slug=to).first()
    if not label or (section is None and to not in (NOWHERE, TAKE_BACK)):
        messages.error(request, "Choose a section.")
        return back
    try:
        again = mapping.let_go(label, source) if to == TAKE_BACK else mapping.lead(label, section, source)
    except ValueError as error:
        messages.error(request, str(error))
        return back
    where = section.name if section else "nowhere" if to == NOWHERE else "where it led before"
    note = f"{label!r} leads to {where}" + (f" for {source.name}" if source else "")
    record(editor(request), "mapped category", section or source, note)
    messages.success(request, f"{note}. {_looked_at(again)}")
    return back


def _source(pk: str) -> Source | None:
    return Source.objects.filter(pk=int(pk)).first() if pk.isdigit() and len(pk) < 19 else None


def _looked_at(again: int) -> str:
    return f"{again} articles of late are placed anew within a minute; what an editor placed stays."
