"""A tree from markup that is no XML: tags that do not match, HTML not escaped, documents cut short.

Linear in the length of the text. What is open when an end tag comes is closed up to its start tag; an end tag without
a start tag means nothing; a new item ends the one before; whatever is open at the end is closed.
"""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

from masthead.core.characters import words
from masthead.core.parse.mend import COMMENT
from masthead.core.parse.names import UNDECLARED, XML_BASE, XML_LANG, prefix_of

# Possessive throughout, so that no text costs more than reading it once or twice.
_TOKEN = re.compile(
    # A section that nothing ends, or another begins in, reaches to the end of its element.
    r"<!\[CDATA\[(?:(?P<cdata>(?:[^\]<]++|\](?!\]>)|<(?!!\[CDATA\[))*+)\]\]>"
    r"|(?P<open>.*?)(?=</(?:[\w.\-]+:)?(?:description|encoded|title|summary|content|id|guid|link|category|author|name"
    r"|creator|subject|date|pubDate|updated|published|item|entry)>|\Z))"
    r"|" + COMMENT + r"|<!--|<[?!][^>]*>?"
    r"|</\s*+(?P<end>[A-Za-z_][\w.\-:]*+)[^<>]*+>"
    r"|<(?P<start>[A-Za-z_][\w.\-:]*+)(?P<attributes>(?:[\s/](?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+)?)>",
    re.DOTALL,
)
# What looks like tags in a script is its own, unless the script was left open.
_SCRIPT = re.compile(r"(?:[^<]++|<(?!script|/(?:script|item|entry)))*+(?=</script\s*>)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([A-Za-z_:][\w.\-:]*)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_VOID = words("area br col embed hr img input meta param source track wbr")
_ITEMS = frozenset(("item", "entry"))
# What may hold items, besides the document element.
_HOLDERS = frozenset(("channel", "rss:channel", "items"))
# Elements that hold words only: what belongs to the item cannot stand inside of them.
_LEAVES = words("title link guid pubdate author category comments ttl language dc:creator dc:date updated id name")
_ITEM_PARTS = _LEAVES | words("description summary content content:encoded enclosure source published")
MAX_DEPTH = 200


def read_loosely(text: str) -> etree._Element | None:
    """The document element of whatever `text` is; None when there is no element in it. Never raises."""
    builder = _Builder()
    at = 0
    for token in _TOKEN.finditer(text):
        if token.start() < at:
            continue  # in a script
        builder.text(unescape_xml(text[at : token.start()]))
        at = token.end()
        if token["cdata"] is not None:
            builder.text(token["cdata"])
        elif token["open"] is not None:
            builder.text(token["open"])
        elif token["end"]:
            builder.end(token["end"])
        elif token["start"]:
            builder.start(token["start"], token["attributes"], token["attributes"].endswith("/"))
            if token["start"].lower() == "script" and (inside := _SCRIPT.match(text, at)) is not None:
                builder.text(inside[0])
                at = inside.end()
    builder.text(unescape_xml(text[at:]))
    builder.flush()
    return builder.root


def unescape_xml(text: str) -> str:
    """Character references decoded, once."""
    return unescape(text) if "&" in text else text


class _Builder:
    def __init__(self) -> None:
        self.root: etree._Element | None = None
        # Name, element, and the namespace that names without a prefix have in it.
        self._open: list[tuple[str, etree._Element, str]] = []
        self._default = self._outermost = ""
        self._spaces: dict[str, str] = {}
        self._words: list[str] = []

    def text(self, text: str) -> None:
        if text and self._open:
            self._words.append(text)

    def flush(self) -> None:
        """Give the words gathered to the element that is open. Before every change of what is open."""
        if not self._words or not self._open:
            return
        text = _storable("".join(self._words))
        self._words.clear()
        element = self._open[-1][1]
        if len(element):
            element[-1].tail = (element[-1].tail or "") + text
        else:
            element.text = (element.text or "") + text

    def start(self, name: str, attributes: str, empty: bool) -> None:
        key = self._key(name)
        if len(self._open) >= MAX_DEPTH and key not in _ITEMS:
            return
        self.flush()
        self._make_room(key)
        self._default = self._open[-1][2] if self._open else self._outermost
        pairs = self._attributes(attributes)
        inside = not self._open or self._open[-1][0] in _ITEMS
        element = self._element(name, pairs)
        if element is None:
            return
        # `source` of HTML holds nothing; that of a feed holds words or elements.
        if not empty and (key not in _VOID or (key == "source" and inside)):
            self._open.append((key, element, self._default))

    def _key(self, name: str) -> str:
        """The name in lower case; that of an item without its prefix, whatever its document calls its namespace."""
        key = name.lower()
        if ":" in key and (local := key.rpartition(":")[2]) in _ITEMS:
            prefix = name.partition(":")[0]
            return local if prefix_of(self._spaces.get(prefix) or UNDECLARED + prefix) in ("", "atom") else key
        return key

    def _make_room(self, key: str) -> None:
        """Close what cannot hold this element: whatever is open in a channel before an item, a title before a link."""
        if key in _ITEMS:
            for place, (name, _, _) in enumerate(self._open):
                if name in _ITEMS or (place and name not in _HOLDERS):
                    del self._open[place:]
                    return
        elif self._open and self._open[-1][0] in _LEAVES and key in _ITEM_PARTS:
            inside = any(name in _ITEMS or name == "channel" for name, _, _ in self._open[:-1])
            if inside and not (self._open[-1][0] == "author" and key in ("name", "email", "uri", "url")):
                self._open.pop()

    def _attributes(self, text: str) -> dict[str, str]:
        pairs: dict[str, str] = {}
        for name, double, single, bare in _ATTRIBUTE.findall(text[:100_000]):
            value = _storable(unescape_xml(double or single or bare))
            if name == "xmlns":
                self._default = value
            elif name.startswith("xmlns:"):
                self._spaces[name.removeprefix("xmlns:")] = value
            else:
                pairs.setdefault(name, value)
        return pairs

    def _element(self, name: str, pairs: dict[str, str]) -> etree._Element | None:
        attributes = {self._attribute_name(key): value for key, value in pairs.items()}
        try:
            if self.root is None:
                self._outermost = self._default
                self.root = etree.Element(self._tag(name), attributes)
                return self.root
            if not self._open:
                return None if self._after_end(name) else etree.SubElement(self.root, self._tag(name), attributes)
            return etree.SubElement(self._open[-1][1], self._tag(name), attributes)
        except ValueError:
            return None

    def _after_end(self, name: str) -> bool:
        """Whether an element after the end of the document is none of the feed's (a page's scripts, say)."""
        return name.lower() not in _ITEMS

    def _tag(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        if not colon:
            return f"{{{self._default}}}{name}" if self._default else name
        return f"{{{self._spaces.get(prefix) or UNDECLARED + prefix}}}{local.replace(':', '_') or '_'}"

    def _attribute_name(self, name: str) -> str:
        if name == "xml:base":
            return XML_BASE
        if name == "xml:lang":
            return XML_LANG
        prefix, colon, local = name.partition(":")
        if colon and prefix and local and (space := self._spaces.get(prefix)):
            return f"{{{space}}}{local.replace(':', '_')}"
        return name.replace(":", "_").lstrip("_") or "_"

    def end(self, name: str) -> None:
        key = self._key(name)
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == key:
                self.flush()
                del self._open[place:]
                return


_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("", text)
