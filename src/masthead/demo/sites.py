"""The publishers' web pages: each with the furniture that real ones have around the text."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from importlib import resources
from string import Template

from masthead.demo import damage, feeds
from masthead.demo.markup import Desk, body, figure, inline, plain
from masthead.demo.timeline import Issued

_SERIF = "Georgia, 'Noto Serif', 'Noto Naskh Arabic', serif"
_SANS = "system-ui, 'Noto Sans', 'Noto Sans Arabic', sans-serif"
_ICONS = (
    '<link rel="icon" href="/favicon.ico" sizes="16x16 32x32 48x48">\n<link rel="apple-touch-icon" href="/icon.png">'
)


@cache
def _file(name: str) -> str:
    return (resources.files("masthead.demo") / "newsroom" / "pages" / name).read_text(encoding="utf-8")


def style() -> bytes:
    """The style sheet that all publishers share; each page sets its colour and face."""
    return _file("site.css").encode()


def article_page(desk: Desk, item: Issued, others: tuple[Issued, ...]) -> bytes:
    """The page of a report. `others`: what else the publisher has out, newest first."""
    report, words = item.report, desk.words
    kinds = damage.kinds_of(report, desk.press)
    author = "" if "no-author" in kinds else report.author or desk.publisher.desk
    published = desk.clock(item.published).isoformat() if item.published and "undated" not in kinds else ""
    picture = damage.body(figure(report, desk), kinds & {"lazy-images", "relative-links"}, desk, report)
    standfirst = plain(report.standfirst)
    related = [other for other in others if other.report.slug != report.slug]
    values = _shared(desk, others) | {
        "title": escape(report.title, quote=False),
        "title_attr": escape(report.title),
        "standfirst": inline(report.standfirst, desk),
        "standfirst_attr": escape(standfirst),
        "url": desk.page(report),
        "section": report.section,
        "category": escape(desk.publisher.categories[report.section]),
        "author_meta": f'<meta name="author" content="{escape(author)}">' if author else "",
        "picture_meta": f'<meta property="og:image" content="{desk.picture(report)}">' if report.scene else "",
        "time_meta": f'<meta property="article:published_time" content="{published}">' if published else "",
        "json_ld": _json_ld(desk, item, author, published),
        "byline": f'<span class="byline">{escape(words["by"])} {escape(author)}</span>' if author else "",
        "time": f'<time datetime="{published}">{published[:16].replace("T", " ")}</time>' if published else "",
        "picture": picture if report.scene else "",
        "body": damage.body(body(report, desk), kinds - {"mojibake"}, desk, report),
        "related": _links(desk, tuple(related[:3])),
    }
    return Template(_file("article.html")).substitute(values).encode()


def home_page(desk: Desk, items: tuple[Issued, ...]) -> bytes:
    """A publisher's front page."""
    blocks = "\n".join(
        f'<article><h2><a href="{desk.page(item.report)}">{escape(item.report.title)}</a></h2>'
        f"<p>{inline(item.report.standfirst, desk)}</p></article>"
        for item in items[: feeds.WINDOW]
    )
    values = _shared(desk, items) | {"items": blocks, "description": escape(desk.publisher.description)}
    return Template(_file("home.html")).substitute(values).encode()


def error_page(desk: Desk, status: int) -> bytes:
    """What stands where a page was."""
    site = escape(desk.publisher.name)
    return (
        f'<!DOCTYPE html><html lang="{desk.publisher.language}"><head><meta charset="utf-8"><title>{status} | {site}'
        f"</title></head><body><h1>{status}</h1><p>{desk.words['not_found']}</p></body></html>"
    ).encode()


def _shared(desk: Desk, items: tuple[Issued, ...]) -> dict[str, str]:
    """What every page of a publisher carries."""
    publisher, words = desk.publisher, desk.words
    names = dict.fromkeys(publisher.categories.values())
    site = escape(publisher.name)
    return {
        **{name: escape(text.format(site=publisher.name, title="")) for name, text in words.items()},
        "language": publisher.language,
        "direction": "rtl" if publisher.language == "ar" else "ltr",
        "site": site,
        "icons": _ICONS if publisher.mark else "",
        "accent": publisher.accent,
        "face": _SERIF if publisher.serif else _SANS,
        "feed_type": feeds.TYPES[publisher.format].partition(";")[0],
        "feed_path": publisher.feed_path,
        "nav": f'<li><a href="/">{words["home"]}</a></li>'
        + "".join(f"<li><a href='/'>{escape(n)}</a></li>" for n in names),
        "most_read_list": _links(desk, tuple(sorted(items, key=lambda i: len(i.report.title)))[:5]),
    }


def _links(desk: Desk, items: tuple[Issued, ...]) -> str:
    return "".join(f'<li><a href="{desk.page(i.report)}">{escape(i.report.title)}</a></li>' for i in items)


def _json_ld(desk: Desk, item: Issued, author: str, published: str) -> str:
    report = item.report
    values: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": report.title,
        "description": plain(report.standfirst),
        "mainEntityOfPage": desk.page(report),
        "inLanguage": desk.publisher.language,
        "publisher": {"@type": "NewsMediaOrganization", "name": desk.publisher.name, "url": f"{desk.base}/"},
    }
    if author:
        values["author"] = {"@type": "Person", "name": author}
    if published:
        values["datePublished"] = published
    if report.scene:
        values["image"] = [desk.picture(report)]
    if desk.publisher.licence:
        values["license"] = desk.publisher.licence
    return json.dumps(values, ensure_ascii=False).replace("</", "<\\/")
