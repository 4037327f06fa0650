"""RSS in JSON (scripting.com): RSS 2.0's names as JSON keys, restated as a JSON Feed."""

from __future__ import annotations

from typing import Any

_Json = dict[str, Any]


def as_json_feed(rss: _Json) -> _Json:
    """The `rss` object as a JSON Feed object; keys with "_" carry what JSON Feed has no name for."""
    channel = rss.get("channel")
    channel = channel if isinstance(channel, dict) else {}
    items = channel.get("item", rss.get("item", []))
    feed = {
        "title": channel.get("title", ""),
        "home_page_url": channel.get("link"),
        "description": channel.get("description"),
        "language": channel.get("language"),
        "_updated": channel.get("lastBuildDate") or channel.get("pubDate"),
        "_license": channel.get("copyright"),
        "items": [_item(item) for item in (items if isinstance(items, list) else [items]) if isinstance(item, dict)],
    }
    ttl = str(channel.get("ttl", ""))
    if ttl.isascii() and ttl.isdigit() and 0 < len(ttl) < 7:
        feed["_ttl"] = int(ttl)
    return feed


def _item(item: _Json) -> _Json:
    guid = item.get("guid")
    categories = item.get("category")
    words = categories if isinstance(categories, list) else [categories]
    enclosures = item.get("enclosure")
    files = enclosures if isinstance(enclosures, list) else [enclosures]
    return {
        "id": guid.get("#value") if isinstance(guid, dict) else guid,
        "url": item.get("link"),
        "title": item.get("title"),
        "author": {"name": item.get("author") or item.get("dc:creator")},
        "date_published": item.get("pubDate"),
        "_summary_html": item.get("description"),
        "content_html": item.get("content:encoded"),
        "_comments": item.get("comments"),
        "tags": [word.get("#value") if isinstance(word, dict) else word for word in words],
        "attachments": [
            {"url": one.get("url"), "mime_type": one.get("type"), "size_in_bytes": _size(one.get("length"))}
            for one in files
            if isinstance(one, dict)
        ],
    }


def _size(length: object) -> int | None:
    text = str(length)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
