"""What is called with mutated input, which errors it declares, and what must hold of its answers."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

import brotli
import zstandard

from fuzzing import alike, grammars, hubs
from fuzzing.alike import Broken
from fuzzing.mutations import mutated, mutated_text
from fuzzing.seeds import Pool
from masthead.core import codings, dates, urls
from masthead.core.fetch import waiting
from masthead.core.fetch.target import TargetRefused, join, parse_target
from masthead.core.parse import NotAFeed, discover, looks_like_feed, opml, parse_feed
from masthead.core.parse.episode import seconds
from masthead.core.parse.link_header import linked
from masthead.core.parse.moments import instant_of
from masthead.core.parse.people import person
from masthead.core.parse.places import places
from masthead.core.parse.platforms import hosted, shaped
from masthead.core.repair.dates import read_iso
from masthead.core.sanitize import absolute_srcset
from masthead.core.types import ParsedFeed

NOW = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
_PAGE = "https://paper.example/news/"
_TYPES = (
    "",
    "text/xml; charset=utf-8",
    "application/rss+xml; charset=koi8-r",
    'text/html; charset="',
    "charset=utf-16",
)
_LIMIT = 100_000


@dataclass(frozen=True)
class Area:
    """`make` gives an input; `read` calls what is tested with it and names the declared error, "" for none.

    `before` is called once, before the first input.
    """

    name: str
    share: int
    make: Callable[[Random, Pool], Any]
    read: Callable[[Any], str]
    before: Callable[[], object] | None = None


def _say(holds: bool, words: str) -> None:
    if not holds:
        raise Broken(words)


# ---------------------------------------------------------------- feeds


def _make_feed(rng: Random, pool: Pool) -> tuple[bytes, str, str]:
    url = rng.choice((_PAGE, "", grammars.address(rng)))
    return mutated(rng, rng.choice(pool.feeds), pool.feeds), url, rng.choice(_TYPES)


def _read_feed(given: tuple[bytes, str, str]) -> str:
    body, url, content_type = given
    try:
        feed = parse_feed(body, url=url, content_type=content_type)
    except NotAFeed as refusal:
        str(refusal).encode()
        return "NotAFeed"
    _storable(feed)
    _sound(feed)
    return ""


def _storable(value: Any) -> None:
    """No text anywhere that cannot be written down."""
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, tuple):
        for part in value:
            _storable(part)
    elif is_dataclass(value):
        for field in fields(value):
            _storable(getattr(value, field.name))


def _sound(feed: ParsedFeed) -> None:
    addresses = [feed.link, feed.image, feed.self_link, feed.next_link, *feed.hubs, *feed.archive_links]
    moments = [feed.updated]
    for entry in feed.entries:
        addresses += [entry.link, entry.comments, *(file.url for file in (*entry.enclosures, *entry.media))]
        addresses += [author.url for author in entry.authors] + [reply.url for reply in entry.in_reply_to]
        moments += [entry.published, entry.updated]
        _say(bool(entry.original), "an entry without its original")
        _say("\n" not in entry.title, f"a title of several lines: {entry.title!r}")
    for address in addresses:
        _say(not address or bool(urls.absolute(address)), f"no web address: {address!r}")
    for moment in moments:
        _say(moment is None or datetime.fromisoformat(moment).tzinfo is not None, f"no moment: {moment!r}")
    ttl, period = feed.hints.ttl, feed.hints.update_period
    _say(ttl is None or 0 < ttl < 10**6, f"ttl {ttl}")
    _say(period is None or 0 < period < 10**8, f"period {period}")


# ---------------------------------------------------------------- pages and lists


def _make_page(rng: Random, pool: Pool) -> tuple[bytes, str]:
    return mutated(rng, rng.choice(pool.pages), pool.pages), rng.choice((_PAGE, "", grammars.address(rng)))


def _read_page(given: tuple[bytes, str]) -> str:
    for feed in discover(*given, guess=True):
        _say(bool(urls.absolute(feed.url)), f"no web address: {feed.url!r}")
        _storable(feed)
    return ""


def _make_list(rng: Random, pool: Pool) -> bytes:
    return mutated(rng, rng.choice(pool.lists), pool.lists)


def _read_list(body: bytes) -> str:
    found = opml.read(body)
    _storable(found)
    seen = bool(found.feeds or found.problems) or b"outline" in body.replace(b"\0", b"").lower()
    _say(seen, "nothing read and nothing said")
    if not found.feeds:
        return ""
    again = opml.read(opml.write(found.feeds, found.title))
    written = {(feed.url, (feed.title or feed.url)[:500], feed.folders) for feed in found.feeds}
    _say(
        {(feed.url, feed.title, feed.folders) for feed in again.feeds} == written,
        "a list that was written reads otherwise",
    )
    _say(not again.problems, f"a list that was written has problems: {again.problems[:2]}")
    return ""


# ---------------------------------------------------------------- addresses


def _make_address(rng: Random, pool: Pool) -> tuple[str, str]:
    made = rng.choice(pool.addresses) if rng.random() < 0.6 else grammars.address(rng)
    if rng.random() < 0.7:
        made = mutated_text(rng, made, [seed.encode() for seed in rng.sample(pool.addresses, 3)])[:9000]
    return made, rng.choice((_PAGE, "", rng.choice(pool.addresses), grammars.address(rng)))


def _read_address(given: tuple[str, str]) -> str:
    url, base = given
    for made in (urls.absolute(url, base), urls.absolute(url), urls.absolute(urls.without_feed_scheme(url), base)):
        _say(made.isascii(), f"not ASCII: {made!r}")
        if made:
            _say(urls.absolute(made) == made, f"{made!r} once more is {urls.absolute(made)!r}")
    urls.host_of(url), urls.without_scheme(url), looks_like_feed(url), absolute_srcset(url, base), person(url)
    for told in (*hosted(url), *shaped(url)):
        _say(bool(told.url), f"a rule that tells no address: {url!r}")
    places(url)
    linked(f"<{url}>; rel=hub, {base}", base, "hub")
    try:
        target = parse_target(url)
    except TargetRefused:
        return "TargetRefused"
    _say(parse_target(target.url).url == target.url, f"{target.url!r} is another target when read again")
    _say(target.url.isascii(), f"not ASCII: {target.url!r}")
    made = urls.host_of(urls.absolute(url)).rstrip(".")
    # IPv6 addresses are shown as written.
    _say(made in ("", target.host) or ":" in made, f"two hosts: {made!r} is shown and {target.host!r} is asked")
    try:
        join(target.url, base)
    except TargetRefused:
        return "TargetRefused"
    return ""


# ---------------------------------------------------------------- dates and headers


def _make_date(rng: Random, pool: Pool) -> str:
    made = rng.choice(pool.dates) if rng.random() < 0.5 else grammars.date(rng)
    return (
        mutated_text(rng, made, [seed.encode() for seed in rng.sample(pool.dates, 3)]) if rng.random() < 0.6 else made
    )


def _read_date(text: str) -> str:
    found = dates.read(text)
    for order in ("dmy", "mdy"):
        dates.read(text, order)
    moment, quick = dates.instant(text.strip()), instant_of(text.strip())
    _say(moment == quick, f"two ways: the quick one reads {quick!r}, the other {moment!r}")
    if found is not None:
        again = dates.read(found.iso())
        _say(again is not None and again.at == found.at, f"{found.iso()!r} reads as {again}")
    if moment is not None:
        _say(datetime.fromisoformat(moment).tzinfo is not None, f"no moment: {moment!r}")
        dates.utc(moment)
    read_iso(text), seconds(text)
    if (moment_of_http := waiting.http_date(text)) is not None:
        _say(moment_of_http.tzinfo is UTC, "a date of HTTP without zone")
    return ""


def _make_headers(rng: Random, pool: Pool) -> dict[str, str]:
    made = grammars.headers(rng)
    for name in made:
        if rng.random() < 0.4:
            made[name] = mutated_text(rng, made[name], [b"max-age=60", b"Mon, 04 Mar 2024 10:00:00 GMT"])
    return made


def _read_headers(given: dict[str, str]) -> str:
    until = waiting.retry_after(given, NOW)
    _say(until is None or NOW <= until <= NOW + waiting.LONGEST_SILENCE, f"silence until {until}")
    fresh = waiting.fresh_for(given)
    _say(fresh is None or 0 <= fresh <= waiting.LONGEST_FRESHNESS.total_seconds(), f"fresh for {fresh}")
    for status in (200, 429, 503):
        waiting.pause_after(status, given, NOW, silence=60)
    for url in linked(given.get("link", ""), _PAGE, "hub"):
        _say(bool(urls.absolute(url)), f"no web address: {url!r}")
    return ""


# ---------------------------------------------------------------- content codings


def _make_coded(rng: Random, pool: Pool) -> tuple[bytes, str, bytes | None]:
    plain = rng.choice(pool.feeds) * rng.choice((1, 1, 1, 30))
    body, names = plain, []
    for _ in range(rng.choice((1, 1, 2, 3, 4))):
        names.append(rng.choice(("gzip", "deflate", "br", "zstd", "x-gzip", "GZIP ", "identity")))
        body = _packed(body, names[-1].strip().lower())
    if rng.random() < 0.3:
        return body, ", ".join(names), plain if len(names) <= codings.MAX_LAYERS else None
    if rng.random() < 0.3:
        names[rng.randrange(len(names))] = rng.choice(("br", "gzip", "zstd", "deflate", "nosuch", ""))
    return mutated(rng, body, pool.feeds), ",".join(names), None


def _packed(body: bytes, name: str) -> bytes:
    if name in ("gzip", "x-gzip"):
        return gzip.compress(body, 1, mtime=0)
    if name == "deflate":
        return zlib.compress(body, 1)
    if name == "br":
        return bytes(brotli.compress(body, quality=1))
    return zstandard.ZstdCompressor(level=1).compress(body) if name == "zstd" else body


def _read_coded(given: tuple[bytes, str, bytes | None]) -> str:
    body, names, plain = given
    try:
        found = codings.decode(body, names, _LIMIT)
    except (codings.TooLarge, codings.BadCoding) as error:
        _say(plain is None or len(plain) > _LIMIT, f"{error!r} for a sound body in {names}")
        return type(error).__name__
    _say(len(found) <= _LIMIT, f"{len(found)} bytes where {_LIMIT} are allowed")
    _say(plain is None or found == plain, f"{names} undone gives other bytes")
    return ""


AREAS = (
    Area("parse", 38, _make_feed, _read_feed),
    Area("same", 10, alike.same, alike.compare),
    Area("discover", 8, _make_page, _read_page),
    Area("opml", 10, _make_list, _read_list),
    Area("url", 14, _make_address, _read_address),
    Area("date", 14, _make_date, _read_date),
    Area("headers", 4, _make_headers, _read_headers),
    Area("codings", 1, _make_coded, _read_coded),
    Area("websub", 1, hubs.make, hubs.read, hubs.newsroom),
)
