"""Text that an XML parser refuses for small reasons, made acceptable; document types taken out.

No parser of ours ever sees a DOCTYPE: what it declares is read here, and only plain entities (a few characters that
name nothing further) are honoured, so neither entity bombs nor external entities can happen.
"""

from __future__ import annotations

import re
from html.entities import html5

from masthead.core.parse.names import UNDECLARED

_PROLOG = re.compile(r"<\?xml\b[^<>]*\?>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_ENTITY = re.compile(
    r"""<!ENTITY\s+([A-Za-z_][\w.\-]{0,40})\s+(?:"([^"<&%]{0,100})"|'([^'<&%]{0,100})')\s*>""", re.IGNORECASE
)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# A C1 control by itself is a windows-1252 character; beside such letters it is part of a misread one, which the repairs
# of letters mend as a whole. U+0085 is a line end as well, and stays.
_LONE_C1 = re.compile("(?<![\x80-\xbf\xc2-\xf4])[\x80-\x84\x86-\x9f](?![\x80-\xbf])")
# Those that mean nothing on the web stay for whoever shows the text to drop.
_OF_WINDOWS = {chr(code): bytes((code,)).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
# What nothing ends, or another begins in, is no comment: it would swallow the items behind it.
COMMENT = r"<!--(?:[^-<]++|-(?!->)|<(?!!--))*+-->"
_KEPT_OR_REFERENCE = re.compile(
    r"(?s:<!\[CDATA\[.*?(?:\]\]>|\Z))|"
    + COMMENT
    + r"|(?P<run>&+(?=&))|&(?:#(?P<number>\d{1,9}|[xX][0-9a-fA-F]{1,8});|(?P<name>[A-Za-z][\w.\-]{0,40});)?"
)
_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_PREFIX_USED = re.compile(r"<([A-Za-z_][\w.\-]*):[A-Za-z_]|\s([A-Za-z_][\w.\-]*):[A-Za-z_][\w.\-]*\s*=\s*[\"']")
_PREFIX_DECLARED = re.compile(r"xmlns:([A-Za-z_][\w.\-]*)\s*=")
_ROOT = re.compile(r"<([A-Za-z_][\w.\-:]*)")
# What declared entities may add to a document, in characters.
_MAX_EXPANSION = 1_000_000


def without_prolog(text: str) -> tuple[str, dict[str, str], list[str]]:
    """The document from its first element on, the plain entities it declared, and what was odd.

    White space, an XML declaration, comments and a DOCTYPE go; bytes before the first "<" go with a warning.
    """
    warnings: list[str] = []
    start = text.find("<")
    if start > 0 and text[:start].strip("\ufeff \t\r\n"):
        warnings.append(f"{start} characters before the document were dropped")
    text = text[max(start, 0) :]
    text = _PROLOG.sub("", text, count=1).lstrip()
    entities: dict[str, str] = {}
    root = _first_element(text)
    found = _DOCTYPE.search(text, 0, root if root >= 0 else len(text))
    if found is not None:
        end = _end_of_doctype(text, found.end())
        for name, double, single in _ENTITY.findall(text, found.end(), end):
            entities.setdefault(name, double or single)
        text = (text[: found.start()] + text[end:]).lstrip()
    return text, entities, warnings


def _first_element(text: str) -> int:
    """Where the first element starts, comments and the DOCTYPE's inside not counted; -1 when there is none."""
    at = 0
    while (at := text.find("<", at)) >= 0:
        if text.startswith("<!--", at):
            at = text.find("-->", at)
        elif _DOCTYPE.match(text, at):
            at = _end_of_doctype(text, at + 9)
            continue
        elif text[at + 1 : at + 2].isalpha():
            return at
        if at < 0:
            return -1
        at += 1
    return -1


def _end_of_doctype(text: str, at: int) -> int:
    """Where a DOCTYPE ends; its internal subset and quoted strings are passed over."""
    close = text.find(">", at)
    if close < 0:
        return len(text)
    bracket = text.find("[", at, close)
    if bracket < 0:
        return close + 1
    subset = re.compile(r"\]\s*>").search(text, bracket)
    return len(text) if subset is None else subset.end()


def mend(text: str, entities: dict[str, str]) -> tuple[str, list[str]]:
    """`text` without characters XML forbids, with every `&` meaning something, and every prefix declared.

    Entities of HTML become characters; an `&` that begins none is an ampersand. Sections marked CDATA stay as they are.
    """
    warnings: list[str] = []
    clean = _FORBIDDEN.sub("", text)
    if len(clean) != len(text):
        warnings.append(f"{len(text) - len(clean)} characters that XML forbids were dropped")
    clean = _LONE_C1.sub(lambda found: _OF_WINDOWS[found[0]], clean)
    mender = _References(entities)
    clean = _KEPT_OR_REFERENCE.sub(mender, clean)
    if mender.bare:
        warnings.append(f"{mender.bare} ampersands were not escaped")
    if mender.undefined:
        warnings.append(f"entities that the document does not define: {', '.join(sorted(mender.undefined)[:5])}")
    return _declare_prefixes(clean, warnings), warnings


class _References:
    """Replaces one reference after the other, counting."""

    def __init__(self, entities: dict[str, str]) -> None:
        self._entities = entities
        self._room = _MAX_EXPANSION
        self.bare = 0
        self.undefined: set[str] = set()

    def __call__(self, found: re.Match[str]) -> str:
        if not found[0].startswith("&"):
            return found[0]
        if run := found["run"]:
            self.bare += len(run)
            return "&amp;" * len(run)
        if number := found["number"]:
            return _character(number)
        name = found["name"]
        if name in _XML_ENTITIES:
            return found[0]
        if name and name in self._entities:
            value = self._entities[name]
            self._room -= len(value)
            return _escaped(value) if self._room > 0 else ""
        if name and f"{name};" in html5:
            self.undefined.add(name)
            return _escaped(html5[f"{name};"])
        self.bare += 1
        return f"&amp;{found[0][1:]}"


def _character(number: str) -> str:
    """A numeric reference as XML allows it; what means a windows-1252 byte becomes that character (as in HTML)."""
    code = int(number[1:], 16) if number[0] in "xX" else int(number)
    if 0x80 <= code <= 0x9F:
        return bytes((code,)).decode("cp1252", "replace")
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF or _FORBIDDEN.match(chr(code)):
        return ""
    return f"&#{code};"


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _declare_prefixes(text: str, warnings: list[str]) -> str:
    """Declare on the document element what is used and declared nowhere."""
    used = {first or second for first, second in _PREFIX_USED.findall(text)}
    missing = sorted(used - set(_PREFIX_DECLARED.findall(text)) - {"xml", "xmlns"})[:50]
    root = _ROOT.search(text)
    if not missing or root is None:
        return text
    warnings.append(f"prefixes that the document does not declare: {', '.join(missing[:5])}")
    declared = "".join(f' xmlns:{prefix}="{UNDECLARED}{prefix}"' for prefix in missing)
    return f"{text[: root.end()]}{declared}{text[root.end() :]}"
