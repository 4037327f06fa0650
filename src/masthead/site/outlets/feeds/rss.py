"""RSS 2.0 (rssboard.org/rss-specification) with Atom's self link, Dublin Core and Media RSS."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from lxml import etree

from masthead.pages import addresses
from masthead.site.outlets.feeds.channel import Channel, Item
from masthead.site.outlets.feeds.xml import ATOM, CONTENT, DC, MEDIA, add, media, serialise
from masthead.site.outlets.text import language_tag

NAMESPACES = {"atom": ATOM, "content": CONTENT, "dc": DC, "media": MEDIA}
TYPE = "application/rss+xml"


def rfc822(at: datetime) -> str:
    """A date as RSS wants it: RFC 822 with a year of four digits, in GMT."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def write(channel: Channel) -> bytes:
    """The feed as an RSS 2.0 document."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap=NAMESPACES)
    head = add(root, "channel")
    add(head, "title", channel.title)
    add(head, "link", channel.url)
    add(head, "description", escape(channel.description, quote=False))
    add(head, f"{{{ATOM}}}link", href=channel.self_url("rss", channel.paging.number), rel="self", type=TYPE)
    if channel.paging.has_next:
        add(head, f"{{{ATOM}}}link", href=channel.self_url("rss", channel.paging.number + 1), rel="next", type=TYPE)
    for hub in channel.hubs:
        add(head, f"{{{ATOM}}}link", href=hub, rel="hub")
    add(head, "language", channel.language)
    add(head, "lastBuildDate", rfc822(channel.updated))
    add(head, "generator", "Masthead")
    add(head, "docs", "https://www.rssboard.org/rss-specification")
    add(head, "ttl", "15")
    for item in channel.items:
        _item(head, item)
    return serialise(root)


def _item(head: etree._Element, item: Item) -> None:
    entry = add(head, "item")
    add(entry, "title", item.title)
    add(entry, "link", item.url)
    add(entry, "guid", item.id, isPermaLink="false")
    # RSS says that this is markup, and readers take it for that: text has to be escaped to be text.
    add(entry, "description", escape(item.card.standfirst or item.title, quote=False))
    if item.published:
        add(entry, "pubDate", rfc822(item.published))
    elif item.published_day:
        # RSS has no date without a time of day; Dublin Core has.
        add(entry, f"{{{DC}}}date", item.published_day)
    for author in item.authors:
        add(entry, f"{{{DC}}}creator", author)
    for category in item.categories:
        add(entry, "category", category)
    source = item.card.source
    add(entry, "source", item.source_name, url=addresses.absolute(addresses.feed(source.path, "rss")))
    if item.licence:
        add(entry, f"{{{DC}}}rights", item.licence)
    if language := language_tag(item.card.language):
        add(entry, f"{{{DC}}}language", language)
    add(entry, f"{{{CONTENT}}}encoded", item.html)
    media(entry, item.card.picture)
