"""Text on its way out: what XML, HTML attributes and one-line fields cannot hold is taken out here."""

from __future__ import annotations

import re

from masthead.core import characters, urls

_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,6}")


def one_line(text: str, longest: int = 0) -> str:
    """`text` on one line without controls; cut at a word with "…" when longer than `longest` characters (0: never)."""
    text = characters.one_line(text)
    if longest and len(text) > longest:
        return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"
    return text


def xml_text(text: str) -> str:
    """`text` without the characters that XML 1.0 (section 2.2) does not allow."""
    return characters.strip_controls(text)


def web_address(url: str) -> str:
    """`url` as an absolute http(s) address, empty when it is none: what publishers write is not always one."""
    return urls.absolute(url)


def language_tag(tag: str, otherwise: str = "") -> str:
    """`tag` where it has the form of a language tag (BCP 47), else `otherwise`."""
    return tag if _TAG.fullmatch(tag) else otherwise
