"""The publishers' feeds: RSS 2.0, RSS 1.0, Atom 1.0 and JSON Feed 1.1, as their content systems would write them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from masthead.demo import damage
from masthead.demo.markup import Desk, body, caption_of, figure, inline, plain
from masthead.demo.timeline import Issued

WINDOW = 40  # items in a feed at most, newest first

TYPES = {
    "rss2": "application/rss+xml; charset=utf-8",
    "rss1": "application/rdf+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


def write(desk: Desk, items: tuple[Issued, ...], changed: datetime) -> bytes:
    """The feed of a publisher. The same items give the same bytes."""
    return _WRITERS[desk.publisher.format](desk, items[:WINDOW], changed).encode()


def _text(text: str) -> str:
    return escape(text, quote=False)


def _kinds(item: Issued, desk: Desk) -> frozenset[str]:
    return damage.kinds_of(item.report, desk.press)


def _title(item: Issued, desk: Desk) -> str:
    return _text(damage.title(item.report.title, _kinds(item, desk)))


def _link(item: Issued, desk: Desk) -> str:
    return damage.link(desk.page(item.report), _kinds(item, desk))


def _category(item: Issued, desk: Desk) -> str:
    return desk.publisher.categories[item.report.section]


def _author(item: Issued, desk: Desk) -> str:
    return "" if "no-author" in _kinds(item, desk) else item.report.author or desk.publisher.desk


def _summary(item: Issued, desk: Desk) -> str:
    return damage.summary(plain(item.report.standfirst), _kinds(item, desk), desk, item.report)


def content(item: Issued, desk: Desk) -> str:
    """The whole text of an item as its feed carries it: HTML, with an applet's tail where one made it."""
    kinds = _kinds(item, desk)
    if "applet" in kinds:
        return _applet(item, desk, kinds)
    picture = figure(item.report, desk) + "\n" if item.report.scene else ""
    html = f"{picture}<p>{inline(item.report.standfirst, desk)}</p>\n{body(item.report, desk)}"
    return damage.body(html, kinds, desk, item.report)


def _applet(item: Issued, desk: Desk, kinds: frozenset[str]) -> str:
    html = f"{plain(item.report.standfirst)}\n{body(item.report, desk)}"
    if "leaked-card" in kinds:
        html = damage.body(html, kinds & {"leaked-card"}, desk, item.report)
    text = "<br /><br />\n".join(line.removeprefix("<p>").removesuffix("</p>") for line in html.split("\n"))
    at = desk.clock(item.published or item.order)
    date = f"{at:%d, %Y at %I:%M%p}" if "month-swallowed" in kinds else f"{at:%B %d, %Y at %I:%M%p}"
    return (
        f"{text}<br />\n{desk.short(item.report)} {date}<br />\n{desk.words['from'].format(site=desk.publisher.name)}"
    )


def _rfc822(item: Issued, desk: Desk) -> str:
    kinds = _kinds(item, desk)
    if item.published is None or "undated" in kinds:
        return ""
    local = desk.clock(item.published)
    if "no-zone" in kinds:
        return f"{local:%a, %d %b %Y %H:%M:%S}"
    return format_datetime(local)


def _iso(at: datetime | None, desk: Desk) -> str:
    return "" if at is None else desk.clock(at).isoformat()


def _element(name: str, value: str) -> str:
    return f"<{name}>{value}</{name}>" if value else ""


def _licence(desk: Desk, element: str) -> str:
    return _element(element, _text(desk.publisher.licence))


def _rss2(desk: Desk, items: tuple[Issued, ...], changed: datetime) -> str:
    publisher = desk.publisher
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:creativeCommons='
        '"http://backend.userland.com/creativeCommonsRssModule"><channel>',
        _element("title", _text(publisher.name)),
        _element("link", f"{desk.base}/"),
        _element("description", _text(publisher.description)),
        _element("language", publisher.language),
        f'<atom:link rel="self" type="application/rss+xml" href="{desk.base}{publisher.feed_path}"/>',
        _element("lastBuildDate", format_datetime(changed.astimezone(UTC), usegmt=True)),
        _element("ttl", "5"),
        _licence(desk, "creativeCommons:license" if "://" in publisher.licence else "copyright"),
    ]
    for item in items:
        parts += [
            "<item>",
            _element("title", _title(item, desk)),
            _element("link", _text(_link(item, desk))),
            f'<guid isPermaLink="false">{publisher.key}-{item.report.slug}</guid>',
            _element("pubDate", _rfc822(item, desk)),
            _element("dc:creator", _text(_author(item, desk))),
            _element("category", _text(_category(item, desk))),
            _element("description", _text(_summary(item, desk) if not _is_applet(item, desk) else content(item, desk))),
        ]
        if publisher.whole and not _is_applet(item, desk):
            parts.append(f"<content:encoded><![CDATA[{content(item, desk)}]]></content:encoded>")
        elif item.report.scene and not publisher.whole:
            parts.append(_media(item, desk))
        parts.append("</item>")
    return "\n".join(part for part in (*parts, "</channel></rss>") if part)


