"""One story: its reports and who placed them, merging it with another one, and undoing what was decided."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from masthead.accounts.queries import may
from masthead.accounts.record import record
from masthead.desk import queries
from masthead.desk.access import editor, needs
from masthead.desk.paging import asked
from masthead.pages import addresses
from masthead.pages.cards import has_page
from masthead.stories import hand
from masthead.stories import queries as told
from masthead.stories.models import Decision, Story


@needs("see desk")
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """The story, and beside it the ones that it may be one with: the nearest, or those that were looked for."""
    found = get_object_or_404(Story.objects.select_related("lead", "merged_into"), pk=pk)
    decisions = list(told.decisions(pk))
    typed = asked(request).get("q", "")
    language = found.language
    if typed:
        others = queries.stories_named(typed, language, besides=pk)
    else:
        others = queries.stories_at(told.near(found.lead_id) if found.lead_id else [])
    context = {
        "story": found,
        "path": addresses.story(found.pk, found.slug) if has_page(found) else "",
        "members": queries.members_of(pk),
        "shown": queries.MEMBERS,
        "others": others,
        "typed": typed,
        "decisions": decisions,
        "standing": told.standing(decisions),
        "may_place": may(request.user, "place article"),
    }
    return render(request, "desk/story.html", context)


@needs("place article")
@require_POST
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it one with another story, whose address stays; its own leads there."""
    found = get_object_or_404(Story, pk=pk)
    into = queries.story_at(request.POST.get("story", ""))
    if into is None:
        messages.error(request, "Choose the story that it is one with.")
        return redirect("desk:story", pk)
    try:
        hand.merge(found, into, editor(request))
    except ValueError as error:
        messages.error(request, str(error))
        return redirect("desk:story", pk)
    record(editor(request), "merged story", into, f"with {found} ({found.pk})")
    messages.success(request, "One story now. The machine leaves its reports together; this can be undone below.")
    return redirect("desk:story", hand.alive(into).pk)


@needs("place article")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Put everything back to where it was before a decision."""
    decision = get_object_or_404(Decision.objects.select_related("story", "left", "article"), pk=pk)
    try:
        moved = hand.undo(decision, editor(request))
    except ValueError as error:
        messages.error(request, str(error))
    else:
        subject = decision.article or decision.story
        record(editor(request), "undid a decision on stories", subject, f"{decision.get_verb_display()}: {moved} back")
        messages.success(request, "Undone. What the machine had placed is the machine's again.")
    if decision.verb == Decision.Verb.MERGE and decision.left_id:
        return redirect("desk:story", decision.left_id)
    return redirect("desk:article", decision.article_id) if decision.article_id else redirect("desk:stories")
