"""What a change of a source's rights opens: pictures that nobody asked for while it showed none."""

from __future__ import annotations

from masthead.articles.models import Article, ArticleState
from masthead.articles.write import want_pictures
from masthead.core.records import article_from_json
from masthead.feeds.models import Source

NEWEST = 500
"""Reports, newest first, whose pictures are asked for at once; older ones are few readers' pages."""


def want_pictures_again(source: Source) -> int:
    """Ask for the pictures that the source's reports may show now, and set their main picture. Returns how many
    pictures wait to be fetched. Idempotent."""
    rows = (
        Article.objects.filter(source=source, state=ArticleState.PUBLISHED, revision__isnull=False)
        .select_related("revision")
        .order_by("-sort_at", "-id")[:NEWEST]
    )
    wanted: set[int] = set()
    for article in rows:
        assert article.revision is not None
        record = article_from_json(article.revision.document)
        images = want_pictures(source, record)
        wanted.update(image.pk for image in images.values() if image.state == "wanted")
        lead = images.get(record.lead_image.src) if record.lead_image else None
        if lead is not None and article.lead_id is None:
            Article.objects.filter(pk=article.pk, lead=None).update(lead=lead)
    return len(wanted)
