"""The clause of attribution before a quotation: "Ruiz told reporters,", "Am Montag sagte Meier:", "Ana Ruiz:"."""

from __future__ import annotations

from masthead.core.quotes.clause import WINDOW, Clause, according
from masthead.core.quotes.grammar import Grammar
from masthead.core.quotes.phrases import read_phrase
from masthead.core.quotes.subjects import apposed, first_subject, is_verb, subject_at_end, with_gender
from masthead.core.quotes.tokens import Token, is_word, last_sentence, tokens


def before(text: str, start: int, end: int, grammar: Grammar) -> Clause | None:
    """The clause that leads to a quotation opening at `end`; nothing is read before `start`."""
    found = last_sentence(tokens(text, max(start, end - WINDOW), end, grammar))
    colon = bool(found) and found[-1].text == ":"
    while found and not is_word(found[-1]):
        found = found[:-1]
    if not found:
        return None
    for index in range(len(found) - 1, -1, -1):
        if found[index].text in ",:;—–" and (named := according(text, found[index + 1 :], grammar)):
            return named
        is_speech = is_verb(found[index], grammar) or (index == 0 and found[0].low in grammar.verbs)
        if is_speech and (clause := _at_verb(text, found, index, grammar)):
            return clause
    if named := according(text, found, grammar):
        return named
    return _label(text, found, grammar) if colon else None


def _label(text: str, found: list[Token], grammar: Grammar) -> Clause | None:
    """A colon without a verb: "Ana Ruiz: ..." or "Ruiz with the last word: ..."."""
    at_end = subject_at_end(text, found, grammar)
    first = at_end if at_end and at_end.kind == "name" else first_subject(text, found, grammar) or at_end
    return Clause(first, "", 0.55) if first else None


def _at_verb(text: str, found: list[Token], verb: int, grammar: Grammar) -> Clause | None:
    """The clause whose verb is found[verb], or None when that word is no verb of speech there."""
    cue = found[verb].text
    left = found[:verb]
    while left and left[-1].low in grammar.helpers:
        left = left[:-1]
    if found[verb].low in grammar.participles or (left and left[-1].low in ("and", "but", "then")):
        subject = first_subject(text, found, grammar)
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
        named = apposed(text, rest[length:], grammar) or named
    if named:
        return Clause(with_gender(named, cue, grammar), cue, 0.85)
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
            return Clause(with_gender(named, cue, grammar), cue, 0.85)
    if left and is_word(left[-1]) and (named := subject_at_end(text, left, grammar)):
        return Clause(with_gender(named, cue, grammar), cue, 0.9)
    return None if left else Clause(None, cue, 0.4)


def subject(text: str, start: int, end: int, grammar: Grammar) -> Clause | None:
    """The subject of the last sentence of text[start:end]: of its verb of speech, else a name it begins with."""
    found = last_sentence(tokens(text, max(start, end - WINDOW), end, grammar))
    while found and not is_word(found[-1]):
        found = found[:-1]
    for index in range(len(found) - 1, -1, -1):
        if found[index].text in grammar.verbs and (clause := _at_verb(text, found, index, grammar)) and clause.mention:
            return clause._replace(sure=0.55)
    named = first_subject(text, found, grammar)
    return Clause(named, "", 0.45) if named and named.kind != "phrase" else None
