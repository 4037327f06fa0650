"""One article at the desk: what it is, where it came from, and the acts that an editor may do to it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from masthead.accounts.queries import acts, may
from masthead.accounts.record import record
from masthead.articles import takedown
from masthead.articles.models import Article
from masthead.core.records import article_from_json
from masthead.desk import queries
from masthead.desk.access import editor, needs
from masthead.desk.forms import ReasonForm
from masthead.desk.readers import of_article
from masthead.desk.told import account, placed, standing
from masthead.pages import addresses
from masthead.pages import editor as hand
from masthead.pages.languages import edition_of
from masthead.pages.models import Section
from masthead.stories.queries import decision_about


def _get(pk: int) -> Article:
    found = queries.article(pk)
    if found is None:
        raise Http404(f"There is no article {pk}.")
    return found


@needs("see desk")
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """The article with its provenance, revisions, place and history."""
    found = _get(pk)
    document = article_from_json(found.revision.document) if found.revision else None
    placement = queries.placement(pk)
    membership = queries.membership(pk)
    context = {
        "article": found,
        "document": document,
        "path": addresses.article(found.pk, found.slug),
        "account": account(document, queries.revisions(pk)),
        "placement": placement,
        "placed": placed(placement),
        "slots": [(slot, standing(slot)) for slot in queries.slots_of(pk)],
        "membership": membership,
        "decided": decision_about(pk, membership.story_id) if membership and membership.origin == "editor" else None,
        "may_place": may(request.user, "place article"),
        "readers": of_article(pk),
        "sections": Section.objects.all(),
        "acts": acts("article", str(pk))[:20],
        "reason": ReasonForm(),
        "may_withdraw": may(request.user, "withdraw article"),
        "areas": hand.PINNABLE,
        "edition": edition_of(found.language),
    }
    return render(request, "desk/article.html", context)


def _reasoned(request: HttpRequest, pk: int, verb: str) -> str | None:
    """The reason that was typed; None after telling the editor that one is needed."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        return str(form.cleaned_data["reason"])
    messages.error(request, f"Give a reason: article {pk} was not {verb}.")
    return None


@needs("hold article")
@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it off the site until an editor lets it go; its address says 404 meanwhile."""
    found, reason = _get(pk), _reasoned(request, pk, "held")
    if reason:
        takedown.hold(found, reason)
        record(editor(request), "held article", found, reason)
        messages.success(request, "Held. It is off the site until you put it back.")
    return redirect("desk:article", pk)


@needs("withdraw article")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it down: its address answers 410 with the reason, at every outlet."""
    found, reason = _get(pk), _reasoned(request, pk, "taken down")
    if reason:
        takedown.withdraw(found, reason)
        record(editor(request), "took down article", found, reason)
        messages.success(request, "Taken down. Its address now says so, with your reason.")
    return redirect("desk:article", pk)


@needs("hold article")
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it back. What was taken down needs the right to take down."""
    found = _get(pk)
    if found.state == "withdrawn" and not may(request.user, "withdraw article"):
        messages.error(request, "Only an editor-in-chief may put back what was taken down.")
        return redirect("desk:article", pk)
    takedown.restore(found)
    record(editor(request), "put back article", found, request.POST.get("reason", "")[:500])
    messages.success(request, "Put back on the site.")
    return redirect("desk:article", pk)


@needs("place article")
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it into another section; the machine will not move it again."""
    found = _get(pk)
    section = Section.objects.filter(slug=request.POST.get("section", "")).first()
    if section is None:
        messages.error(request, "Choose a section.")
        return redirect("desk:article", pk)
    hand.into_section(found, section)
    record(editor(request), "moved article", found, f"to {section.name}")
    messages.success(request, f"Now in {section.name}.")
    return redirect("desk:article", pk)


@needs("pin article")
@require_POST
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    """Set it on the front page of its edition for some hours."""
    found = _get(pk)
    area, hours = request.POST.get("area", ""), request.POST.get("hours", "")
    if area not in dict(hand.PINNABLE) or not hours.isdigit() or not 1 <= int(hours) <= 168:
        messages.error(request, "Choose a place, and between 1 and 168 hours.")
        return redirect("desk:article", pk)
    until = timezone.now() + timedelta(hours=int(hours))
    hand.pin(found, area, until)
    record(editor(request), "pinned article", found, f"{area} until {until:%Y-%m-%d %H:%M} UTC")
    messages.success(request, f"Pinned for {hours} hours.")
    return redirect("desk:article", pk)


@needs("pin article")
@require_POST
def unpin(request: HttpRequest, pk: int) -> HttpResponse:
    found = _get(pk)
    hand.unpin(found)
    record(editor(request), "unpinned article", found)
    messages.success(request, "No longer pinned; the front page arranges itself within a minute.")
    return redirect("desk:article", pk)
