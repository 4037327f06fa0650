"""Authors as feeds write them: "Jane Roe", "jane@example.org (Jane Roe)", "Jane Roe <jane@example.org>"."""

from __future__ import annotations

import re

from lxml import etree

from masthead.core.parse.names import Names
from masthead.core.parse.node import Children, address, children_of, first_text, raw_text, words_of
from masthead.core.types import ParsedAuthor

# Begun where a word begins, so that no name costs more than reading it.
_LETTER = r"[^\s<>()\[\]\"',:;@]"
_EMAIL = re.compile(rf"(?<!{_LETTER}){_LETTER}{{1,100}}+@{_LETTER}{{1,150}}\.[a-zA-Z]{{2,24}}")
_EDGES = " \t\r\n<>()[]\"',;:"
_MAX_AUTHORS = 50


def person(text: str, url: str = "") -> ParsedAuthor | None:
    """A line that names somebody; None when it names nobody. An address alone gives an author without a name."""
    text = words_of(text)
    found = _EMAIL.search(text) if "@" in text else None
    if found is None:
        text = text[1:-1].strip() if re.fullmatch(r"\([^()]*\)", text) else text
        return ParsedAuthor(text, "", url) if text else None
    name = f"{text[: found.start()]} {text[found.end() :]}".replace("mailto:", "").strip(_EDGES)
    if name.endswith((")", "]")) or name.startswith(("(", "[")):
        name = name.strip(_EDGES)
    name = re.sub(r"\(\s*\)|<\s*>", "", name).strip(_EDGES)
    return ParsedAuthor("" if name.lower() == found[0].lower() else name, found[0], url)


def atom_person(element: etree._Element, names: Names, base: str) -> ParsedAuthor | None:
    """An Atom person construct (RFC 4287 3.2); one without parts is read as a line."""
    if not len(element):
        return person(raw_text(element))
    parts = children_of(element, names)
    url = first_text(parts, "atom:uri", "atom:url", "atom:homepage", "uri", "url", "homepage")
    email = first_text(parts, "atom:email", "email").removeprefix("mailto:")
    name = words_of(first_text(parts, "atom:name", "name", "itunes:name", "dc:title"))
    email = email or first_text(parts, "itunes:email")
    if not (name or email or url):
        return person(raw_text(element))
    line = person(name) if name else None
    if line is not None and line.email and not email:
        name, email = line.name, line.email
    return ParsedAuthor(name, email, address(url, base) if url else "")


def authors_of(children: Children, names: Names, base: str, *, keys: tuple[str, ...]) -> tuple[ParsedAuthor, ...]:
    """The authors that the elements `keys` name; `keys` come in groups of rising doubt, separated by "|"."""
    found: dict[tuple[str, str], ParsedAuthor] = {}
    for key in keys:
        if key == "|":
            if any(author.name for author in found.values()):
                break
            continue
        for element in children.get(key, ())[:_MAX_AUTHORS]:
            author = atom_person(element, names, base) if len(element) else person(raw_text(element))
            if author is not None:
                _add(found, author)
    if not found:
        return ()
    named = [author for author in found.values() if author.name]
    return tuple(named or found.values())[:_MAX_AUTHORS]


def _add(found: dict[tuple[str, str], ParsedAuthor], author: ParsedAuthor) -> None:
    """Keep each name once, with the fullest record of it."""
    key = (author.name.casefold(), "" if author.name else author.email or author.url)
    known = found.get(key)
    if known is None:
        found[key] = author
    else:
        found[key] = ParsedAuthor(known.name, known.email or author.email, known.url or author.url)
