"""What other formats leave in HTML: JSON's escapes, a word processor's prefixes, typographer's quotes in attributes,
comments and scripts printed as text, the shortcodes of a blog engine.

Each is mended only where its shape leaves no doubt; talk about any of them in prose, and code samples, stay.
"""

from __future__ import annotations

import re
from html import unescape

from masthead.core.characters import first_difference
from masthead.core.repair.draft import Draft
from masthead.core.urls import absolute

_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
# Who writes "<\/p>" has written JSON: no HTML holds it.
_JSON_END = re.compile(r"<\\/[a-zA-Z]")
_JSON_LETTER = re.compile(r"\\u([0-9a-fA-F]{4})")
_JSON_MARK = re.compile(r"\\([/\"nrt])")
_JSON_MARKS = {"/": "/", '"': '"', "n": "\n", "r": "\n", "t": " "}
_PRINTED_END = re.compile(r"(^|>|\n)(?:[ \t\xa0]|&nbsp;)*(?:\\[rn][ \t]*)+(?=<|$|\n)")
_PREFIX = re.compile(r"(</?)(?:xhtml|html|xh|h|ns\d{1,2}):(?=[a-zA-Z])", re.IGNORECASE)
_CURLY = re.compile(r"=\s*(?:[“”„‟″]([^“”„‟″<>\"]*)[“”„‟″]|[‘’′]([^‘’′<>']*)[‘’′])")
_CURLY_ESCAPED = re.compile(r"(?<==)\s*&(?:#82(?:20|21|22|43);|[lrb]dquo;|quot;)", re.IGNORECASE)
_ANY_CURLY = re.compile(r"&(?:#82(?:20|21|22|43);|[lrb]dquo;|quot;)", re.IGNORECASE)
_COMMENT = re.compile(r"&lt;!--(?:(?!--&gt;|&lt;!--)[^<>]){0,600}--&gt;")
_BLANK_ENTITY = re.compile(r"&(?:nbsp|ensp|emsp|thinsp|#160|#xa0);", re.IGNORECASE)
_SILENT_START = re.compile(r"&lt;(script|style|noscript)\b(?:(?!&[lg]t;)[^<>]){0,500}&gt;", re.IGNORECASE)
_CODE_LIKE = re.compile(r"[{}();=]")
_SHORTCODE = re.compile(
    r"\[(/?)([a-z][a-z0-9_-]{1,40})((?:\s+[a-z][\w-]{0,40}=(?:\"[^\"\[\]]{0,400}\"|'[^'\[\]]{0,400}'"
    r"|&quot;[^\[\]&]{0,400}&quot;|[^\s\[\]\"']{1,200}))*)\s*/?\]"
)
_EMBED = re.compile(r"\[embed\b[^\[\]]{0,200}\]\s*(https?://[^\s\[\]<>\"']{4,1000})\s*\[/embed\]")
_CAPTION = re.compile(r"\[caption\b[^\[\]]{0,400}\]((?:(?!\[/?caption\b).){1,4000}?)\[/caption\]", re.DOTALL)
_IMAGE = re.compile(r"(?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?", re.IGNORECASE)


def mend_residue(html: str, field: str, draft: Draft) -> str:
    """`html` (outside of code samples) without what other formats left in it."""
    for found, mend, code, why in (
        ("\\", _without_json, "json-escapes", "Characters had been escaped for another format; they were decoded."),
        (":", _without_prefix, "prefixed-tags", "Tags carried a prefix that browsers do not know; it was removed."),
        ("=", _straight, "curly-attributes", "Quotation marks within markup had been made typographic."),
        ("&lt;", _without_silent, "leaked-markup", "Instructions for browsers had been printed as text."),
        ("[", _without_shortcodes, "shortcode", "Instructions for a blog engine had been printed as text."),
    ):
        if found not in html:
            continue
        mended = mend(html)
        if mended != html:
            before, after = _around(html, mended)
            draft.mend(code, field, before, after, why)
            html = mended
    return html


def _around(before: str, after: str) -> tuple[str, str]:
    at = first_difference(before, after)
    return unescape(before[max(0, at - 20) : at + 100]), after[max(0, at - 20) : at + 60]


def _without_json(html: str) -> str:
    if _JSON_END.search(html):
        html = _JSON_LETTER.sub(lambda found: chr(int(found[1], 16)), html)
        # Letters beyond the basic plane come as two escapes.
        html = html.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        html = _JSON_MARK.sub(lambda found: _JSON_MARKS[found[1]], html)
    return _PRINTED_END.sub("\\1\n", html)


def _without_prefix(html: str) -> str:
    return _PREFIX.sub(r"\1", html)


def _straight(html: str) -> str:
    return _TAG.sub(lambda found: _straight_tag(found[0]), html)


def _straight_tag(tag: str) -> str:
    if _CURLY_ESCAPED.search(tag):
        tag = _ANY_CURLY.sub("”", tag)
    return _CURLY.sub(lambda found: f'="{found[1] if found[1] is not None else found[2]}"', tag)


def _without_silent(html: str) -> str:
    """Without printed comments, scripts and style sheets at the edge of a block: in a sentence they are talk."""
    html = _COMMENT.sub(lambda found: "" if _at_edge(html, found.start(), found.end(), both=False) else found[0], html)
    parts: list[str] = []
    position = 0
    lowered = html.lower()
    for found in _SILENT_START.finditer(html):
        if found.start() < position:
            continue
        end_mark = f"&lt;/{found[1].lower()}&gt;"
        end = lowered.find(end_mark, found.end())
        if end < 0:
            break
        stop = end + len(end_mark)
        if _at_edge(html, found.start(), stop, both=True) and _CODE_LIKE.search(html, found.end(), end):
            parts.append(html[position : found.start()])
            position = stop
    return "".join([*parts, html[position:]])


def _at_edge(html: str, start: int, stop: int, *, both: bool) -> bool:
    """Whether a tag, another printed tag, a line end or nothing stands next to html[start:stop]."""
    left = _BLANK_ENTITY.sub(" ", html[max(0, start - 40) : start]).rstrip(" \t\xa0")
    right = _BLANK_ENTITY.sub(" ", html[stop : stop + 40]).lstrip(" \t\xa0")
    begins = not left or left.endswith((">", "\n", "&gt;"))
    ends = not right or right.startswith(("<", "\n", "&lt;"))
    return begins and ends if both else begins or ends


def _without_shortcodes(html: str) -> str:
    """Embeds as links to what they show, captions as captions; other codes go when they carry settings, or end one."""
    html = _EMBED.sub(lambda found: _player(found[1]), html)
    html = _CAPTION.sub(lambda found: _figure(found[1]), html)
    codes = {found[2] for found in _SHORTCODE.finditer(html) if found[3] and not found[1]}
    if not codes:
        return html
    return _SHORTCODE.sub(lambda found: "" if found[2] in codes else found[0], html)


def _player(url: str) -> str:
    found = absolute(unescape(url))
    return f'<iframe src="{found.replace("&", "&amp;")}"></iframe>' if found else url


def _figure(inside: str) -> str:
    image = _IMAGE.search(inside)
    if image is None:
        return inside
    caption = (inside[: image.start()] + inside[image.end() :]).strip()
    return f"<figure>{image[0]}<figcaption>{caption}</figcaption></figure>"
