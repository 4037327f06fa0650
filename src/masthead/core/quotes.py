# ruff: noqa: E501 (tables of words)
"""Who said what: quotations with the speaker that the sentence around them names.

Rules only: the quotation marks of six languages, a verb of speech, a name beside it. A speaker who is not named in the
same sentence stays None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from masthead.core.characters import words
from masthead.core.types import Block, Quote

_PAIRS = (("“", "”"), ("«", "»"), ("„", "“"), ("„", "”"), ("»", "«"), ('"', '"'), ("‹", "›"))
_VERBS = words(
    "said says told tells added adds argued insisted explained wrote writes declared announced warned claimed noted stressed"
    " stated admitted replied asked dijo afirmó aseguró declaró explicó señaló añadió indicó sostuvo advirtió sagte sagt"
    " erklärte betonte fügte meinte warnte kündigte schrieb dit déclaré affirmé expliqué ajouté précisé assuré estimé annoncé"
    " lancé déclare affirme explique ajoute précise assure estime сказал сказала заявил заявила сообщил сообщила отметил"
    " отметила добавил добавила подчеркнул подчеркнула пояснил пояснила рассказал рассказала قال قالت أضاف أضافت أكد أكدت"
    " صرح صرحت أوضح أوضحت أشار أشارت ذكر ذكرت"
)
_VERB = "|".join(sorted(_VERBS, key=len, reverse=True))
_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽА-ЯЁІЇЄ"
_NAME = (
    rf"[{_UPPER}][\w'’.-]*(?:\s+(?:(?:de|del|la|von|van|der|al|el|bin|ibn|di|da|du|le)\s+)*[{_UPPER}][\w'’.-]*){{0,4}}"
)
_ARABIC_NAME = r"[\u0621-\u064a]{2,}(?:\s+[\u0621-\u064a]{2,}){1,3}"
_NOT_NAMES = words(
    "He She They It We I You Er Sie Es Il Elle Ils Elles Él Ella Ellos Он Она Они The A An But And In On At"
)
_AFTER = re.compile(
    rf"^\W{{0,3}}\s*(?:(?P<n1>{_NAME})\s+(?:\w+\s+)?(?P<v1>{_VERB})\b|(?:a |has |hat |ha )?(?P<v2>{_VERB})\s+(?P<n2>{_NAME}))"
)
_BEFORE = re.compile(rf"(?P<n1>{_NAME})(?:,[^,“«„\"]{{2,80}},)?\s+(?:\w+\s+)?(?P<v1>{_VERB})\b[^.!?“«„\"»]{{0,60}}$")
_VERB_NEAR = re.compile(rf"(?<!\w)(?P<v>{_VERB})(?!\w)", re.IGNORECASE)
_FEWEST_WORDS = 3


def find_quotes(blocks: Iterable[Block], language: str = "") -> tuple[Quote, ...]:
    """The quotations of at least three words in paragraphs and quotes, in order. `block` is the index in `blocks`."""
    found: list[Quote] = []
    for index, block in enumerate(blocks):
        if block.type == "quote":
            found.append(Quote(block.text, block.cite or None, "", index, 0.9 if block.cite else 0.6))
        elif block.type == "paragraph":
            found += _in_paragraph(block.text, index)
    return tuple(found[:300])


def _in_paragraph(text: str, index: int) -> list[Quote]:
    found = []
    for start, end in _spans(text):
        said = text[start + 1 : end].strip()
        if len(said.split()) < _FEWEST_WORDS:
            continue
        speaker, cue, confidence = _speaker(text[max(0, start - 200) : start], text[end + 1 : end + 201])
        found.append(Quote(said.rstrip(","), speaker, cue, index, confidence))
    return found


def _spans(text: str) -> list[tuple[int, int]]:
    """The outermost quotations as positions of their marks."""
    spans: list[tuple[int, int]] = []
    position = 0
    while position < len(text):
        ends = [(text.find(closing, position + 1), closing) for opening, closing in _PAIRS if text[position] == opening]
        reached = [end for end, _ in ends if end > position]
        if reached:
            spans.append((position, min(reached)))
            position = min(reached)
        position += 1
    return spans


def _speaker(before: str, after: str) -> tuple[str | None, str, float]:
    for found, sure in ((_AFTER.match(after), 0.85), (_BEFORE.search(before.rstrip(" :,")), 0.75)):
        if found is None:
            continue
        groups = found.groupdict()
        name = next((groups[key] for key in ("n1", "n2") if groups.get(key)), None)
        cue = next((groups[key] for key in ("v1", "v2") if groups.get(key)), "")
        if name and name.split()[0] not in _NOT_NAMES:
            return name.rstrip(".,'’"), cue, sure
        return None, cue, 0.5
    near = _VERB_NEAR.search(after[:60]) or _VERB_NEAR.search(before[-60:])
    return None, near["v"] if near else "", 0.5 if near else 0.3
