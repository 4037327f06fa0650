"""An article made of what was received. Pure, without Django: it runs in a worker that can be killed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from masthead.core.extract import extract_page
from masthead.core.extract.decode import decode
from masthead.core.quotes.model import use_model
from masthead.core.repair import EntryContext, clean_entry, clean_text
from masthead.core.types import CleanArticle, ParsedEntry, Provenance, SourceRef
from masthead.entries.storable import entry_from_record

# A page with less text than this is a menu, a notice, or an error.
_FEWEST_WORDS = 8
# How warnings begin that say: what is on the page is no article.
_NONE = ("Not an article", "Paywall", "Consent")
_SAVED = ("text/html", "text/plain")


@dataclass(frozen=True, slots=True)
class Page:
    """The publisher's page behind an item, as fetched."""

    body: bytes
    url: str
    content_type: str
    seen: datetime | None


@dataclass(frozen=True, slots=True)
class Material:
    """All that an article is made of.

    `record`: the item, as `EntryVersion.record`. `original`: only of a saved page or a text (`original_type`), which
    are read themselves. `page`: what stands behind an item, where it was fetched.
    """

    record: dict[str, Any]
    context: EntryContext
    received: datetime
    original: bytes = b""
    original_type: str = ""
    page: Page | None = None


@dataclass(frozen=True, slots=True)
class Making:
    """`refusal`: why there is no article in it; "" when `article` is one."""

    article: CleanArticle = field(default_factory=CleanArticle)
    refusal: str = ""


def is_saved(original_type: str) -> bool:
    """Whether the original is a whole page or a text: what was saved or posted, not an item of a feed."""
    return original_type in _SAVED


def make(material: Material) -> Making:
    """The record of an article."""
    if is_saved(material.original_type):
        return _saved(material)
    page = material.page
    read = extract_page(page.body, page.url, page.content_type, seen=page.seen) if page is not None else None
    entry = entry_from_record(material.record)
    return Making(clean_entry(entry, material.context, read, first_seen=material.received))


def _saved(material: Material) -> Making:
    """The article in a saved page or a text, with what is known from elsewhere."""
    entry, context = entry_from_record(material.record), material.context
    if material.original_type == "text/html":
        found = extract_page(material.original, entry.link, seen=material.received)
        wall = next((warning for warning in found.warnings if warning.startswith(_NONE)), "")
        if wall:
            return Making(refusal=wall)
        if len(found.text.split()) < _FEWEST_WORDS and len(found.text) < _FEWEST_WORDS * 10:
            return Making(refusal="Not an article: hardly a word of text was found on the page.")
    else:
        found = clean_text(decode(material.original), seen=material.received)
        if not found.text:
            return Making(refusal="Not an article: no text was left.")
    if not found.source.name:
        found = replace(
            found,
            source=SourceRef(context.source_name, context.source_url),
            provenance={**found.provenance, "source": Provenance("source:name")},
        )
    return Making(found)


def warm() -> None:
    """Name the operator's model for quotations, and make one article of each kind, so that what is made at the first
    use is made once for all workers."""
    use_model(os.environ.get("MASTHEAD_QUOTES_MODEL", ""))
    seen = datetime(2024, 1, 2, tzinfo=UTC)
    text = "<p>The council voted on Monday to rebuild the old bridge, \u201cat last\u201d, the mayor said.</p>" * 3
    page = f"<html><head><title>Bridge</title></head><body><article><h1>Bridge</h1>{text}</article></body></html>"
    link = "https://a.example/bridge"
    clean_entry(ParsedEntry(title="Bridge", link=link, content_html=text), EntryContext(), None, seen)
    extract_page(page.encode(), link, seen=seen)
