"""What the structured data of a page says about its article, and which of its objects that is."""

from __future__ import annotations

import re
from html import unescape

from masthead.core.characters import one_line
from masthead.core.extract.jsonld import ARTICLE_TYPES, PAGE_TYPES, SITE_TYPES, Thing, text_of, types_of
from masthead.core.extract.live import openings_of
from masthead.core.extract.page_meta import PageMeta

_PLACE = "page:json-ld"
_FILMS = {"VideoObject", "AudioObject", "Clip"}
_MAX_FILMS = 60
_ORGANISATIONS = SITE_TYPES | {"NGO", "NewsMediaOrganization", "EducationalOrganization", "GovernmentOrganization"}


def add_structured(things: list[Thing], headings: list[str], addresses: list[str], meta: PageMeta) -> None:
    """Add what the page's own article says. `headings`, `addresses`: what the page calls itself, to tell it by."""
    articles = [thing for thing in things if types_of(thing) & ARTICLE_TYPES or _untyped_article(thing)]
    own = _own(articles, headings, addresses)
    if own is not None:
        _add_article(own, meta)
    for thing in things:
        _add_films(thing, meta)
        meta.live += openings_of(thing)
        types = types_of(thing)
        if types & SITE_TYPES:
            meta.add("site", text_of(thing.get("name")), "page:json-ld-site")
        elif types & PAGE_TYPES and thing is not own:
            _add_page(thing, meta, bare=own is None)


def _untyped_article(thing: Thing) -> bool:
    return not thing.get("@type") and bool(thing.get("headline")) and bool(thing.get("datePublished"))


def _own(articles: list[Thing], headings: list[str], addresses: list[str]) -> Thing | None:
    """The article that the page is about: the one with its address or headline, else the first of its kind."""
    wanted_titles = {_folded(heading) for heading in headings if heading}
    wanted = {_address(address) for address in addresses if address}

    def fits(thing: Thing) -> int:
        known = (thing.get("url"), thing.get("@id"), thing.get("mainEntityOfPage"))
        stated = {_address(_link(value)) for value in known} - {""}
        headline = _folded(text_of(thing.get("headline") or thing.get("name")))
        kind = types_of(thing)
        return (
            4 * (headline in wanted_titles and bool(headline))
            + 3 * bool(stated & wanted)
            + 2 * bool(thing.get("datePublished"))
            + (1 if kind - {"CreativeWork", "Review"} else -1)
        )

    # Of two that fit alike, the first: publishers put the article before what they link to.
    return max(articles, key=fits, default=None)


def _link(value: object) -> str:
    if isinstance(value, dict):
        return str(value.get("@id") or value.get("url") or "")
    return value if isinstance(value, str) else ""


def _address(url: str) -> str:
    bare = re.sub(r"^https?:(?://)?(?:www\.|amp\.)?", "", url.partition("#")[0].partition("?")[0]).rstrip("/")
    return bare if "/" in bare else ""


def _folded(text: str) -> str:
    return re.sub(r"\W+", "", unescape(text)).casefold()


def _add_article(thing: Thing, meta: PageMeta) -> None:
    meta.add("title", text_of(thing.get("headline")) or text_of(thing.get("name")), _PLACE)
    meta.add("description", text_of(thing.get("description")), _PLACE)
    for name, is_person in people_in(thing.get("author")) or people_in(thing.get("creator")):
        meta.add("authors", name, _PLACE if is_person else "page:json-ld-organisation")
    meta.add("published", text_of(thing.get("datePublished")), _PLACE)
    meta.add("published", text_of(thing.get("dateCreated")), "page:json-ld-created")
    meta.add("modified", text_of(thing.get("dateModified")), _PLACE)
    for url in _pictures(thing.get("image")):
        meta.add("image", url, _PLACE)
    meta.add("site", text_of(thing.get("publisher")), _PLACE)
    meta.add("language", text_of(thing.get("inLanguage")), _PLACE)
    meta.add("license", _link(thing.get("license")), _PLACE)
    meta.add("canonical", _link(thing.get("url")), _PLACE)
    if isinstance(body := thing.get("articleBody"), str) and len(body) > len(meta.body):
        meta.body = body
    free = str(thing.get("isAccessibleForFree")).lower().rpartition("/")[2]
    if free in ("true", "false"):
        meta.free = free == "true"


def _add_films(thing: Thing, meta: PageMeta) -> None:
    """Films that a thing is or holds: each address with its still and title."""
    held = [thing] if types_of(thing) & _FILMS else []
    for name in ("video", "associatedMedia", "audio"):
        value = thing.get(name)
        held += [item for item in (value if isinstance(value, list) else [value])[:20] if isinstance(item, dict)]
    for film in held:
        still = next(iter(_pictures(film.get("thumbnailUrl")) or _pictures(film.get("thumbnail"))), "")
        for name in ("embedUrl", "contentUrl", "url", "@id"):
            if isinstance(url := film.get(name), str) and "/" in url and len(meta.films) < _MAX_FILMS:
                meta.films.append((url, still, one_line(text_of(film.get("name")))[:200]))


def _add_page(thing: Thing, meta: PageMeta, *, bare: bool) -> None:
    """A page's own object: its dates count less than an article's, its name and people only where no article is."""
    # A page that names its author is a report; without one the date is most often that of a standing page's making.
    place = "page:json-ld-page" if people_in(thing.get("author")) or thing.get("author") else "page:json-ld-bare"
    meta.add("published", text_of(thing.get("datePublished")), place)
    meta.add("modified", text_of(thing.get("dateModified")), "page:json-ld-page")
    if bare:
        meta.add("title", text_of(thing.get("headline")), "page:json-ld-page")
        meta.add("description", text_of(thing.get("description")), "page:json-ld-page")
        for name, is_person in people_in(thing.get("author")):
            meta.add("authors", name, "page:json-ld-page" if is_person else "page:json-ld-organisation")


def people_in(value: object) -> list[tuple[str, bool]]:
    """(name, whether a person) of an author property: text, object, or a list of either."""
    if isinstance(value, str):
        return [] if value.startswith(("http:", "https:", "//")) or not one_line(value) else [(value, True)]
    if isinstance(value, dict):
        name = value.get("name")
        joined = " ".join(part for key in ("givenName", "familyName") if (part := text_of(value.get(key))))
        person = not types_of(value) & _ORGANISATIONS
        if isinstance(name, list):
            return [(one, person) for item in name[:20] for one, _ in people_in(item)]
        return [(one, person) for one, _ in people_in(text_of(name) or joined)]
    if isinstance(value, list):
        return [pair for item in value[:20] for pair in people_in(item)]
    return []


def _pictures(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return _pictures(value.get("url") or value.get("contentUrl") or value.get("@id"))
    if isinstance(value, list):
        return [url for item in value[:5] for url in _pictures(item)]
    return []
