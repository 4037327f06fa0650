"""The bytes of a page as text (WHATWG encoding sniffing, in brief)."""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# What pages call latin-1 or ASCII is windows-1252 in fact, and browsers read it so.
_ALIASES = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
}


def decode(body: bytes, content_type: str = "") -> str:
    """`body` as text: by byte order mark, UTF-8, HTTP header, `<meta charset>`, then windows-1252."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    claims = [found[1] for found in [_HEADER.search(content_type)] if found]
    claims += [found[1].decode("ascii", "replace") for found in [_META.search(body[:4096])] if found]
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for claim in claims:
        name = _ALIASES.get(claim.lower(), claim)
        try:
            return body.decode(codecs.lookup(name).name, "replace")
        except (LookupError, ValueError):
            continue
    # Mostly UTF-8 with a broken byte here and there, or a single-byte encoding throughout.
    as_utf8 = body.decode("utf-8", "replace")
    broken = as_utf8.count("\ufffd")
    other = sum(byte > 127 for byte in body[:200_000])
    return as_utf8 if broken * 10 < other else body.decode("cp1252", "replace")


# The bytes of one character in UTF-8, each read as a character of its own. Where a C1 control is among them there is no
# doubt: no text holds any, but those bytes are what quotation marks and dashes are written with.
_READ_APART = re.compile(
    "[\xc2-\xdf][\x80-\x9f]"
    "|[\xe0-\xef](?=[\x80-\xbf]?[\x80-\x9f])[\x80-\xbf]{2}"
    "|[\xf0-\xf4](?=[\x80-\xbf]{0,2}[\x80-\x9f])[\x80-\xbf]{3}"
)
_CONTROLS = [chr(number) for number in range(0x80, 0xA0)]


def join_bytes(text: str) -> str:
    """`text` with characters whose bytes had been read one by one (as Latin-1) put together again."""
    return _READ_APART.sub(_joined, text) if any(control in text for control in _CONTROLS) else text


def _joined(found: re.Match[str]) -> str:
    try:
        return found[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return found[0]
