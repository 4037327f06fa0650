"""Saved pages (HTML, MHTML) and posts in text files: who they are. What they say is read when they are cleaned."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from email.message import EmailMessage

from masthead.core.archive.pieces import Piece
from masthead.core.archive.types import Found, Post, Publication, Refused, Unreadable, Wanted
from masthead.core.characters import one_line
from masthead.core.extract.decode import decode
from masthead.core.extract.headline import strip_site
from masthead.core.extract.metadata import PageMeta, read_metadata
from masthead.core.extract.tree import parse_document
from masthead.core.repair.text import clean_text
from masthead.core.types import ParsedEntry
from masthead.core.urls import absolute, host_of

MOST_OF_A_PAGE = 10_000_000
MOST_OF_A_LETTER = 60_000_000
_CHUNK = 1_000_000
# What browsers write at the top of a page that they save.
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{1,5}\)(\S{8,2000})\s*-->", re.IGNORECASE)
_INDEX = re.compile(r"(?:^|/)(?:index|default)\.x?html?$", re.IGNORECASE)


def read_page(piece: Piece, wanted: Wanted) -> Iterator[Found]:
    """One saved page as a post whose original is the page's HTML. Never raises."""
    try:
        yield _page(_all(piece, MOST_OF_A_PAGE), piece, "", wanted)
    except Unreadable as error:
        yield Refused(piece.name, str(error))


def read_letter(piece: Piece, wanted: Wanted) -> Iterator[Found]:
    """One page saved as MHTML (RFC 2557): the HTML part of a letter. Never raises."""
    try:
        letter = email.message_from_bytes(_all(piece, MOST_OF_A_LETTER), policy=email.policy.default)
        page = next((part for part in letter.walk() if part.get_content_type() == "text/html"), None)
        if not isinstance(page, EmailMessage):
            yield Refused(piece.name, "it holds no HTML page")
            return
        body = page.get_payload(decode=True)
        location = str(letter.get("Snapshot-Content-Location") or page.get("Content-Location") or "")
        charset = f"text/html; charset={page.get_content_charset() or 'utf-8'}"
        text = decode(body if isinstance(body, bytes) else b"", charset)
        yield _page(text.encode("utf-8", "replace"), piece, location, wanted)
    except Unreadable as error:
        yield Refused(piece.name, str(error))
    except (ValueError, LookupError, IndexError, AttributeError, TypeError) as error:
        # Known faults of the standard library's parser on malformed headers.
        yield Refused(piece.name, f"it is no readable MHTML: {error}")


def read_text(piece: Piece) -> Iterator[Found]:
    """One post in a text file. Never raises."""
    try:
        data = _all(piece, MOST_OF_A_PAGE)
    except Unreadable as error:
        yield Refused(piece.name, str(error))
        return
    if not data.strip():
        yield Refused(piece.name, "it is empty")
        return
    if b"\x00" in data[:1000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield Refused(piece.name, "it is neither text nor an archive: it holds binary data")
        return
    text = decode(data)
    article = clean_text(text)
    short = next(iter(article.short_links), "")
    digest = hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()
    entry = ParsedEntry(
        id=f"urn:sha256:{digest}", link=short, title=article.title, original=data, original_type="text/plain"
    )
    yield Post(entry, Publication(title=article.source.name, link=article.source.url), "text", piece.name)


def _all(piece: Piece, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    with piece.open() as stream:
        while chunk := stream.read(_CHUNK):
            parts.append(chunk)
            size += len(chunk)
            if size > most:
                raise Unreadable(f"it is larger than {most // 1_000_000} MB")
    return b"".join(parts)


def _page(data: bytes, piece: Piece, location: str, wanted: Wanted) -> Found:
    if not data.strip():
        return Refused(piece.name, "it is empty")
    text = decode(data)
    meta = read_metadata(parse_document(text))
    stood = absolute(_INDEX.sub(lambda found: "/" if found[0].startswith("/") else "", piece.path), wanted.base)
    saved = _SAVED_FROM.search(text[:5000])
    stated = [location, saved[1] if saved else "", stood if wanted.base else ""]
    base = next((found for url in stated if (found := absolute(url))), "")
    canonical = [found for value, _ in meta.canonical if (found := absolute(value, base)) and _is_page(found)]
    addresses = list(dict.fromkeys([*canonical[:1], *(found for url in stated if (found := absolute(url)))]))
    link = addresses[0] if addresses else ""
    publication = _publication(meta, link or base)
    title = strip_site(next((value for value, _ in meta.title), ""), publication.title)
    digest = hashlib.sha256(data).hexdigest()
    entry = ParsedEntry(
        id="" if link else f"urn:sha256:{digest}",
        link=link,
        title=one_line(title)[:1000],
        original=data,
        original_type="text/html",
    )
    return Post(entry, publication, "page", piece.name, old=tuple(addresses))


def _is_page(url: str) -> bool:
    """Whether an address is not a site's front page: a canonical link to that is a mistake of the page's template."""
    return re.search(r"https?://[^/]+/[^?#]|\?", url) is not None


def _publication(meta: PageMeta, url: str) -> Publication:
    host = host_of(url)
    named = next((value for value, place in meta.site if "og:site_name" in place), "")
    title = named or next((value for value, _ in meta.site), "") or host.removeprefix("www.")
    language = next((value for value, _ in meta.language), "")
    return Publication(one_line(title)[:200], f"https://{host}/" if host else "", language[:35])
