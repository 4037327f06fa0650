"""The article's text as structured data states it (`articleBody`): evidence for what we read, and a last resort.

It has no headings, links or pictures, and with many publishers it is cut off: so it never stands in place of markup
that agrees with it. Where it does agree it says where the text ends; where the markup holds no article it says where to
look, or what the text is.
"""

from __future__ import annotations

import re
from html import escape

from lxml.html import HtmlElement

from masthead.core.repair.draft import Draft
from masthead.core.sanitize import to_text
from masthead.core.tree import inner_html
from masthead.core.types import Block

_SHORTEST = 600  # characters below which it is a summary
_LONGEST = 200_000
_PROBE = 60  # letters by which a paragraph is found in it
_SHORTEST_PROBE = 12
_AGREES = 0.8  # share of the stated text that our paragraphs hold, and of our text that is stated
_FAILED = 0.3  # share of the stated text below which we read something else
_MOST_AFTER = 0.1  # share of our text that may follow the end of what is stated and go
_FOUND = 0.7  # share of it that the markup of the page must hold to be looked for there
_CUT = re.compile(r"(?:…|\.\.\.|\[\+\d+ chars\])\W*$")
_TEXT = ("paragraph", "heading", "list", "quote", "table")


class Stated:
    """What a page states to be its article's text; false where it states nothing that can be relied on."""

    def __init__(self, body: str) -> None:
        self.text = to_text(body) if "<" in body else body
        self.text = "" if len(self.text) > _LONGEST or _CUT.search(self.text[-40:]) else self.text.strip()
        self._letters = _letters(self.text)

    def __bool__(self) -> bool:
        return len(self.text) >= _SHORTEST

    def holds(self, text: str) -> bool:
        """Whether a paragraph with this text is in it."""
        letters = _letters(text)
        return len(letters) >= _SHORTEST_PROBE and letters[:_PROBE] in self._letters

    def share(self, texts: list[str]) -> float:
        """The share of it that paragraphs with these texts hold, 0 to 1."""
        held = sum(len(_letters(text)) for text in dict.fromkeys(texts) if self.holds(text))
        return min(1.0, held / max(1, len(self._letters)))

    def ends_with(self, text: str) -> bool:
        """Whether it ends as a paragraph does."""
        return _letters(text)[-_PROBE // 2 :] == self._letters[-_PROBE // 2 :]


def cut_to_stated(blocks: list[Block], stated: Stated, draft: Draft) -> list[Block]:
    """`blocks` without the text after the end of what is stated, where both agree; pictures and films stay."""
    last = next((at for at in range(len(blocks) - 1, -1, -1) if stated.holds(blocks[at].text)), None)
    if not stated or last is None or not stated.ends_with(blocks[last].text):
        return blocks
    within = [block.text for block in blocks[: last + 1] if block.type in _TEXT]
    after = [block.text for block in blocks[last + 1 :] if block.type in _TEXT]
    whole = sum(map(len, [*within, *after]))
    if not after or stated.share(within) < _AGREES or sum(map(len, after)) > _MOST_AFTER * whole:
        return blocks
    why = "Lines that belong to the page and not to the report were taken out."
    draft.mend("page-furniture", "body", "\n".join(after), "", why)
    return [*blocks[: last + 1], *(block for block in blocks[last + 1 :] if block.type not in _TEXT)]


def is_missing(blocks: list[Block], stated: Stated) -> bool:
    """Whether what we read is something else than what is stated."""
    return bool(stated) and stated.share([block.text for block in blocks]) < _FAILED


def html_of(stated: Stated, root: HtmlElement) -> str:
    """The stated text as HTML: the markup in the page `root` that holds it, else its lines as paragraphs."""
    found = [element for element in root.iter("p") if stated.holds(str(element.text_content())[: 3 * _PROBE])]
    if found and stated.share([str(element.text_content()) for element in found]) >= _FOUND:
        above = set(found[-1].iterancestors())
        shared = next((element for element in found[0].iterancestors() if element in above), None)
        if shared is not None:
            return inner_html(shared)
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in stated.text.splitlines() if line.strip())


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
