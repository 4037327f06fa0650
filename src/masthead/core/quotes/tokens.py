"""The words beside a quotation as tokens with their places, and where a sentence ends among them."""

from __future__ import annotations

import re
from typing import NamedTuple

from masthead.core.quotes.grammar import Grammar

_TOKEN = re.compile(r"\w(?:[\w'’.&-]*\w)?|[^\w\s]")
_ENDS = ".!?…"
_MARKS = str.maketrans("،؛؟", ",;?")
_CLITIC = re.compile(r"-(?:t-)?(?=(?:ils?|elles?|on|je)$)", re.IGNORECASE)
_ELISION = re.compile(r"^(?:[ldnsjcm]|qu)(?=['’]\w)", re.IGNORECASE)


class Token(NamedTuple):
    """A word or mark with its place in the text."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        """In lower case, without what is joined by an apostrophe ("he’s" is "he")."""
        return self.text.lower().partition("’")[0].partition("'")[0]


def tokens(text: str, start: int, end: int, grammar: Grammar) -> list[Token]:
    """Words and marks of text[start:end]; the full stop of a title or an initial is no token."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text, max(0, start), min(len(text), end)):
        word = match.group()
        token = Token(word.translate(_MARKS) if len(word) == 1 else word, match.start(), match.end())
        if grammar.clitics and ("-" in token.text or "'" in token.text or "’" in token.text):
            found += _parted(token)
            continue
        if token.text == "." and found and found[-1].end == token.start and _shortened(found[-1], grammar):
            continue
        found.append(token)
    return found


def _parted(token: Token) -> list[Token]:
    """ "dit-il" as two words, "l'avocat" as two."""
    for pattern in (_CLITIC, _ELISION):
        if cut := pattern.search(token.text):
            first = token.text[: cut.start()] if pattern is _CLITIC else cut.group()
            second = token.text[cut.end() :].lstrip("'’")
            if first and second:
                at = token.end - len(second)
                return [Token(first, token.start, token.start + len(first)), Token(second, at, token.end)]
    return [token]


def _shortened(token: Token, grammar: Grammar) -> bool:
    word = token.text
    return f"{word.lower()}." in grammar.titles or (len(word) == 1 and word.isupper()) or "." in word


def first_sentence(found: list[Token]) -> list[Token]:
    """Up to the first mark that ends a sentence."""
    for index in range(len(found)):
        if _ends_sentence(found, index):
            return found[:index]
    return found


def last_sentence(found: list[Token]) -> list[Token]:
    """What follows the last mark that ends a sentence."""
    for index in range(len(found) - 2, -1, -1):
        if _ends_sentence(found, index):
            return found[index + 1 :]
    return found


def _ends_sentence(found: list[Token], index: int) -> bool:
    """Whether a mark ends a sentence; the full stop of "(D-Nev.), said" does not."""
    if found[index].text not in _ENDS:
        return False
    follower = found[index + 1].text if index + 1 < len(found) else ""
    return not (follower.islower() or (follower and follower in "),;:"))


def is_word(token: Token) -> bool:
    """Whether it is a word, not a mark."""
    return token.text[0].isalnum()


def is_name(token: Token, grammar: Grammar) -> bool:
    """Whether it may be part of a name: capitalised (where the script has capitals) and not known as no name."""
    if grammar.capitals:
        return token.text[0].isupper() and token.text not in grammar.not_names
    return token.text[0].isalpha() and token.low not in grammar.stops | grammar.verbs | grammar.pronouns
