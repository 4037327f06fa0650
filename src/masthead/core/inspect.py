"""A file of unknown kind as an article: page, feed item or text, told apart by its content."""

from __future__ import annotations

import gzip
import re
import zlib
from typing import Any

from masthead.core.extract import extract_page
from masthead.core.extract.decode import decode
from masthead.core.parse import NotAFeed, parse_feed
from masthead.core.records import ARTICLE_SCHEMA, to_builtins
from masthead.core.repair import EntryContext, clean_entry, clean_text
from masthead.core.types import CleanArticle

MAX_BYTES = 50_000_000
_PAGE = re.compile(rb"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF|item|entry|channel)[\s>:/]", re.IGNORECASE)


def unpacked(data: bytes) -> bytes:
    """`data`, decompressed when it is gzip. Raises `ValueError` when that fails or becomes over 50 MB."""
    if data[:2] == b"\x1f\x8b":
        machine = zlib.decompressobj(wbits=31)
        try:
            data = machine.decompress(data, MAX_BYTES + 1)
        except (zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(f"damaged gzip: {error}") from error
    if len(data) > MAX_BYTES:
        raise ValueError("over 50 MB")
    return data


def inspect_article(data: bytes, *, name: str = "", url: str = "") -> dict[str, Any]:
    """What `masthead inspect article` prints for a file (schema masthead.article/1). Raises `ValueError`."""
    data = unpacked(data)
    if not data.strip():
        raise ValueError("the file is empty")
    if b"\x00" in data[:1000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError("not text: it holds binary data")
    return {"schema": ARTICLE_SCHEMA, "file": name, **to_builtins(article_of(data, url))}


def article_of(data: bytes, url: str = "") -> CleanArticle:
    """The article in `data`: the first item when it is a feed or an item of one, else page or text."""
    head = data[:20_000]
    page = _PAGE.search(head)
    feed = _FEED.search(head)
    if (feed and (not page or feed.start() < page.start())) or head.lstrip()[:1] == b"{":
        found = _from_feed(data, url)
        if found is not None:
            return found
    if page or _mostly_markup(head):
        return extract_page(data, url)
    return clean_text(decode(data), url)


def _mostly_markup(head: bytes) -> bool:
    """Whether a fragment is HTML and not text into which some leaked: it begins with a tag of a block."""
    return bool(re.match(rb"\s*<(?:article|main|div|p|section|header|h1)[\s>]", head, re.IGNORECASE))


def _from_feed(data: bytes, url: str) -> CleanArticle | None:
    try:
        feed = parse_feed(_as_feed(data), url=url)
    except NotAFeed:
        return None
    if not feed.entries:
        return None
    context = EntryContext(
        feed_url=feed.self_link or url,
        feed_title=feed.title,
        feed_link=feed.link,
        feed_language=feed.language,
        feed_format=feed.format,
        feed_licence=feed.license,
    )
    return clean_entry(feed.entries[0], context)


def _as_feed(data: bytes) -> bytes:
    """A lone item as a feed of one: what a feed parser reads."""
    body = re.sub(rb"^\s*<\?xml[^>]*\?>\s*", b"", data)
    if re.match(rb"<item[\s>]", body):
        spaces = (
            b'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
            b' xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'
        )
        return b'<rss version="2.0" ' + spaces + b"><channel>" + body + b"</channel></rss>"
    if re.match(rb"<entry[\s>]", body):
        return b'<feed xmlns="http://www.w3.org/2005/Atom">' + body + b"</feed>"
    if body[:1] == b"{" and b'"items"' not in body[:5000]:
        return b'{"version": "https://jsonfeed.org/version/1.1", "items": [' + body + b"]}"
    return data
