"""A page as a reader sees it: its lines of text from top to bottom, with what is around the article marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from masthead.core.characters import one_line, words

_SILENT = words("script style template noscript svg math object select option textarea iframe canvas video audio head")
_INLINE = words(
    "a abbr b bdi bdo big cite code data date dfn em font i img ins kbd label mark q s samp small span strong sub sup"
    " time tt u var wbr br"
)
_AROUND_TAGS = words("nav aside footer form dialog")
# Classes and ids of blocks that hold other articles, readers' words or the site's furniture.
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|respond|replies|related|sidebar|side-?bar|recommend\w*|recirc\w*|popular|trending|latest|"
    r"most-?read|read-?more|more-?(?:from|stories|news|posts|articles)|newsletter|subscribe|cookies?|consent|copyright|footer|"
    r"breadcrumbs?|menu|navbar|navigation|calendar|archives?|upcoming|events?|ticker|teasers?|carousel|slider|"
    r"promos?|sponsored|next-post|prev-post|post-navigation|see-?also|pagination|masthead|topbar|search)(?=$|[\s_-])",
    re.IGNORECASE,
)
_Inside = tuple[frozenset[int], int, str]
_MAX_LINES = 4000
_LONGEST = 2000


@dataclass(slots=True)
class Line:
    """One line: `text`; `around`: numbers of the blocks round it whose names or elements are not an article's; `times`:
    what `time` elements in it state, by the place in the text where they begin; `marks`: classes and ids of what it
    stands in; `level`: of a heading, else 0."""

    text: str = ""
    around: frozenset[int] = frozenset()
    level: int = 0
    marks: str = ""
    times: list[tuple[int, str]] = field(default_factory=list)


def read_lines(root: HtmlElement) -> list[Line]:
    """The lines of a page, at most 4,000."""
    body = root.find(".//body")
    lines: list[Line] = []
    for line in _lines(body if body is not None else root):
        lines.append(line)
        if len(lines) >= _MAX_LINES:
            break
    return lines


def _lines(body: HtmlElement) -> Iterator[Line]:
    line = Line()
    # What each open element changes: (around, level, marks) of those inside it.
    stack: list[_Inside] = [(frozenset(), 0, "")]
    silent = number = 0
    for event, element in etree.iterwalk(body, events=("start", "end", "comment")):
        if event == "comment":
            if not silent:
                _append(line, element.tail)
            continue
        tag = element.tag if isinstance(element.tag, str) else ""
        inline = tag in _INLINE
        if event == "start":
            silent += tag in _SILENT
            if not inline or tag == "br":
                yield from _whole(line)
                line = Line()
            number += 1
            stack.append(_inside(element, tag, stack[-1], number))
            if silent:
                continue
            _note(line, stack[-1])
            if tag == "time" and (stated := element.get("datetime")):
                line.times.append((len(line.text), stated[:100]))
            _append(line, element.text)
        else:
            stack.pop()
            silent -= tag in _SILENT
            if not inline:
                yield from _whole(line)
                line = Line()
            if not silent and element is not body:
                _note(line, stack[-1])
                _append(line, element.tail)
    yield from _whole(line)


def _inside(element: HtmlElement, tag: str, above: _Inside, number: int) -> _Inside:
    around, level, marks = above
    own = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}".strip()[:200]
    if tag in ("body", "html", "main", "article"):
        # What a whole page is called says nothing of a part of it.
        return around, level, marks
    if tag in _AROUND_TAGS or _named_around(own):
        around |= {number}
    if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
        level = int(tag[1])
    return around, level, f"{own} {marks}"[:300] if own else marks


@lru_cache(maxsize=8192)
def _named_around(own: str) -> bool:
    return bool(own) and _AROUND.search(own) is not None


def _note(line: Line, inside: _Inside) -> None:
    if not line.text:
        line.around, line.level, line.marks = inside


def _append(line: Line, text: str | None) -> None:
    if text and len(line.text) < _LONGEST:
        if text.isspace():
            line.text += " " if line.text and not line.text.endswith(" ") else ""
            return
        clean = one_line(text[:_LONGEST])
        # White space at the edges parts words across elements; without it they are one word.
        before = " " if line.text and text[:1].isspace() and not line.text.endswith(" ") else ""
        after = " " if clean and text[-1:].isspace() else ""
        line.text += before + clean + after


def _whole(line: Line) -> Iterator[Line]:
    line.text = line.text.rstrip()
    if line.text or line.times:
        yield line
