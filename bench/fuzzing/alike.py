"""Changes that mean nothing, and damage that is somebody else's: the items must come out the same."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from random import Random

from fuzzing import papers
from fuzzing.seeds import Pool
from masthead.core.parse import NotAFeed, parse_feed
from masthead.core.parse.decode import decode
from masthead.core.types import ParsedEntry, ParsedFeed

_URL = "https://paper.example/feed"
# What careless programs leave in a text. None of it is a tag that belongs to a feed.
_DAMAGES = (
    *(
        "&",
        " & ",
        "&nbsp;",
        "&nosuch;",
        "&#150;",
        "&#0;",
        "\x08",
        "\x00",
        "<",
        " < ",
        "<3",
        "<b>",
        "</p>",
        "<br>",
        "<hr/>",
    ),
    *(
        "]]>",
        "&&",
        "&#xD800;",
        "<img src=a.jpg>",
        "<a href='x\">",
        "</",
        "<p",
        "\ufffe",
        "<o:p></o:p>",
        "<!-- note -->",
        "&lt",
    ),
    *(
        "<!--",
        "<![CDATA[",
        '<a href="x>',
        "</description>",
        "<title>",
        "<?",
        "<!",
        "<!DOCTYPE x",
        "&#x;",
        "&amp",
        "<link>",
        "]]",
    ),
    *(
        "<guid>",
        "<![CDATA[ x ]]>",
        "<x:y z='1'>",
        "</channel >",
        "</rss-x>",
        "<item-x>",
        "<a b='1' b='2'>",
        "<1>",
        "<é>",
        "\x85",
    ),
    *(
        "<script>if (a < b && c > d) x();</script>",
        "<?php echo 1 ?>",
        "<st1:place>",
        "<i><b>x</i></b>",
        "<td>",
        "<div id=a>",
    ),
)
# Likewise for the texts of JSON.
_JSON_DAMAGES = ("\n", "\t", "\\q", "\\u12", '"', '" "', "\\", "}", "]", "// x", "/*", "\x00", "\\ud800", ',"', '", }')
_ITEM_END = re.compile(r"</(?:[\w.]+:)?(?:item|entry)>")


class Broken(AssertionError):
    """A promise does not hold; the words say which."""


@dataclass(frozen=True)
class Pair:
    """A document, and another of which the items that matter must be the same. `only`: the number of such items."""

    one: bytes
    two: bytes
    what: str
    only: tuple[int, ...] | None = None


def same(rng: Random, pool: Pool) -> Pair:
    """Two ways to write one thing; a real feed with something before or behind it; a damaged item among sound ones."""
    return rng.choice((_two_styles, _two_styles, _around, _damaged, _damaged, _damaged_json, _cut))(rng, pool)


def _two_styles(rng: Random, pool: Pool) -> Pair:
    kind, items = rng.choice(("rss", "rdf", "atom", "json")), papers.reports(rng)
    one, two = papers.style(rng, kind), papers.style(rng, kind)
    return Pair(papers.written(one, items), papers.written(two, items), f"{one} and {two}")


def _around(rng: Random, pool: Pool) -> Pair:
    body = _utf8(rng.choice(pool.feeds))
    before = rng.choice((b"\n", b" \r\n\t", b"\xef\xbb\xbf", b"<!-- <rss> -->", b"\xef\xbb\xbf\n"))
    after = rng.choice((b"\n\n", b"<!-- served in 0.2 s -->", b"   ", b"\r\n<!-- </item> -->"))
    if body.lstrip()[:1] == b"{":
        before, after = b"\n", b"\n"
    if rng.random() < 0.3:
        return Pair(body, body.decode().encode(rng.choice(("utf-16", "utf-32"))), "another Unicode form")
    if rng.random() < 0.5 or not body.rstrip().endswith((b">", b"}")):
        return Pair(body, before + body, f"{before!r} before it")
    return Pair(body, body + after, f"{after!r} behind it")


def _utf8(body: bytes) -> bytes:
    """The document in UTF-8, labelled so."""
    text = decode(body).text.lstrip("\ufeff")
    return re.sub(r"\A\s*<\?xml[^>]*\?>", "", text).encode("utf-8", "replace")


def _damaged(rng: Random, pool: Pool) -> Pair:
    """Damage inside the text of one item: the others stay as they are, and it is still there."""
    items = papers.reports(rng)
    style = replace(papers.style(rng, rng.choice(("rss", "rdf", "atom"))), encoding="utf-8", remark="")
    hit = rng.randrange(len(items))
    marked = [
        replace(item, summary=f"{item.summary} qqq") if place == hit else item for place, item in enumerate(items)
    ]
    sound = papers.written(style, marked)
    damage = rng.choice(_DAMAGES)
    broken = sound.replace(b"qqq", damage.encode("utf-8", "surrogatepass"), 1)
    if style.wrap == "cdata" and rng.random() < 0.2:
        place = sound.find(b"]]>", sound.find(b"qqq"))
        if (
            place > 0
            and b"</item>" not in sound[sound.find(b"qqq") : place]
            and b"entry>" not in sound[sound.find(b"qqq") : place]
        ):
            damage, broken = "no ]]>", sound[:place] + sound[place + 3 :]
    rest = tuple(place for place in range(len(items)) if place != hit)
    return Pair(sound, broken, f"{damage!r} in item {hit} of {style}", rest)


def _damaged_json(rng: Random, pool: Pool) -> Pair:
    """Likewise in JSON, where the item itself may be beyond reading."""
    items = papers.reports(rng)
    hit = rng.randrange(len(items))
    marked = [replace(item, summary="qqq") if place == hit else item for place, item in enumerate(items)]
    sound = papers.written(papers.style(rng, "json"), marked)
    damage = rng.choice(_JSON_DAMAGES)
    rest = tuple(place for place in range(len(items)) if place != hit)
    return Pair(sound, sound.replace(b"qqq", f"q {damage} q".encode(), 1), f"json: {damage!r} in item {hit}", rest)


def _cut(rng: Random, pool: Pool) -> Pair:
    """A document that breaks off: what was whole before stays."""
    style = replace(
        papers.style(rng, rng.choice(("rss", "rdf", "atom"))), encoding="utf-8", remark="", before="", mark=False
    )
    whole = papers.written(style, papers.reports(rng))
    at = rng.randrange(len(whole) // 3, len(whole))
    count = len(_ITEM_END.findall(whole[:at].decode("utf-8", "ignore")))
    return Pair(whole, whole[:at], f"cut at {at} of {len(whole)}, {style}", tuple(range(count)))


def compare(pair: Pair) -> str:
    """ "" when both are the same; the refusal's name when there is no feed in either. Raises `Broken`."""
    one, two = _read(pair.one), _read(pair.two)
    if one is None:
        # What was no feed may be one with something before it, never the other way round.
        return "NotAFeed"
    if two is None:
        if pair.only == ():
            return "NotAFeed"
        raise Broken(f"no feed any more: {pair.what}")
    if pair.only is None:
        if len(one.entries) != len(two.entries):
            raise Broken(f"{len(one.entries)} and {len(two.entries)} items: {pair.what}")
        places = tuple(range(len(one.entries)))
    else:
        places = pair.only
        if pair.what.startswith("cut"):
            if len(two.entries) < len(places):
                raise Broken(f"{len(two.entries)} of {len(places)} whole items: {pair.what}")
        elif pair.what.startswith("json"):
            known = {entry.id: entry for entry in two.entries}
            for place in places:
                if (entry := one.entries[place]).id not in known:
                    raise Broken(f"{pair.what.partition(' in item')[0]}: {entry.id} is lost: {pair.what}")
                _equal(entry, known[entry.id], pair.what)
            return ""
        else:
            before, after = ([entry.id for entry in feed.entries] for feed in (one, two))
            if before != after:
                raise Broken(f"{pair.what.partition(' in item')[0]}: ids {before} became {after}: {pair.what}")
    for place in places:
        _equal(one.entries[place], two.entries[place], pair.what)
    return ""


def _read(body: bytes) -> ParsedFeed | None:
    try:
        return parse_feed(body, url=_URL)
    except NotAFeed:
        return None


def _equal(one: ParsedEntry, two: ParsedEntry, what: str) -> None:
    for name in ParsedEntry.__dataclass_fields__:
        if name in ("original", "original_type"):
            continue
        before, after = getattr(one, name), getattr(two, name)
        if isinstance(before, str) and name.endswith("_html"):
            before, after = _spaced(before), _spaced(after)
        if before != after:
            raise Broken(f"{name}: {before!r} became {after!r}: {what}")


def _spaced(html: str) -> str:
    return " ".join(html.split())