def _is_applet(item: Issued, desk: Desk) -> bool:
    return "applet" in _kinds(item, desk)


def _media(item: Issued, desk: Desk) -> str:
    return (
        f'<media:content url="{desk.picture(item.report)}" medium="image" type="image/jpeg">'
        f"<media:description>{_text(item.report.caption or item.report.title)}</media:description>"
        f"<media:credit>{_text(item.report.credit or desk.publisher.name)}</media:credit></media:content>"
    )


def _rss1(desk: Desk, items: tuple[Issued, ...], changed: datetime) -> str:
    publisher = desk.publisher
    order = "".join(f'<rdf:li rdf:resource="{escape(_link(item, desk))}"/>' for item in items)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">',
        f'<channel rdf:about="{desk.base}{publisher.feed_path}">',
        _element("title", _text(publisher.name)),
        _element("link", f"{desk.base}/"),
        _element("description", _text(publisher.description)),
        _element("dc:language", publisher.language),
        _element("dc:date", _iso(changed, desk)),
        f"<items><rdf:Seq>{order}</rdf:Seq></items></channel>",
    ]
    for item in items:
        parts += [
            f'<item rdf:about="{escape(_link(item, desk))}">',
            _element("title", _title(item, desk)),
            _element("link", _text(_link(item, desk))),
            _element("description", _text(_summary(item, desk))),
            _element("dc:date", "" if "undated" in _kinds(item, desk) else _iso(item.published, desk)),
            _element("dc:creator", _text(_author(item, desk))),
            _element("dc:subject", _text(_category(item, desk))),
            f"<content:encoded><![CDATA[{content(item, desk)}]]></content:encoded>",
            "</item>",
        ]
    return "\n".join(part for part in (*parts, "</rdf:RDF>") if part)


def _atom(desk: Desk, items: tuple[Issued, ...], changed: datetime) -> str:
    publisher = desk.publisher
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{publisher.language}">',
        _element("id", f"tag:{publisher.key}.localhost,2020:feed"),
        _element("title", _text(publisher.name)),
        _element("subtitle", _text(publisher.description)),
        f'<link rel="alternate" type="text/html" href="{desk.base}/"/>',
        f'<link rel="self" type="application/atom+xml" href="{desk.base}{publisher.feed_path}"/>',
        f'<link rel="license" href="{escape(publisher.licence)}"/>' if "://" in publisher.licence else "",
        _element("updated", _iso(changed, desk)),
        f"<author><name>{_text(publisher.name)}</name></author>",
    ]
    for item in items:
        author = _author(item, desk)
        parts += [
            "<entry>",
            _element("id", f"tag:{publisher.key}.localhost,2020:{item.report.slug}"),
            _element("title", _title(item, desk)),
            f'<link rel="alternate" type="text/html" href="{escape(_link(item, desk))}"/>',
            _element("published", "" if "undated" in _kinds(item, desk) else _iso(item.published, desk)),
            _element("updated", _iso(item.updated or item.order, desk)),
            f"<author><name>{_text(author)}</name></author>" if author else "",
            f'<category term="{escape(_category(item, desk))}"/>',
            f'<summary type="html">{_text(_summary(item, desk))}</summary>',
            f'<content type="html">{_text(content(item, desk))}</content>' if publisher.whole else "",
            "</entry>",
        ]
    return "\n".join(part for part in (*parts, "</feed>") if part)


def _json(desk: Desk, items: tuple[Issued, ...], changed: datetime) -> str:
    publisher = desk.publisher
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": publisher.name,
        "home_page_url": f"{desk.base}/",
        "feed_url": f"{desk.base}{publisher.feed_path}",
        "description": publisher.description,
        "language": publisher.language,
        "items": [_json_item(item, desk) for item in items],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_item(item: Issued, desk: Desk) -> dict[str, Any]:
    kinds = _kinds(item, desk)
    values: dict[str, Any] = {
        "id": f"{desk.base}/id/{item.report.slug}",
        "url": _link(item, desk),
        "title": damage.title(item.report.title, kinds),
        "summary": plain(item.report.standfirst),
        "content_html": content(item, desk),
        "tags": [_category(item, desk)],
    }
    if item.report.scene:
        values["image"] = desk.picture(item.report)
        values["_picture"] = {"caption": caption_of(item.report, desk)}
    if item.published and "undated" not in kinds:
        values["date_published"] = _iso(item.published, desk)
        values["date_modified"] = _iso(item.updated, desk)
    if author := _author(item, desk):
        values["authors"] = [{"name": author}]
    return values


_WRITERS: dict[str, Callable[[Desk, tuple[Issued, ...], datetime], str]] = {
    "rss2": _rss2,
    "rss1": _rss1,
    "atom": _atom,
    "json": _json,
}
