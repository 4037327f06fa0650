"""What differs between two records of one article, each field in words that a person can read. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from masthead.articles.columns import changed_fields
from masthead.core.records import to_builtins
from masthead.core.types import ArticleDate, Block, CleanArticle, ImageRef


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs. `seen`: a reader would notice, so it makes a revision."""

    field: str
    before: str
    after: str
    seen: bool


def _date(date: ArticleDate | None) -> str:
    if date is None:
        return ""
    unsure = "" if date.method == "stated" else f" ({date.method}, {date.confidence:.0%} sure)"
    return f"{date.value}{unsure}"


def _image(image: ImageRef | None) -> str:
    return " | ".join(part for part in (image.src, image.alt, image.caption, image.credit) if part) if image else ""


def _block(block: Block) -> str:
    if block.type == "figure":
        return f"[picture] {_image(block.image)}"
    text = block.text or block.url
    return text if block.type == "paragraph" else f"[{block.type}] {text}"


def _lines(parts: list[str]) -> str:
    return "\n".join(part for part in parts if part)


_WORDS: dict[str, Callable[[CleanArticle], str]] = {
    "title": lambda a: a.title,
    "standfirst": lambda a: a.standfirst,
    "byline": lambda a: ", ".join(a.byline),
    "published": lambda a: _date(a.published),
    "modified": lambda a: _date(a.modified),
    "language": lambda a: a.language,
    "source": lambda a: " ".join(part for part in (a.source.name, a.source.url) if part),
    "canonical_url": lambda a: a.canonical_url,
    "short_links": lambda a: _lines(list(a.short_links)),
    "lead_image": lambda a: _image(a.lead_image),
    "body": lambda a: "\n\n".join(_block(block) for block in a.body),
    "images": lambda a: _lines([_image(image) for image in a.images]),
    "related": lambda a: _lines([f"{card.label}: {card.title} {card.url}" for card in a.related]),
    "quotes": lambda a: _lines([f"{quote.speaker or '?'}: {quote.text}" for quote in a.quotes]),
    "categories": lambda a: ", ".join(a.categories),
    "license": lambda a: a.license,
    "page": lambda a: _lines([f"{name}: {value}" for name, value in a.page.items()]),
    "repairs": lambda a: _lines([f"{repair.code} in {repair.field}" for repair in a.repairs]),
    "warnings": lambda a: _lines(list(a.warnings)),
    "provenance": lambda a: _lines([f"{name}: {p.origin} ({p.confidence:.0%})" for name, p in a.provenance.items()]),
}
FIELDS = tuple(_WORDS)


def differences(before: CleanArticle, after: CleanArticle) -> list[Difference]:
    """The fields in which two records differ at all; empty when the documents are the same."""
    noticed = set(changed_fields(before, after))
    found = []
    for name, words in _WORDS.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new and to_builtins(old) != to_builtins(new):
            found.append(Difference(name, words(before), words(after), name in noticed))
    return found
