"""What a reader typed, as clauses: words (all wanted), "phrases", -excluded, OR between alternatives, prefix*.

Nothing that can be typed is an error. What cannot be used is left out and told in `Query.notes`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

LONGEST = 300
MOST_TERMS = 16
SHORTEST_PREFIX = 2

_TOKEN = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]*)(?P<closing>"?)|(?P<word>[^\s"]+))')
_OPERATORS = ("OR", "AND")
# What stays one word when it is typed without quotation marks, and what is no part of a word at its ends.
_PLAIN = re.compile(r"\w(?:\S*\w)?")
_EDGES = "-()[]{}+^:,;.!?*'’"
_QUOTES = str.maketrans(dict.fromkeys("“”„«»‟″", '"'))
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_SURROGATES = re.compile(r"[\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or the words of a phrase, in their order. `prefix`: the last word may go on."""

    text: str
    prefix: bool = False

    def typed(self) -> str:
        """The term as one would type it."""
        if self.prefix:
            return f"{self.text}*"
        return self.text if _PLAIN.fullmatch(self.text) and self.text not in _OPERATORS else f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Query:
    """All of `wanted` (each a choice of alternatives) and none of `excluded`. `notes`: what was left out, in words."""

    wanted: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.wanted)

    def typed(self) -> str:
        """The query as one would type it, for links to a better one."""
        groups = [" OR ".join(term.typed() for term in group) for group in self.wanted]
        return " ".join([*groups, *(f"-{term.typed()}" for term in self.excluded)])


@dataclass(slots=True)
class _Reading:
    """The query under way: groups so far, and whether the next term is an alternative to the last."""

    wanted: list[list[Term]]
    excluded: list[Term]
    notes: list[str]
    joining: bool = False

    def add(self, term: Term, excluded: bool) -> None:
        if excluded:
            self.excluded.append(term)
        elif self.joining and self.wanted:
            self.wanted[-1].append(term)
        else:
            self.wanted.append([term])
        self.joining = False


def clean(text: str) -> str:
    """The words without control, invisible and broken characters, blanks single."""
    return " ".join(_INVISIBLE.sub(" ", _SURROGATES.sub(" ", text)).split())


def parse(text: str) -> Query:
    """Read a query. Never raises; a query of which nothing is usable has no `wanted` and says why in `notes`."""
    typed, text = text, clean(text).translate(_QUOTES)
    notes: list[str] = []
    if len(text) > LONGEST:
        text = text[:LONGEST].rsplit(" ", 1)[0]
        notes.append(_("The query was too long; only its beginning was used."))
    reading = _Reading([], [], notes)
    for token in _TOKEN.finditer(text):
        if len(reading.wanted) + len(reading.excluded) >= MOST_TERMS:
            notes.append(_("Only the first %(count)d words were used.") % {"count": MOST_TERMS})
            break
        _read(token, reading)
    if typed.strip() and not reading.wanted:
        if reading.excluded:
            notes.append(_("Add at least one word to look for: words to leave out are not enough by themselves."))
        else:
            notes.append(_("There is no word to look for in this query. Type a few words, such as a name or a place."))
    return Query(tuple(map(tuple, reading.wanted)), tuple(reading.excluded), tuple(notes))


def _read(token: re.Match[str], reading: _Reading) -> None:
    """Take one token of the query into the reading."""
    excluded = token["minus"] is not None
    if (phrase := token["phrase"]) is not None:
        if not token["closing"]:
            reading.notes.append(_('A quotation mark was not closed; the rest of the query was read as a "phrase".'))
        if any(map(str.isalnum, phrase)):
            reading.add(Term(phrase.strip()), excluded)
        return
    word = token["word"]
    if word == "OR" and not excluded:
        reading.joining = bool(reading.wanted)
        return
    if word == "AND" and not excluded:
        return
    prefix = word.endswith("*")
    bare = word.strip(_EDGES)
    if not any(map(str.isalnum, bare)):
        return
    if prefix and len(bare) < SHORTEST_PREFIX:
        reading.notes.append(_("A beginning of a word needs at least two letters before the *."))
        prefix = False
    reading.add(Term(bare, prefix), excluded)
