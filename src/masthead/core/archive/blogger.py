"""Blogger's exports (the backup of before 2025 and Google Takeout's `feed.atom`), and plain Atom as an archive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from masthead.core.archive.document import Frame, publication_of
from masthead.core.archive.pieces import Piece
from masthead.core.archive.split import Part, Splitter
from masthead.core.archive.types import Found, LeftOut, Post, Publication, Refused, State, Unreadable, Wanted
from masthead.core.parse.entry import Surroundings, read_entry
from masthead.core.parse.names import Names, local
from masthead.core.parse.node import raw_text
from masthead.core.urls import absolute

_KIND = "schemas.google.com/g/2005#kind"
_STATES = {"LIVE": "", "DRAFT": "draft", "SCHEDULED": "draft", "SOFT_TRASHED": "trash", "TRASHED": "trash"}


def read_blogger(piece: Piece, wanted: Wanted) -> Iterator[Found]:
    """All that an Atom archive holds, in its order. Never raises: what cannot be read is `Refused`."""
    frame, publication = Frame(b"<feed>", b"</feed>"), Publication()
    try:
        with piece.open() as stream:
            for part in Splitter(stream, "entry").parts():
                if part.kind == "head":
                    frame = Frame.of(part.data)
                    publication = publication_of(frame.head(part.data))
                    publication = replace(publication, link=wanted.base or publication.link)
                else:
                    yield _read(part, frame, publication, piece.name, wanted)
    except Unreadable as error:
        yield Refused(piece.name, f"the rest: {error}")


def count_entries(piece: Piece) -> int:
    """How many entries there are, as far as the file can be read. Never raises."""
    count = 0
    try:
        with piece.open() as stream:
            for part in Splitter(stream, "entry").parts():
                count += part.kind != "head"
    except Unreadable:
        return count
    return count


def _read(part: Part, frame: Frame, publication: Publication, name: str, wanted: Wanted) -> Found:
    where = f"{name} at byte {part.at:,}"
    if part.kind == "broken":
        return Refused(where, f"an entry is broken: {part.reason}")
    element = frame.item(part.data)
    if element is None:
        return Refused(where, "an entry cannot be read as XML")
    own = _own(element)
    entry = read_entry(element, Surroundings(Names(element), "", page=publication.link, atom=True))
    kind, state = _kind(element, own), _state(element, own)
    if kind != "post" and not (kind == "page" and wanted.pages):
        return LeftOut(where, kind, entry.title, int(kind == "comment"))
    if state == "trash" or (state == "draft" and not wanted.drafts):
        return LeftOut(where, state, entry.title)
    link = absolute(own.get("filename", ""), publication.link) or entry.link
    old = (own.get("filename", ""), link) if state != "draft" else ()
    held: State = "draft" if state == "draft" else "published"
    return Post(
        entry=replace(entry, link=link, categories=_labels(element), original=part.data),
        publication=publication,
        format="blogger" if own or _has_kind(element) else "atom-1.0",
        where=f"{name}: {entry.title or link}"[:300],
        old=tuple(dict.fromkeys(address for address in old if address)),
        state=held,
    )


def _own(element: etree._Element) -> dict[str, str]:
    """What Takeout says in elements of Blogger's own."""
    return {local(str(child.tag)): raw_text(child) for child in element if "google.com/blogger" in str(child.tag)}


def _terms(element: etree._Element) -> Iterator[tuple[str, str]]:
    for child in element:
        if local(str(child.tag)) == "category":
            yield child.get("scheme") or "", child.get("term") or ""


def _has_kind(element: etree._Element) -> bool:
    return any(_KIND in scheme for scheme, _ in _terms(element))


def _kind(element: etree._Element, own: dict[str, str]) -> str:
    """ "post", "page", "comment", or "other: ..." (settings, templates)."""
    stated = own.get("type", "").lower()
    if not stated:
        stated = next((term.rpartition("#")[2] for scheme, term in _terms(element) if _KIND in scheme), "post").lower()
    return stated if stated in ("post", "page", "comment") else f"other: {stated[:40]}"


def _state(element: etree._Element, own: dict[str, str]) -> str:
    if "status" in own:
        return _STATES.get(own["status"].upper(), "draft")
    drafts = (child for child in element.iter() if isinstance(child.tag, str) and local(child.tag) == "draft")
    return "draft" if any(raw_text(child).lower() == "yes" for child in drafts) else ""


def _labels(element: etree._Element) -> tuple[str, ...]:
    found = (term.strip()[:200] for scheme, term in _terms(element) if _KIND not in scheme)
    return tuple(dict.fromkeys(term for term in found if term))[:100]
