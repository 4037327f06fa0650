"""The subject of a sentence: at its beginning, before its verb, or beside an apposition."""

from __future__ import annotations

from masthead.core.quotes.grammar import Grammar
from masthead.core.quotes.phrases import Mention, leading_name, mention, name_in, read_phrase
from masthead.core.quotes.tokens import Token, is_name, is_word

_LONGEST = 16


def first_subject(text: str, found: list[Token], grammar: Grammar) -> Mention | None:
    """The first phrase of a sentence that can be its subject, past a phrase of time or place."""
    while found and found[0].low in grammar.joins:
        found = found[1:]
    named, length = leading_name(text, found, grammar)
    is_participle = named is not None and length == 1 and grammar.any_verb and found[0].low.endswith(("ing", "ed"))
    if named and not is_participle:
        return named
    named, _ = read_phrase(text, found, grammar)
    if named and not is_participle and len(named.text.split()) < 7:
        return named
    for index, token in enumerate(found[:-1]):
        if token.text == ",":
            named, _ = leading_name(text, found[index + 1 :], grammar)
            if named:
                return named
    return None


def subject_at_end(text: str, found: list[Token], grammar: Grammar) -> Mention | None:
    """The phrase that ends where `found` ends, as the subject of the verb that follows."""
    if found and found[-1].text == ")":
        opened = next((i for i in range(len(found) - 1, -1, -1) if found[i].text == "("), 0)
        found = found[:opened]
    first = len(found)
    while first and len(found) - first < _LONGEST:
        token = found[first - 1]
        if not is_word(token) or token.text in grammar.verbs or token.low in grammar.joins:
            break
        first -= 1
    stretch = found[first:]
    if not stretch:
        return None
    if stretch[-1].low in grammar.pronouns:
        return mention(text, stretch[-1:], "pronoun", grammar)
    for index, token in enumerate(stretch):
        starts = token.low in grammar.articles or is_name(token, grammar) or token.low in grammar.titles
        tied = index > 0 and stretch[index - 1].low in grammar.stops
        if starts and not tied:
            named, length = read_phrase(text, stretch[index:], grammar)
            rest = stretch[index + length :]
            if named and (not rest or rest[0].low in grammar.of):
                return named
    return name_in(text, stretch, grammar) if is_name(stretch[-1], grammar) else None


def apposed(text: str, rest: list[Token], grammar: Grammar) -> Mention | None:
    """The name in "the minister, Ana Ruiz, ..."; None when what follows the comma is none."""
    if len(rest) < 2 or rest[0].text != ",":
        return None
    named, length = read_phrase(text, rest[1:], grammar)
    after_name = rest[1 + length : 2 + length]
    return named if named and named.kind == "name" and (not after_name or after_name[0].text == ",") else None


def with_gender(named: Mention | None, cue: str, grammar: Grammar) -> Mention | None:
    """The mention with the gender that the form of the verb tells, where it does."""
    if named is None or named.gender:
        return named
    sex = "f" if cue in grammar.women_verbs else "m" if cue in grammar.men_verbs else ""
    return named._replace(gender=sex)


def is_verb(token: Token, grammar: Grammar) -> bool:
    """Whether a word is a verb of speech; one with a capital is a name ("Read said")."""
    return token.text in grammar.verbs or token.text in grammar.participles
