"""The invented feeds of the bench: the same for everybody, told by their number alone."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

# Another bench has more feeds served.
FEEDS, HOSTS, ITEMS = int(os.environ.get("BENCH_FEEDS", "2000")), 200, 20
# Every how manyeth feed has a new item in the third round.
CHANGED_EVERY = 20
FIRST = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
_WORDS = """
harbour council bridge valley ferry school market winter storm river budget museum station theatre island farmer engine
signal orchard paper window meeting report village engineer keeper mayor inquiry repair opening season concert planning
morning traffic water power coast lighthouse archive teacher nurse driver pilot reader garden
""".split()  # noqa: SIM905


def host_of(number: int) -> str:
    """The host of a feed: an own loopback address for each of the `HOSTS`."""
    host = number % HOSTS
    return f"127.7.{host // 100}.{host % 100 + 1}"


def path_of(number: int) -> str:
    """The path of a feed on its host."""
    return f"/{number}/feed.xml"


def _sentences(source: random.Random, count: int) -> str:
    made = (" ".join(source.choices(_WORDS, k=source.randint(9, 16))).capitalize() + "." for _ in range(count))
    return " ".join(made)


def _item(number: int, place: int) -> str:
    """One item; about 1.8 KB, its full text in `content:encoded`, as newspapers' feeds have it."""
    source = random.Random(number * 1000 + place)
    title = " ".join(source.choices(_WORDS, k=8)).capitalize()
    paragraphs = "".join(f"<p>{_sentences(source, 4)}</p>" for _ in range(4))
    link = f"http://paper{number}.example/{place}/{title.lower().replace(' ', '-')}"
    date = format_datetime(FIRST + timedelta(hours=place, seconds=number))
    return (
        f"<item><title>{title}</title><link>{link}</link><guid isPermaLink='true'>{link}</guid>"
        f"<pubDate>{date}</pubDate><dc:creator>{source.choice(_WORDS).title()} Bell</dc:creator>"
        f"<category>{source.choice(_WORDS)}</category><description>{_sentences(source, 2)}</description>"
        f"<content:encoded><![CDATA[{paragraphs}]]></content:encoded></item>\n"
    )


def document(number: int, *, changed: bool) -> bytes:
    """The feed `number`: `ITEMS` items, the newest first; `changed`: one newer, and the oldest gone."""
    first = ITEMS + changed
    items = "".join(_item(number, place) for place in range(first, first - ITEMS, -1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Paper {number}</title><link>http://paper{number}.example/</link>"
        f"<description>News of town {number}</description><language>en</language>\n{items}</channel></rss>\n"
    ).encode()
