"""Invented feeds, each written in many ways that mean the same: quotes, CDATA, prefixes, encodings, white space."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from random import Random

_listed = str.split
_WORDS = _listed(
    'harbour ship tide mill & lamp < wave > bridge it\'s "port" Öl naïve порт море 港 — café x<y a&b 5&nbsp; &lt; R&D'
    " signal fish I/O <b> ]] -- 100% €5"
)
_TITLES = ("AT&T <3 ships", "Порт закрыт", "Why <b> is bold", "Fish & chips", "R&amp;D", "5 < 6", "Ça va", "“Quoted”")
DC, CONTENT, ATOM = (
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/rss/1.0/modules/content/",
    "http://www.w3.org/2005/Atom",
)
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# Encodings that a document may say it is in; what they lack is written as a reference.
ENCODINGS = (
    "utf-8",
    "utf-8",
    "utf-8",
    "utf-16",
    "iso-8859-1",
    "windows-1251",
    "koi8-r",
    "gb18030",
    "shift_jis",
    "euc-jp",
    "us-ascii",
)


@dataclass(frozen=True)
class Report:
    """An item; the texts are HTML, the title is text."""

    id: str
    link: str
    title: str
    date: str
    author: str
    categories: tuple[str, ...]
    summary: str
    content: str


@dataclass(frozen=True)
class Style:
    """How a document is written down. Two styles of one kind mean the same."""

    kind: str
    quote: str = '"'
    wrap: str = "escaped"
    space: str = ""
    remark: str = ""
    prefixed: bool = False
    doctype: bool = False
    encoding: str = "utf-8"
    mark: bool = False
    line_end: str = "\n"
    before: str = ""
    after: str = ""


def reports(rng: Random) -> list[Report]:
    """A few items with ids of their own."""
    return [_report(rng, place) for place in range(rng.randrange(1, 5))]


def _report(rng: Random, place: int) -> Report:
    def prose(most: int) -> str:
        return " ".join(rng.choice(_WORDS) for _ in range(rng.randrange(1, most)))

    html = "".join(f"<p>{escape(prose(12), quote=False)}</p>" for _ in range(rng.randrange(1, 3)))
    link = f"https://paper.example/{place}?a=1&b={rng.randrange(1000)}"
    return Report(
        f"tag:paper.example,2024:{place}-{rng.randrange(10**6)}",
        link,
        rng.choice(_TITLES),
        f"2024-03-{rng.randrange(1, 29):02d}T12:00:0{place}+03:00",
        rng.choice(("Mira Hale", "José Núñez", "Анна Ким")),
        tuple(rng.sample(("sea", "law & order", "порт", "<tag>"), rng.randrange(3))),
        html,
        rng.choice(("", html + f'<p><a href="{escape(link)}">more</a> <img src="/a.jpg" alt="x > y"></p>')),
    )


def style(rng: Random, kind: str) -> Style:
    """Any way to write a document of this kind."""
    return Style(
        kind,
        rng.choice("\"'"),
        rng.choice(("escaped", "cdata", "numbers", "parts")),
        rng.choice(("", "\n  ", "\t")),
        rng.choice(("", "", "<!-- <item> & -->", "<?note <item>?>")),
        rng.random() < 0.4,
        rng.random() < 0.15,
        rng.choice(ENCODINGS),
        rng.random() < 0.2,
        rng.choice(("\n", "\r\n")),
        rng.choice(("", "", "\n\n ", "<!-- made by hand -->")),
        rng.choice(("", "", "\n<!-- cached: 0.1 s -->\n", "\n\n")),
    )


def text(words: str, style: Style) -> str:
    """Text as XML's character data."""
    if style.wrap == "cdata":
        return _section(words, style)
    if style.wrap == "numbers":
        return "".join(f"&#{ord(letter)};" if letter in "<>&'\"" else letter for letter in words)
    if style.wrap == "parts" and len(words) > 1:
        half = len(words) // 2
        return _section(words[:half], style) + escape(words[half:], quote=False)
    return escape(words, quote=False)


def _section(words: str, style: Style) -> str:
    """A CDATA section, where nothing in it wants a reference."""
    try:
        words.encode(style.encoding)
    except UnicodeEncodeError:
        return escape(words, quote=False)
    return escape(words, quote=False) if "]]" in words else f"<![CDATA[{words}]]>"


