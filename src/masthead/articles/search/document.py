"""What of an article is searched: only what its source's rights policy lets us show."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings

from masthead.articles.models import Article
from masthead.articles.search.windows import marks_of
from masthead.core.characters import strip_controls
from masthead.core.records import article_from_json
from masthead.core.rights import effective_policy, permitted
from masthead.feeds.models import Source

# tsvector holds a megabyte at most, and a longer text finds nothing that its beginning does not.
LONGEST_TEXT = 200_000

Snippets = dict[int, tuple[str, str]]
"""By article id: a piece of its text, and the terms under which that was indexed."""


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the index holds it: plain text. `id` is the article's; `terms` those it was indexed under; `marks`
    of the windows of time that it is in, and of its source."""

    id: int
    title: str
    standfirst: str
    text: str
    language: str
    terms: str
    marks: tuple[str, ...] = ()


def terms(source: Source) -> str:
    """What decides how much of a source's articles may be shown: where it has changed, the index is out of date."""
    stated = f"{source.policy}\n{source.licence}\n{settings.MASTHEAD.excerpt_characters}"
    return hashlib.sha256(stated.encode("utf-8", "replace")).hexdigest()[:16]


def fold(text: str) -> str:
    """The text in lower case without accents and other marks, as far as they can be parted from their letters."""
    parts = unicodedata.normalize("NFKD", text.lower())
    return unicodedata.normalize("NFKC", "".join(c for c in parts if not unicodedata.combining(c)))


def documents(articles: Iterable[Article]) -> list[Document]:
    """The documents of articles (with `source` and `revision` at hand)."""
    return [_document(article) for article in articles if article.revision is not None]


def _document(article: Article) -> Document:
    assert article.revision is not None
    record = article_from_json(article.revision.document)
    source = article.source
    shown = permitted(
        replace(record, title=article.title, standfirst=article.standfirst),
        effective_policy(source.policy, record.license or source.licence),
        excerpt_characters=settings.MASTHEAD.excerpt_characters,
        images=source.show_images,
    )
    clean = [strip_controls(part) for part in (shown.title, shown.standfirst, shown.text)]
    signs = marks_of(article.sort_at, article.source_id)
    return Document(article.pk, clean[0], clean[1], clean[2][:LONGEST_TEXT], article.language, terms(source), signs)
