"""The signature of an article, from its text as it stands now, and what is kept of it."""

from __future__ import annotations

from typing import NamedTuple

from masthead.articles.models import Article
from masthead.core import grouping, signing
from masthead.stories.models import Posting, Signature
from masthead.stories.words import LENGTH, Words


class Signed(NamedTuple):
    """A signature, and the words that it was made of."""

    language: str
    words: frozenset[str]
    signature: signing.Signature


def sign(article: Article, words: Words, *, new: bool) -> Signed:
    """The signature of an article; `new`: its words are not counted yet, so that each is of one report more."""
    language = article.language.partition("-")[0].lower()
    text = str(article.revision.document.get("text") or "") if article.revision else ""
    counts = signing.count(article.title, text or article.standfirst, language, str(article.source_id))
    known, reports = words.known(language, counts.words)
    seen = {term: known[term[:LENGTH]] + new or 1 for term in counts.words}
    return Signed(language, counts.words, signing.sign(counts, seen, reports + new))


def remember(article: Article, signed: Signed, crowd: float) -> None:
    """Keep the signature in place of an older one, and the telling words that lead to it."""
    at, signature = article.sort_at, signed.signature
    marks = {name: list(getattr(signature, name)) for name in ("names", "years", "figures", "days", "series")}
    values = {
        "language": signed.language,
        "at": at,
        "revision": article.revision_id,
        "terms": dict(signature.terms),
        "sketch": list(signature.sketch),
        "marks": marks | {"source": signature.source, "crowd": round(crowd, 4)},
    }
    _, created = Signature.objects.update_or_create(article=article, defaults=values)
    if not created:
        Posting.objects.filter(article=article).delete()
    terms = dict.fromkeys(term[:LENGTH] for term in grouping.keys(signature))
    Posting.objects.bulk_create(Posting(language=signed.language, term=term, at=at, article=article) for term in terms)