def written(style: Style, items: list[Report]) -> bytes:
    """The document in bytes."""
    if style.kind == "json":
        return _json(style, items)
    body = {"rss": _rss, "rdf": _rdf, "atom": _atom}[style.kind](style, items)
    doctype = "<!DOCTYPE rss [<!ENTITY copy '&#169;'>]>" if style.doctype else ""
    declared = f"<?xml version={style.quote}1.0{style.quote} encoding={style.quote}{style.encoding}{style.quote}?>"
    whole = f"{declared}{style.before}{doctype}{body}{style.after}".replace("\n", style.line_end)
    packed = whole.encode(style.encoding, "xmlcharrefreplace")
    return b"\xef\xbb\xbf" + packed if style.mark and style.encoding == "utf-8" else packed


def _json(style: Style, items: list[Report]) -> bytes:
    listed = [
        {
            "id": item.id, "url": item.link, "title": item.title, "date_published": item.date,
            "authors": [{"name": item.author}], "tags": list(item.categories), "summary": item.summary,
            "content_html": item.content,
        }
        for item in items
    ]  # fmt: skip
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "The Paper", "items": listed}
    written = json.dumps(feed, ensure_ascii=style.prefixed, indent=2 if style.space else None)
    packed = (style.space + written + style.space).encode()
    return b"\xef\xbb\xbf" + packed if style.mark else packed


def _parts(style: Style, pairs: list[tuple[str, str]]) -> str:
    """Elements with text, with what means nothing between them."""
    between = style.space + style.remark
    return between + between.join(
        f"<{tag}>{text(words, style)}</{tag.partition(' ')[0]}>" for tag, words in pairs if words
    )


def _rss_parts(style: Style, item: Report, guid: bool) -> str:
    q, dc, content = style.quote, "d" if style.prefixed else "dc", "c" if style.prefixed else "content"
    pairs = [("title", item.title), ("link", item.link), (f"{dc}:creator", item.author), (f"{dc}:date", item.date)]
    pairs += [(f"guid isPermaLink={q}false{q}", item.id)] if guid else []
    pairs += [("category" if guid else f"{dc}:subject", name) for name in item.categories]
    return _parts(style, [*pairs, ("description", item.summary), (f"{content}:encoded", item.content)])


def _spaces(style: Style) -> str:
    q, dc, content = style.quote, "d" if style.prefixed else "dc", "c" if style.prefixed else "content"
    return f" xmlns:{dc}={q}{DC}{q} xmlns:{content}={q}{CONTENT}{q}"


def _rss(style: Style, items: list[Report]) -> str:
    q = style.quote
    inner = "".join(f"{style.space}<item>{_rss_parts(style, item, True)}{style.space}</item>" for item in items)
    head = _parts(style, [("title", "The Paper"), ("link", "https://paper.example/"), ("description", "News & views")])
    return f"<rss version={q}2.0{q}{_spaces(style)}>{style.space}<channel>{head}{inner}{style.space}</channel></rss>"


def _rdf(style: Style, items: list[Report]) -> str:
    q, rdf = style.quote, "r" if style.prefixed else "rdf"
    inner = "".join(
        f"{style.space}<item {rdf}:about={q}{escape(item.id)}{q}>{_rss_parts(style, item, False)}</item>"
        for item in items
    )
    head = _parts(style, [("title", "The Paper"), ("link", "https://paper.example/")])
    opening = f"<{rdf}:RDF xmlns={q}http://purl.org/rss/1.0/{q} xmlns:{rdf}={q}{_RDF}{q}{_spaces(style)}>"
    return (
        f"{opening}{style.space}<channel {rdf}:about={q}https://paper.example/{q}>{head}</channel>{inner}</{rdf}:RDF>"
    )


def _atom(style: Style, items: list[Report]) -> str:
    q, a = style.quote, "a:" if style.prefixed else ""
    entries = []
    for item in items:
        html = f"type={q}html{q}"
        inner = _parts(style, [(f"{a}id", item.id), (f"{a}title", item.title), (f"{a}updated", item.date)])
        inner += f"<{a}link href={q}{escape(item.link)}{q}/>"
        inner += f"<{a}author><{a}name>{text(item.author, style)}</{a}name></{a}author>"
        inner += "".join(f"<{a}category term={q}{escape(name)}{q}/>" for name in item.categories)
        inner += _parts(style, [(f"{a}summary {html}", item.summary), (f"{a}content {html}", item.content)])
        entries.append(f"{style.space}<{a}entry>{inner}{style.space}</{a}entry>")
    space = f"xmlns:a={q}{ATOM}{q}" if style.prefixed else f"xmlns={q}{ATOM}{q}"
    return f"<{a}feed {space}>{_parts(style, [(f'{a}title', 'The Paper')])}{''.join(entries)}</{a}feed>"
