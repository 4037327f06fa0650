"""Which printed tags are markup that leaked into text, and which are talk about markup that is meant to be read.

A pair, a break and a picture with an address are markup wherever they stand. A tag by itself is markup by its form
(self-closing, with attributes) or by its place (the edge of a block), unless words or quotation marks around it say
that it is spoken of. What stays in doubt stays as written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import islice

from masthead.core.characters import words

BLOCK_NAMES = words(
    "blockquote center div figcaption figure h1 h2 h3 h4 h5 h6 li ol p pre section table tbody td th thead tr ul"
)
_SINGLE = words("br hr wbr img iframe source picture input")
_ADDRESSED = words("img iframe source picture")
_PAIRED = BLOCK_NAMES | words(
    "a abbr article aside b cite code dd del dl dt em font footer header i main nav q s small span strike strong sub"
    " sup u"
)
KNOWN = "|".join(sorted(_PAIRED | _SINGLE, key=len, reverse=True))
ESCAPED_TAG = re.compile(
    rf"&lt;(/?)({KNOWN})\b(?!-)((?:(?!&[lg]t;|[<>]).){{0,2000}}?)(/?)&gt;", re.IGNORECASE | re.DOTALL
)
PLAIN_TAG = re.compile(rf"<(/?)({KNOWN})\b(?!-)([^<>]{{0,2000}}?)(/?)>", re.IGNORECASE)
# Words by which people speak of markup, right before or after a tag.
_TALK = (
    r"tags?|elements?|attributes?|markup|html5?|xml|xhtml|jsx|css|selectors?|nodes?|components?|containers?|anchors?"
    r"|elementos?|etiquetas?|atributos?|marcado|elemente?n?|attribute?n?|auszeichnung|balises?|[ée]l[ée]ments?"
    r"|attributs?|balisage|тег\w{0,3}|элемент\w{0,3}|атрибут\w{0,3}|разметк\w|وسم|الوسم|وسوم|الوسوم|عنصر|العنصر|عناصر"
)
_TALK_AFTER = re.compile(rf"[\s)\]\"'”’»`-]*(?:[\w-]+\s+)?(?:{_TALK})\b", re.IGNORECASE)
_TALK_BEFORE = re.compile(rf"\b(?:{_TALK})\s*[:(\[\"'“‘«„`]?\s*$", re.IGNORECASE)
_TALK_ANYWHERE = re.compile(rf"\b(?:{_TALK})\b", re.IGNORECASE)
_OPENING = "\"'“‘«„`([’”"
_CLOSING = "\"'”’»“`)]‘"
# "between <b> and </b>": nothing is marked up by such a pair.
_BETWEEN = re.compile(r"\s*(?:and|or|to|y|e|o|a|und|oder|bis|et|ou|[àa]|и|или|до|و|أو|[,/….–—-]|&amp;){1,3}\s*", re.I)
_ATTRIBUTE = re.compile(r"\s[a-z][\w:-]{0,40}\s*=", re.IGNORECASE)
_BOUNDARY = re.compile(
    r"</?(address|article|aside|audio|blockquote|body|center|dd|details|div|dl|dt|figcaption|figure|footer|form|h[1-6]"
    r"|header|hr|br|iframe|img|li|main|nav|ol|p|pre|section|table|tbody|td|th|thead|tr|ul|video)\b[^<>]*>|\n[ \t]*\n",
    re.IGNORECASE,
)
_REAL_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
# Tags that are judged one by one; a text with more of them is no talk about markup, unless its beginning is.
_MOST_JUDGED = 3000
_MOSTLY = 0.9
# A block of more characters is not looked through for halves of tags.
_LONGEST_RUN = 100_000


@dataclass(slots=True)
class _Tag:
    found: re.Match[str]
    run: tuple[int, int]
    talked: bool = False
    markup: bool = False
    partner: bool = False
    at_start: bool = True
    at_end: bool = True

    @property
    def name(self) -> str:
        return self.found[2].lower()

    @property
    def closing(self) -> bool:
        return bool(self.found[1])

    @property
    def attributes(self) -> bool:
        return _ATTRIBUTE.search(self.found[3]) is not None


@dataclass(slots=True)
class Leaks:
    """The printed tags of a text that are markup, in order. `certain`: pairs, breaks and pictures are among them."""

    tags: list[_Tag] = field(default_factory=list)
    certain: bool = False


def find_leaks(pattern: re.Pattern[str], text: str, *, code: bool = False) -> Leaks:
    """The tags of `text` that `pattern` (`ESCAPED_TAG`, `PLAIN_TAG`) finds and that are markup.

    `code`: the text belongs to a report that holds code samples, and so is likely to speak of markup.
    """
    if pattern is ESCAPED_TAG and "&gt;" not in text.lower():
        return Leaks()  # nothing but beginnings of tags, of which there may be a million
    first = list(islice(pattern.finditer(text), _MOST_JUDGED + 1))
    if len(first) > _MOST_JUDGED:
        return _of_many(pattern, text, first[-1].start(), code=code)
    tags = _tags(first, text, whole=pattern is PLAIN_TAG)
    if not tags:
        return Leaks()
    _pair(tags, text, code=code)
    certain = any(tag.markup for tag in tags)
    spoken = {tag.run for tag in tags if tag.talked and not tag.markup}
    about = code or bool(spoken)
    strays = [tag for tag in tags if not tag.markup and not tag.talked and tag.run not in spoken]
    if strays:
        _set_edges(tags, text)
    worded = {run: _TALK_ANYWHERE.search(text, *run) is not None for run in {tag.run for tag in strays}}
    for tag in strays:
        if tag.name in _SINGLE:
            tag.markup = _is_single(tag, about=about)
            certain = certain or tag.markup
        else:
            tag.markup = _is_stray(tag, about=about, spoken=worded[tag.run])
    return Leaks([tag for tag in tags if tag.markup], certain)


def _of_many(pattern: re.Pattern[str], text: str, cut: int, *, code: bool) -> Leaks:
    """Of thousands of tags the first ones are judged; where those are markup, so are the others."""
    judged = find_leaks(pattern, text[:cut], code=code)
    if len(judged.tags) < _MOST_JUDGED * _MOSTLY:
        return judged
    others = [_Tag(one, (0, len(text)), markup=True, partner=True) for one in pattern.finditer(text, cut)]
    return Leaks([*judged.tags, *others], certain=True)


def is_talk(line: str) -> bool:
    """Whether a line of plain text has tags in it and all of them are spoken of, or bare ones within a sentence."""
    first = list(islice(PLAIN_TAG.finditer(line), _MOST_JUDGED + 1))
    if len(first) > _MOST_JUDGED:
        line = line[: first.pop().start()]
    tags = _tags(first, line, whole=True)
    _pair(tags, line, code=False)
    return any(tag.talked for tag in tags) and not any(tag.markup or tag.attributes for tag in tags if not tag.talked)


def _tags(found: list[re.Match[str]], text: str, *, whole: bool) -> list[_Tag]:
    """The tags that were found, each with the run of text that it stands in (`whole`: all of it)."""
    if not found:
        return []
    if whole:
        return [_Tag(one, (0, len(text)), _is_talk(text, one, (0, len(text)))) for one in found]
    inside = [match.span() for match in _REAL_TAG.finditer(text)]
    edges = [0, *(at for match in _boundaries(text) for at in match.span()), len(text)]
    tags: list[_Tag] = []
    edge = real = 0
    for one in found:
        while real < len(inside) and inside[real][1] <= one.start():
            real += 1
        if real < len(inside) and inside[real][0] < one.start():
            continue  # within an attribute of a tag: nobody sees it
        while edge + 1 < len(edges) and edges[edge + 1] <= one.start():
            edge += 1
        run = (edges[edge], edges[edge + 1] if edge + 1 < len(edges) else len(text))
        tags.append(_Tag(one, run, _is_talk(text, one, run)))
    return tags


def _boundaries(text: str) -> Iterator[re.Match[str]]:
    """The edges of blocks; the end of one that never began parts nothing, as parsers drop it."""
    opened: Counter[str] = Counter()
    for match in _BOUNDARY.finditer(text):
        if match[1]:
            name = match[1].lower()
            if not match[0].startswith("</"):
                opened[name] += 1
            elif not opened[name]:
                continue
            else:
                opened[name] -= 1
        yield match


def _is_talk(text: str, found: re.Match[str], run: tuple[int, int]) -> bool:
    """Whether a tag is spoken of: quoted, or beside a word for what it is, within a sentence."""
    before = _visible(text[max(run[0], found.start() - 60) : found.start()])
    after = _visible(text[found.end() : min(run[1], found.end() + 60)])
    quoted = before[-1:] + after[:1] if before[-1:].strip() else before.rstrip()[-1:] + after.lstrip()[:1]
    if len(quoted) == 2 and quoted[0] in _OPENING and quoted[1] in _CLOSING:
        return True
    if _TALK_BEFORE.search(before):
        return True
    return bool(after[:1].isspace() and _TALK_AFTER.match(after) and (before.strip() or _starts_sentence(found, after)))


def _starts_sentence(found: re.Match[str], after: str) -> bool:
    """Whether a tag that opens a block is the subject of what follows: no attributes, a small letter next."""
    return not _ATTRIBUTE.search(found[3]) and after.lstrip()[:1].islower()


def _visible(text: str) -> str:
    """`text` as it is read: real tags gone, references decoded."""
    return unescape(_REAL_TAG.sub("", text))


def _pair(tags: list[_Tag], text: str, *, code: bool) -> None:
    """Mark what opens and closes as markup."""
    opened: dict[str, list[_Tag]] = {}
    for tag in tags:
        if tag.name in _SINGLE or (tag.found[4] and not tag.closing):
            continue
        if not tag.closing:
            opened.setdefault(tag.name, []).append(tag)
        elif waiting := opened.get(tag.name):
            first = waiting.pop()
            if first.talked and (tag.talked or first.run == tag.run):
                tag.talked = True
            elif _BETWEEN.fullmatch(text, first.found.end(), tag.found.start()) or (code and _is_apart(first, tag)):
                first.talked = tag.talked = True
            else:
                first.markup = tag.markup = first.partner = tag.partner = True


def _is_apart(first: _Tag, last: _Tag) -> bool:
    """Whether both tags of a pair stand as words in one sentence ("put <main> before and </main> after")."""
    text, start, end = first.found.string, first.found.start(), first.found.end()
    within = text[max(0, start - 2) : start].strip() and text[start - 1 : start] + text[end : end + 1] == "  "
    return first.run == last.run and not first.attributes and bool(within) and text[last.found.start() - 1] == " "


def _is_single(tag: _Tag, *, about: bool) -> bool:
    """Whether a tag that needs no other half is markup: a picture without address and a bare field are not."""
    if tag.name in _ADDRESSED:
        return "src" in tag.found[3].lower()
    if tag.name == "input":
        return tag.attributes and not about
    text, start, end = tag.found.string, tag.found.start(), tag.found.end()
    within = text[max(0, start - 1) : start] == " " and text[end : end + 1] == " " and text[end + 1 : end + 2].islower()
    return not (about and within)


def _is_stray(tag: _Tag, *, about: bool, spoken: bool) -> bool:
    """Whether a tag without its other half is markup.

    `about`: the report speaks of markup elsewhere; `spoken`: the words around the tag do.
    """
    if tag.closing:
        return not about and not spoken
    if tag.found[4] or tag.attributes:
        # A named place at the edge of a heading is markup even where code is spoken of.
        return (tag.attributes and tag.at_start != tag.at_end) or (not about and not spoken)
    if about or spoken or not tag.at_start or tag.at_end:
        return False
    after = unescape(tag.found.string[tag.found.end() : tag.found.end() + 12])
    return not after[:1].isspace() or after.lstrip()[:1].isupper()


def _set_edges(tags: list[_Tag], text: str) -> None:
    """Note which tags have nothing but tags, real and printed, before or after them in their run."""
    for ordered, forward in ((tags, True), (tags[::-1], False)):
        run, position, worded = (-1, -1), 0, False
        for tag in ordered:
            if tag.run != run:
                run, worded = tag.run, False
                position = run[0] if forward else run[1]
            gap = text[position : tag.found.start()] if forward else text[tag.found.end() : position]
            worded = worded or bool(_visible(gap).strip())
            if forward:
                tag.at_start, position = not worded, tag.found.end()
            else:
                tag.at_end, position = not worded, tag.found.start()


def as_tags(leaks: Leaks, text: str) -> str:
    """`text` with its leaked tags as tags; one that closes itself or lacks its other half goes, or parts a block."""
    parts: list[str] = []
    position = 0
    for tag in leaks.tags:
        parts += (text[position : tag.found.start()], _as_tag(tag))
        position = tag.found.end()
    return "".join([*parts, text[position:]])


def without_tags(leaks: Leaks, text: str) -> str:
    """Plain `text` without its leaked tags; where one parted words, a space does."""
    parts: list[str] = []
    position = 0
    for tag in leaks.tags:
        parts += (text[position : tag.found.start()], " " if tag.name in _SINGLE else "")
        position = tag.found.end()
    return "".join([*parts, text[position:]])


def _as_tag(tag: _Tag) -> str:
    found = tag.found
    linked = tag.name == "a" and not tag.closing and not found[4] and "href" in found[3].lower()
    if tag.partner or tag.name in _SINGLE or linked:
        return f"<{found[1]}{found[2]}{unescape(found[3])}{found[4]}>"
    return "<p></p>" if tag.name in BLOCK_NAMES else ""


# A tag that was cut: its beginning at the end of a block, or its end at the beginning of one.
_QUOTED = r"(?:\"[^\"<>]{0,500}\"|'[^'<>]{0,500}'|&quot;(?:(?!&quot;|&[lg]t;)[^<>]){0,500}&quot;)"
_CUT_NAMES = r"(?:class|style|href|src|alt|title|rel|target|id|width|height|align|border|srcset|loading)"
_HEAD_HALF = re.compile(
    rf"&lt;(?:/(?:{KNOWN})\s*|br\s*/?\s*|(?:{KNOWN})\s+[a-z][\w:-]{{0,40}}\s*=\s*(?:[\"']|&quot;|&#0?39;)(?:(?!&[lg]t;)[^<>]){{0,2000}})$",
    re.IGNORECASE,
)
_TAIL_HALF = re.compile(rf"\s*[^\s<>&=]{{0,200}}(?:\s+{_CUT_NAMES}\s*=\s*{_QUOTED})+\s*/?&gt;", re.IGNORECASE)
_WHOLE_IMAGE = re.compile(rf"&lt;img(?:\s+[a-z][\w:-]{{0,40}}\s*=\s*{_QUOTED})+\s*/?$", re.IGNORECASE)


def without_halves(text: str) -> str:
    """`text` (HTML) without printed halves of tags at the edges of blocks; a picture that lacks only its end is one.

    Where markup is spoken of in the same block, all stays.
    """
    parts: list[str] = []
    position = 0
    for boundary in [*_BOUNDARY.finditer(text), None]:
        run = text[position : boundary.start() if boundary else len(text)]
        parts += (_without_half(run), boundary[0] if boundary else "")
        position = boundary.end() if boundary else len(text)
    return "".join(parts)


def _without_half(run: str) -> str:
    if len(run) > _LONGEST_RUN or ("&lt;" not in run and "&gt;" not in run) or _TALK_ANYWHERE.search(_visible(run)):
        return run
    body = run.rstrip()
    # Only the last printed beginning can be the one that was cut.
    start = body.rfind("&lt;")
    if start >= 0 and _HEAD_HALF.match(body, start):
        image = _WHOLE_IMAGE.match(body, start)
        run = body[:start] + (f"<{unescape(image[0][4:]).rstrip('/')}>" if image else "")
    if tail := _TAIL_HALF.match(run):
        run = run[tail.end() :]
    return run
