"""Which characters may stand in what we show: no controls, no invisible reordering of text."""

from __future__ import annotations

import re

# C0 and C1 controls (tab, newline kept), DEL, lone surrogates, noncharacters, the byte order mark, line and
# paragraph separators, and the bidi embeddings, overrides and isolates, which can make a text read other than it
# is. The plain marks (U+200E, U+200F, U+061C) and the joiners stay: Arabic, Persian and emoji need them.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060]")


def strip_controls(text: str) -> str:
    """`text` without control, bidi-override and non-characters; line ends become "\\n"."""
    if text.isascii() and text.isprintable():
        return text
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text))


_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]{1,7})(?![0-9a-fA-F])|0*([0-9]{1,8})(?![0-9]));?")


def without_control_references(html: str) -> str:
    """`html` without character references to what may not stand in it: a parser would make the characters of them.

    References to 0x80..0x9f stay: HTML reads them as Windows-1252.
    """
    if "&#" not in html:
        return html
    html = _REFERENCE.sub(lambda found: "" if _is_forbidden(found) else found[0], html)
    # What was around one that is gone may read as another: that one is parted, not joined.
    return _REFERENCE.sub(lambda found: "\u200b" if _is_forbidden(found) else found[0], html)


def _is_forbidden(found: re.Match[str]) -> bool:
    code = int(found[1], 16) if found[1] else int(found[2])
    if 0x80 <= code <= 0x9F or code in (9, 10, 13):
        return False
    return code > 0x10FFFF or _FORBIDDEN.match(chr(code)) is not None


def one_line(text: str) -> str:
    """`text` on one line: no controls, no soft hyphens or zero-width spaces, white space runs as one space."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(_INVISIBLE.sub("", strip_controls(text)).split())


def words(text: str) -> frozenset[str]:
    """The words of a list written as one string, for the many word lists of the repairs."""
    return frozenset(text.split())


def first_difference(before: str, after: str) -> int:
    """The place from which on two texts differ; the length of the shorter one where it begins the other.

    By halves: comparing letter by letter would take a second for a text of some megabytes.
    """
    low, high = 0, min(len(before), len(after))
    while low < high:
        middle = (low + high + 1) // 2
        if before[low:middle] == after[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
