"""Feeds in three formats with a payload of each pack in every field of them and of their items."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from django.utils import timezone

from attack.packs import Pack, Pair, joined

PROSE = (
    "<p>The harbour board of Northhaven voted on Monday to repair the old ferry pier before the winter.</p>"
    "<p>Work on the pier begins in March and is to last until the autumn, its chair Ada Bell said.</p>"
)


def clean_xml(text: str) -> str:
    """Without what no XML can hold."""
    return "".join(
        c for c in text if c in "\t\n" or (ord(c) >= 32 and not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff")
    )


def body(pack: Pack, turn: int = 0) -> str:
    """Markup with each payload of a pack in every place of it that a publisher writes, each time in another order."""
    return PROSE + "".join(_places(pair, turn) for pair in pack)


def _places(pair: Pair, turn: int) -> str:
    text, attribute = pair.marked, pair.text.replace('"', "&quot;")
    places = [
        f"<h2>{text('h')}</h2>",
        f"<p>{text('p')}</p>",
        f'<p title="{attribute} {pair.mark("i")}">A word <a href="{attribute}">and one</a>.</p>',
        f'<figure><img src="https://pictures.example/{quote(pair.text[:40])}.jpg" alt="{attribute} {pair.mark("m")}"'
        f" width=800 height=600><figcaption>{text('c')}</figcaption></figure>",
        f"<blockquote>{text('q')}<cite>{text('k')}</cite></blockquote>",
        f"<ul><li>{text('l')}</ul>",
        f"<table><tr><td>{text('d')}</table>",
        f"<pre><code>{text('o')}</code></pre>",
        f'<p>Read more: <a href="https://other.example/report">{text("r")}</a></p>',
    ]
    # What swallows the rest of a text reaches another place first each time.
    first = (pair.times + turn) % len(places)
    return "".join(places[first:] + places[:first])


def rss(packs: Sequence[Pack], first: int = 1) -> bytes:
    now = timezone.now()
    items = []
    for number, pack in enumerate(packs, start=first):
        one = clean_xml(single(pack, number))
        e, a = escape(one), quoteattr(one)
        creators = each(pack, lambda p: f"<dc:creator>{field([p], 'y')}</dc:creator>")
        categories = each(pack, lambda p: f"<category>{field([p], 'g')}</category>")
        enclosures = each(pack, lambda p: f"<enclosure url={attr(p)} type={attr(p)} length='1'/>")
        at = (now - timedelta(minutes=number % 600)).strftime("%a, %d %b %Y %H:%M:%S +0000")
        items.append(
            f"<item><title>Report {number} {field(pack, 't')}</title>"
            f"<link>https://rss.example/{number}?x={escape(quote(one[:200]))}</link>"
            f"<guid isPermaLink='false'>{number} {e}</guid><pubDate>{at}</pubDate>"
            f"{creators}<author>a@b.example ({field(pack, 'u')})</author>"
            f"{categories}<comments>{e}</comments><source url={a}>{field(pack, 's')}</source>{enclosures}"
            f"<media:content url='https://pictures.example/{number}.jpg' medium='image'>"
            f"<media:title>{field(pack, 'e')}</media:title><media:credit>{field(pack, 'f')}</media:credit>"
            f"<media:description type='html'>{field(pack, 'j')}</media:description></media:content>"
            f"<description>{field(pack, 'v')}</description>"
            f"<content:encoded>{escape(clean_xml(body(pack, 0)))}</content:encoded></item>"
        )
    pack = packs[0]
    e = escape(clean_xml(single(pack, first)))
    return (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'"
        " xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:media='http://search.yahoo.com/mrss/'"
        " xmlns:cc='http://backend.userland.com/creativeCommonsRssModule'>"
        f"<channel><title>{field(pack, 'x')}</title><link>{e}</link><description>{field(pack, 'w')}</description>"
        f"<language>en</language><cc:license>{e}</cc:license><image><url>{e}</url><title>{e}</title></image>"
        f"{''.join(items)}</channel></rss>"
    ).encode()


def atom(packs: Sequence[Pack], first: int = 1) -> bytes:
    now = timezone.now()
    entries = []
    for number, pack in enumerate(packs, start=first):
        base = quoteattr(clean_xml(single(pack, number)))
        at = (now - timedelta(minutes=number % 600)).isoformat()
        links = each(pack, lambda p: f"<link rel='related' href={attr(p)} title={attr(p, 'n')}/>")
        authors = each(pack, lambda p: f"<author><name>{field([p], 'y')}</name><uri>{text_of(p)}</uri></author>")
        categories = each(pack, lambda p: f"<category term={attr(p)} label={attr(p, 'g')}/>")
        entries.append(
            f"<entry><title type='html'>Report {number} {field(pack, 't')}</title>"
            f"<id>tag:atom.example,2026:{number}</id><link href='https://atom.example/{number}'/>"
            f"{links}<updated>{at}</updated><published>{at}</published>{authors}{categories}"
            f"<rights>{field(pack, 'z')}</rights><summary type='html'>{field(pack, 'v')}</summary>"
            f"<content type='html' xml:base={base}>{escape(clean_xml(body(pack, 3)))}</content></entry>"
        )
    pack, e = packs[0], escape(clean_xml(single(packs[0], first)))
    return (
        "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'>"
        f"<title type='html'>{field(pack, 'x')}</title><subtitle type='html'>{field(pack, 'w')}</subtitle>"
        f"<id>tag:atom.example,2026:all</id><link href={quoteattr(clean_xml(single(pack, first)))}/>"
        f"<icon>{e}</icon><logo>{e}</logo>{''.join(entries)}</feed>"
    ).encode()


def json_feed(packs: Sequence[Pack], first: int = 1) -> bytes:
    now = timezone.now()
    items = [
        {
            "id": f"{number} {single(pack, number)}",
            "url": f"https://json.example/{number}",
            "external_url": single(pack, number),
            "title": f"Report {number} {joined(pack, 't')}",
            "content_html": body(pack, 6),
            "summary": joined(pack, "v"),
            "image": single(pack, number + 1),
            "banner_image": single(pack, number + 2),
            "date_published": (now - timedelta(minutes=number % 600)).isoformat(),
            "authors": [{"name": pair.marked("y"), "url": pair.text, "avatar": pair.text} for pair in pack],
            "tags": [pair.marked("g") for pair in pack],
            "attachments": [{"url": p.text, "mime_type": p.text, "title": p.marked("e")} for p in pack],
        }
        for number, pack in enumerate(packs, start=first)
    ]
    pack, one = packs[0], single(packs[0], first)
    data = {"version": "https://jsonfeed.org/version/1.1", "title": joined(pack, "x"), "home_page_url": one}
    data |= {"icon": one, "description": joined(pack, "w"), "favicon": one, "language": "en"}
    return json.dumps(data | {"items": items}).encode("utf-8", "replace")


def single(pack: Pack, number: int) -> str:
    """The payload of a pack that stands where only one can: another in each format and report."""
    return pack[number % len(pack)].text


def field(pack: Pack, letter: str) -> str:
    return escape(clean_xml(joined(pack, letter)))


def text_of(pair: Pair) -> str:
    return escape(clean_xml(pair.text))


def attr(pair: Pair, letter: str = "") -> str:
    return quoteattr(clean_xml(pair.marked(letter) if letter else pair.text))


def each(pack: Pack, write: Callable[[Pair], str]) -> str:
    return "".join(write(pair) for pair in pack)
