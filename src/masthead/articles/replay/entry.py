"""One entry cleaned again: what would become of its article, and the writing of it. What editors did stays."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from masthead.articles import search
from masthead.articles.clean import article_of, page_of
from masthead.articles.models import Article, ArticleState, Revision
from masthead.articles.replay.compare import Difference, differences
from masthead.articles.write import Made, revise, want_pictures, write_article
from masthead.core.records import article_from_json
from masthead.core.types import CleanArticle
from masthead.entries.models import Entry, EntryVersion, LinkedPage, PageState
from masthead.feeds.locking import locked

# Why an entry is left alone.
WAITING = "its newest version waits for the pipeline"
HELD = "held by an editor"
WITHDRAWN = "taken down"
EDITED = "changed by an editor"
NO_ARTICLE = "refused, and still nothing can be made of it"
PRUNED = "its page was let go (keep_originals)"
OVERTAKEN = "changed by somebody else at the same moment"


@dataclass(frozen=True, slots=True)
class Found:
    """What a cleaning would do. `left`: why nothing may be done; else `article` None means that one would be made."""

    entry: Entry
    left: str = ""
    version: EntryVersion | None = None
    record: CleanArticle | None = None
    made: Made | None = None
    article: Article | None = None
    differences: tuple[Difference, ...] = ()


def look(entry_id: int) -> Found | None:
    """Clean an entry again and hold the result against its article. Writes nothing; raises what cleaning raises.

    None when the entry is there no more.
    """
    entry = Entry.objects.select_related("feed", "source").filter(pk=entry_id).first()
    if entry is None:
        return None
    article = Article.objects.filter(entry=entry).select_related("revision").first()
    if reason := _left(entry, article):
        return Found(entry, left=reason)
    version = EntryVersion.objects.filter(entry=entry, number=entry.version).defer("original").first()
    if version is None:
        raise ValueError(f"entry {entry_id} has no version {entry.version}")
    page = page_of(entry)
    made = Made(version.number, page.fetched_at if page else None)
    refused = entry.cleaned_version < 0
    try:
        record = article_of(entry, version, page)
    except Exception:
        if refused:
            return Found(entry, left=NO_ARTICLE)
        raise
    if refused or article is None or article.revision is None:
        return Found(entry, "", version, record, made)
    found = tuple(differences(article_from_json(article.revision.document), record))
    return Found(entry, "", version, record, made, article, found)


def _left(entry: Entry, article: Article | None) -> str:
    """Why an entry is not for replay; "" when it is."""
    if entry.cleaned_version == 0:
        return WAITING
    if article is None:
        return ""
    if article.state == ArticleState.WITHDRAWN:
        return WITHDRAWN
    if article.state == ArticleState.HELD:
        return HELD
    if article.revision is not None and article.revision.origin == Revision.Origin.EDITOR:
        return EDITED
    if LinkedPage.objects.filter(entry=entry, state=PageState.READY, body=None, gave_text=True).exists():
        return PRUNED
    return ""


def apply(found: Found) -> bool:
    """Write what `look` found, inside the caller's transaction; False when the ground has moved since.

    A new revision, marked ours, only where a reader would notice; else the document is refreshed in place.
    """
    if found.version is None or found.record is None or found.made is None:
        return False
    if found.article is None:
        return _make(found)
    entry = locked(Entry.objects.filter(pk=found.entry.pk)).first()
    if entry is None or entry.cleaned_version != found.version.number or entry.version != found.version.number:
        return False
    rows = Article.objects.filter(
        pk=found.article.pk, state=ArticleState.PUBLISHED, revision=found.article.revision_id
    ).select_related("revision")
    article = locked(rows).first()
    if article is None:
        return False
    images = want_pictures(found.entry.source, found.record)
    revise(
        article, found.record, images, at=timezone.now(), origin=Revision.Origin.OURS, made=found.made
    )  # fmt: skip
    search.index([article.pk])
    return True


def _make(found: Found) -> bool:
    """The article of an entry that had been refused, or was never made, as the pipeline would make it now."""
    assert found.version is not None and found.record is not None and found.made is not None
    with transaction.atomic():
        freed = Entry.objects.filter(
            pk=found.entry.pk, version=found.version.number, cleaned_version=found.entry.cleaned_version
        ).update(cleaned_version=0)
        return bool(freed) and write_article(found.entry, found.version, found.record, found.made.page_at)
