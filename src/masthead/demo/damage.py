"""The damage that the sample newsroom's publishers do to their own items, by kind.

Each kind is a way in which real feeds and pages come broken (DESIGN section 1 shows the page that has them all).
Which items carry which is written at the items (`damage:` in their text files) and at the publishers (`habits`);
`carriers` lists them. `marks` are regular expressions that match what a reader would see of it, so that a test can
say that no reader does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from html.entities import codepoint2name

from masthead.demo.markup import Desk
from masthead.demo.press import Press
from masthead.demo.texts import Report

BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


@dataclass(frozen=True, slots=True)
class Damage:
    """A kind of damage. `marks`: what must be seen neither in the text nor in the markup of a clean article."""

    kind: str
    what: str
    marks: tuple[str, ...] = ()


KINDS: dict[str, Damage] = {
    damage.kind: damage
    for damage in (
        Damage(
            "leaked-card",
            "a card to a related report stands in the prose as escaped markup, with a root-relative link and a "
            "hot-linked picture",
            (
                r"<span",
                r"&lt;",
                r"<strong>(Read more|Читайте также|Leer más|Mehr zum Thema|Lire aussi|اقرأ أيضا)",
                r"/card/",
            ),
        ),
        Damage("inline-card", "the same card as real markup between two paragraphs", (r"/card/",)),
        Damage(
            "applet",
            "plain text with the tail that a web applet adds: short link, date, 'from SOURCE'",
            (r"sht\.localhost", r"\d{1,2}, 20\d\d at \d", r"– (Daily news|Новости дня)"),
        ),
        Damage("month-swallowed", "the date in the applet's tail has lost its month", (r"\d\d, 20\d\d at",)),
        Damage("no-zone", "the feed states the time without its zone"),
        Damage("undated", "the feed states no time"),
        Damage("no-author", "the feed names no author"),
        Damage(
            "double-escape",
            "entities in the title and summary are escaped twice",
            (r"&(amp;)?(amp|quot|lt|gt|[a-zA-Z]+(acute|grave|uml|tilde|cedil|quo)|#\d+);",),
        ),
        Damage(
            "mojibake",
            "UTF-8 was read as Windows-1252",
            (r"Ã[\u0080-\u00bf]", r"â€", r"[ÐÑ][\u0080-\u00bf‚„…†‡‹›]", r"[ØÙ][\u0080-\u00bf]"),
        ),
        Damage(
            "relative-links",
            "links and pictures are relative to the publisher's host",
            (r'(href|src)="/[^s]', r'"\.\./'),
        ),
        Damage("tracking-links", "links carry campaign parameters", (r"utm_", r"fbclid")),
        Damage("tracking-pixel", "an invisible picture counts readers", (r"pixel\.gif",)),
        Damage(
            "promo-newsletter",
            "an advertisement for the newsletter stands in the text",
            (
                r"[Ss]ubscribe to our newsletter",
                r"اشترك في نشرتنا",
                r"unseren Newsletter",
                r"nuestro boletín",
                r"notre lettre",
            ),
        ),
        Damage(
            "promo-appeared",
            "a line tells where the post appeared first",
            (
                r"appeared first on",
                r"erschien zuerst auf",
                r"se publicó primero",
                r"est apparu en premier",
                r"впервые появилась",
            ),
        ),
        Damage(
            "br-paragraphs", "paragraphs are parted by line breaks instead of being paragraphs", (r"<br\s*/?>\s*<br",)
        ),
        Damage(
            "uneven-paragraphs",
            "empty paragraphs, hard line breaks and runs of blanks",
            (r"<p>(\s|&nbsp;|\u00a0)*</p>",),
        ),
        Damage("lazy-images", "the picture's true address waits for a script", (r"data:image", r"data-src")),
        Damage("repeated-title", "the text begins with its own headline"),
        Damage("picture-gone", "the picture's address answers 404"),
        Damage("page-gone", "the page behind the summary answers 404"),
    )
}


def kinds_of(report: Report, press: Press) -> frozenset[str]:
    """The damage that an item carries: its own and its publisher's habits."""
    return report.damage | press.publishers[report.publisher].habits


def carriers(kind: str, press: Press) -> tuple[str, ...]:
    """The names (`publisher/slug`) of the items that carry a kind."""
    return tuple(report.key for report in press.reports.values() if kind in kinds_of(report, press))


def title(text: str, kinds: frozenset[str]) -> str:
    """A title as the publisher's feed has it (before the escaping that the format asks for)."""
    if "mojibake" in kinds:
        text = misread(text)
    return _as_entities(text) if "double-escape" in kinds else text


def summary(text: str, kinds: frozenset[str], desk: Desk, report: Report) -> str:
    """A summary as HTML with the publisher's damage."""
    if "mojibake" in kinds:
        text = misread(text)
    html = _as_entities(escape(text, quote=False)) if "double-escape" in kinds else escape(text, quote=False)
    if "tracking-pixel" in kinds:
        html += _pixel(desk, report)
    return html


