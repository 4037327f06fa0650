"""Letters that were decoded in the wrong encoding ("mojibake"): put right where that is certain, and only as a whole.

UTF-8 that was read as Windows-1252 or Latin-1 can be proved by decoding it again. Where bytes were lost on the way it
cannot, and a text of which half is mended reads worse than one that is left as it came.
"""

from __future__ import annotations

import re

import ftfy
from ftfy.badness import is_bad

_C1 = {code: bytes([code]).decode("cp1252", "replace").replace("\ufffd", "") for code in range(0x80, 0xA0)}
_HAS_C1 = re.compile("[\x80-\x9f]")
# Only what can be proved by decoding; never a guess at lost bytes.
_FTFY = ftfy.TextFixerConfig(
    unescape_html=False,
    replace_lossy_sequences=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    normalization=None,
)
# What the first bytes of UTF-8 look like in Windows-1252 before what its other bytes look like, or in the midst of the
# letters that they should have become.
_NEVER = ("macroman", "cp437")
_LEADS = "ÂÃÄÅÎÏÐÑÒØÙÚÛ×"
_REST = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_TYPICAL = re.compile(rf"[ÂÃÎÏÐÑØÙÚÛ×][{_REST}]|â[€‚„]|[\u0370-\u077f][À-ÿ]|[À-ÿ][\u0370-\u077f]|[ÃÐÑØÙ][\s]?[ÃÐÑØÙ]")
# What a decoding of parts leaves where bytes had been lost; between two capitals it is a letter of its language.
_LEFT = re.compile(rf"(?<![A-Z])[{_LEADS}]|[{_LEADS}](?![A-Z])")
# What no news holds: scripts that nobody writes today, letters that do not exist, and the spaces of typesetters that
# come of three stray bytes.
_ODD = re.compile("[\u0800-\u089f\u2000-\u2008\ue000-\uf8ff\U00030000-\U0010ffff]")
# Bytes that a line of clean text would lose: Windows-1252 has no letter for them, or they look like white space or a
# soft hyphen.
_PERISHABLE = re.compile(rf"[{_LEADS}â][{_REST}]?[\x80-\xa0\xad]|[\x80-\x9f]{{2}}")
_BLOCK = re.compile(
    r"(<(?:/?(?:p|div|li|ul|ol|h[1-6]|pre|section|article|dl|dt|dd|blockquote|figure|figcaption|table|tr|td|th)|br|hr)\b[^<>]*>)",
    re.IGNORECASE,
)


def looks_misread(text: str) -> bool:
    """Whether text holds what UTF-8 read in a one-byte encoding looks like."""
    return not text.isascii() and _TYPICAL.search(text) is not None and is_bad(text)


def is_perishable(text: str) -> bool:
    """Whether a text was misread and holds bytes that a line made clean would lose, so that no mend was possible."""
    return _PERISHABLE.search(text) is not None and looks_misread(text) and not looks_misread(redecoded(text))


def redecoded(text: str) -> str:
    """`text` with misread letters put right, each block of it (HTML or plain) as a whole or not at all.

    What cannot be put right for certain comes back as it was; `looks_misread` tells whether any such is left.
    """
    if text.isascii():
        return text
    whole = _again(text)
    if not looks_misread(whole):
        return whole
    return "".join(part if number % 2 else _block(part) for number, part in enumerate(_BLOCK.split(text)))


def _block(text: str) -> str:
    mended = _again(text)
    return text if looks_misread(mended) else mended


def _again(text: str) -> str:
    # White space before a word is none of its bytes.
    start = len(text) - len(text.lstrip())
    return text[:start] + _decoded(text[start:]) if start else _decoded(text)


def _decoded(text: str) -> str:
    if not is_bad(text):
        return text.translate(_C1) if _HAS_C1.search(text) and _TYPICAL.search(text) is None else text
    mended, steps = ftfy.fix_encoding_and_explain(text, _FTFY)
    in_pieces = any(step.parameter == "decode_inconsistent_utf8" for step in steps or ())
    # A closing quotation mark of which one byte was lost reads as a dagger before a space.
    guessed = "†" in mended and "†" not in text and "â€\xa0" not in text
    # In the encodings of old machines a quotation mark before a letter ("”Även") reads as a letter of UTF-8.
    other = any(step.action == "encode" and step.parameter in _NEVER for step in steps or ())
    odd = any(letter not in text for letter in _ODD.findall(mended))
    if guessed or other or odd or (in_pieces and (_TYPICAL.search(mended) or _LEFT.search(mended))):
        return text
    return mended
