"""Text that came as bare lines: paragraphs parted by line ends or `<br>` only, as posting services write."""

from __future__ import annotations

import re

from masthead.core.repair.vocabulary import RELATED_ALONE
from masthead.core.sanitize import to_text

_STRUCTURE = re.compile(
    r"<(?:p|div|ul|ol|li|dl|table|blockquote|pre|h[1-6]|section|article|figure|hr|iframe|video|details|center)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
_TAG_OR_END = re.compile(r"<[^<>]*>|\n")
# White space is tried from its beginning only: a long run of it would otherwise be read once for each of its letters.
_BREAK = re.compile(r"(?<![ \t])[ \t]*<br\s*/?>[ \t]*\n?", re.IGNORECASE)
_OWN_LINE = re.compile(r"<(?:img|figcaption|picture|source)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"^\s*(?:<a\b[^<>]*>)?\s*https?://", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?…؟。][\"'”’»)]*$")
_LONG = 80
_WRAPPED = range(45, 101)


def with_paragraphs(html: str) -> str:
    """`html` with its bare lines as paragraphs; as it is where it has paragraphs or other structure of its own.

    Blank lines and double `<br>` part paragraphs. So does the end of a line that is long and ends a sentence; lines
    wrapped by width are joined again. An address at the beginning of a line begins a paragraph.
    """
    if _STRUCTURE.search(html) or ("\n" not in html.strip() and not _BREAK.search(html)):
        return html
    broken = _BREAK.search(html) is not None
    if broken:
        # Where breaks are written, line ends are mere white space, unless something shows that they part the text too.
        html = _BREAK.sub("\n", html if _parts_by_ends(html) else " ".join(_lines(html)))
    parts: list[str] = []
    run: list[str] = []
    for line in [*_lines(html), ""]:
        if _stands_alone(line):
            parts += [*paragraphs(run, broken), line.strip()]
            run = []
        elif line.strip():
            run.append(line.strip())
        else:
            parts += paragraphs(run, broken)
            run = []
    return "\n".join(parts)


def _lines(html: str) -> list[str]:
    """The lines of `html`; a line end within a tag parts nothing."""
    lines, start = [], 0
    for found in _TAG_OR_END.finditer(html):
        if found[0] == "\n":
            lines.append(html[start : found.start()])
            start = found.end()
    return [*lines, html[start:]]


def _parts_by_ends(html: str) -> bool:
    """Whether a text with breaks also has line ends that part it: a blank line, or markup on lines of its own."""
    return any(_stands_alone(line) for line in _lines(html)) or re.search(r"\n[ \t]*\n", html) is not None


def _stands_alone(line: str) -> bool:
    if "<" not in line:
        return False
    words = to_text(_TAG.sub(" ", line)).strip()
    return bool(_OWN_LINE.search(line)) or not words or RELATED_ALONE.match(words) is not None


def paragraphs(run: list[str], broken: bool = False) -> list[str]:
    """The lines of one block (HTML) as paragraphs: lines wrapped by width are joined, an ended long line ends one.

    `broken`: the line ends were written as `<br>`, so that none of them comes of wrapping.
    """
    if not run:
        return []
    texts = [_TAG.sub("", line) for line in run]
    ends = [bool(_SENTENCE.search(text)) for text in texts]
    wrapped = all(len(text) in _WRAPPED and "://" not in text for text in texts[:-1])
    if len(run) > 2 and wrapped and not all(ends[:-1]) and not broken:
        return [f"<p>{' '.join(run)}</p>"]
    groups: list[list[str]] = [[]]
    tail = False
    for line, text, ended in zip(run, texts, ends, strict=True):
        if _ADDRESS.match(line):
            tail = True
            groups.append([])
        groups[-1].append(line)
        if ended and len(text) > _LONG and not tail:
            groups.append([])
    return [f"<p>{'<br>'.join(group)}</p>" for group in groups if group]
