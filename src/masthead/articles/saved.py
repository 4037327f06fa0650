"""Articles whose original is a whole page or a text: what was saved or posted, not an item of a feed."""

from __future__ import annotations

from dataclasses import replace

from masthead.core.extract import extract_page
from masthead.core.extract.decode import decode
from masthead.core.repair import EntryContext, clean_text
from masthead.core.types import CleanArticle, Provenance, SourceRef
from masthead.entries.models import EntryVersion
from masthead.entries.storable import entry_from_record

# A page with less text than this is a menu, a notice, or an error.
_FEWEST_WORDS = 8
# How warnings begin that say: what is on the page is no article.
_NONE = ("Not an article", "Paywall", "Consent")


class NoArticle(ValueError):
    """A page or text that holds no article; the message says what it is instead."""


def saved_article(original: bytes, version: EntryVersion, context: EntryContext) -> CleanArticle:
    """The article in a saved page or a text, with what is known from elsewhere. Raises `NoArticle`."""
    entry = entry_from_record(version.record)
    if version.original_type == "text/html":
        found = extract_page(original, entry.link, seen=version.received_at)
        wall = next((warning for warning in found.warnings if warning.startswith(_NONE)), "")
        if wall:
            raise NoArticle(wall)
        if len(found.text.split()) < _FEWEST_WORDS and len(found.text) < _FEWEST_WORDS * 10:
            raise NoArticle("Not an article: hardly a word of text was found on the page.")
    else:
        found = clean_text(decode(original), seen=version.received_at)
        if not found.text:
            raise NoArticle("Not an article: no text was left.")
    if not found.source.name:
        found = replace(
            found,
            source=SourceRef(context.source_name, context.source_url),
            provenance={**found.provenance, "source": Provenance("source:name")},
        )
    return found
