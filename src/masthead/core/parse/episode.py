"""What podcasts say of an episode (iTunes, Podcasting 2.0), and what an entry answers (Atom threading, RFC 4685)."""

from __future__ import annotations

import re

from masthead.core.parse.names import XML_LANG
from masthead.core.parse.node import Children, address, raw_text, words_of
from masthead.core.types import ParsedCredit, ParsedEpisode, ParsedMedia, ParsedReply

REPLY_KEYS = frozenset(("thr:in-reply-to",))
KEYS = frozenset(
    (
        *("itunes:duration", "itunes:episode", "itunes:season", "itunes:episodetype", "itunes:explicit"),
        *("podcast:episode", "podcast:season", "podcast:transcript", "podcast:chapters", "podcast:person"),
    )
)
_KINDS = frozenset(("full", "trailer", "bonus"))
_EXPLICIT = {"yes": True, "true": True, "explicit": True, "no": False, "false": False, "clean": False}
_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6})(?:\.\d{1,9})?\Z")
_COUNT = re.compile(r"\d{1,6}\Z")
_MOST = 100
_NOTHING = ParsedEpisode()


def episode_of(children: Children, base: str) -> ParsedEpisode | None:
    """The episode; None when nothing of it can be read."""
    said = {key: raw_text(children[key][0]) for key in KEYS if key in children}
    found = ParsedEpisode(
        number=_count(said.get("itunes:episode") or said.get("podcast:episode") or ""),
        season=_count(said.get("itunes:season") or said.get("podcast:season") or ""),
        kind=_kind(said.get("itunes:episodetype", "").lower()),
        duration=seconds(said.get("itunes:duration", "")),
        explicit=_EXPLICIT.get(said.get("itunes:explicit", "").lower()),
        transcripts=_transcripts(children, base) if "podcast:transcript" in said else (),
        chapters=next(iter(_addresses(children, "podcast:chapters", base)), ""),
        people=_people(children, base) if "podcast:person" in said else (),
    )
    return None if found == _NOTHING else found


def replies_of(children: Children, base: str) -> tuple[ParsedReply, ...]:
    """What the entry answers; one without an id is known by its page."""
    found: dict[str, ParsedReply] = {}
    for element in children.get("thr:in-reply-to", ())[:_MOST]:
        url = address(element.get("href") or "", base)
        identity = (element.get("ref") or "").strip()[:4000] or url
        if identity:
            found.setdefault(identity, ParsedReply(identity, url, address(element.get("source") or "", base)))
    return tuple(found.values())


def seconds(text: str) -> int | None:
    """ "1:02:03", "62:03" or "3723" as seconds; None when it is none of these."""
    found = _CLOCK.match(text.strip())
    if found is None:
        return None
    hours, minutes, rest = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + rest


def _count(text: str) -> int | None:
    return int(text) if _COUNT.match(text) and text.isascii() else None


def _kind(text: str) -> str:
    return text if text in _KINDS else ""


def _addresses(children: Children, key: str, base: str) -> list[str]:
    return [url for element in children.get(key, ()) if (url := address(element.get("url") or "", base))]


def _transcripts(children: Children, base: str) -> tuple[ParsedMedia, ...]:
    """The addresses of what is said, each once; the language, where it is stated, as the description."""
    found: dict[str, ParsedMedia] = {}
    for element in children.get("podcast:transcript", ())[:_MOST]:
        if url := address(element.get("url") or "", base):
            language = (element.get("language") or element.get(XML_LANG) or "").strip()[:35]
            found.setdefault(url, ParsedMedia(url, (element.get("type") or "").strip(), description=language))
    return tuple(found.values())


def _people(children: Children, base: str) -> tuple[ParsedCredit, ...]:
    found = (
        ParsedCredit(
            words_of(raw_text(element))[:500],
            # The specification: one who is named without a role is the host.
            words_of(element.get("role") or "host").lower()[:100],
            address(element.get("href") or "", base),
        )
        for element in children.get("podcast:person", ())[:_MOST]
    )
    return tuple(dict.fromkeys(one for one in found if one.name))
