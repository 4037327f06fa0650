"""Short links: `/s/<code>` leads to the stored article and nowhere else."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from masthead.articles.models import ArticleState, ShortLink
from masthead.pages import addresses, compose
from masthead.pages.article_page import tombstone
from masthead.pages.languages import edition_of
from masthead.site.render import respond


@require_safe
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """To the article's address of today (302: its slug may change); 410 when it was taken down.

    Never stored by a shared cache, because uses are counted.
    """
    link = ShortLink.objects.filter(code=code).select_related("article").defer("article__standfirst").first()
    if link is None:
        raise Http404("there is no such short link")
    article = link.article
    answer: HttpResponse
    if article.state == ArticleState.WITHDRAWN:
        frame = compose.frame(edition_of(article.language))
        answer = respond(request, "gone.html", frame, status=410, page=tombstone(article))
    elif article.state != ArticleState.PUBLISHED or (
        article.embargo_until is not None and article.embargo_until > timezone.now()
    ):
        raise Http404("there is no such short link")
    else:
        answer = HttpResponseRedirect(addresses.article(article.pk, article.slug))
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
