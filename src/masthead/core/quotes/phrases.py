"""The noun phrase that names a speaker: a name without its titles, a pronoun, or "a spokesman for the ministry"."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from masthead.core.quotes.grammar import Grammar
from masthead.core.quotes.tokens import Token, is_name, is_word

_LONGEST_PHRASE = 14


class Mention(NamedTuple):
    """The words that name a speaker: `text` exactly, where it stands, and what they are."""

    text: str
    start: int
    end: int
    kind: Literal["name", "pronoun", "phrase"]
    gender: str = ""


def gender(found: list[Token], grammar: Grammar) -> str:
    """ "m" or "f" by the titles and nouns of a phrase; empty when they do not say, or say both."""
    low = {token.low for token in found}
    is_man, is_woman = bool(low & grammar.men), bool(low & grammar.women)
    return "" if is_man == is_woman else "m" if is_man else "f"


def mention(text: str, found: list[Token], kind: Literal["name", "pronoun", "phrase"], grammar: Grammar) -> Mention:
    """A mention made of these tokens."""
    said = text[found[0].start : found[-1].end]
    cut = re.sub(r"['’]s$", "", said)
    if kind == "pronoun":
        cut = re.split(r"['’]", said)[0] if "’" in said or "'" in said else said
        sex = "m" if cut.lower() in grammar.he else "f" if cut.lower() in grammar.she else ""
    else:
        sex = gender(found, grammar)
    return Mention(cut, found[0].start, found[0].start + len(cut), kind, sex)


def read_phrase(text: str, found: list[Token], grammar: Grammar) -> tuple[Mention | None, int]:
    """The speaker that a phrase at the beginning of `found` names, and the number of tokens the phrase takes."""
    if not found or not is_word(found[0]):
        return None, 0
    if _is_pronoun(found, grammar):
        return mention(text, found[:1], "pronoun", grammar), 1
    if found[0].low in grammar.stops and found[0].low not in grammar.starts:
        return None, 0
    length = 0
    while length < min(len(found), _LONGEST_PHRASE):
        token = found[length]
        if not is_word(token) or (length and _stops(found, length, grammar)):
            break
        length += 1
    while length > 1 and found[length - 1].low in grammar.helpers:
        length -= 1
    head = name_in(text, found[:length], grammar)
    if head is None or head.kind == "phrase":
        length = _with_rest(found, length, grammar)
        if head is not None:
            head = mention(text, found[:length], "phrase", grammar)
        elif (named := name_in(text, found[:length], grammar)) and named.kind == "name":
            head = named
    return head, length


def _is_pronoun(found: list[Token], grammar: Grammar) -> bool:
    """Whether the first word stands for a name: "one" does in "one said", not in "one user said"."""
    low = found[0].low
    if low not in grammar.pronouns:
        return False
    follower = found[1] if len(found) > 1 else None
    if low not in grammar.articles or follower is None or not is_word(follower):
        return True
    return follower.low in grammar.verbs or follower.low in grammar.helpers or follower.low in grammar.stops


def leading_name(text: str, found: list[Token], grammar: Grammar) -> tuple[Mention | None, int]:
    """The capitalised run or pronoun at the very beginning, whatever follows, and its length."""
    if found and _is_pronoun(found, grammar):
        return mention(text, found[:1], "pronoun", grammar), 1
    length = 0
    while length < min(len(found), 8) and is_word(found[length]) and is_name(found[length], grammar):
        length += 1
    bare = strip_titles(found[:length], grammar) if length else []
    return (mention(text, bare, "name", grammar), length) if bare else (None, 0)


def _stops(found: list[Token], at: int, grammar: Grammar) -> bool:
    token, earlier = found[at], found[at - 1]
    if token.low in grammar.linkers and at + 1 < len(found) and _may_link(found, at, grammar):
        return False
    if grammar.stop_starts and token.low.startswith(grammar.stop_starts):
        return True
    if grammar.capital_nouns and token.low in grammar.articles and is_name(earlier, grammar):
        return True
    return token.low in grammar.stops or token.text in grammar.verbs


def _may_link(found: list[Token], at: int, grammar: Grammar) -> bool:
    """Whether a small word stands inside a name: "de" in "Ana de la Cruz", not "der" in "Meier der Zeitung"."""
    low, earlier, later = found[at].low, found[at - 1], found[at + 1]
    if not (is_name(later, grammar) or later.low in grammar.linkers):
        return False
    if earlier.low in grammar.linkers:
        return True
    return is_name(earlier, grammar) and low not in grammar.articles and earlier.low not in grammar.titles


def _with_rest(found: list[Token], length: int, grammar: Grammar) -> int:
    """A noun with what is tied to it: "a spokesman for the campaign"."""
    while length + 1 < len(found) and length < _LONGEST_PHRASE and found[length].low in grammar.ties:
        length += 1
        while (
            length < min(len(found), _LONGEST_PHRASE) and is_word(found[length]) and not _stops(found, length, grammar)
        ):
            length += 1
    return length


def name_in(text: str, found: list[Token], grammar: Grammar) -> Mention | None:
    """The name at the end of a noun phrase, without titles and roles; else the phrase; None when it is neither."""
    if not found:
        return None
    run = found[_name_start(found, grammar) :]
    if run and is_name(run[-1], grammar):
        bare = strip_titles(run, grammar)
        is_noun = grammar.capital_nouns and len(bare) == len(run) == 1 and found[0].low in grammar.articles
        is_role = len(bare) == 1 and not grammar.capitals and bare[0].low in grammar.titles
        if bare and not is_noun and not is_role and not _is_role(bare, grammar):
            return mention(text, bare, "name", grammar)._replace(gender=gender(found, grammar))
    first = found[0]
    if first.low in grammar.articles or is_name(first, grammar) or first.text.endswith(("’s", "'s")):
        return mention(text, found, "phrase", grammar)
    return mention(text, found, "phrase", grammar) if first.low in grammar.titles else None


def _is_role(bare: list[Token], grammar: Grammar) -> bool:
    """A single word that is a role, in a language that writes those with a capital: "Sprecher"."""
    return (
        grammar.capital_nouns
        and len(bare) == 1
        and (bare[0].low in grammar.titles or bare[0].low.endswith(grammar.role_ends or ("\0",)))
    )


def _name_start(found: list[Token], grammar: Grammar) -> int:
    """Where the capitalised run at the end of a phrase begins."""
    first = len(found)
    while first and (
        is_name(found[first - 1], grammar)
        or (
            first < len(found)
            and found[first - 1].low in grammar.linkers
            and first > 1
            and is_name(found[first - 2], grammar)
        )
    ):
        if found[first - 1].text.endswith(("’s", "'s")) and first < len(found):
            break
        first -= 1
    return first


def strip_titles(run: list[Token], grammar: Grammar) -> list[Token]:
    """A capitalised run without the titles and roles before the name; empty when nothing else is left."""
    last_title = -1
    for index, token in enumerate(run[: len(run) if not grammar.capitals else -1]):
        if token.low in grammar.titles or token.low.endswith(grammar.role_ends or ("\0",)):
            last_title = index
    bare = run[last_title + 1 :]
    if not grammar.capitals and last_title >= 0:
        while bare and bare[0].text.startswith("ال"):  # what the title is of: "minister the-interior"
            bare = bare[1:]
    if len(bare) > 2 and bare[0].text.isupper() and len(bare[0].text) > 1 and not bare[1].text.isupper():
        bare = bare[1:]  # an institution: "МИД Сергей Лавров"
    return bare
