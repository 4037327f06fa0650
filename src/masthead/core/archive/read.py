"""The door of this package: a file of whatever kind as what it holds, told apart by its content."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Literal

from masthead.core.archive.blogger import count_entries, read_blogger
from masthead.core.archive.files import read_letter, read_page, read_text
from masthead.core.archive.library import Library
from masthead.core.archive.pieces import Piece
from masthead.core.archive.types import Found, Refused, Unreadable, Wanted
from masthead.core.archive.wordpress import note_pictures, read_wordpress

Kind = Literal["rss", "atom", "page", "letter", "text", "wide"]
_HEAD = 65_536
_XML = re.compile(
    rb"<(?:[A-Za-z][\w.\-]*:)?(rss|RDF|channel|feed|html|head|body|!doctype\s+html)(?=[\s>])", re.IGNORECASE
)
_LETTER = re.compile(rb"^[A-Za-z-]{2,40}:[ \t].*^Content-Type:\s*multipart/related", re.I | re.M | re.S)
_FRAGMENT = re.compile(rb"\s*<(?:article|main|div|p|section|header|h1)[\s>]", re.IGNORECASE)
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def kind_of(piece: Piece) -> Kind:
    """What a piece is. Raises `Unreadable`."""
    with piece.open() as stream:
        head = stream.read(_HEAD)
    if head.startswith(_WIDE):
        text = head.decode("utf-16", "replace")
        return "wide" if re.search(r"<(?:rss|feed)[\s>]", text) else "page" if "<html" in text.lower() else "text"
    if _LETTER.match(head.lstrip()):
        return "letter"
    found = _XML.search(head)
    if found is not None and (found.start() < 5_000 or head.lstrip()[:5] == b"<?xml"):
        name = found[1].lower()
        if name in (b"rss", b"rdf", b"channel"):
            return "rss"
        return "atom" if name == b"feed" else "page"
    return "page" if _FRAGMENT.match(head) else "text"


def prepare(piece: Piece, library: Library) -> int:
    """The first pass: notes what later items of the same site need to know; how many items there are. Never raises."""
    try:
        kind = kind_of(piece)
    except Unreadable:
        return 1
    if kind == "rss":
        return note_pictures(piece, library)
    return count_entries(piece) if kind == "atom" else 1


def read(piece: Piece, library: Library, wanted: Wanted) -> Iterator[Found]:
    """All that a piece holds. Never raises: what cannot be read is `Refused`, with the reason."""
    try:
        kind = kind_of(piece)
    except Unreadable as error:
        yield Refused(piece.name, str(error))
        return
    if kind == "rss":
        yield from _not_nothing(piece, read_wordpress(piece, library, wanted))
    elif kind == "atom":
        yield from _not_nothing(piece, read_blogger(piece, wanted))
    elif kind == "letter":
        yield from read_letter(piece, wanted)
    elif kind == "page":
        yield from read_page(piece, wanted)
    elif kind == "wide":
        yield Refused(piece.name, "it is an export in UTF-16; save it as UTF-8 (iconv -f utf-16 -t utf-8)")
    else:
        yield from read_text(piece)


def _not_nothing(piece: Piece, found: Iterator[Found]) -> Iterator[Found]:
    empty = True
    for one in found:
        empty = False
        yield one
    if empty:
        yield Refused(piece.name, "it holds no items")
