"""What an element says: its words, its markup, its address, its base and language."""

from __future__ import annotations

import base64
import binascii
import re
from copy import deepcopy
from functools import lru_cache
from html import escape
from html.entities import html5
from urllib.parse import urljoin

from lxml import etree

from masthead.core.characters import one_line, words
from masthead.core.letters import is_perishable
from masthead.core.parse.names import XML_BASE, XML_LANG, Names, local, prefix_of
from masthead.core.sanitize import TAGS, to_text
from masthead.core.urls import absolute, host_of

Children = dict[str, list[etree._Element]]

# No headline or name is longer; what is, is an attack or a mistake.
MAX_WORDS = 5_000
_PLAIN_ADDRESS = re.compile(r"https?://(?:[a-z0-9]++[.-])*+[a-z0-9]++(?:[/?#][!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~]*)?\Z")
# What begins with the name of a host and lacks only the scheme, where there is nothing that it could be relative to.
_HOST_FIRST = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}/", re.IGNORECASE)
_WWW = re.compile(r"www\.(?:[a-z0-9-]{1,63}\.){1,10}[a-z]{2,24}(?=[/?#:]|\Z)", re.IGNORECASE)
# "paper.example", but not "index.html".
_BARE_HOST = re.compile(
    r"(?!.*\.(?:x?html?|shtml|php\d?|aspx?|jspx?|cgi|do|xml|rss|json)\Z)(?:[a-z0-9-]{1,63}\.){1,10}[a-z]{2,24}\Z",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"</[a-zA-Z][a-zA-Z0-9]*\s*>|<(?:br|hr|img|wbr)\b[^<>]*+>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{2,31});"
)
_CODE = re.compile(r"<(?:script|style|textarea|template)[\s>]", re.IGNORECASE)
_ASCII_SPACE = re.compile(r"[\x00-\x20\x7f]+")
_TAG = re.compile(r"</?([a-zA-Z][\w:\-]*)")
_NAMED = re.compile(r"&([A-Za-z]\w{1,30};)")
_TAGS_OF_HTML = TAGS | words(
    "address article aside audio big button center embed font footer form header iframe input label main map nav nobr"
    " noscript object option param script section select strike style svg textarea tt video"
)


def children_of(element: etree._Element, names: Names) -> Children:
    """The child elements by canonical name, in document order."""
    found: Children = {}
    for child in element:
        key = names[child.tag]
        if key in found:
            found[key].append(child)
        else:
            found[key] = [child]
    return found


def first(children: Children, *keys: str) -> etree._Element | None:
    """The first element, by order of `keys`, that has an attribute, text or children."""
    for key in keys:
        if key in children:
            for element in children[key]:
                if ((text := element.text) and not text.isspace()) or len(element):
                    return element
    return None


def raw_text(element: etree._Element) -> str:
    """All text of an element, as the XML means it, without white space around it."""
    text = "".join(str(part) for part in element.itertext()) if len(element) else element.text
    return text.strip() if text else ""


def first_text(children: Children, *keys: str) -> str:
    """The text of the first element that has any; "" when none has."""
    element = first(children, *keys)
    return "" if element is None else raw_text(element)


def looks_like_html(text: str) -> bool:
    """Whether text holds references or tags of HTML and nothing that only looks like tags ("x < y", "<generic>")."""
    if _MARKUP.search(text) is None:
        return False
    if any(tag.lower() not in _TAGS_OF_HTML for tag in _TAG.findall(text)):
        return False
    return all(name in html5 for name in _NAMED.findall(text))


def words_of(text: str, html: bool | None = None) -> str:
    """A line of text out of what may be HTML (`html` None: when it looks like it); references decoded exactly once."""
    if html is None:
        # Nobody puts code into a headline; one that shows some is about it.
        html = ("<" in text or "&" in text) and looks_like_html(text) and not _CODE.search(text)
    if html and ("<" in text or "&" in text):
        text = to_text(text)
    # What is printable holds no controls, nothing invisible and no white space but spaces.
    if len(text) <= MAX_WORDS and text.isprintable() and "  " not in text:
        return text.strip()
    # Misread letters are for the repairs to mend and to record: a line made clean here would have lost bytes of them.
    if is_perishable(text[: MAX_WORDS * 4]):
        return _ASCII_SPACE.sub(" ", text).strip(" ")[:MAX_WORDS]
    return one_line(text[: MAX_WORDS * 4])[:MAX_WORDS]


def title_of(element: etree._Element | None) -> str:
    """A title as text, whatever its type (RFC 4287 3.1 text constructs; RSS leaves it open)."""
    if element is None:
        return ""
    kind = _kind(element)
    if kind == "bare":
        return words_of(raw_text(element))
    if kind == "xhtml":
        return words_of(markup_of(element), html=True)
    text = _encoded_text(element)
    if kind == "html" and "mode" not in element.attrib and not ("&" in text or "<" in text):
        return words_of(text, html=False)
    return words_of(text, html={"html": True, "text": False}.get(kind))


