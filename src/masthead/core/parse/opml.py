"""OPML 1.0 to 2.0: lists of feeds, read whole however broken, and written.

Every line that should be a feed becomes one or is reported with its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import unescape
from xml.sax.saxutils import quoteattr

from masthead.core.characters import one_line
from masthead.core.parse.decode import decode
from masthead.core.urls import absolute, without_feed_scheme

MAX_FEEDS = 200_000
# An element reaches to the next one: its values may hold unescaped markup, so that its ">" is the last before that.
_OUTLINE = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<end>/)(?:[\w.\-]{1,20}:)?outline"
    r"|<(?:[\w.\-]{1,20}:)?outline(?=[\s/>])"
    r"(?P<attributes>(?:[^<]|<(?!/?(?:[\w.\-]{1,20}:)?outline[\s/>]|/body|/opml|!--))*+)",
    re.DOTALL | re.IGNORECASE,
)
_WHOLE = re.compile(r"""(?:\s+[A-Za-z_:][\w:.\-]*\s*=\s*(?:"[^"<]*+"|'[^'<]*+'))*+\s*/?\s*\Z""")
_ATTRIBUTE = re.compile(r"""(?<![\w:.\-])([A-Za-z_:][\w:.\-]*+)\s*+=\s*+(?:"([^"]*)"|'([^']*)')""")
# In a broken element a value goes to the quote that another attribute or the end follows.
_BROKEN_ATTRIBUTE = re.compile(
    r"""(?<![\w:.\-])([A-Za-z_:][\w:.\-]*+)\s*+=\s*+(?:"(.*?)"(?=\s*(?:/?\s*\Z|[A-Za-z_:][\w:.\-]*\s*=))"""
    r"""|'(.*?)'(?=\s*(?:/?\s*\Z|[A-Za-z_:][\w:.\-]*\s*=))|([^\s"'>]+))""",
    re.DOTALL,
)
# A line of a plain list: an address and nothing, or a name after a blank.
_PLAIN = re.compile(r"(?:feed:)?(?:https?:)?//[^\s<>\"]+(?:\s[^<>]*)?\Z", re.IGNORECASE)
# Our own attributes; OPML 2.0 allows those of other namespaces, which other programs pass over.
_OURS = "masthead:"
_NAMESPACE = "urn:masthead:opml"
_MAX_BROKEN = 8_000
_MAX_WORDS = 500
_MAX_DEPTH = 50


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed in a list: its address (absolute), name, home page, and the folders it is in, outermost first.

    `settings`: what we wrote beside it that other programs ignore (attributes in our own namespace), by name.
    """

    url: str
    title: str = ""
    home_url: str = ""
    folders: tuple[str, ...] = ()
    language: str = ""
    description: str = ""
    line: int = 0
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ListProblem:
    """A line of a list that gives no feed, and why. `again`: because an earlier line gives it already."""

    line: int
    reason: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class FeedList:
    """What a list held. A feed that is listed twice (same address and folder) is a problem, not a feed."""

    feeds: tuple[ListedFeed, ...]
    problems: tuple[ListProblem, ...]
    title: str = ""


def read(body: bytes) -> FeedList:
    """Read a list: OPML, or text with an address a line. Never raises: what is neither gives a problem that says so."""
    text = decode(body).text
    reader = _Reader(text)
    for token in _OUTLINE.finditer(text):
        if token["end"]:
            reader.close()
        elif token["attributes"] is not None:
            reader.open(token)
    if not reader.outlines and not reader.plain():
        reader.problems.append(ListProblem(1, "this is no OPML list: it has no <outline> element"))
    title = re.search(r"<title>([^<]{0,500})</title>", text, re.IGNORECASE)
    return FeedList(tuple(reader.feeds), tuple(reader.problems), _words(title[1]) if title else "")


def _words(text: str) -> str:
    return _short(unescape(text))


def _short(text: str) -> str:
    return one_line(text)[:_MAX_WORDS].strip()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._line, self._counted = 1, 0
        self._folders: list[str] = []
        self._seen: set[tuple[str, tuple[str, ...]]] = set()
        self.feeds: list[ListedFeed] = []
        self.problems: list[ListProblem] = []
        self.outlines = 0

    def close(self) -> None:
        if self._folders:
            self._folders.pop()

    def open(self, token: re.Match[str]) -> None:
        self.outlines += 1
        self._line += self._text.count("\n", self._counted, token.start())
        self._counted = token.start()
        attributes, closed, _ = token["attributes"].rpartition(">")
        if not closed:
            attributes = token["attributes"]
            self.problems.append(ListProblem(self._line, "the element is cut off; what could be read of it was kept"))
        values = _values(attributes)
        title = _short(values.get("title") or values.get("text") or "")
        self._feed(values, title)
        if closed and not attributes.rstrip().endswith("/") and len(self._folders) < _MAX_DEPTH:
            self._folders.append("" if values.get("xmlurl") else title)

    def _feed(self, values: dict[str, str], title: str) -> None:
        is_feed = values.get("type", "").lower() in ("rss", "atom")
        address = values.get("xmlurl") or values.get("feedurl") or (values.get("url", "") if is_feed else "")
        # In a broken element what stands behind the address may seem to belong to it.
        address = re.split('["<>]', address, maxsplit=1)[0].strip()
        if not address:
            page = values.get("htmlurl") or values.get("url")
            if is_feed or "xmlurl" in values:
                why = f"{title or 'an outline'!r} is a feed without an address (xmlUrl)"
                self.problems.append(ListProblem(self._line, why))
            elif page:
                why = f"{title or 'an outline'!r} names a page and no feed (xmlUrl): {page[:200]}"
                self.problems.append(ListProblem(self._line, why))
            return
        folders = tuple(folder for folder in self._folders if folder)
        home, words = absolute(values.get("htmlurl", "")), _short(values.get("description", ""))
        ours = tuple((name[len(_OURS) :], _short(value)) for name, value in values.items() if name.startswith(_OURS))
        self._add(ListedFeed(address, title, home, folders, values.get("language", "")[:35], words, self._line, ours))

    def _add(self, listed: ListedFeed) -> None:
        """Take a feed whose address is as written."""
        url = absolute(without_feed_scheme(listed.url))
        if not url:
            reason = f"{listed.url[:200]!r} is not an http or https address"
            self.problems.append(ListProblem(listed.line, reason))
        elif (url, listed.folders) in self._seen:
            self.problems.append(ListProblem(listed.line, f"{url} is in the list already", again=True))
        elif len(self.feeds) >= MAX_FEEDS:
            self.problems.append(ListProblem(listed.line, f"more than {MAX_FEEDS} feeds; this one was left out"))
        else:
            self._seen.add((url, listed.folders))
            self.feeds.append(replace(listed, url=url))

    def plain(self) -> bool:
        """Take the text as a list with an address a line ("#": a remark); False when it does not look like one."""
        lines = [(number, line.strip()) for number, line in enumerate(self._text.splitlines(), 1)]
        lines = [(number, line) for number, line in lines if line and not line.startswith("#")]
        addresses = sum(bool(_PLAIN.match(line)) for _, line in lines)
        if not addresses or addresses * 2 < len(lines):
            return False
        for number, line in lines:
            address, _, title = line.partition(" ")
            self._add(ListedFeed(address, _short(title), line=number))
        return True


def _values(attributes: str) -> dict[str, str]:
    """The attributes by name in lower case, whole (addresses may be long); of a name that is given twice, the first."""
    pairs: list[tuple[str, ...]] = []
    if _WHOLE.match(attributes):
        pairs = _ATTRIBUTE.findall(attributes)
    else:
        pairs = _BROKEN_ATTRIBUTE.findall(attributes[:_MAX_BROKEN].rstrip().removesuffix("/"))
    found: dict[str, str] = {}
    for name, *values in pairs:
        found.setdefault(name.lower(), one_line(unescape(next(filter(None, values), ""))))
    return found


def write(feeds: Iterable[ListedFeed], title: str = "") -> bytes:
    """An OPML 2.0 list in UTF-8, folders as nested outlines, in the order given (folders where they first occur)."""
    root: dict[str, object] = {}
    for feed in feeds:
        node = root
        for folder in feed.folders:
            inner = node.setdefault(f"folder:{folder}", {})
            assert isinstance(inner, dict)
            node = inner
        node[f"feed:{feed.url}"] = feed
    opening = f'<opml version="2.0" xmlns:masthead="{_NAMESPACE}">'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', opening, "  <head>"]
    lines += [f"    <title>{_escaped(title)}</title>", "  </head>", "  <body>"]
    lines += [*_outlines(root, 2), "  </body>", "</opml>", ""]
    return "\n".join(lines).encode()


def _escaped(text: str) -> str:
    return one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(name: str, value: str) -> str:
    return f" {name}={quoteattr(one_line(value))}" if value else ""


def _outlines(node: dict[str, object], depth: int) -> list[str]:
    lines: list[str] = []
    pad = "  " * depth
    for key, part in node.items():
        if isinstance(part, ListedFeed):
            name = one_line(part.title) or part.url
            parts = [("type", "rss"), ("text", name), ("title", name), ("xmlUrl", part.url), ("htmlUrl", part.home_url)]
            parts += [("language", part.language), ("description", part.description)]
            parts += [(f"{_OURS}{name}", value) for name, value in part.settings]
            lines.append(f"{pad}<outline{''.join(_attribute(*pair) for pair in parts)}/>")
        elif isinstance(part, dict):
            name = key.removeprefix("folder:")
            lines.append(f"{pad}<outline{_attribute('text', name)}{_attribute('title', name)}>")
            lines += [*_outlines(part, depth + 1), f"{pad}</outline>"]
    return lines
