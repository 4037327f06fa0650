"""Host names as readers see them: in their own letters, where those cannot pass for others."""

from __future__ import annotations

import idna
import regex

# Scripts in everyday use (Unicode Standard Annex 31, table 5); a host in any other stays in punycode.
_SCRIPTS = (
    "Arabic Armenian Bengali Bopomofo Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Hangul Han Hebrew"
    " Hiragana Kannada Katakana Khmer Lao Latin Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan"
)
# Which of them one word may mix: "highly restrictive" in Unicode Technical Standard 39, 5.2.
_TOGETHER = ("Latin Han Hiragana Katakana", "Latin Han Bopomofo", "Latin Han Hangul")
_CLASSES = ["".join(rf"\p{{{name}}}" for name in names.split()) for names in (*_SCRIPTS.split(), *_TOGETHER)]
_OF_ONE = regex.compile("|".join(rf"[{scripts}\p{{Common}}\p{{Inherited}}]+" for scripts in _CLASSES))
# Whole words of these can be written that look Latin.
_LIKE_LATIN = regex.compile(r"[\p{Armenian}\p{Cyrillic}\p{Greek}]")


def shown(host: str) -> str:
    """A host name for people: "münchen.example" for "xn--mnchen-3ya.example".

    What could be mistaken stays in punycode, whole: a label that mixes scripts, letters that look Latin under a
    top-level domain in ASCII, and what is no valid name at all (RFC 5891). Mastodon's CVE-2023-36462 is of this kind.
    """
    if "xn--" not in host and host.isascii():
        return host
    try:
        name = idna.decode(host)
    except idna.IDNAError:
        return host
    *_, top = labels = name.split(".")
    if not all(_OF_ONE.fullmatch(label) for label in labels) or (top.isascii() and _LIKE_LATIN.search(name)):
        return host
    return name
