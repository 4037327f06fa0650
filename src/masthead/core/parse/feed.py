"""Bytes to a feed: the door to this package."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from dataclasses import replace
from typing import Literal

from lxml import etree

from masthead.core.parse.channel import is_feed, read_channel
from masthead.core.parse.decode import decode, stated_encodings
from masthead.core.parse.discover import discover
from masthead.core.parse.errors import NotAFeed
from masthead.core.parse.jsonfeed import read_json
from masthead.core.parse.names import local
from masthead.core.parse.originals import OpenSectionError
from masthead.core.parse.tree import read_tree, read_tree_at_once
from masthead.core.types import ParsedFeed

# A document with more items is an attack or a mistake, and would cost seconds; of fewer, the first 10,000 are read.
MAX_STATED = 100_000
# As much as is taken of any body; a packed one has no more to say.
MAX_UNPACKED = 15_000_000
# Shorter documents cannot hold so many.
_ROOM = MAX_STATED * len("<item>")
_FEED_START = re.compile(r"<(?:[A-Za-z][\w.\-]*:)?(?:rss|RDF|feed|channel)[\s>]", re.IGNORECASE)
_ITEM = re.compile(r"<(?:[A-Za-z][\w.\-]*:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:[A-Za-z][\w.\-]*:)?(?:item|entry)\s*>", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b[^<>]*+>(?:[^<]++|<(?!/?script))*+</script\s*>", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_OTHERS = {
    "opml": "This is an OPML list of feeds, not a feed: import it with `masthead feed import`",
    "urlset": "This is a sitemap, not a feed",
    "sitemapindex": "This is a list of sitemaps, not a feed",
    "svg": "This is a picture (SVG), not a feed",
    "error": "This is an error message of a server, not a feed",
}


def parse_feed(body: bytes, *, url: str = "", content_type: str = "") -> ParsedFeed:
    """Read a feed of any kind: RSS 0.9x to 2.0, RSS 1.0, Atom, JSON Feed, RSS in JSON.

    `url` is where the bytes came from (addresses resolve against it when the feed states no other base);
    `content_type` is the header as sent, of which only the charset counts. Damage is mended and named in
    `warnings`. Raises `NotAFeed`, and nothing else, whatever the bytes are. Opens no file and no connection.
    """
    if body.startswith(b"\x1f\x8b"):
        body = _unpacked(body)
    if not body or body.isspace():
        raise NotAFeed("The document is empty")
    if len(body) > _ROOM:
        _refuse_too_many(body.count(b"<item") + body.count(b"<entry"))
    if (feed := _at_once(body, url, content_type)) is not None:
        return feed
    decoded = decode(body, content_type)
    start = decoded.text[:200].lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[")):
        feed = read_json(decoded.text, url)
    else:
        feed = _read_xml(decoded.text, body, url)
    warnings = tuple(dict.fromkeys((*decoded.warnings, *feed.warnings)))
    return feed if warnings == feed.warnings else replace(feed, warnings=warnings)


def _unpacked(body: bytes) -> bytes:
    """What a gzip file holds that its server sent as it is, without a word that it is packed."""
    from masthead.core.codings import BadCoding, TooLarge, decode

    try:
        return decode(body, "gzip", MAX_UNPACKED)
    except TooLarge:
        raise NotAFeed(f"This is a gzip file of over {MAX_UNPACKED // 1_000_000} MB") from None
    except BadCoding as error:
        raise NotAFeed(f"This is a gzip file, and it cannot be unpacked: {error}") from None


def _at_once(body: bytes, url: str, content_type: str) -> ParsedFeed | None:
    """The feed in a sound document, as most are; None when there is anything to decide or to mend."""
    if any(label not in ("utf-8", "utf8") for label in stated_encodings(body, content_type)):
        return None
    root = read_tree_at_once(body.removeprefix(BOM_UTF8))
    if root is None or not is_feed(root):
        return None
    try:
        return read_channel(root, url, [], body)
    except OpenSectionError:
        return None


def _refuse_too_many(items: int) -> None:
    if items > MAX_STATED:
        raise NotAFeed(f"This document has {items:,} items, more than any feed has; up to {MAX_STATED:,} are taken")


def _read_xml(text: str, body: bytes, url: str) -> ParsedFeed:
    if len(text) > _ROOM:
        _refuse_too_many(text.count("<item") + text.count("<entry"))
    root, warnings = read_tree(text)
    if not is_feed(root):
        root, warnings = _further_down(text, root, warnings)
    if root is None or not is_feed(root):
        raise _not_a_feed(text, root, body, url)
    return replace(read_channel(root, url, warnings), cut=_cut(text, root))


def _cut(text: str, root: etree._Element) -> Literal["", "between", "inside"]:
    """Where the text breaks off before the end of its document element (see `ParsedFeed.cut`)."""
    end = re.compile(rf"</(?:[\w.-]+:)?{re.escape(local(str(root.tag)))}\s*>", re.IGNORECASE)
    if end.match(text, text.rfind("</")):
        return ""
    # Something follows the end, or there is none.
    text = _SCRIPT.sub("", text)
    begun = max((found.start() for found in _ITEM.finditer(text)), default=0)
    if end.search(text, begun):
        return ""
    return "inside" if begun and not _ITEM_END.search(text, begun) else "between"


def _further_down(
    text: str, root: etree._Element | None, warnings: list[str]
) -> tuple[etree._Element | None, list[str]]:
    """A feed behind something else: a server's warnings, a banner, a broken prolog."""
    found = _FEED_START.search(text)
    if found is None:
        return root, warnings
    inner, more = read_tree(text[found.start() :])
    if inner is None or not is_feed(inner) or not _holds_something(inner):
        return root, warnings
    return inner, [f"{found.start()} characters before the feed were dropped", *more]


def _holds_something(root: etree._Element) -> bool:
    wanted = {"channel", "item", "entry", "title", "id"}
    return any(local(str(child.tag)).lower() in wanted for child in root)


def _not_a_feed(text: str, root: etree._Element | None, body: bytes, url: str) -> NotAFeed:
    name = "" if root is None else local(str(root.tag)).lower()
    if name in _OTHERS:
        return NotAFeed(_OTHERS[name])
    if name == "html" or _HTML.search(text[:5000]):
        named = tuple(feed.url for feed in discover(body, url))
        return NotAFeed("This is a web page, not a feed", named, is_page=True)
    if name:
        return NotAFeed(f"This is no feed: its document element is <{name[:60]}>")
    head = " ".join(text[:60].split())
    return NotAFeed(f"This is neither XML nor JSON: it begins with {head!r}")
