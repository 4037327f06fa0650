"""JSON Feed 1.0 and 1.1 (jsonfeed.org), and RSS in JSON. A list cut short gives the items that are whole."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import escape
from typing import Any

from masthead.core.dates import instant
from masthead.core.parse.errors import NotAFeed
from masthead.core.parse.loadjson import MAX_ITEMS, load
from masthead.core.parse.media import MAX_FILES
from masthead.core.parse.node import address, home, words_of
from masthead.core.parse.rssjson import as_json_feed
from masthead.core.types import FeedHints, ParsedAuthor, ParsedEntry, ParsedFeed, ParsedMedia

_VERSION = re.compile(r"jsonfeed\.org/version/(\d+(?:\.\d+)?)")
_Json = dict[str, Any]


def read_json(text: str, url: str) -> ParsedFeed:
    """The feed in a JSON document. Raises `NotAFeed`."""
    data, warnings, whole = load(text.lstrip("\ufeff"))
    if isinstance(data, dict) and isinstance(data.get("rss"), dict):
        data, form = as_json_feed(data["rss"]), "rss-json"
    elif isinstance(data, dict):
        found = _VERSION.search(str(data.get("version", "")))
        form = f"json-{found[1] if '.' in found[1] else found[1] + '.0'}" if found else "json-1.1"
        if found is None:
            warnings.append("the document states no version of JSON Feed")
        # What we call so comes from RSS in JSON; a publisher's own means whatever it likes.
        data.pop("_ttl", None)
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise NotAFeed('This is JSON, but no JSON Feed: it has no list "items"')
    if "version" not in data and not ({"title", "home_page_url", "feed_url"} & set(data)):
        raise NotAFeed("This is JSON, but no JSON Feed: it has neither version nor title")
    # Only whole items of a broken document are read.
    return replace(_feed(data, url, form, warnings), cut="" if whole else "between")


def _feed(data: _Json, url: str, form: str, warnings: list[str]) -> ParsedFeed:
    items = [item for item in data["items"] if isinstance(item, dict)]
    if len(items) < len(data["items"]):
        warnings.append(f"{len(data['items']) - len(items)} items are no objects and were left out")
    if len(items) > MAX_ITEMS:
        warnings.append(f"more than {MAX_ITEMS} items; the first {MAX_ITEMS} were read")
    page = home(_text(data, "home_page_url"), url)
    authors = _authors(data, page or url)
    language = _text(data, "language").replace("_", "-")[:35]
    hubs = (address(_text(hub, "url"), url) for hub in _objects(data, "hubs"))
    return ParsedFeed(
        format=form,
        title=words_of(_text(data, "title")),
        link=page,
        description=words_of(_text(data, "description")),
        language=language,
        updated=instant(_text(data, "_updated")),
        license=words_of(_text(data, "_license"))[:500],
        image=address(_text(data, "icon") or _text(data, "favicon"), url),
        icon=address(_text(data, "icon") or _text(data, "favicon"), url),
        hints=FeedHints(ttl=data["_ttl"]) if isinstance(data.get("_ttl"), int) else FeedHints(),
        hubs=tuple(dict.fromkeys(hub for hub in hubs if hub)),
        self_link=address(_text(data, "feed_url"), url),
        next_link=address(_text(data, "next_url"), url),
        entries=tuple(_entry(item, page or url, authors) for item in items[:MAX_ITEMS]),
        warnings=tuple(warnings),
    )


def _entry(item: _Json, base: str, authors: tuple[ParsedAuthor, ...]) -> ParsedEntry:
    link = address(_text(item, "url") or _text(item, "external_url"), base)
    identity = _text(item, "id")
    content = _text(item, "content_html") or _paragraphs(_text(item, "content_text"))
    published, updated = _text(item, "date_published"), _text(item, "date_modified")
    return ParsedEntry(
        id=identity[:4000],
        link=link or (address(identity) if identity.startswith(("http://", "https://")) else ""),
        title=words_of(_text(item, "title")),
        authors=_authors(item, base) or authors,
        published=instant(published),
        published_raw=published[:200],
        updated=instant(updated),
        updated_raw=updated[:200],
        summary_html=_text(item, "_summary_html") or escape(_text(item, "summary"), quote=False),
        content_html=content,
        categories=_tags(item),
        enclosures=_attachments(item, link or base),
        media=_pictures(item, link or base),
        license=words_of(_text(item, "_license"))[:500],
        language=_text(item, "language").replace("_", "-")[:35],
        base=link or base,
        comments=address(_text(item, "_comments"), base),
        original=json.dumps(item, ensure_ascii=False).encode("utf-8", "replace"),
        original_type="application/json",
    )


def _text(data: _Json, key: str) -> str:
    """A string; a number as one (ids often are); "" for everything else."""
    value = data.get(key)
    if isinstance(value, str):
        return value.strip().encode("utf-8", "ignore").decode("utf-8")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)[:100]
    return ""


def _objects(data: _Json, key: str) -> list[_Json]:
    """The objects of a list; one that stands where a list should is the list."""
    return [part for part in _listed(data, key) if isinstance(part, dict)]


def _listed(data: _Json, key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else [] if value is None else [value]


def _authors(data: _Json, base: str) -> tuple[ParsedAuthor, ...]:
    """`authors` (1.1), else `author` (1.0); some write names where objects should stand."""
    listed = _listed(data, "authors") or _listed(data, "author")
    objects = [{"name": one} if isinstance(one, str) else one for one in listed[:50] if isinstance(one, str | dict)]
    named = [ParsedAuthor(words_of(_text(one, "name")), "", address(_text(one, "url"), base)) for one in objects]
    return tuple(author for author in named if author.name or author.url)


def _paragraphs(text: str) -> str:
    """Plain text as HTML: blank lines part paragraphs."""
    parts = [escape(part.strip(), quote=False).replace("\n", "<br>\n") for part in re.split(r"\n\s*\n", text)]
    return "\n".join(f"<p>{part}</p>" for part in parts if part)


def _tags(item: _Json) -> tuple[str, ...]:
    """The tags; a text where a list should stand names them between commas."""
    tags = item.get("tags")
    listed = tags.split(",") if isinstance(tags, str) else _listed(item, "tags")
    words = [words_of(tag)[:200] for tag in listed if isinstance(tag, str)]
    return tuple(dict.fromkeys(word for word in words if word))[:100]


def _attachments(item: _Json, base: str) -> tuple[ParsedMedia, ...]:
    found = {}
    for one in _objects(item, "attachments")[:MAX_FILES]:
        if url := address(_text(one, "url"), base):
            size = one.get("size_in_bytes")
            length = int(size) if isinstance(size, int | float) and 0 <= size < 1e15 else None
            found[url] = ParsedMedia(url, _text(one, "mime_type"), length, words_of(_text(one, "title")))
    return tuple(found.values())


def _pictures(item: _Json, base: str) -> tuple[ParsedMedia, ...]:
    urls = dict.fromkeys(address(_text(item, key), base) for key in ("image", "banner_image"))
    return tuple(ParsedMedia(url, medium="image") for url in urls if url)
