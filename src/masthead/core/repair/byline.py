"""Who wrote it: names from metadata or a line that says so; never invented, never an address."""

from __future__ import annotations

import re
from collections.abc import Iterable

from masthead.core.characters import one_line, words
from masthead.core.repair.draft import Draft
from masthead.core.repair.markup import mend_line
from masthead.core.repair.vocabulary import BY

_BY = re.compile(rf"^\s*{BY}\s+", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|org|net|info|ru|de|fr|es|uk)\b", re.IGNORECASE)
_IN_PARENS = re.compile(r"^(?P<address>\S+@\S+)\s*\((?P<name>[^()]+)\)$")
_SEPARATORS = re.compile(r"\s*(?:;|\s\|\s|,|\s&\s|\sand\s|\sund\s|\set\s|\sy\s|\sи\s|\sو\s)\s*")
# Accounts and systems that stand where an author should.
_NOBODY = words(
    "admin administrator anonymous author autor auteur blog bot desk editor editorial feed guest home info info@ "
    "news newsdesk"
    " newsroom noreply no-reply none null online post redaktion redaccion redacción rédaction root rss staff "
    "system team test"
    " unknown user user1 web webmaster webredaktion wordpress админ администратор редакция unbekannt inconnu"
)


def read_names(stated: Iterable[str], publisher: str, draft: Draft) -> tuple[str, ...]:
    """The names in what a feed or page states, each once: no e-mail addresses, links, accounts, publisher."""
    names: list[str] = []
    for raw in stated:
        for name in _names_in(mend_line(raw, "byline", draft)):
            if (
                name
                and name.casefold() not in {known.casefold() for known in names}
                and not _is_nobody(name, publisher)
            ):
                names.append(name)
        if _MAIL.search(raw):
            draft.mend(
                "e-mail",
                "byline",
                _MAIL.sub("…@…", raw),
                "",
                "An e-mail address stood with the author's name; it was removed.",
            )
    return tuple(names[:20])


def _names_in(text: str) -> list[str]:
    if found := _IN_PARENS.match(text):
        text = found["name"]
    text = _BY.sub("", re.sub(r"[<(\[]?\s*" + _MAIL.pattern + r"\s*[>)\]]?", " ", text))
    return [one_line(part).strip(" .,;:|-–—/") for part in _SEPARATORS.split(text)]


def _is_nobody(name: str, publisher: str) -> bool:
    lowered = name.casefold()
    if not 2 <= len(name) <= 80 or not any(letter.isalpha() for letter in name) or _URL.search(name):
        return True
    return lowered in _NOBODY or lowered == publisher.casefold() or bool(re.search(r"[<>{}@=\\]|\d{3,}", name))
