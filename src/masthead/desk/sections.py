"""The parts of the site: their names, order, and which publishers' categories belong to them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from masthead.accounts.record import record
from masthead.desk.access import editor, needs
from masthead.desk.forms import SectionForm
from masthead.pages.models import Section
from masthead.store import generation


@needs("see desk")
def sections(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/sections.html", {"sections": Section.objects.all()})


@needs("edit section")
def section(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make or change a section."""
    found = get_object_or_404(Section, pk=pk) if pk else None
    form = SectionForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        record(editor(request), "changed section" if found else "made section", saved, ", ".join(form.changed_data))
        generation.bump(hard=True)
        messages.success(request, "Saved.")
        return redirect("desk:sections")
    return render(request, "desk/section.html", {"section": found, "form": form})
