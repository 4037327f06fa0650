"""The headline of a page among all that it calls itself: without the site's name, by the agreement of places."""

from __future__ import annotations

import re
from html import unescape

from masthead.core.characters import one_line

# How much each place says of the headline as the newsroom wrote it. A page's `title` and the cards for other services
# are often shortened or written for search; the places that agree add up.
WEIGHTS = {
    "page:json-ld": 3.0,
    "page:h1": 2.6,
    "page:meta:og:title": 1.5,
    "page:meta:headline": 1.5,
    "page:meta:citation_title": 2.0,
    "page:json-ld-page": 1.5,
    "page:heading": 2.0,
    "page:h1-below": 1.0,
    "page:meta:sailthru.title": 1.2,
    "page:meta:parsely-title": 1.2,
    "page:meta:dc.title": 1.0,
    "page:meta:dcterms.title": 1.0,
    "page:meta:twitter:title": 0.8,
    "page:title-element": 0.8,
}
_BREAK = re.compile(r"\s+(?:[|–—·•»:-]|::)\s+|\s*\|\s+")
# What parts the headline from the section and the site where no white space does: some systems write none.
_JOINT = re.compile(r"\s*(?:[|–—·•»ㅣ-]|::)")
# Letters of a headline that can be told from a word before a bar.
_SHORTEST = 15


def choose_headline(candidates: list[tuple[str, str]], site: str, host: str = "") -> tuple[str, str, int]:
    """(headline, its place, how many places agree on it) of (value, place) pairs; ("", "none", 0) without any."""
    cleaned: list[tuple[str, str]] = []
    for value, place in candidates:
        if place not in {known for _, known in cleaned}:
            cleaned.append((strip_site(one_line(unescape(value)), site, host), place))
    repeated = _repeated_tail([value for value, _ in cleaned], [one_line(unescape(value)) for value, _ in candidates])
    groups: dict[str, list[tuple[str, str]]] = {}
    for value, place in cleaned:
        value = repeated.get(value, value)
        if key := folded(value):
            groups.setdefault(key, []).append((value, place))
    if not groups:
        return "", "none", 0
    own = folded(site) or folded(host.rpartition(".")[0].removeprefix("www."))
    # A heading that is the site's name is its masthead; it is a headline only where there is no other.
    best = max(
        groups.items(), key=lambda item: (item[0] != own) * sum(WEIGHTS.get(place, 0.5) for _, place in item[1])
    )[1]
    # As it is set: a heading keeps the newsroom's own quotation marks and capitals.
    value, place = max(best, key=lambda pair: WEIGHTS.get(pair[1], 0.5))
    return value, place, len(best)


def strip_site(title: str, site: str, host: str = "") -> str:
    """A title without " | Site" at its end or "Site | " at its start, where that is the site's own name."""
    names = [name for name in (folded(site), folded(host.rpartition(".")[0].removeprefix("www."))) if len(name) > 1]
    for _ in range(3):
        parts = [found.span() for found in _BREAK.finditer(title)]
        if not parts:
            return title
        head, tail = title[: parts[-1][0]], title[parts[-1][1] :]
        if _is_site(tail, names):
            title = head
        elif _is_site(title[: parts[0][0]], names):
            title = title[parts[0][1] :]
        else:
            return title
    return title


def _is_site(part: str, names: list[str]) -> bool:
    bare = folded(part)
    return bool(bare) and any(bare in name or (name in bare and len(bare) < 2 * len(name) + 4) for name in names)


def _repeated_tail(cleaned: list[str], raw: list[str]) -> dict[str, str]:
    """Titles that are another candidate and more behind a bar or dash: cut to that candidate."""
    shorter: dict[str, str] = {}
    known = {folded(value): value for value in [*cleaned, *raw]}
    for value in cleaned:
        if head := max((other for other in cleaned if head_of(value, other)), key=len, default=""):
            shorter[value] = head
            continue
        for found in reversed(list(_BREAK.finditer(value))):
            head = value[: found.start()]
            if len(head) > _SHORTEST and (match := known.get(folded(head))) is not None:
                shorter[value] = match
                break
    return shorter


def head_of(title: str, head: str) -> bool:
    """Whether `title` is `head` and more behind a bar or dash: a section, the site."""
    return (
        len(head) > _SHORTEST
        and len(title) > len(head)
        and title.startswith(head)
        and bool(_JOINT.match(title, len(head)))
    )


def folded(text: str) -> str:
    """Letters and digits alone, for comparing."""
    return re.sub(r"\W+", "", text).casefold()
