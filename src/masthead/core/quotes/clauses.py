"""The clause of attribution before or after a quotation: its verb and the words that name the speaker."""

from __future__ import annotations

from typing import NamedTuple

from masthead.core.quotes.grammar import Grammar
from masthead.core.quotes.phrases import (
    Mention,
    Token,
    first_sentence,
    is_name,
    is_word,
    last_sentence,
    leading_name,
    mention,
    name_in,
    read_phrase,
    tokens,
)

_WINDOW = 320
"""Characters beside a quotation that are read: longer clauses of attribution are rare."""
_FARTHEST_VERB = 28
_OPENING = "“„«‹\"”»"


class Clause(NamedTuple):
    """Who (None: not named in this clause) and the verb. `sure`: how far the words leave no other reading, 0..1."""

    mention: Mention | None
    cue: str
    sure: float


def after(text: str, start: int, limit: int, grammar: Grammar) -> Clause | None:
    """The clause that follows a quotation ending at `start`; nothing is read from `limit` on."""
    found = first_sentence(tokens(text, start, min(limit, start + _WINDOW), grammar))
    dash = bool(found) and found[0].text in "—–-"
    while found and not is_word(found[0]) and found[0].text in ",—–-)]":
        found = found[1:]
    found = _until_mark(found)
    if not found or not is_word(found[0]):
        return None
    if named := _according(text, found, grammar):
        return named
    if dash and (signed := _signature(text, found, grammar)):
        return signed
    skipped = 0
    while skipped < min(3, len(found)) and found[skipped].low in grammar.helpers and found[skipped].low not in grammar.verbs:
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
        named = _apposed(text, rest[length:], grammar) or named
    return Clause(_with_gender(named, cue, grammar), cue, 0.9 if named else 0.6)


def _with_gender(named: Mention | None, cue: str, grammar: Grammar) -> Mention | None:
    """The mention with the gender that the form of the verb tells, where it does."""
    if named is None or named.gender:
        return named
    sex = "f" if cue in grammar.women_verbs else "m" if cue in grammar.men_verbs else ""
    return named._replace(gender=sex)


def _apposed(text: str, rest: list[Token], grammar: Grammar) -> Mention | None:
    """The name in "the minister, Ana Ruiz, ..."; None when what follows the comma is none."""
    if len(rest) < 2 or rest[0].text != ",":
        return None
    named, length = read_phrase(text, rest[1:], grammar)
    after_name = rest[1 + length : 2 + length]
    return named if named and named.kind == "name" and (not after_name or after_name[0].text == ",") else None


def _subject_first(text: str, found: list[Token], grammar: Grammar) -> Clause | None:
    """ "the minister, who was there, said": a phrase, perhaps an apposition, then the verb."""
    named, length = read_phrase(text, found, grammar)
    if named is None:
        return None
    verb = next((i for i in range(length, min(len(found), _FARTHEST_VERB)) if found[i].text in grammar.verbs), -1)
    between = found[length:verb]
    if verb >= 0 and _may_stand_between(between, grammar):
        if named.kind == "phrase":
            named = _apposed(text, between, grammar) or named
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


def is_verb(token: Token, grammar: Grammar) -> bool:
    """Whether a word is a verb of speech; one with a capital is a name ("Read said")."""
    return token.text in grammar.verbs or token.text in grammar.participles


def _may_stand_between(between: list[Token], grammar: Grammar) -> bool:
    """Whether only helpers, an apposition in commas or a tied phrase part subject and verb."""
    if all(token.low in grammar.helpers for token in between):
        return True
    if between[0].text in ",(—–":
        last = next((token for token in reversed(between) if token.low not in grammar.helpers), between[-1])
        return last.text in ",)—–" or between[-1].low in grammar.relatives
    return between[0].low in grammar.of and not any(token.text in ",:" for token in between)


def _according(text: str, found: list[Token], grammar: Grammar) -> Clause | None:
    for form in grammar.according:
        if tuple(token.low for token in found[: len(form)]) == form:
            named, _ = read_phrase(text, found[len(form) :], grammar)
            if named:
                return Clause(named, " ".join(form), 0.85)
    return None


def before(text: str, start: int, end: int, grammar: Grammar) -> Clause | None:
    """The clause that leads to a quotation opening at `end`; nothing is read before `start`."""
    found = last_sentence(tokens(text, max(start, end - _WINDOW), end, grammar))
    colon = bool(found) and found[-1].text == ":"
    while found and not is_word(found[-1]):
        found = found[:-1]
    if not found:
        return None
    for index in range(len(found) - 1, -1, -1):
        if found[index].text in ",:;—–" and (named := _according(text, found[index + 1 :], grammar)):
            return named
        is_speech = is_verb(found[index], grammar) or (index == 0 and found[0].low in grammar.verbs)
        if is_speech and (clause := _at_verb(text, found, index, grammar)):
            return clause
    if named := _according(text, found, grammar):
        return named
    return _label(text, found, grammar) if colon else None


