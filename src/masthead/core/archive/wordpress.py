"""WordPress's export (WXR, all versions), and plain RSS as an archive of posts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from lxml import etree

from masthead.core.archive.document import Frame, is_wordpress, publication_of, wordpress_fields
from masthead.core.archive.library import Library
from masthead.core.archive.pieces import Piece
from masthead.core.archive.split import Part, Splitter
from masthead.core.archive.types import Found, LeftOut, Picture, Post, Publication, Refused, State, Unreadable, Wanted
from masthead.core.characters import one_line
from masthead.core.dates import instant, read
from masthead.core.parse.entry import Surroundings, read_entry
from masthead.core.parse.names import Names, local
from masthead.core.parse.node import raw_text
from masthead.core.types import ParsedAuthor, ParsedEntry, ParsedMedia
from masthead.core.urls import absolute, host_of

_UNDATED = re.compile(r"\s*(?:0000-00-00.*)?\s*\Z")
_GALLERY = re.compile(r"\[gallery\b([^\]]*)\]", re.IGNORECASE)
_IDS = re.compile(r"(?:ids|include)\s*=\s*[\"']?([\d\s,]+)", re.IGNORECASE)
_ATTACHMENT = re.compile(rb"<wp:post_type>\s*(?:<!\[CDATA\[)?\s*attachment\b")
_MOST_PICTURES = 200
# What WordPress writes where it knows no date ("30 Nov -0001") lies before this.
_OLDEST = "1700"
# What a theme, a plugin or the editor keeps among the posts and no reader ever saw as one.
_DRAFTS = {"draft": "draft", "pending": "draft", "future": "draft", "auto-draft": "draft", "inherit": "revision"}
_HIDDEN = {"private": "private", "trash": "trash"}


def read_wordpress(piece: Piece, library: Library, wanted: Wanted) -> Iterator[Found]:
    """All that an export holds, in its order. Never raises: what cannot be read is `Refused`, and the rest goes on."""
    reader: _Reader | None = None
    try:
        with piece.open() as stream:
            for part in Splitter(stream, "item", "wp:comment").parts():
                if part.kind == "head":
                    reader = _Reader(part.data, piece.name, library, wanted)
                elif reader is not None:
                    yield reader.read(part)
    except Unreadable as error:
        yield Refused(piece.name, f"the rest: {error}")


def note_pictures(piece: Piece, library: Library) -> int:
    """Enter the export's attachments into the library; how many items there are.

    Never raises: the reading proper tells what is wrong.
    """
    frame: Frame | None = None
    site = ""
    items = 0
    try:
        with piece.open() as stream:
            for part in Splitter(stream, "item", "wp:comment").parts():
                if part.kind == "head":
                    frame = Frame.of(part.data)
                    site = publication_of(frame.head(part.data)).link
                    continue
                items += 1
                if part.kind == "item" and frame is not None and _ATTACHMENT.search(part.data):
                    element = frame.item(part.data)
                    if element is not None:
                        _note(element, site, library)
    except Unreadable:
        return items
    return items


def _note(element: etree._Element, site: str, library: Library) -> None:
    own = wordpress_fields(element)
    url = absolute(own.get("attachment_url", ""))
    if not url or not own.get("post_id", "").isdigit():
        return
    picture = Picture(url, one_line(_meta(element).get("_wp_attachment_image_alt", "")), one_line(_excerpt(element)))
    parent = own.get("post_parent", "")
    link = next((raw_text(child) for child in element if child.tag == "link"), "")
    library.add(site, int(own["post_id"]), picture, int(parent) if parent.isdigit() else 0, link)


class _Reader:
    """Reads the items of one export, given its head."""

    def __init__(self, head: bytes, name: str, library: Library, wanted: Wanted) -> None:
        self._frame = Frame.of(head)
        tree = self._frame.head(head)
        self._publication = publication_of(tree)
        if not self._publication.link and wanted.base:
            self._publication = replace(self._publication, link=wanted.base)
        self._authors = {} if tree is None else _authors(tree)
        version = "" if tree is None else wordpress_fields(tree).get("wxr_version", "")
        self._format = f"wxr-{version}" if version else "rss-2.0"
        self._name, self._library, self._wanted = name, library, wanted

    def read(self, part: Part) -> Found:
        where = f"{self._name} at byte {part.at:,}"
        if part.kind == "broken":
            return Refused(where, f"an item is broken: {part.reason}")
        element = self._frame.item(part.data)
        if element is None:
            return Refused(where, "an item cannot be read as XML")
        own = wordpress_fields(element)
        entry = read_entry(element, Surroundings(Names(element), "", page=self._publication.link))
        title = entry.title or own.get("post_name", "")
        if reason := self._reason(own):
            return LeftOut(where, reason, title, part.dropped)
        state: State = "draft" if own.get("status") in _DRAFTS else "published"
        if not (entry.title or entry.content_html.strip() or entry.summary_html.strip()):
            return LeftOut(where, "empty", title, part.dropped)
        return Post(
            entry=replace(self._whole(entry, element, own), original=part.data),
            publication=self._publication,
            format=self._format,
            where=f"{self._name}: {title or entry.link}"[:300],
            old=()
            if state == "draft"
            else (*_old(entry, own, _metas(element), self._publication), *self._hanging(own)),
            state=state,
            pictures=self._pictures(entry.content_html, own),
            comments=part.dropped,
        )

    def _reason(self, own: Mapping[str, str]) -> str:
        """Why an item is no article; "" when it is one."""
        kind, status = own.get("post_type", "post"), own.get("status", "publish")
        if kind == "attachment":
            return "attachment"
        if kind == "page" and not self._wanted.pages:
            return "page"
        if kind not in ("post", "page"):
            return f"other: {one_line(kind)[:40]}"
        if own.get("post_password"):
            return "password"
        if status in _HIDDEN:
            return _HIDDEN[status]
        if status in _DRAFTS:
            return "" if self._wanted.drafts and _DRAFTS[status] == "draft" else _DRAFTS[status]
        return "" if status == "publish" or self._format == "rss-2.0" else f"other: {one_line(status)[:40]}"

    def _whole(self, entry: ParsedEntry, element: etree._Element, own: Mapping[str, str]) -> ParsedEntry:
        """The entry with what WordPress says in elements of its own."""
        published, raw = entry.published, entry.published_raw
        gmt, here = own.get("post_date_gmt", ""), own.get("post_date", "")
        if not _UNDATED.match(gmt) and (found := instant(f"{gmt} +0000")):
            published, raw = found, f"{gmt} GMT"
        elif published is None or published < _OLDEST:
            # Only the local time is known: stated, but without a zone.
            local_time = None if _UNDATED.match(here) else read(here)
            published, raw = (local_time.iso(), here) if local_time else (None, "")
        modified = own.get("post_modified_gmt", "")
        updated = None if _UNDATED.match(modified) else instant(f"{modified} +0000")
        authors = tuple(replace(author, name=self._authors.get(author.name, author.name)) for author in entry.authors)
        lead = self._lead(own, _meta(element))
        return replace(
            entry,
            published=published,
            published_raw=raw,
            updated=updated or entry.updated,
            updated_raw=f"{modified} GMT" if updated else entry.updated_raw,
            authors=authors or _named(own, self._authors),
            summary_html=_excerpt(element) or entry.summary_html,
            categories=_categories(element) or entry.categories,
            media=(*((lead,) if lead else ()), *entry.media),
        )

    def _lead(self, own: Mapping[str, str], meta: Mapping[str, str]) -> ParsedMedia | None:
        number = meta.get("_thumbnail_id", "")
        picture = self._library.picture(self._publication.link, int(number)) if number.isdigit() else None
        if picture is None:
            return None
        return ParsedMedia(picture.url, medium="image", description=picture.caption or picture.alt)

    def _hanging(self, own: Mapping[str, str]) -> list[str]:
        """The old addresses of the files that hang on a post: where no copy of ours stands for one, the post does."""
        number = own.get("post_id", "")
        return self._library.addresses(self._publication.link, int(number)) if number.isdigit() else []

    def _pictures(self, content: str, own: Mapping[str, str]) -> dict[str, Picture]:
        """The pictures of the galleries in a text, by number; those that hang on the post where one names none."""
        numbers: list[int] = []
        site, post = self._publication.link, own.get("post_id", "")
        for gallery in _GALLERY.finditer(content):
            named = _IDS.search(gallery[1])
            if named:
                numbers += [int(number) for number in re.findall(r"\d{1,18}", named[1])]
            elif post.isdigit():
                numbers += self._library.children(site, int(post))
        found = ((number, self._library.picture(site, number)) for number in dict.fromkeys(numbers[:_MOST_PICTURES]))
        return {str(number): picture for number, picture in found if picture is not None}


def _authors(head: etree._Element) -> dict[str, str]:
    """Display names by login name."""
    found: dict[str, str] = {}
    for child in head:
        if is_wordpress(str(child.tag)) and local(str(child.tag)) == "author":
            own = wordpress_fields(child)
            full = f"{own.get('author_first_name', '')} {own.get('author_last_name', '')}".strip()
            if login := own.get("author_login"):
                found[login] = one_line(own.get("author_display_name") or full or login)
    return found


def _named(own: Mapping[str, str], authors: Mapping[str, str]) -> tuple[ParsedAuthor, ...]:
    login = own.get("post_author", "")
    return (ParsedAuthor(authors[login]),) if login in authors else ()


def _metas(element: etree._Element) -> list[tuple[str, str]]:
    rows = (wordpress_fields(child) for child in element if local(str(child.tag)) == "postmeta")
    return [(row["meta_key"], row.get("meta_value", "")) for row in rows if row.get("meta_key")]


def _meta(element: etree._Element) -> dict[str, str]:
    return dict(_metas(element))


def _excerpt(element: etree._Element) -> str:
    for child in element:
        if local(str(child.tag)) == "encoded" and "excerpt" in str(child.tag):
            return raw_text(child)
    return ""


def _categories(element: etree._Element) -> tuple[str, ...]:
    """Categories before tags: the section goes by the first that is known. "Uncategorised" is none."""
    groups: dict[str, list[str]] = {"category": [], "post_tag": []}
    for child in element:
        if local(str(child.tag)) == "category" and (kind := child.get("domain") or "category") in groups:
            name = one_line(raw_text(child))[:200]
            if name and (child.get("nicename") or "") not in ("uncategorized", "uncategorised"):
                groups[kind].append(name)
    return tuple(dict.fromkeys((*groups["category"], *groups["post_tag"])))[:100]


def _old(
    entry: ParsedEntry, own: Mapping[str, str], metas: list[tuple[str, str]], publication: Publication
) -> tuple[str, ...]:
    """Every address that led to a post: its permalink, that by number, its guid, and those of former slugs."""
    host = host_of(publication.link)
    found = [entry.link] if entry.link else []
    if number := own.get("post_id"):
        found.append(f"{publication.link.rstrip('/') or f'https://{host_of(entry.link)}'}/?p={number}")
    if entry.id_is_permalink or urlsplit(entry.id).scheme in ("http", "https"):
        found += [entry.id] if not host or host_of(entry.id).removeprefix("www.") == host.removeprefix("www.") else []
    slug = own.get("post_name", "")
    for key, former in metas:
        head, mark, tail = entry.link.rpartition(f"/{slug}") if slug else ("", "", "")
        if key == "_wp_old_slug" and former and mark:
            found.append(f"{head}/{former}{tail}")
    return tuple(dict.fromkeys(found))
