"""Bytes to text: which encoding a document is in, whatever it and its server say.

Order (RFC 7303, XML 1.0 appendix F, then experience): byte order mark; the shape of the first bytes; UTF-8 where
the bytes are valid UTF-8 and the labels name a single-byte encoding or nothing; the labels; and when all of them are
wrong, the encoding in which the words are most like a language (`guess`).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from masthead.core.parse.guess import guess

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHAPES = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
)
_EBCDIC = b"\x4c\x6f\xa7\x94"
_DECLARED = re.compile(rb"""^[^<]{0,200}<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9._:\-]+)""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:\-]+)""", re.IGNORECASE)
# What these labels mean on the web (WHATWG encoding standard 4.2): supersets of what they say.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
_ALIASES = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "unicode": "utf-16",
    "ks_c_5601-1987": "cp949",
    "x-gbk": "gb18030",
}
_SINGLE_BYTE = re.compile(r"cp125\d|cp874|iso8859-\d+|koi8-[ru]|mac-\w+|cp\d{3}$")
# Those of East Asia, which leave ASCII as it is.
_SEVERAL_BYTES = re.compile(r"gb18030|cp949|cp932|euc_|big5")
# Codecs that are no character encodings, or decode what no feed is in and an attacker might be.
_REFUSED = frozenset(("utf-7", "punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"))
# Encodings in which no letter of a document's beginning is without a zero byte.
_WIDE = re.compile(r"utf-(?:16|32)")
# So many bytes that continue a letter, all of them valid UTF-8, are not in East Asian encodings by chance.
_NO_CHANCE = 24


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the encoding it was read in, and what had to be overruled."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(body: bytes, content_type: str = "") -> Decoded:
    """The text of a document. Never raises: bytes that fit no encoding become U+FFFD, and a warning says so."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _forced(body[len(mark) :], encoding)
    for shape, encoding in _SHAPES:
        if body.startswith(shape):
            return _forced(body, encoding)
    stated = stated_encodings(body, content_type)
    narrow = b"\0" not in body[:200]
    if (utf8 := _utf8(body, stated, narrow)) is not None:
        return utf8
    for label in stated:
        codec = _codec(label)
        if codec is None or (narrow and _WIDE.match(codec)):
            continue
        try:
            text = body.decode(codec)
        except (UnicodeError, ValueError):
            continue
        unlike = [other for other in stated if _codec(other) != codec]
        why = (f"the document is labelled {unlike[0]}; it was read as {codec}",) if unlike else ()
        return Decoded(text, codec, why)
    return _last_resort(body, stated)


def _utf8(body: bytes, stated: list[str], narrow: bool) -> Decoded | None:
    """The text, where it is UTF-8 whatever the labels say; `narrow`: it cannot be UTF-16 or UTF-32."""
    codecs_stated = [_codec(label) for label in stated]
    others = [codec for codec in codecs_stated if codec and codec != "utf-8" and not _SINGLE_BYTE.match(codec)]
    if narrow:
        others = [codec for codec in others if not _WIDE.match(codec)]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if others and len(body) - len(text) < _NO_CHANCE:
        return None
    wrong = [label for label, codec in zip(stated, codecs_stated, strict=True) if codec != "utf-8"]
    if wrong and not text.isascii():
        return Decoded(text, "utf-8", (f"the document is labelled {wrong[0]}; it is UTF-8",))
    return Decoded(text, "utf-8")


def _last_resort(body: bytes, stated: list[str]) -> Decoded:
    """Neither UTF-8 nor as labelled: mostly one of them with a few bad bytes, or in an encoding that nobody names."""
    label = f"labelled {stated[0]}, which it is not" if stated else "not labelled and not UTF-8"
    beyond_ascii = sum(1 for byte in body if byte > 127)
    named = [codec for codec in map(_codec, stated) if codec]
    # A single-byte label proves nothing by its fit: nearly all bytes are letters in each.
    for codec in dict.fromkeys(("utf-8", *(codec for codec in named if _SEVERAL_BYTES.match(codec)))):
        text = body.decode(codec, "replace")
        strange = text.count("\ufffd")
        if strange * 4 < beyond_ascii:
            name = "UTF-8" if codec == "utf-8" else codec
            return Decoded(text, codec, (f"{strange} bytes are not {name} and could not be read",))
    found = guess(body, named)
    name = found.replace("cp125", "windows-125")
    return Decoded(body.decode(found, "replace"), found, (f"the document is {label}; it was read as {name}",))


def _forced(body: bytes, encoding: str) -> Decoded:
    text = body.decode(encoding, "replace")
    if text.startswith("\ufeff"):
        text = text[1:]
    strange = text.count("\ufffd")
    why = (f"{strange} characters are not {encoding} and could not be read",) if strange else ()
    return Decoded(text, encoding, why)


def stated_encodings(body: bytes, content_type: str = "") -> list[str]:
    """The encodings that the server and the document name, lower case, without repetition."""
    labels = []
    if found := _CHARSET.search(content_type):
        labels.append(found[1].lower())
    head = body[:1000]
    if head.startswith(_EBCDIC):
        head = head.decode("cp037", "replace").encode("ascii", "replace")
    if declared := _DECLARED.match(head):
        labels.append(declared[1].decode("ascii").lower())
    return list(dict.fromkeys(labels))


def _codec(label: str) -> str | None:
    """Python's name of the encoding that a label means on the web; None when it means none."""
    try:
        info = codecs.lookup(_ALIASES.get(label, label))
    except (LookupError, ValueError):
        return None
    if not getattr(info, "_is_text_encoding", True) or info.name in _REFUSED:
        return None
    return _MEANT.get(info.name, info.name)
