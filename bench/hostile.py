"""How long the worst input that we could think of takes: a megabyte each, through every door of the repairs.

    python bench/hostile.py [--size BYTES] [--only PART-OF-NAME]

Issue 3 allows no input more than 2 seconds. Tests assert no times (a busy machine would make them lie); this does not
assert either, it prints (CPU time, the slowest first), and its exit status is 1 when one took longer than the limit.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime

from masthead.core.extract import extract_page
from masthead.core.repair import EntryContext, clean_entry, clean_text
from masthead.core.types import ParsedEntry

LIMIT = 2.0
SEEN = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
LINK = "https://harbour.example/a/report"
# One piece, repeated until the size is reached.
PIECES = {
    "nested div": "<div>",
    "nested b and i": "<b><i>",
    "nested span closed late": "<span>x",
    "nested quotes": "<blockquote>x",
    "nested lists": "<ul><li>x",
    "nested tables": "<table><tr><td>",
    "unclosed p": "<p>x",
    "unclosed attributes": '<a href="',
    "unclosed comments": "<!-- ",
    "ampersands": "&",
    "ampersand amp": "&amp;",
    "amp without end": "&amp;amp",
    "less than": "<",
    "greater than": ">",
    "escaped tags open": "&lt;p&gt;",
    "escaped tag cut": "&lt;p ",
    "escaped twice": "&amp;lt;b&amp;gt;",
    "escaped image cut": "&lt;img src=",
    "blank lines": "\n",
    "spaces": " ",
    "breaks": "<br>",
    "breaks and spaces": "<br> \n",
    "no-break spaces": "&nbsp;",
    "no-break letters": "\xa0",
    "straight quotes": '"',
    "curly quotes": "“",
    "opening guillemets": "«x ",
    "quoted words": '"a b" said ',
    "apostrophes": "'",
    "dots": ".",
    "ellipses": "… ",
    "brackets": "[",
    "bracket pairs": "[a b=",
    "parentheses": "(",
    "code open": "<code>",
    "pre open": "<pre>x",
    "cdata": "<![CDATA[",
    "cdata ends": "]]>",
    "one letter": "a",
    "words": "word ",
    "sentences": "A word and another one. ",
    "capital words": "Anna Bell ",
    "misread": "Ã©",
    "misread twice": "ÃƒÂ©",
    "read more": "Read more: ",
    "read more lines": "Read more\n\n",
    "cards": '<p>Read more: <a href="/x">A title</a></p>',
    "links": '<a href="/x?utm_source=a">A title</a> ',
    "redirectors": '<a href="https://r.example/url?q=https%3A%2F%2Fb.example%2F">x</a>',
    "images": '<img src="/i.jpg" alt="Photo: A">',
    "images without end": '<img src="/i.jpg"',
    "srcset": "<img srcset='/a.jpg 1w, ",
    "figures": "<figure><img src=/a.jpg><figcaption>Photo: x",
    "the post": "The post ",
    "the post lines": "<p>The post x appeared first</p>",
    "subscribe": "Subscribe to ",
    "follow us": "<p>Follow us on</p>",
    "photo by": "Photo by ",
    "agency": " (AP",
    "by": "By Anna ",
    "times": "10:15 ",
    "dates": "3 March 2021 ",
    "short links": "https://ift.example/Ab3dE9 ",
    "short link lines": "https://ift.example/Ab3dE9 03, 2021 at 12:15AM\n",
    "mails": "a.b@",
    "mails in names": "a@b.example (",
    "bold headings": "<b>x</b><br><br>",
    "bold open": "<p><b>x",
    "table rows": "<tr><td>1<td>2",
    "controls": "\x01\u202e",
    "surrogates of emoji": "👩\u200d",
    "json": '{"a":[',
    "scripts": "<script>",
    "styles": "&lt;style&gt;",
    "shortcodes": '[caption id="a"]',
    "iframes": "<iframe src=//a.example/b>",
    "noscript": "<noscript><img src=/a.jpg>",
    "list items": "<li>Follow us on X",
    "hyphens": "-",
    "underscores": "_ ",
    "slashes": "/",
    "arabic": "اقرأ أيضا ",
    "russian": "Читайте также ",
}


def doors() -> dict[str, Callable[[str], object]]:
    """Every way in, by name."""
    context = EntryContext(feed_url="https://feeds.example/all", feed_title="Harbour Courier")
    long = "The council voted on Monday to rebuild the old bridge. " * 10
    return {
        "entry": lambda text: clean_entry(ParsedEntry(title="A", link=LINK, content_html=text), context, None, SEEN),
        "entry title": lambda text: clean_entry(
            ParsedEntry(title=text, link=LINK, summary_html=long), context, None, SEEN
        ),
        "text": lambda text: clean_text(text, LINK, SEEN),
        "page": lambda text: extract_page(
            f"<html><body><article><p>{long}</p>{text}</article></body></html>".encode("utf-8", "replace"),
            LINK,
            seen=SEEN,
        ),
    }


def measure(size: int, only: str) -> list[tuple[float, str]]:
    """Seconds of CPU (infinite: it raised) and name of each, slowest first; those over the limit at once."""
    found = []
    ways = doors()
    for way in ways.values():
        way("<p>Models are loaded once, and that is not counted.</p>")
    for piece_name, piece in PIECES.items():
        text = piece * (size // len(piece.encode("utf-8", "replace")))
        for door, way in ways.items():
            name = f"{door}: {piece_name}"
            if only not in name:
                continue
            began = time.process_time()
            try:
                way(text)
            except Exception as error:
                found.append((float("inf"), f"{name} (raises {type(error).__name__})"))
            else:
                found.append((time.process_time() - began, name))
            if found[-1][0] > LIMIT:
                print(f"{found[-1][0]:8.2f} s  {found[-1][1]}", flush=True)
    return sorted(found, reverse=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1_000_000, help="bytes of each input (default: 1,000,000)")
    parser.add_argument("--only", default="", help="only names that hold this")
    options = parser.parse_args()
    found = measure(options.size, options.only)
    print("slowest:")
    for seconds, name in found[:40]:
        print(f"{seconds:8.2f} s  {name}")
    raise SystemExit(1 if found and found[0][0] > LIMIT else 0)


if __name__ == "__main__":
    main()
