"""Names of elements, whatever prefix a publisher chose: `dc:creator`, `content:encoded`, `atom:link`, `title`.

Namespaces are known by their address, compared without case, scheme and closing slash, because publishers get
these wrong; a prefix that was never declared is taken for what it says.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from lxml import etree

# Canonical prefix -> addresses, as `_fold` leaves them. RSS's own elements have the prefix "".
_NAMESPACES = {
    "": (
        "backend.userland.com/rss",
        "backend.userland.com/rss2",
        "backend.userland.com/rss091",
        "blogs.law.harvard.edu/tech/rss",
        "cyber.law.harvard.edu/rss",
        "cyber.law.harvard.edu/rss/rss.html",
        "my.netscape.com/rdf/simple/0.9",
        "my.netscape.com/publish/formats/rss-0.91.dtd",
        "channel.netscape.com/rdf/simple/0.9",
        "purl.org/rss/1.0",
        "purl.org/net/rss1.1#",
        "rssnamespace.org/feeds/rss",
        "www.rssboard.org/rss-specification",
    ),
    "atom": (
        "www.w3.org/2005/atom",
        "purl.org/atom/ns#",
        "purl.org/atom/ns",
        "example.com/newformat#",
        "example.com/necho",
        "purl.org/echo",
        "uri/of/echo/namespace#",
    ),
    "rdf": ("www.w3.org/1999/02/22-rdf-syntax-ns#", "www.w3.org/1999/02/22-rdf-syntax-ns"),
    "dc": ("purl.org/dc/elements/1.1", "purl.org/dc/elements/1.0"),
    "dcterms": ("purl.org/dc/terms",),
    "content": ("purl.org/rss/1.0/modules/content",),
    "sy": ("purl.org/rss/1.0/modules/syndication",),
    "itunes": ("www.itunes.com/dtds/podcast-1.0.dtd", "example.com/dtds/podcast-1.0.dtd"),
    "media": ("search.yahoo.com/mrss", "tools.search.yahoo.com/mrss", "video.search.yahoo.com/mrss"),
    "cc": (
        "backend.userland.com/creativecommonsrssmodule",
        "web.resource.org/cc",
        "creativecommons.org/ns#",
        "cyber.law.harvard.edu/rss/creativecommonsrssmodule.html",
    ),
    "xhtml": ("www.w3.org/1999/xhtml", "www.w3.org/tr/xhtml1"),
    "feedburner": ("rssnamespace.org/feedburner/ext/1.0", "feeds.feedburner.com/~d/styles"),
    "fh": ("purl.org/syndication/history/1.0",),
    "xml": ("www.w3.org/xml/1998/namespace",),
    "thr": ("purl.org/syndication/thread/1.0",),
    "georss": ("www.georss.org/georss", "www.georss.org/georss/10"),
    "gml": ("www.opengis.net/gml",),
    "geo": ("www.w3.org/2003/01/geo/wgs84_pos#", "www.w3.org/2003/01/geo/wgs84_pos"),
    "podcast": (
        "podcastindex.org/namespace/1.0",
        "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
    ),
    "googleplay": ("www.google.com/schemas/play-podcasts/1.0",),
}
_PREFIXES = {address: prefix for prefix, addresses in _NAMESPACES.items() for address in addresses}
# What a prefix that nobody declared must mean.
_KNOWN_PREFIXES = frozenset(_NAMESPACES) - {""} | {"creativecommons", "dcterms", "atom10", "a10"}
_SAME = {"creativecommons": "cc", "atom10": "atom", "a10": "atom", "rss": ""}
UNDECLARED = "urn:undeclared:"

XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def _fold(address: str) -> str:
    return address.lower().strip().removeprefix("http://").removeprefix("https://").rstrip("/")


def prefix_of(address: str) -> str | None:
    """The canonical prefix of a namespace, None when it is not known."""
    if address.startswith(UNDECLARED):
        prefix = address.removeprefix(UNDECLARED).lower()
        return _SAME.get(prefix, prefix if prefix in _KNOWN_PREFIXES else None)
    return _PREFIXES.get(_fold(address))


class Names(dict[Any, str]):
    """Canonical name of each tag of one document, looked up once. Unknown namespaces give "?:name".

    The keys are what lxml gives as a tag: strings, but for what is no element.
    """

    def __init__(self, root: etree._Element) -> None:
        tag = str(root.tag)
        address, name = _split(tag)
        known = prefix_of(address)
        # Elements without namespace, or in the unknown one of the document element, are the format's own.
        self._own = "atom" if name.lower() in ("feed", "entry") and known in (None, "", "atom") else ""
        self._root_address = address if known is None or name.lower() in ("feed", "entry") else ""

    def __missing__(self, tag: object) -> str:
        key = self[tag] = _canonical(str(tag), self._own, self._root_address)
        return key


@lru_cache(maxsize=4096)
def _canonical(tag: str, own: str, root_address: str) -> str:
    address, name = _split(tag)
    prefix = own if not address or address == root_address else prefix_of(address)
    return f"{'?' if prefix is None else prefix}:{name.lower()}".removeprefix(":")


def _split(tag: str) -> tuple[str, str]:
    if tag.startswith("{"):
        address, _, name = tag[1:].partition("}")
        return address, name
    return "", tag


def local(tag: str) -> str:
    """The name without its namespace."""
    return tag.rpartition("}")[2]
