"""Who is who: the names by which an item of a feed is known again. Pure.

An item has up to three names. `guid` and `link` each stand for it alone, as long as the document does not give them
to several items; `whole` (guid, link and headline together) always does. Guids and links are compared without what
publishers change in passing: scheme, "www.", trailing slash, tracking parameters. A date is never part of a name.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from rapidfuzz import fuzz

from masthead.core.types import ParsedEntry
from masthead.entries.plain import plain_of

_TRACKING = re.compile(
    r"(utm_\w+|at_\w+|pk_\w+|mtm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|ns_\w+|cmpid?|cmp|ref|ref_src"
    r"|rss|xtor|wt_mc|ocid|icid|smid|partner|ito|spm|_hs\w+|guccounter|ftag|__twitter_impression)\Z",
    re.IGNORECASE,
)
_ALIKE = 60.0
_SAME_MOMENT = timedelta(hours=12)
_GLOBAL_GUID_LENGTH = 20
# An article that is rewritten keeps more of its phrases; two articles of one writer share fewer.
_SAME_TEXT = 0.25
# Two texts of so many characters that read the same are one.
_PROVING = 200
# The kinds of names, surest first.
KINDS = ("whole", "guid", "link")


@dataclass(frozen=True, slots=True)
class Named:
    """An item with its names as (kind, SHA-256). `keys`: what may identify it within its feed, best first."""

    entry: ParsedEntry
    guid: str
    link: str
    whole: str
    keys: tuple[str, ...]


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def fold(text: str) -> str:
    """Text for comparing: one Unicode form, one case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=2048)
def canonical_link(url: str) -> str:
    """An address for comparing; "" when it is none of the web.

    Scheme, credentials, "www.", default port, fragment, trailing slash and tracking parameters do not count.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").removeprefix("www.").rstrip("."), parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host:
        return ""
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(name)
    ]
    query = f"?{urlencode(sorted(kept))}" if kept else ""
    where = host if port in (None, 80, 443) else f"{host}:{port}"
    return f"{where}{parts.path.rstrip('/')}{query}"


def _stripped_guid(guid: str) -> str:
    guid = guid.strip()
    if re.match(r"https?://", guid, re.IGNORECASE):
        return re.sub(r"^https?://(www\.)?", "", guid, flags=re.IGNORECASE).rstrip("/")
    return guid


def _is_global(guid: str) -> bool:
    """Whether a guid means the same in all feeds of a publisher; "123" need not."""
    return len(guid) >= _GLOBAL_GUID_LENGTH or ":" in guid or "/" in guid


def gist_of(entry: ParsedEntry) -> str:
    """How an item's text begins, without markup."""
    return plain_of(entry.content_html or entry.summary_html)[:3000]


@dataclass(frozen=True, slots=True)
class _Raw:
    entry: ParsedEntry
    guid: str
    link: str
    title: str


def _raws(entries: Sequence[ParsedEntry]) -> list[_Raw]:
    """Items with their names made comparable; one without any name goes by how its text begins."""
    raws: list[_Raw] = []
    for entry in entries:
        guid, link, title = _stripped_guid(entry.id), canonical_link(entry.link), fold(entry.title)
        raws.append(_Raw(entry, guid, link, title if title or guid or link else fold(gist_of(entry))[:500]))
    return raws


def _once(items: Sequence[_Raw], home: str) -> list[_Raw]:
    """The document without repetitions: items of one guid, link and headline are one; the newest state counts.

    Two states of one item (same guid and link, similar headline) are one as well. Three and more with different
    headlines are a feed whose guid and link say nothing. `home` is the link that names no item.
    """
    groups: dict[tuple[str, str], list[_Raw]] = {}
    for item in _unrepeated(items):
        groups.setdefault((item.guid, item.link), []).append(item)
    kept: list[_Raw] = []
    for (guid, link), group in groups.items():
        by_title: dict[str, _Raw] = {}
        for item in group:
            known = by_title.get(item.title)
            if known is None or (item.entry.updated or "") > (known.entry.updated or ""):
                by_title[item.title] = item
        states = list(by_title.values())
        named = guid or (link and link != home)
        if named and len(states) == 2 and fuzz.token_set_ratio(states[0].title, states[1].title) >= _ALIKE:
            states = [max(states, key=lambda item: item.entry.updated or "")]
        kept.extend(states)
    order = {id(item): place for place, item in enumerate(items)}
    return sorted(kept, key=lambda item: order[id(item)])


