"""The clause of attribution that follows a quotation: "said Ana Ruiz", "Ruiz, who was there, said", "— Ana Ruiz"."""

from __future__ import annotations

from masthead.core.quotes.clause import WINDOW, Clause, according
from masthead.core.quotes.grammar import Grammar
from masthead.core.quotes.phrases import leading_name, read_phrase
from masthead.core.quotes.subjects import apposed, is_verb, with_gender
from masthead.core.quotes.tokens import Token, first_sentence, is_word, tokens

_FARTHEST_VERB = 28
_OPENING = '“„«‹"”»'


def after(text: str, start: int, limit: int, grammar: Grammar) -> Clause | None:
    """The clause that follows a quotation ending at `start`; nothing is read from `limit` on."""
    found = first_sentence(tokens(text, start, min(limit, start + WINDOW), grammar))
    dash = bool(found) and found[0].text in "—–-"
    while found and not is_word(found[0]) and found[0].text in ",—–-)]":
        found = found[1:]
    found = _until_mark(found)
    if not found or not is_word(found[0]):
        return None
    if named := according(text, found, grammar):
        return named
    if dash and (signed := _signature(text, found, grammar)):
        return signed
    skipped = 0
    while (
        skipped < min(3, len(found))
        and found[skipped].low in grammar.helpers
        and found[skipped].low not in grammar.verbs
    ):
        skipped += 1
    if skipped < len(found) and is_verb(found[skipped], grammar):
        return _verb_first(text, found[skipped:], grammar)
    return _subject_first(text, found[skipped:] if grammar.inverts else found, grammar)


def _until_mark(found: list[Token]) -> list[Token]:
    for index, token in enumerate(found):
        if token.text in _OPENING or token.text in ";":
            return found[:index]
    return found


def _signature(text: str, found: list[Token], grammar: Grammar) -> Clause | None:
    """ "— Ana Ruiz, minister": a name behind a dash, and nothing else before the next comma or the end."""
    named, length = leading_name(text, found, grammar)
    if named and named.kind == "name" and (length == len(found) or found[length].text in ",("):
        return Clause(named, "", 0.75)
    return None


def signature(text: str, grammar: Grammar) -> Clause | None:
    """The clause of a paragraph that is nothing but a dash and a name."""
    found = first_sentence(tokens(text, 0, min(len(text), 120), grammar))
    return _signature(text, found[1:], grammar) if len(found) > 1 and found[0].text in "—–-" else None


def _verb_first(text: str, found: list[Token], grammar: Grammar) -> Clause:
    """ "said the minister": the subject follows, perhaps behind those who were told."""
    cue = found[0].text
    rest = found[1:]
    while rest and (rest[0].low in grammar.objects or rest[0].low in grammar.helpers):
        rest = rest[1:]
    named, _ = read_phrase(text, rest, grammar)
    if named and named.kind == "phrase":
        length = next((i for i, token in enumerate(rest) if token.start >= named.end), len(rest))
        named = apposed(text, rest[length:], grammar) or named
    return Clause(with_gender(named, cue, grammar), cue, 0.9 if named else 0.6)


def _subject_first(text: str, found: list[Token], grammar: Grammar) -> Clause | None:
    """ "the minister, who was there, said": a phrase, perhaps an apposition, then the verb."""
    named, length = read_phrase(text, found, grammar)
    if named is None:
        return None
    verb = next((i for i in range(length, min(len(found), _FARTHEST_VERB)) if found[i].text in grammar.verbs), -1)
    between = found[length:verb]
    if verb >= 0 and _may_stand_between(between, grammar):
        if named.kind == "phrase":
            named = apposed(text, between, grammar) or named
        return Clause(named, found[verb].text, 0.9)
    return _any_verb(text, found, grammar) if grammar.any_verb else None


def _any_verb(text: str, found: list[Token], grammar: Grammar) -> Clause | None:
    """ "Ruiz thundered": beside a quotation that ends with a comma, the word after a name is a verb of speech."""
    named, at = leading_name(text, found, grammar)
    while at < len(found) - 1 and found[at].low in grammar.helpers:
        at += 1
    if named is None or at >= len(found):
        return None
    word = found[at].text
    known_stop = found[at].low in grammar.stops or found[at].low in grammar.helpers
    return Clause(named, word, 0.7) if word.islower() and len(word) > 2 and not known_stop else None


def _may_stand_between(between: list[Token], grammar: Grammar) -> bool:
    """Whether only helpers, an apposition in commas or a tied phrase part subject and verb."""
    if all(token.low in grammar.helpers for token in between):
        return True
    if between[0].text in ",(—–":
        last = next((token for token in reversed(between) if token.low not in grammar.helpers), between[-1])
        return last.text in ",)—–" or between[-1].low in grammar.relatives
    return between[0].low in grammar.of and not any(token.text in ",:" for token in between)
