"""Advice where nothing was found: other spellings, fewer words, a wider search. Only what finds something is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rapidfuzz import process
from rapidfuzz.distance import OSA

from masthead.articles.search.backend import backend
from masthead.articles.search.document import fold
from masthead.articles.search.query import Query, Term
from masthead.articles.search.scope import Scope, count

MOST = 3
LIKENESS = 0.7


def advise(query: Query, rules: str, scope: Scope) -> tuple[str, tuple[str, ...]]:
    """What to say where `query` found nothing in `scope`, and queries that do find something there."""
    if scope.narrowed and (wider := count(query, rules, Scope(edition=scope.edition))):
        advice = ngettext(
            "Nothing was found with these filters; without them there is %(count)d article.",
            "Nothing was found with these filters; without them there are %(count)d articles.",
            wider,
        ) % {"count": wider}
        return advice, ()
    found = list(dict.fromkeys(other.typed() for other in _others(query) if count(other, rules, scope)))[:MOST]
    if found:
        return _("Nothing was found. Perhaps you meant:"), tuple(found)
    return _("Nothing was found. Try fewer or other words, or the beginning of a word with a * at its end."), ()


def _others(query: Query) -> Iterator[Query]:
    """Queries near to this one, the nearest first."""
    corrected = tuple(tuple(map(_corrected, group)) for group in query.wanted)
    if corrected != query.wanted:
        yield replace(query, wanted=corrected)
    if any(not term.prefix and " " not in term.text for group in corrected for term in group):
        yield replace(query, wanted=tuple(tuple(map(_begun, group)) for group in corrected))
    if query.excluded:
        yield replace(query, wanted=corrected, excluded=())
    if len(corrected) > 1:
        yield replace(query, wanted=(tuple(term for group in corrected for term in group),))


def _begun(term: Term) -> Term:
    return term if " " in term.text or len(term.text) < 4 else Term(term.text, prefix=True)


def _corrected(term: Term) -> Term:
    """The term with each word that the index does not know replaced by the nearest one that it does."""
    words = [_nearest(word) or word for word in term.text.split(" ")]
    return Term(" ".join(words), term.prefix)


def _nearest(word: str) -> str | None:
    """The word of the index nearest to `word` by spelling, the more frequent one of two; None: known, or none near."""
    bare = fold(word)
    if len(bare) < 3 or not bare[0].isalnum():
        return None
    frequency: dict[str, int] = {}
    for term, articles in backend().neighbours(bare):
        frequency[fold(term)] = max(articles, frequency.get(fold(term), 0))
    if bare in frequency:
        return None
    near = process.extract(bare, list(frequency), scorer=OSA.normalized_similarity, score_cutoff=LIKENESS, limit=10)
    if not near:
        return None
    best: str = max(near, key=lambda found: (round(found[1], 1), frequency[found[0]]))[0]
    return best
