"""Atom 1.0 (RFC 4287), with pages (RFC 5005) and Media RSS."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import etree

from masthead.pages import addresses
from masthead.site.outlets import icons
from masthead.site.outlets.feeds.channel import Channel, Item
from masthead.site.outlets.feeds.xml import ATOM, MEDIA, XML_LANG, add, media, serialise
from masthead.site.outlets.text import language_tag

NAMESPACES = {None: ATOM, "media": MEDIA}
TYPE = "application/atom+xml"


def rfc3339(at: datetime) -> str:
    """A date as Atom and JSON Feed want it, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _name(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def write(channel: Channel) -> bytes:
    """The feed as an Atom document."""
    root = etree.Element(_name("feed"), nsmap=NAMESPACES)
    root.set(XML_LANG, channel.language)
    add(root, _name("id"), channel.self_url("atom"))
    add(root, _name("title"), channel.title)
    add(root, _name("subtitle"), channel.description)
    add(root, _name("updated"), rfc3339(channel.updated))
    add(root, _name("link"), rel="self", type=TYPE, href=channel.self_url("atom", channel.paging.number))
    add(root, _name("link"), rel="alternate", type="text/html", href=channel.url)
    if channel.paging.number > 1:
        add(root, _name("link"), rel="previous", type=TYPE, href=channel.self_url("atom", channel.paging.number - 1))
    if channel.paging.has_next:
        add(root, _name("link"), rel="next", type=TYPE, href=channel.self_url("atom", channel.paging.number + 1))
    for hub in channel.hubs:
        add(root, _name("link"), rel="hub", href=hub)
    add(root, _name("generator"), "Masthead")
    add(root, _name("icon"), addresses.absolute(icons.path("icon-192.png")))
    for item in channel.items:
        _entry(root, item)
    return serialise(root)


def _entry(root: etree._Element, item: Item) -> None:
    card = item.card
    entry = add(root, _name("entry"))
    if language := language_tag(card.language):
        entry.set(XML_LANG, language)
    add(entry, _name("id"), item.id)
    add(entry, _name("title"), item.title)
    add(entry, _name("updated"), rfc3339(item.updated))
    if item.published:
        add(entry, _name("published"), rfc3339(item.published))
    add(entry, _name("link"), rel="alternate", type="text/html", href=item.url)
    if item.original_url:
        add(entry, _name("link"), rel="via", type="text/html", href=item.original_url)
    _authors(entry, item)
    for category in item.categories:
        add(entry, _name("category"), term=category)
    if item.licence:
        add(entry, _name("rights"), item.licence)
    if card.standfirst:
        add(entry, _name("summary"), card.standfirst)
    add(entry, _name("content"), item.html, type="html")
    media(entry, card.picture)


def _authors(entry: etree._Element, item: Item) -> None:
    """Those of the byline; RFC 4287 wants an author, so where none is stated it is the publisher."""
    for name in item.authors:
        add(add(entry, _name("author")), _name("name"), name)
    if not item.authors:
        author = add(entry, _name("author"))
        add(author, _name("name"), item.source_name)
        if item.source_url:
            add(author, _name("uri"), item.source_url)
