"""Markup that leaked into text, entities escaped once too often, letters read in the wrong encoding."""

from __future__ import annotations

import re
from html import escape, unescape
from html.entities import html5

from masthead.core.characters import first_difference, one_line, strip_controls
from masthead.core.letters import looks_misread, redecoded
from masthead.core.repair.draft import Draft
from masthead.core.repair.leaks import (
    ESCAPED_TAG,
    KNOWN,
    PLAIN_TAG,
    Leaks,
    as_tags,
    find_leaks,
    without_halves,
    without_tags,
)
from masthead.core.repair.residue import mend_residue

_TWICE_ESCAPED_TAG = re.compile(rf"&amp;(?:amp;)*lt;/?(?:{KNOWN})\b", re.IGNORECASE)
_DOUBLE_ENTITY = re.compile(r"&amp;(?=(#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[a-zA-Z]{2,31}\d{0,2});)")
_ENTITY = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[a-zA-Z]{2,31}\d{0,2});")
_CODE = re.compile(r"(<(code|pre|kbd|samp|xmp)\b.*?</\2\s*>)", re.IGNORECASE | re.DOTALL)
_CDATA_WHY = "A technical wrapper had been printed as text; it was removed."
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>|&lt;!\[CDATA\[|\]\]&gt;")
# Without any of these there is nothing here to mend.
_MARKS = ("&", "\\", "[", "=", ":")
MAX_ROUNDS = 3
_MOST_ROUNDS = 8


def mend_encoding(text: str, field: str, draft: Draft) -> str:
    """`text` with letters that were decoded in the wrong encoding put right: where that is certain, else not at all."""
    fixed = redecoded(text)
    if fixed != text:
        before, after = _difference(text, fixed)
        draft.mend(
            "mojibake",
            field,
            before,
            after,
            "Letters had been decoded in the wrong encoding; they were decoded again in the right one.",
        )
    if looks_misread(fixed):
        draft.warn(
            f"Letters in {field} had been decoded in the wrong encoding and in part lost; they stand as received."
        )
    return fixed


def _difference(before: str, after: str) -> tuple[str, str]:
    """The neighbourhood of the first difference of two texts."""
    at = first_difference(before, after)
    start = max(0, at - 30)
    return before[start : at + 60], after[start : at + 60]


def mend_html(html: str, field: str, draft: Draft) -> str:
    """`html` with leaked tags made tags again, and entities escaped as often as they should be.

    Code samples are left alone: there, escaped tags are meant to be read.
    """
    for _ in range(MAX_ROUNDS):
        # A control that stood between two misread letters hides them.
        mended = strip_controls(mend_encoding(html, field, draft))
        if mended == html:
            break
        html = mended
    if "CDATA[" in html or "]]&gt;" in html or "]]>" in html:
        html = _CDATA.sub("", html)
        draft.mend("cdata", field, "<![CDATA[", "", _CDATA_WHY)
    if not any(mark in html for mark in _MARKS):
        return html
    parts = _CODE.split(html)
    # split() yields text, whole code element, its tag name, text, ...
    for index in range(0, len(parts), 3):
        for _ in range(MAX_ROUNDS):
            mended = _mend_part(mend_residue(parts[index], field, draft), field, draft, code=len(parts) > 1)
            if mended == parts[index]:
                break
            parts[index] = mended
    return "".join(part for index, part in enumerate(parts) if index % 3 != 2)


def _mend_part(html: str, field: str, draft: Draft, *, code: bool) -> str:
    halved = code
    for _ in range(MAX_ROUNDS):
        leaks = find_leaks(ESCAPED_TAG, html, code=code)
        if leaks.tags:
            mended = _tags_again(html, leaks)
        elif _TWICE_ESCAPED_TAG.search(html):
            mended = html.replace("&amp;", "&")
        elif halved or (mended := without_halves(html)) == html:
            break
        else:
            # A text of nothing but halves would lose one in each round.
            halved = True
        draft.mend(
            "leaked-markup",
            field,
            *_around_leak(html, mended, leaks),
            "Markup had been printed as text; it was read as markup again.",
        )
        html = mended
    return _mend_entities(html, field, draft)


def _around_leak(html: str, mended: str, leaks: Leaks) -> tuple[str, str]:
    found = leaks.tags[0].found if leaks.tags else _TWICE_ESCAPED_TAG.search(html)
    start = found.start() if found else first_difference(html, mended)
    return unescape(html[start : start + 200]), mended[start : start + 160]


def _tags_again(html: str, leaks: Leaks) -> str:
    """Escaped tags as tags. When there were no others, the text between them had been escaped once more as well."""
    if not leaks.certain or PLAIN_TAG.search(html):
        return as_tags(leaks, html)
    mended = ESCAPED_TAG.sub(lambda found: f"<{found[1]}{found[2]}{unescape(found[3])}{found[4]}>", html)
    return mended.replace("&amp;", "&")


def _mend_entities(html: str, field: str, draft: Draft) -> str:
    for _ in range(MAX_ROUNDS):
        mended = _DOUBLE_ENTITY.sub(lambda found: "&" if _is_entity(found[1]) else found[0], html)
        if mended == html:
            break
        at = next(_DOUBLE_ENTITY.finditer(html)).start()
        draft.mend(
            "double-escaped",
            field,
            html[at : at + 40],
            mended[at : at + 40],
            "Characters had been escaped twice, so that their code was printed; they were decoded.",
        )
        html = mended
    return html


def _is_entity(name: str) -> bool:
    return name.startswith("#") or f"{name};" in html5


def mend_line(text: str, field: str, draft: Draft) -> str:
    """A title, name or caption as one line of plain text: no tags, no leftover entities, no wrong letters.

    The feed parser decoded it once already; what still looks like an entity had been escaped twice. One mend may
    uncover another, so that the line is mended until it stays as it is.
    """
    for _ in range(_MOST_ROUNDS):
        fixed = one_line(_mend_line_once(text, field, draft))
        if fixed == text:
            break
        text = fixed
    return text


def _mend_line_once(text: str, field: str, draft: Draft) -> str:
    fixed = mend_encoding(text, field, draft)
    if _CDATA.search(fixed):
        bare = _CDATA.sub("", fixed)
        draft.mend("cdata", field, fixed, bare, _CDATA_WHY)
        fixed = bare
    if any(_is_entity(found[0][1:-1]) for found in _ENTITY.finditer(fixed)):
        decoded = unescape(fixed)
        draft.mend("double-escaped", field, fixed, decoded, "Characters had been escaped twice; they were decoded.")
        fixed = decoded
    if "<" in fixed and (leaks := find_leaks(PLAIN_TAG, fixed)).tags:
        stripped = without_tags(leaks, fixed)
        draft.mend(
            "leaked-markup", field, fixed, one_line(stripped), "Markup had been printed as text; it was removed."
        )
        fixed = stripped
    return fixed


def text_to_html(text: str) -> str:
    """Plain text as HTML, a paragraph a block of lines."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    return "".join(f"<p>{escape(part, quote=False)}</p>" for part in parts)
