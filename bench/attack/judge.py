"""What an outlet gave, read by parsers that had no part in making it: html5lib, lxml, json. Findings are sentences.

Active is: a script that is not ours, an attribute that runs, an element that frames, plays, embeds or sends, an address
that is not of the web, and anything that a browser would load from another host.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import html5lib
from lxml import etree

OWN_HOST = "testserver"
SCHEMES = frozenset({"http", "https", "mailto"})
_NAMES = ("tag:", "urn:")
NEVER = frozenset(
    {"applet", "audio", "base", "embed", "frame", "frameset", "iframe", "isindex", "marquee", "math", "noscript"}
    | {"object", "param", "plaintext", "portal", "style", "template", "video", "xmp"}
)
FORM = frozenset({"form", "input", "button", "select", "textarea"})
ADDRESSES = frozenset({"action", "background", "cite", "data", "formaction", "href", "longdesc", "manifest", "ping"})
LOADS = frozenset({"src", "srcset", "poster", "background"})
_SPACED = "".join(letter + r"\s*" for letter in "script:")
_SCRIPT = re.compile(rf"[\x00-\x20]*(?:(?:j\s*a\s*v\s*a|v\s*b)\s*{_SPACED}|data\s*:)", re.IGNORECASE)
_ODD = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ATOM = "{http://www.w3.org/2005/Atom"
_RSS_MARKUP = frozenset({"description", "{http://purl.org/rss/1.0/modules/content/}encoded"})
_XML_ADDRESSES = frozenset({"link", "loc", "url", "comments", "guid", "id", "uri", "docs"})


def page(text: str, *, desk: bool = False) -> list[str]:
    """What acts in a whole page of ours. `desk`: its own forms, charts and htmx are known."""
    if odd := _ODD.search(text):
        return [
            f"a character that no page may hold: {odd[0]!r} behind {text[max(0, odd.start() - 60) : odd.start()]!r}"
        ]
    tree = html5lib.parse(text, treebuilder="lxml", namespaceHTMLElements=False)
    return list(_elements(tree.getroot(), own=True, desk=desk))


@lru_cache(maxsize=4096)
def fragment(text: str) -> tuple[str, ...]:
    """What acts in markup that others will put into pages of theirs. Many outlets carry the same."""
    parts = html5lib.parseFragment(text, treebuilder="lxml", namespaceHTMLElements=False)
    found = []
    for part in parts:
        if not isinstance(part, str):
            found += list(_elements(part, own=False, desk=False))
    return tuple(found)


def _elements(root: Any, *, own: bool, desk: bool) -> Iterator[str]:
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.rpartition("}")[2].lower()
        yield from _tag(tag, element, own=own, desk=desk)
        for name, value in element.attrib.items():
            yield from _attribute(tag, name.rpartition("}")[2].lower(), value, element, own=own, desk=desk)


def _tag(tag: str, element: Any, *, own: bool, desk: bool) -> Iterator[str]:
    if tag in NEVER:
        yield f"<{tag}>"
    elif tag == "script":
        source, kind = element.get("src"), element.get("type", "")
        if not own or not (
            (source is not None and source.startswith("/static/") and not (element.text or "").strip())
            or (kind == "application/ld+json" and source is None)
        ):
            yield f"<script {dict(element.attrib)}>"
        elif source is None:
            yield from document_json(json.loads(element.text or ""))
    elif (tag in FORM and not own) or (tag in ("svg", "foreignobject") and not (own and tag == "svg" and desk)):
        yield f"<{tag}>"
    elif tag == "meta" and element.get("http-equiv"):
        yield "<meta http-equiv>"


def _attribute(tag: str, name: str, value: str, element: Any, *, own: bool, desk: bool) -> Iterator[str]:
    where = f"<{tag} {name}={value[:80]!r}>"
    if (
        name.startswith("on")
        or name in ("srcdoc", "style", "ping", "formaction")
        or (name.startswith(("hx-", "data-hx-")) and not desk)
    ):
        yield where
    elif name in ADDRESSES or name == "src":
        if not of_the_web(value) and not (desk and tag == "img" and value.startswith("data:image/svg+xml")):
            yield where
        if tag == "form" and not (value.startswith("/") and not value.startswith("//")):
            yield where
    if name in LOADS or (tag == "link" and name == "href" and "canonical" not in element.get("rel", "")):
        for part in value.split(",") if name == "srcset" else [value]:
            host = urlsplit(urljoin(f"http://{OWN_HOST}/", part.strip().partition(" ")[0])).hostname
            # A feed that others show may carry pictures of its publisher only through us.
            if host != OWN_HOST and not _link_elsewhere(tag, element):
                yield f"loads from elsewhere: {where}"


def _link_elsewhere(tag: str, element: Any) -> bool:
    return tag == "link" and element.get("rel", "") in ("license", "alternate", "prev", "next", "hub", "self")


def of_the_web(address: str) -> bool:
    """Whether an address, read as a browser does, is relative or of a scheme that cannot act."""
    plain = re.sub(r"[\t\r\n]", "", address).strip("".join(map(chr, range(33))))
    try:
        scheme = urlsplit(plain).scheme.lower()
    except ValueError:
        return not _SCRIPT.match(address)
    return (not scheme or scheme in SCHEMES) and not _SCRIPT.match(address)


def document_json(data: Any, key: str = "") -> list[str]:
    """What acts in an answer of JSON: markup where markup is said to stand, addresses where addresses are."""
    if isinstance(data, dict):
        return [found for name, value in data.items() for found in document_json(value, name)]
    if isinstance(data, list):
        return [found for value in data for found in document_json(value, key)]
    if not isinstance(data, str):
        return []
    if key == "html" or key.endswith("_html"):
        return [f"{key}: {found}" for found in fragment(data)]
    names_address = key in ("src", "href", "id", "image", "logo", "icon", "item", "@id") or key.endswith(("url", "Url"))
    acts = names_address and not (of_the_web(data) or data.startswith(_NAMES))
    return [f"{key}: {data[:80]!r}"] if acts else []


def document_xml(body: bytes) -> list[str]:
    """What acts in an answer of XML: no foreign stylesheet or doctype, and markup and addresses as above."""
    tree = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True)).getroottree()
    found = ["a doctype"] if tree.docinfo.doctype else []
    for node in tree.xpath("//processing-instruction()") + tree.xpath("/processing-instruction()"):
        found.append(f"<?{node.target}?>")
    for element in tree.iter(etree.Element):
        space, _, name = str(element.tag).rpartition("}")
        text = element.text or ""
        if space.endswith("1999/xhtml") and name != "link":
            found.append(f"<xhtml:{name}>")
        if element.tag in _RSS_MARKUP or (space == _ATOM and element.get("type") == "html"):
            found += [f"{name}: {one}" for one in fragment(text)]
        for key, value in element.attrib.items():
            if key.rpartition("}")[2] in ("href", "url", "src", "template") and not of_the_web(value):
                found.append(f"<{name} {key}={value[:80]!r}>")
        if name in _XML_ADDRESSES and not (of_the_web(text) or text.startswith(_NAMES)):
            found.append(f"<{name}>{text[:80]!r}")
    return found
