"""What a reader would notice of an item, as one SHA-256: another digest makes another version. Pure.

Left out, because they churn without anything being said anew: dates, categories, tracking, hosts and parameters of
pictures, markup, white space, forms of quotes and dashes, counters, traces of advertisements.
"""

from __future__ import annotations

import hashlib
import re

from masthead.core.churn import lasting_lines, picture_key, settled
from masthead.core.types import ParsedEntry
from masthead.entries.identity import canonical_link
from masthead.entries.plain import plain_of

_IMAGE = re.compile(r"<img\b[^>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)


def _file_name(url: str) -> str:
    return picture_key(url).rsplit("/", 1)[-1]


def _words(html: str) -> str:
    return " ".join(lasting_lines(plain_of(html).split("\n"))) if html else ""


def digest_of(entry: ParsedEntry) -> str:
    """The digest of an item's visible content, 64 hexadecimal digits."""
    body = entry.content_html or entry.summary_html
    parts = [
        "title", settled(entry.title),
        "link", canonical_link(entry.link),
        "summary", _words(entry.summary_html),
        "content", _words(entry.content_html),
        "authors", *sorted(settled(author.name) for author in entry.authors),
        "pictures", *sorted({_file_name(url) for url in _IMAGE.findall(body)}),
        "files", *sorted({_file_name(media.url) for media in (*entry.enclosures, *entry.media)}),
    ]  # fmt: skip
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
