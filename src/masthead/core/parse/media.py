"""Files that entries carry: RSS enclosures, Atom enclosure links, Media RSS 1.5.1, podcast pictures."""

from __future__ import annotations

from lxml import etree

from masthead.core.parse.names import Names
from masthead.core.parse.node import Children, address, children_of, first, first_text, title_of, words_of
from masthead.core.types import ParsedMedia

MAX_FILES = 200
KEYS = frozenset(("media:content", "media:group", "media:thumbnail", "itunes:image", "image"))


def number(text: str | None) -> int | None:
    """A count of bytes or pixels; None when it is none ("auto", "", "-1")."""
    digits = (text or "").strip().removesuffix("px").replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def enclosures_of(children: Children, base: str) -> tuple[ParsedMedia, ...]:
    """RSS `enclosure` elements and Atom links with rel="enclosure", each address once."""
    found: dict[str, ParsedMedia] = {}
    for element in children.get("enclosure", ()):
        _enclose(found, element, element.get("url") or element.get("href") or element.text or "", base)
    for key in ("atom:link", "link"):
        for element in children.get(key, ()):
            if (rel := element.get("rel")) and rel.strip().lower() == "enclosure":
                _enclose(found, element, element.get("href") or "", base)
    return tuple(found.values())


def _enclose(found: dict[str, ParsedMedia], element: etree._Element, url: str, base: str) -> None:
    url = address(url, base)
    if url and url not in found and len(found) < MAX_FILES:
        found[url] = ParsedMedia(
            url,
            type=(element.get("type") or "").strip(),
            length=number(element.get("length")),
            title=words_of(element.get("title") or ""),
        )


def media_of(children: Children, names: Names, base: str) -> tuple[ParsedMedia, ...]:
    """Media RSS `content` and `thumbnail`, in groups or not, and the entry's own picture; each address once."""
    found: dict[str, ParsedMedia] = {}
    _collect(found, children, names, base, {})
    for element in children.get("itunes:image", ()):
        _add(found, _picture(address(element.get("href") or element.get("url") or element.text or "", base)))
    for element in children.get("image", ()):
        inside = children_of(element, names)
        url = first_text(inside, "url") or element.get("href") or element.get("url") or element.text or ""
        _add(found, _picture(address(url, base)))
    return tuple(found.values())


def _picture(url: str) -> ParsedMedia:
    return ParsedMedia(url, medium="image", thumbnail=True)


def _add(found: dict[str, ParsedMedia], media: ParsedMedia) -> None:
    if media.url and media.url not in found and len(found) < MAX_FILES:
        found[media.url] = media


def _collect(found: dict[str, ParsedMedia], children: Children, names: Names, base: str, outer: Children) -> None:
    """What is said of a group holds for each file in it that does not say better."""
    around = {**outer, **{key: value for key, value in children.items() if key.startswith("media:")}}
    for element in children.get("media:content", ()):
        inside = children_of(element, names)
        _add(found, _content(element, {**around, **inside}, base))
        _thumbnails(found, inside, base)
    for group in children.get("media:group", ()):
        if outer:
            break
        _collect(found, children_of(group, names), names, base, around or {"media:group": []})
    _thumbnails(found, children, base)


def _thumbnails(found: dict[str, ParsedMedia], children: Children, base: str) -> None:
    for element in children.get("media:thumbnail", ()):
        url = address(element.get("url") or element.get("href") or element.text or "", base)
        width, height = number(element.get("width")), number(element.get("height"))
        _add(found, ParsedMedia(url, medium="image", width=width, height=height, thumbnail=True))


def _content(element: etree._Element, said: Children, base: str) -> ParsedMedia:
    kind = (element.get("type") or "").strip()
    medium = (element.get("medium") or "").strip().lower()
    return ParsedMedia(
        address(element.get("url") or element.get("href") or "", base),
        type=kind,
        length=number(element.get("fileSize") or element.get("filesize")),
        title=title_of(first(said, "media:title")),
        description=title_of(first(said, "media:description", "media:text")),
        credit=title_of(first(said, "media:credit", "media:copyright")),
        width=number(element.get("width")),
        height=number(element.get("height")),
        medium=medium or (kind.partition("/")[0] if kind.startswith(("image/", "audio/", "video/")) else ""),
        still="" if medium == "image" or kind.startswith("image/") else _still(said, base),
    )


def _still(said: Children, base: str) -> str:
    """The largest thumbnail of a film; "" when none is stated."""
    found = said.get("media:thumbnail", ())
    best = max(found, key=lambda element: number(element.get("width")) or 0, default=None)
    return address(best.get("url") or best.get("href") or best.text or "", base) if best is not None else ""
