"""Every field of every article says where it came from: of items, of pages, of texts, whatever they lack."""

from __future__ import annotations

import pytest

from masthead.core.extract import extract_page
from masthead.core.repair import EntryContext, clean_entry, clean_text
from masthead.core.repair.origins import FIELDS
from masthead.core.types import CleanArticle, ParsedAuthor, ParsedEntry, ParsedMedia

LINES = [
    "The council of Oberwald voted on Monday to rebuild the old bridge over the river.",
    "“Work begins in April and will last until the end of the year,” the mayor Anna Holt said.",
    "The bridge was closed after the flood of last summer damaged two of its piers.",
]
HTML = "".join(f"<p>{line}</p>" for line in LINES)
CONTEXT = EntryContext(
    feed_url="https://courier.example/feed", feed_link="https://courier.example/", source_name="Courier"
)
FULL = ParsedEntry(
    id="1",
    link="https://courier.example/bridge",
    title="Council votes to rebuild the bridge",
    authors=(ParsedAuthor("Mira Holt"),),
    published="2024-03-05T09:00:00+01:00",
    updated="2024-03-05T10:00:00+01:00",
    content_html=HTML + '<p>Read more: <a href="/flood">After the flood</a></p>',
    categories=("Bridges",),
    media=(ParsedMedia("https://courier.example/bridge.jpg", type="image/jpeg"),),
    license="https://creativecommons.org/licenses/by/4.0/",
    language="en",
)
PAGE = f"""<!doctype html><html lang="en"><head><title>Bridge</title>
<meta name="keywords" content="bridges"><link rel="license" href="https://creativecommons.org/licenses/by/4.0/">
</head><body><article><h1>Council votes to rebuild the bridge</h1>{HTML * 2}</article></body></html>"""

MADE = {
    "an item": lambda: clean_entry(FULL, CONTEXT),
    "an item that lacks everything": lambda: clean_entry(ParsedEntry(), EntryContext(feed_url="")),
    "an item with its page": lambda: clean_entry(
        ParsedEntry(title="Bridge", link="https://courier.example/bridge"), CONTEXT, extract_page(PAGE.encode())
    ),
    "a page": lambda: extract_page(PAGE.encode(), "https://courier.example/bridge"),
    "an empty page": lambda: extract_page(b""),
    "a text": lambda: clean_text("\n\n".join(["Council votes to rebuild the bridge", *LINES])),
    "an empty text": lambda: clean_text(""),
}


@pytest.mark.parametrize("name", MADE)
def test_every_field_has_an_origin(name: str) -> None:
    article: CleanArticle = MADE[name]()
    assert set(FIELDS) <= set(article.provenance)
    for field in FIELDS:
        filled = article.source.name or article.source.url if field == "source" else getattr(article, field)
        assert bool(filled) == (article.provenance[field].origin != "none"), field


def test_what_is_taken_out_of_the_text_says_so() -> None:
    article = clean_entry(FULL, CONTEXT)
    assert article.related and article.provenance["related"].origin == "text:cards"
    assert article.quotes and article.provenance["quotes"].origin == "text:quotes"
    assert article.provenance["license"].origin == "feed:license"
    assert article.provenance["categories"].origin == "feed"