def _unrepeated(items: Sequence[_Raw]) -> list[_Raw]:
    """Without items that say word for word what one before says, under another guid or another link only.

    With both of them others, only a long text proves it: two short notices may well read the same.
    """
    kept: list[_Raw] = []
    seen: set[tuple[str, ...]] = set()
    for item in items:
        text = fold(gist_of(item.entry))
        said = (item.title, text, item.entry.published or item.entry.published_raw)
        ways = [(kind, name, *said) for kind, name in (("guid", item.guid), ("link", item.link)) if name]
        if len(text) >= _PROVING:
            ways.append(("text", "", *said))
        if item.title and (text or said[2]) and any(way in seen for way in ways):
            continue
        seen.update(ways)
        kept.append(item)
    return kept


def name_items(feed_id: int, entries: Sequence[ParsedEntry], home: str = "") -> list[Named]:
    """The items of a document, each once, with their names. `home` is the feed's own page: it names no item."""
    home_link = canonical_link(home)
    items = _once(_raws(entries), home_link)
    guids = Counter(item.guid for item in items)
    links = Counter(item.link for item in items)
    named: list[Named] = []
    for item in items:
        scope = "" if _is_global(item.guid) else str(feed_id)
        guid = _hash("guid", scope, item.guid) if item.guid and guids[item.guid] == 1 else ""
        usable = item.link and item.link != home_link and links[item.link] == 1
        link = _hash("link", item.link) if usable else ""
        whole = _hash("whole", scope or "global", item.guid, item.link, item.title)
        dated = _hash(whole, item.entry.published or item.entry.published_raw)
        keys = (guid, link, whole, dated, _hash(whole, gist_of(item.entry)))
        named.append(Named(item.entry, guid, link, whole, tuple(key for key in keys if key)))
    return named


def shared_guids(feed_id: int, entries: Sequence[ParsedEntry], home: str = "") -> set[str]:
    """The guid names that this document gives to several items, so that they name none."""
    given = Counter(_stripped_guid(entry.id) for entry in entries)
    if not any(guid and count > 1 for guid, count in given.items()):
        return set()
    counts = Counter(item.guid for item in _once(_raws(entries), canonical_link(home)) if item.guid)
    return {
        _hash("guid", "" if _is_global(guid) else str(feed_id), guid) for guid, count in counts.items() if count > 1
    }


def moment_of(value: str | None) -> datetime | None:
    """A date of an item as an instant; None when it is unknown or its zone is."""
    try:
        moment = datetime.fromisoformat(value) if value else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _phrases(text: str) -> set[str]:
    """Three words in a row, of a short text single ones; of scripts without blanks, eight characters."""
    words = text.split()
    if len(text) > 20 * len(words):
        return {text[start : start + 8] for start in range(max(1, len(text) - 7))}
    if len(words) < 8:
        return set(words)
    return {" ".join(words[start : start + 3]) for start in range(len(words) - 2)}


def _share_of_phrases(one: str, other: str) -> float:
    """How much of the shorter text stands in the other, 0 to 1. Letters alone say little: all long texts share them."""
    first, second = _phrases(one), _phrases(other)
    return len(first & second) / max(1, min(len(first), len(second)))


def is_other_article(old: ParsedEntry, new: ParsedEntry) -> bool:
    """Whether a known guid or link was taken for a new article, rather than the article changed.

    It is another one when neither headline nor text resemble, and it was published at another time (half a day or
    more); without certain dates, when the link is another too. A column keeps its headline ("Weather"): there the
    text must be another, the time, and the link.
    """
    same_title = fuzz.token_set_ratio(fold(old.title), fold(new.title)) >= _ALIKE
    old_text, new_text = fold(gist_of(old)), fold(gist_of(new))
    if old_text and new_text:
        if _share_of_phrases(old_text, new_text) >= _SAME_TEXT:
            return False
    elif same_title:
        return False
    other_link = canonical_link(old.link) != canonical_link(new.link)
    before, after = moment_of(old.published), moment_of(new.published)
    if before is None or after is None:
        return other_link and not same_title
    return abs(after - before) >= _SAME_MOMENT and (other_link or not same_title)
