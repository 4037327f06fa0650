"""Which story a report belongs to: another one, looked for by its words, or none but its own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from masthead.accounts.record import record
from masthead.articles.models import Article
from masthead.desk import queries
from masthead.desk.access import editor, needs
from masthead.desk.paging import asked
from masthead.stories import hand
from masthead.stories import queries as told


@needs("place article")
def belongs(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the story of a report: those that come nearest to it are offered, others looked for. A post places it."""
    article = get_object_or_404(Article.objects.select_related("source"), pk=pk)
    membership = queries.membership(pk)
    own = membership.story_id if membership else None
    if request.method == "POST":
        return _place(request, article)
    typed = asked(request).get("q", "")
    if typed:
        others = queries.stories_named(typed, hand.primary(article.language), besides=own)
    else:
        others = queries.stories_at(told.near(pk))
    context = {"article": article, "membership": membership, "others": others, "typed": typed}
    return render(request, "desk/belongs.html", context)


def _place(request: HttpRequest, article: Article) -> HttpResponse:
    story = queries.story_at(request.POST.get("story", ""))
    if story is None:
        messages.error(request, "Choose a story.")
        return redirect("desk:belongs", article.pk)
    try:
        member = hand.place(article, story, editor(request))
    except ValueError as error:
        messages.error(request, str(error))
        return redirect("desk:belongs", article.pk)
    record(editor(request), "placed report in story", article, f"{member.story} ({member.story_id})")
    messages.success(request, "Placed. The machine leaves it there.")
    return redirect("desk:story", member.story_id)


@needs("place article")
@require_POST
def separate(request: HttpRequest, pk: int) -> HttpResponse:
    """The report is a story of its own."""
    article = get_object_or_404(Article, pk=pk)
    story = hand.separate(article, editor(request))
    record(editor(request), "made report a story of its own", article, f"story {story.pk}")
    messages.success(request, "A story of its own. The machine merges it with none.")
    return redirect("desk:article", pk)