def body(html: str, kinds: frozenset[str], desk: Desk, report: Report) -> str:
    """The text of a report as HTML with the publisher's damage."""
    for kind, damage in _BODY:
        if kind in kinds:
            html = damage(html, desk, report)
    return html


def link(address: str, kinds: frozenset[str]) -> str:
    """An item's link, with the campaign parameters of those who add them."""
    if "tracking-links" not in kinds:
        return address
    return f"{address}?utm_source=rss&utm_medium=feed&utm_campaign=daily"


def misread(text: str) -> str:
    """UTF-8 bytes read as Windows-1252, the five bytes it lacks as control characters."""
    return "".join(
        bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
        for byte in text.encode()
    )


def _as_entities(text: str) -> str:
    return "".join(
        f"&{codepoint2name[ord(character)]};"
        if ord(character) in codepoint2name and character not in "<>&"
        else ("&amp;" if character == "&" else character)
        for character in text
    )


def _card(desk: Desk, report: Report) -> str:
    other = desk.related(report)
    return (
        f"<span><strong>{desk.words['read_more']}</strong></span>\n"
        f'<img src="{desk.base}/card/{other.slug}.jpg" alt="{escape(other.caption or other.title)}" />\n'
        f'<figcaption><a href="/{other.section}/{other.slug}">{escape(other.title)}</a></figcaption>'
    )


def _after_paragraph(html: str, number: int, addition: str) -> str:
    parts = html.split("</p>\n")
    at = min(number, len(parts) - 1)
    if at < 1:
        return f"{html}\n{addition}"
    return "</p>\n".join(parts[:at]) + f"</p>\n{addition}\n" + "</p>\n".join(parts[at:])


def _leaked_card(html: str, desk: Desk, report: Report) -> str:
    return _after_paragraph(html, 2, f"<p>{escape(_card(desk, report))}</p>")


def _inline_card(html: str, desk: Desk, report: Report) -> str:
    return _after_paragraph(html, 2, f'<div class="read-more">{_card(desk, report)}</div>')


def _relative(html: str, desk: Desk, report: Report) -> str:
    return html.replace(f'"{desk.base}/media/', '"../media/').replace(f'"{desk.base}/', '"/')


def _tracked(html: str, desk: Desk, report: Report) -> str:
    return re.sub(
        r'href="([^"?]+)"', r'href="\1?utm_source=rss&amp;utm_medium=feed&amp;fbclid=IwAR2n0tARealClickId"', html
    )


def _pixel(desk: Desk, report: Report) -> str:
    return f'<img src="{desk.base}/pixel.gif?item={report.slug}" width="1" height="1" alt="" />'


def _with_pixel(html: str, desk: Desk, report: Report) -> str:
    return f"{html}\n{_pixel(desk, report)}"


def _newsletter(html: str, desk: Desk, report: Report) -> str:
    promo = f'<p><em><a href="{desk.base}/newsletter">{desk.words["newsletter"]}</a></em></p>'
    return _after_paragraph(html, 3, promo)


def _appeared(html: str, desk: Desk, report: Report) -> str:
    page = f'<a href="{desk.page(report)}">{escape(report.title)}</a>'
    site = f'<a href="{desk.base}/">{escape(desk.publisher.name)}</a>'
    return f"{html}\n<p>{desk.words['appeared'].format(title=page, site=site)}</p>"


def _breaks(html: str, desk: Desk, report: Report) -> str:
    html = re.sub(r"</p>\n<p>", "<br><br>\n", html)
    return re.sub(r"<p>((?:(?!</p>).)*?<br><br>(?:(?!</p>).)*)</p>", r"\1<br><br>", html, flags=re.S)


def _uneven(html: str, desk: Desk, report: Report) -> str:
    html = html.replace("</p>\n<p>", "</p>\n<p>&nbsp;</p>\n<p></p>\n<p>\u00a0 ")
    return re.sub(r"(?<=[a-zà-ÿ,]) (?=[a-zà-ÿ]{9,})", "\n      ", html)


def _lazy(html: str, desk: Desk, report: Report) -> str:
    return re.sub(
        r'<img src="([^"]+)"(?! width="1")',
        rf'<img class="lazyload" src="{BLANK}" data-src="\1" data-srcset="\1 1600w"',
        html,
    )


def _repeated_title(html: str, desk: Desk, report: Report) -> str:
    return f"<h1>{escape(report.title)}</h1>\n{html}"


def _misread(html: str, desk: Desk, report: Report) -> str:
    return misread(html)


_BODY: tuple[tuple[str, Callable[[str, Desk, Report], str]], ...] = (
    ("inline-card", _inline_card),
    ("leaked-card", _leaked_card),
    ("promo-newsletter", _newsletter),
    ("promo-appeared", _appeared),
    ("repeated-title", _repeated_title),
    ("tracking-links", _tracked),
    ("lazy-images", _lazy),
    ("tracking-pixel", _with_pixel),
    ("relative-links", _relative),
    ("uneven-paragraphs", _uneven),
    ("br-paragraphs", _breaks),
    ("mojibake", _misread),
)
