"""Who wrote it: names from metadata or a line that says so; never invented, never an address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from masthead.core.characters import one_line, words
from masthead.core.repair.draft import Draft
from masthead.core.repair.markup import mend_line
from masthead.core.repair.people import is_credential, is_desk, is_nobody, is_organisation, is_publisher, without_role
from masthead.core.repair.vocabulary import BY

_BY = re.compile(
    rf"^\s*{BY}\s*[:：]?\s+|^\s*(?:autor(?:en|a|es)?|author|authors|auteur|writer|text)\s*[:：]\s*", re.IGNORECASE
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IN_PARENS = re.compile(r"^(?P<address>\S+@\S+)\s*\((?P<name>[^()]+)\)$")
_SEPARATORS = re.compile(
    r"\s*(?:;|\s?[|•·/●]\s|\s&\s|\sand\s|\swith\s|\sund\s|\set\s|\savec\s|\sy\s|\se\s|\scon\s|\sи\s|\sو\s?|\soch\s|\sog\s|\sen\s|、)\s*",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*[,،]\s*")
_INITIALS = re.compile(r"\s*[(\[][^()\[\]]{1,12}[)\]]\s*$")


_PARTICLES = words("de der den del della di da do dos das du la le van von zu zum al el bin ibn y e af av ter ten")


@dataclass(frozen=True, slots=True)
class Names:
    """Who is stated: `byline` as a newspaper prints it, without the publisher's own name; `organisations`: which of
    the stated are agencies, desks or the publisher."""

    byline: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


def read_names(stated: Iterable[str], publisher: str, draft: Draft) -> tuple[str, ...]:
    """The names in what a feed or page states, each once: no e-mail addresses, links, accounts, publisher."""
    return read_people(stated, publisher, draft).byline


def read_people(stated: Iterable[str], publisher: str, draft: Draft, *, persons: bool = False) -> Names:
    """Everybody in what a feed or page states. `persons`: it is stated that these are persons, so that a name that is
    also the publisher's (a writer's own site) is one."""
    names: dict[str, str] = {}
    organisations: dict[str, str] = {}
    for raw in stated:
        for name in _names_in(mend_line(raw, "byline", draft)):
            key = name.casefold()
            if not name or (is_nobody(name) and not is_desk(name)):
                continue
            own = is_publisher(name, publisher)
            if own and persons and looks_like_person(name) and not is_organisation(name):
                names.setdefault(key, name)
            elif own:
                organisations.setdefault(key, name)
            elif not is_nobody(name):
                names.setdefault(key, name)
                if is_organisation(name):
                    organisations.setdefault(key, name)
        if _MAIL.search(raw):
            draft.mend(
                "e-mail",
                "byline",
                _MAIL.sub("…@…", raw),
                "",
                "An e-mail address stood with the author's name; it was removed.",
            )
    return Names(tuple(names.values())[:20], tuple(organisations.values())[:20])


def looks_like_person(name: str) -> bool:
    """Whether a name is built as persons' names are: two to five words, capitals where the script has them."""
    parts = name.split()
    if not 2 <= len(parts) <= 5 or any(character.isdecimal() for character in name):
        return False
    large = [part for part in parts if part.lower() not in _PARTICLES]
    return len(large) >= 2 and all(part[0].isupper() or not part[0].islower() for part in large)


def _names_in(text: str) -> list[str]:
    if found := _IN_PARENS.match(text):
        text = found["name"]
    text = re.sub(r"[<(\[]?\s*" + _MAIL.pattern + r"\s*[>)\]]?", " ", text)
    found_names: list[str] = []
    for part in _SEPARATORS.split(_BY.sub("", text)):
        found_names += _by_comma(part)
    return [_tidy(name) for name in found_names]


def _by_comma(text: str) -> list[str]:
    """Names parted by commas; what follows a name and is a degree, a role or a place is no name."""
    parts = [part for part in _COMMA.split(text) if part.strip()]
    if len(parts) < 2:
        return parts
    whole = [part for part in parts if " " in part.strip()]
    if not whole:
        # "ssi, dan": initials; "Frankfurt, Germany" behind an address is not.
        return [] if any("." in part for part in parts) else [part for part in parts if not is_credential(part)]
    return [part for part in parts if not is_credential(part) and (" " in part.strip() or is_organisation(_tidy(part)))]


def _tidy(name: str) -> str:
    name = one_line(_INITIALS.sub("", _BY.sub("", name))).strip(" .,;:|-–—/\"“”„«»'*")
    return without_role(name)