def _label(text: str, found: list[Token], grammar: Grammar) -> Clause | None:
    """A colon without a verb: "Ana Ruiz: ..." or "Ruiz with the last word: ..."."""
    at_end = subject_at_end(text, found, grammar)
    first = at_end if at_end and at_end.kind == "name" else _first_subject(text, found, grammar) or at_end
    return Clause(first, "", 0.55) if first else None


def _at_verb(text: str, found: list[Token], verb: int, grammar: Grammar) -> Clause | None:
    """The clause whose verb is found[verb], or None when that word is no verb of speech there."""
    cue = found[verb].text
    left = found[:verb]
    while left and left[-1].low in grammar.helpers:
        left = left[:-1]
    if found[verb].low in grammar.participles or (left and left[-1].low in ("and", "but", "then")):
        subject = _first_subject(text, found, grammar)
        return Clause(subject, cue, 0.7) if subject else Clause(None, cue, 0.4)
    if (grammar.inverts or not left) and (inverted := _inverted(text, found, left, verb, grammar)):
        return inverted
    return _before_verb(text, left, cue, grammar)


def _inverted(text: str, found: list[Token], left: list[Token], verb: int, grammar: Grammar) -> Clause | None:
    """ "Am Montag sagte Meier": the subject behind the verb, unless one opens the sentence before it."""
    cue = found[verb].text
    while left and left[0].low in grammar.joins:
        left = left[1:]
    if left and grammar.capitals:
        named, length = read_phrase(text, left, grammar)
        if named and (length == len(left) or left[length].low in grammar.of or left[length].text == ","):
            return None
    rest = found[verb + 1 :]
    while rest and (rest[0].low in grammar.objects or rest[0].low in grammar.helpers):
        rest = rest[1:]
    named, length = read_phrase(text, rest, grammar)
    if named and named.kind == "phrase":
        if len(named.text.split()) < 2 and grammar.capitals and left:
            return None
        named = _apposed(text, rest[length:], grammar) or named
    if named:
        return Clause(_with_gender(named, cue, grammar), cue, 0.85)
    return None if left else Clause(None, cue, 0.4)


def _before_verb(text: str, left: list[Token], cue: str, grammar: Grammar) -> Clause | None:
    """ "the minister, who was there, said": the subject that ends before the verb."""
    if left and left[-1].low in grammar.relatives:
        left = left[:-1]
        if left and left[-1].text == ",":
            left = left[:-1]
    if left and left[-1].text in ",)":
        opened = next((i for i in range(len(left) - 2, -1, -1) if left[i].text in ",("), -1)
        if opened > 0 and (named := subject_at_end(text, left[:opened], grammar)):
            if named.kind == "phrase":
                inside, _ = read_phrase(text, left[opened + 1 :], grammar)
                named = inside if inside and inside.kind == "name" else named
            return Clause(_with_gender(named, cue, grammar), cue, 0.85)
    if left and is_word(left[-1]) and (named := subject_at_end(text, left, grammar)):
        return Clause(_with_gender(named, cue, grammar), cue, 0.9)
    return None if left else Clause(None, cue, 0.4)


def _first_subject(text: str, found: list[Token], grammar: Grammar) -> Mention | None:
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


def subject(text: str, start: int, end: int, grammar: Grammar) -> Clause | None:
    """The subject of the last sentence of text[start:end]: of its verb of speech if it has one, else a name it begins with."""
    found = last_sentence(tokens(text, max(start, end - _WINDOW), end, grammar))
    while found and not is_word(found[-1]):
        found = found[:-1]
    for index in range(len(found) - 1, -1, -1):
        if found[index].text in grammar.verbs and (clause := _at_verb(text, found, index, grammar)) and clause.mention:
            return clause._replace(sure=0.55)
    named = _first_subject(text, found, grammar)
    return Clause(named, "", 0.45) if named and named.kind != "phrase" else None


def subject_at_end(text: str, found: list[Token], grammar: Grammar) -> Mention | None:
    """The phrase that ends where `found` ends, as the subject of the verb that follows."""
    if found and found[-1].text == ")":
        opened = next((i for i in range(len(found) - 1, -1, -1) if found[i].text == "("), 0)
        found = found[:opened]
    first = len(found)
    while first and len(found) - first < 16:
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

