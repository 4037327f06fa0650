"""Quotations of several reports: the same words once, under the speaker, where reports name the same one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from masthead.core.consensus.reading import folded, words
from masthead.core.types import Quote

SPEAKERS = 8
OF_ONE = 4
SURE = 0.6
SHORTEST = 4
"""Fewer words than these are a term in quotation marks."""
PART = 6
"""From so many words on, a quotation that stands within another is a part of it."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a speaker, exactly as the first report gives them whole, and the keys of all reports that have them."""

    text: str
    keys: tuple[int, ...]


@dataclass
class _Words:
    text: str
    plain: str
    keys: list[int] = field(default_factory=list)


def gather(quotes: Iterable[tuple[int, Quote]]) -> tuple[tuple[str, tuple[Said, ...]], ...]:
    """Quotations (each with its report's key, oldest report first) by speaker: those in most reports first.

    Speakers are merged only where one name is the other, or its last word and no other speaker's. Words of nobody
    certain are left out.
    """
    kept = [(key, quote) for key, quote in quotes if quote.speaker and quote.confidence >= SURE]
    full = _full_names({quote.speaker for _, quote in kept if quote.speaker})
    speakers: dict[str, list[_Words]] = {}
    for key, quote in kept:
        said = " ".join(folded(word) for word in words(quote.text))
        if said.count(" ") + 1 >= SHORTEST:
            _add(speakers.setdefault(full[quote.speaker or ""], []), _Words(quote.text, said, [key]))
    ranked = sorted(speakers.items(), key=lambda pair: -len({key for w in pair[1] for key in w.keys}))
    return tuple((speaker, _said(found)) for speaker, found in ranked[:SPEAKERS] if found)


def _add(found: list[_Words], new: _Words) -> None:
    for number, known in enumerate(found):
        if not _same(known.plain, new.plain):
            continue
        whole = known if len(known.plain) >= len(new.plain) else new
        found[number] = _Words(whole.text, whole.plain, list(dict.fromkeys([*known.keys, *new.keys])))
        return
    found.append(new)


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return short.count(" ") + 1 >= PART and f" {short} " in f" {long} "


def _said(found: list[_Words]) -> tuple[Said, ...]:
    ranked = sorted(found, key=lambda w: -len(w.keys))
    return tuple(Said(w.text, tuple(w.keys)) for w in ranked[:OF_ONE])


def _full_names(names: set[str]) -> dict[str, str]:
    """The name that each speaker is shown under: that of the person alone where an office follows after a comma, the
    full one of a surname; its own where that is not certain."""
    parts = {name: [folded(word) for word in words(_person(name))] for name in sorted(names, key=lambda n: (len(n), n))}
    full: dict[str, str] = {}
    for name, own in parts.items():
        longer = [other for other, its in parts.items() if len(own) == 1 and len(its) > 1 and its[-1:] == own]
        people = {tuple(parts[other]) for other in longer}
        alike = [other for other, its in parts.items() if its == own]
        full[name] = longer[0] if len(people) == 1 else alike[0]
    return full


def _person(name: str) -> str:
    """A name without what follows a comma, where at least two words stand before it."""
    before = name.replace("،", ",").partition(",")[0]
    return before if len(words(before)) > 1 else name
