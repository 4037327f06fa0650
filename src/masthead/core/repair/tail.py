"""What an applet writes under a post: a short link, a date (often cut), "from SOURCE"."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import pairwise

from masthead.core.repair.draft import Draft
from masthead.core.repair.links import clean_link, is_short_link
from masthead.core.repair.partial import leave_cut, read_partial, settle_partial, year_of_cut
from masthead.core.repair.vocabulary import CHROME, FROM
from masthead.core.sanitize import to_text
from masthead.core.types import Block, SourceRef

_SHORT = re.compile(
    r"^(?P<url>https?://[a-z0-9.-]{1,30}\.[a-z]{2,10}(?::\d{2,5})?/[A-Za-z0-9_-]{3,14})(?:\s+(?P<rest>\S.{0,80}))?$"
)
# The same in one line: "via SOURCE https://short/x".
_NAMED = re.compile(r"^(?P<from>\S.{1,120}?)\s+(?P<url>https?://[a-z0-9.-]{1,40}/[A-Za-z0-9_-]{3,14})$")
_ADDRESS = re.compile(r"https?://[a-z0-9.-]{1,40}(?::\d{2,5})?/[A-Za-z0-9_-]{3,14}(?![\w/-])")
_LAST = 6
# Letters at a text's end in which a tail is looked for.
_TAIL_LENGTH = 4000


def take_tail(blocks: list[Block], draft: Draft, seen: datetime) -> list[Block]:
    """`blocks` without the applet's tail; its facts (short link, date, source) go into the draft.

    A tail begins with a line that is a short link, alone or followed by something that reads as a date, near the end.
    """
    for index in range(len(blocks) - 1, max(-1, len(blocks) - 1 - _LAST), -1):
        block = blocks[index]
        if block.type != "paragraph":
            continue
        lines = block.text.split("\n")
        for number, line in enumerate(lines):
            named = _NAMED.match(line.strip())
            if named and FROM.match(named["from"]) and is_short_link(named["url"]):
                line = named["url"]
                lines[number:] = [line, named["from"], *lines[number + 1 :]]
            found = _SHORT.match(line.strip())
            if found and _is_tail(found, lines[number + 1 :], blocks[index + 1 :]):
                after = _read(found, lines[number + 1 :], blocks[index + 1 :], blocks, draft, seen)
                kept = blocks[:index]
                if number:
                    kept.append(_cut(block, number))
                draft.mend(
                    "applet-tail",
                    "body",
                    "\n".join([line, *lines[number + 1 :]]),
                    "",
                    (
                        "A short link, date and source that a posting service had written under the text were taken "
                        "out; each is kept in its place."
                    ),
                )
                return kept + after
    return blocks


def posted_from_elsewhere(html: str) -> bool:
    """Whether a text ends as a posting service ends one: a short link, then a date or "from SOURCE".

    Such a text was written for another site, so its relative links do not lead to pages of this one.
    """
    end = html[-_TAIL_LENGTH:]
    if not any(is_short_link(found[0]) for found in _ADDRESS.finditer(end)):
        return False
    lines = [line.strip() for line in to_text(end).split("\n") if line.strip()][-2 * _LAST :]
    return any(_begins_tail(line, following) for line, following in pairwise([*lines, ""]))


def _begins_tail(line: str, following: str) -> bool:
    named = _NAMED.match(line)
    if named and FROM.match(named["from"]) and is_short_link(named["url"]):
        return True
    found = _SHORT.match(line)
    if found is None or not is_short_link(found["url"]):
        return False
    if rest := found["rest"]:
        return read_partial(rest) is not None or year_of_cut(rest)[0]
    return FROM.match(following) is not None


def _is_tail(found: re.Match[str], lines: list[str], following: list[Block]) -> bool:
    rest = found["rest"] or ""
    short = is_short_link(found["url"])
    if short and (not rest or read_partial(rest) or year_of_cut(rest)[0]):
        return True
    named = bool(lines and FROM.match(lines[0])) or bool(following and FROM.match(following[0].text.split("\n")[0]))
    return bool(rest and read_partial(rest)) or (not rest and named)


def _cut(block: Block, lines: int) -> Block:
    parts = re.split(r"<br\s*/?>|\n", block.html)
    return Block(
        type="paragraph",
        text="\n".join(block.text.split("\n")[:lines]).strip(),
        html="<br>".join(parts[:lines]).strip(),
    )


def _read(
    found: re.Match[str], lines: list[str], following: list[Block], blocks: list[Block], draft: Draft, seen: datetime
) -> list[Block]:
    url = clean_link(found["url"])
    if url and url not in draft.short_links:
        draft.short_links.append(url)
        draft.origin("short_links", "text:tail")
    if (raw := found["rest"]) and draft.published is None:
        if partial := read_partial(raw):
            settle_partial(partial, raw, blocks, draft, seen)
        else:
            leave_cut(year_of_cut(raw)[1], raw, draft)
    rest = list(lines)
    if not rest and following and following[0].type == "paragraph":
        rest = following[0].text.split("\n")
        following = following[1:]
    if rest and (named := FROM.match(rest[0])):
        # What is said of this very report goes before the name of the feed or site that it was posted to.
        if name := named["name"].strip():
            own = name.casefold() == draft.source.name.casefold()
            draft.source = SourceRef(name, draft.source.url if own else "")
            draft.origin("source", "text:tail")
        rest = rest[1:]
    if leftover := " ".join(line for line in rest if line.strip()):
        draft.page.setdefault("after", []).append(leftover)
    if following and following[0].type in ("paragraph", "heading") and CHROME.match(following[0].text):
        draft.page.setdefault("after", []).extend(block.text for block in following if block.text)
        return []
    return following
