"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from typing import Any

from masthead.pages import addresses
from masthead.site.outlets import icons
from masthead.site.outlets.feeds.atom import rfc3339
from masthead.site.outlets.feeds.channel import Channel, Item
from masthead.site.outlets.text import language_tag, xml_text


def write(channel: Channel) -> bytes:
    """The feed as a JSON Feed document."""
    number = channel.paging.number
    data: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.url,
        "feed_url": channel.self_url("json", number),
        "description": channel.description,
        "next_url": channel.self_url("json", number + 1) if channel.paging.has_next else "",
        "icon": addresses.absolute(icons.path("icon-512.png")),
        "favicon": addresses.absolute(icons.path("icon-192.png")),
        "language": channel.language,
        "hubs": [{"type": "WebSub", "url": hub} for hub in channel.hubs],
    }
    document = {name: value for name, value in data.items() if value}
    return json.dumps(
        {**document, "items": [_item(item) for item in channel.items]}, ensure_ascii=False, separators=(",", ":")
    ).encode()


def _item(item: Item) -> dict[str, Any]:
    """One item. `_masthead` is our extension: the source, and a date that is known to the day only."""
    card = item.card
    picture = card.picture if card.picture and not card.picture.drawn else None
    data: dict[str, Any] = {
        "id": item.id,
        "url": item.url,
        "external_url": item.original_url,
        "title": item.title,
        "content_html": item.html,
        "summary": xml_text(card.standfirst),
        "image": addresses.absolute(picture.src) if picture else "",
        "date_published": rfc3339(item.published) if item.published else "",
        "date_modified": rfc3339(item.updated),
        "authors": [{"name": name} for name in item.authors],
        "tags": list(item.categories),
        "language": language_tag(card.language),
        "_masthead": {
            "about": addresses.absolute(addresses.about()),
            "source": {"name": item.source_name, "url": item.source_url},
            **({"published_day": item.published_day} if item.published_day else {}),
        },
    }
    return {name: value for name, value in data.items() if value}