def html_of(element: etree._Element | None) -> str:
    """The content of an element as HTML, as received (not sanitised)."""
    if element is None:
        return ""
    kind = _kind(element)
    if kind == "xhtml":
        return markup_of(element)
    text = raw_text(element) if kind == "bare" else _encoded_text(element)
    if kind == "text" or (kind in ("bare", "unstated") and is_atom(element) and not looks_like_html(text)):
        return escape(text, quote=False)
    return text


def is_atom(element: etree._Element) -> bool:
    """Whether Atom's rules for text hold, in which what states no type is plain text."""
    return _is_atom_tag(str(element.tag))


@lru_cache(maxsize=256)
def _is_atom_tag(tag: str) -> bool:
    return tag.startswith("{") and prefix_of(tag[1:].partition("}")[0]) == "atom"


def _kind(element: etree._Element) -> str:
    """ "xhtml" (elements), "html" (escaped), "text", "unstated", or "bare": unstated, and nothing but words in it."""
    kind, mode = element.get("type"), element.get("mode")
    if kind is None and mode is None and not len(element):
        return "bare"
    stated = (kind or "").strip().lower().partition(";")[0]
    if mode == "xml" or (len(element) and stated not in ("html", "text")):
        return "xhtml" if len(element) else "text" if stated == "text/plain" else "unstated"
    if len(element):
        return "mixed"
    if stated in ("text", "text/plain"):
        return "text"
    if stated in ("html", "text/html", "xhtml", "application/xhtml+xml"):
        return "html"
    return "unstated"


def _encoded_text(element: etree._Element) -> str:
    if len(element):
        return markup_of(element, escaped=False)
    text = raw_text(element)
    if element.get("mode") == "base64" or (element.get("type") or "").lower() == "application/octet-stream":
        try:
            return base64.b64decode(text, validate=False).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return ""
    return text


def markup_of(element: etree._Element, escaped: bool = True) -> str:
    """What stands inside an element that holds elements, as HTML; a lone `div` is taken off (RFC 4287 3.1.1.3).

    `escaped` False: the element's own text is HTML already, as in RSS descriptions whose markup is half escaped.
    """
    inner = deepcopy(element)
    inner.tail = None
    for node in inner.iter(etree.Element):
        if "}" in str(node.tag):
            node.tag = local(str(node.tag))
        for name in [name for name in node.attrib if "}" in str(name) or ":" in str(name)]:
            del node.attrib[name]
    etree.cleanup_namespaces(inner)
    own = (inner.text or "").strip()
    if len(inner) == 1 and str(inner[0].tag).lower() == "div" and not own and not (inner[0].tail or "").strip():
        inner = inner[0]
    text = inner.text or ""
    parts = [escape(text, quote=False) if escaped else text]
    for child in inner:
        tail, child.tail = child.tail or "", None
        parts.append(etree.tostring(child, encoding="unicode", method="html"))
        parts.append(escape(tail, quote=False) if escaped else tail)
    return "".join(parts).strip()


def address(url: str, base: str = "") -> str:
    """`url` absolute, as received when it is a clean http(s) address already; "" when it is none."""
    if not url:
        return ""
    url = url.strip()
    if _PLAIN_ADDRESS.match(url) and len(url) < 4000:
        return url
    if _WWW.match(url) or (not base and _HOST_FIRST.match(url)):
        return absolute(f"//{url}", base)
    host = _host_of(base)
    # "paper.example/story" in a feed of paper.example lacks its scheme; it is no path.
    return absolute(f"//{url}" if host and url.lower().startswith(f"{host}/") else url, base)


def home(url: str, base: str = "") -> str:
    """Like `address`, for the home page of a feed: a bare host is one, and no file beside the feed."""
    return absolute(f"//{url.strip()}", base) if _BARE_HOST.match(url.strip()) else address(url, base)


_host_of = lru_cache(maxsize=1024)(host_of)


def base_of(element: etree._Element, base: str) -> str:
    """`base` as changed by the element's own xml:base (XML Base; resolved against the outer one)."""
    own = element.get(XML_BASE)
    if not own:
        return base
    try:
        joined = urljoin(base, own.strip())
    except ValueError:
        return base
    return joined if joined.startswith(("http://", "https://")) else base


def language_of(element: etree._Element, outer: str = "") -> str:
    """The language tag in force inside an element."""
    stated = element.get(XML_LANG) or outer
    return stated.strip().replace("_", "-")[:35] if stated else ""


def serialised(element: etree._Element) -> bytes:
    """The element as XML in UTF-8."""
    return etree.tostring(element, encoding="utf-8", with_tail=False, xml_declaration=False)
