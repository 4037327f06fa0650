"""Never two of one, never one of two: what publishers do to the names of their items. Every fixture is invented.

The first part are the faults that users of other programs met, one after the other; the second lets a feed drift at
random in all of these ways.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from masthead.core.types import ParsedEntry
from masthead.entries.drift import same_item
from masthead.entries.identity import is_other_article, name_items
from masthead.entries.ingest import ingest
from masthead.entries.models import Entry, EntryAlias, EntryVersion
from masthead.entries.queries import newest_version
from masthead.feeds.models import Feed, FeedState, Fetch
from masthead.feeds.subscribe import Wish, subscribe

START = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
HOST = "http://gazette.example"
Arrive = Callable[..., Fetch]
WORDS = ("harbour", "council", "bridge", "storm", "ferry", "budget", "school", "market", "river", "tower", "museum")


def prose(seed: object, words: int = 60) -> str:
    """A text of its own for every seed."""
    chosen = random.Random(str(seed))
    return " ".join(f"{chosen.choice(WORDS)}{chosen.randrange(100)}" for _ in range(words)).capitalize() + "."


def item(title: str, **fields: str) -> dict[str, str]:
    return {"title": title, **fields}


def at(day: int, hour: int = 9, minute: int = 17) -> str:
    return f"{day:02d} Nov 2026 {hour:02d}:{minute:02d}:00 GMT"


@pytest.fixture
def feed(db: None) -> Feed:
    return subscribe(Wish(f"{HOST}/feed", source="Gazette")).feed


@pytest.fixture
def arrive(feed: Feed, rss: Any) -> Arrive:
    """A document of the feed arrives, an hour after the one before, and is read."""
    hours = iter(range(1, 10_000))

    def make(*items: dict[str, str], into: Feed | None = None) -> Fetch:
        return deliver(into or feed, rss(*items), next(hours))

    return make


def deliver(feed: Feed, data: bytes, hour: int) -> Fetch:
    fetch = Fetch.objects.create(
        feed=feed,
        started_at=START + timedelta(hours=hour),
        status=200,
        final_url=feed.url,
        body=zstandard.compress(data),
        body_size=len(data),
    )
    ingest()
    fetch.refresh_from_db()
    assert fetch.ingest_error == ""
    return fetch


def titles() -> list[str]:
    """The newest headline of every entry, in the order in which they came."""
    versions = (newest_version(pk) for pk in Entry.objects.order_by("pk").values_list("pk", flat=True))
    return [version.record["title"] for version in versions if version]


# ---------------------------------------------------------------- all names change at once


def test_guids_and_links_that_change_at_every_fetch(arrive: Arrive) -> None:
    """An aggregator writes a new token into guid and link for every reader."""
    for fetch in range(8):
        arrive(
            *(
                item(
                    f"Report {n}",
                    guid=f"tok{fetch}{n}",
                    link=f"{HOST}/go/{fetch}x{n}",
                    pubDate=at(n),
                    description=prose(n),
                )
                for n in range(1, 6)
            )
        )
    assert titles() == [f"Report {n}" for n in range(1, 6)]
    assert EntryVersion.objects.values("entry").distinct().count() == 5


def test_guids_that_change_at_every_fetch_grow_no_names_without_end(arrive: Arrive) -> None:
    for fetch in range(80):
        arrive(item("Harbour reopens", guid=f"random-{fetch}", link=f"{HOST}/1", description=prose(1)))
    assert titles() == ["Harbour reopens"]
    assert EntryAlias.objects.count() < 70


def test_guid_and_link_that_both_follow_the_headline(arrive: Arrive) -> None:
    """A site's generator makes guid and address from the headline."""
    for title in ("Harbour reopens", "Boats are back in town", "Mayor cuts the ribbon himself"):
        slug = f"{HOST}/2026/{title.lower().replace(' ', '-')}"
        arrive(item(title, guid=slug, link=slug, pubDate=at(3), description=prose("harbour")))
    assert titles() == ["Mayor cuts the ribbon himself"]
    assert Entry.objects.get().version == 3


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("new_feed", [True, False])
def test_a_domain_that_moved(arrive: Arrive, feed: Feed, dated: bool, new_feed: bool) -> None:
    def document(host: str) -> list[dict[str, str]]:
        return [
            item(
                f"Report {n}",
                guid=f"{host}/news/article-{n}",
                link=f"{host}/news/article-{n}",
                description=prose(n),
                **({"pubDate": at(n)} if dated else {}),
            )
            for n in range(1, 5)
        ]

    arrive(*document(HOST))
    other = feed
    if new_feed:
        Feed.objects.filter(pk=feed.pk).update(state=FeedState.GONE)
        other = subscribe(Wish("https://daily.example/feed", source="Gazette")).feed
    fetch = arrive(*document("https://www.daily.example"), into=other)
    assert (fetch.entries_new, Entry.objects.count()) == (0, 4)
    assert arrive(*document("https://www.daily.example"), into=other).entries_new == 0


def test_guid_scheme_that_is_changed_for_all(arrive: Arrive) -> None:
    """A new publishing system: numbers become UUIDs, dated addresses become sections."""
    arrive(
        *(
            item(f"Report {n}", guid=f"{n}", link=f"{HOST}/?p={n}", pubDate=at(n), description=prose(n))
            for n in (1, 2, 3)
        )
    )
    fetch = arrive(
        *(
            item(
                f"Report {n}",
                guid=f"urn:uuid:{n * 11111}",
                link=f"{HOST}/city/{n}-r",
                pubDate=at(n),
                description=prose(n),
            )
            for n in (1, 2, 3, 4)
        )
    )
    assert fetch.entries_new == 1 and titles() == [f"Report {n}" for n in (1, 2, 3, 4)]


def test_an_hourly_column_is_another_item_each_time(arrive: Arrive) -> None:
    for hour in range(6, 16):
        text = (
            f"Traffic flows freely on all roads of the county; average speed {hour * 3} km/h, and no works are planned."
        )
        arrive(
            item(
                "Traffic report", guid=f"t{hour}", link=f"{HOST}/traffic/{hour}", pubDate=at(3, hour), description=text
            )
        )
    assert len(titles()) == 10


def test_a_daily_column_dated_to_the_day(arrive: Arrive) -> None:
    for n, text in enumerate(("12 degrees and clouds in the morning", "13 degrees and clouds in the morning")):
        arrive(item("Weather", guid=f"w{n}", link=f"{HOST}/weather/{n}", pubDate=at(3, 0, 0), description=text))
    assert len(titles()) == 2


def test_a_recurring_notice_without_date(arrive: Arrive) -> None:
    arrive(item("Note", guid="n1", link=f"{HOST}/n/1", description="Closed today."))
    arrive(item("Note", guid="n2", link=f"{HOST}/n/2", description="Closed today."))
    assert len(titles()) == 2, "too little is said to tell that they are one"


def test_a_guid_that_is_new_beside_the_old_one_is_a_new_item(arrive: Arrive) -> None:
    one = item("Traffic report", guid="a", link=f"{HOST}/a", pubDate=at(3), description=prose("same"))
    arrive(one)
    arrive(item("Traffic report", guid="b", link=f"{HOST}/b", pubDate=at(3), description=prose("other")), one)
    assert len(titles()) == 2


# ---------------------------------------------------------------- names that say nothing, or too much


def test_one_guid_for_all_and_one_item_at_a_time(arrive: Arrive) -> None:
    for n in range(1, 6):
        arrive(item(f"{prose(n, 4)}", guid="latest", link=f"{HOST}/{n}", pubDate=at(n), description=prose(n)))
    assert len(titles()) == 5


def test_a_column_whose_guid_is_used_again(arrive: Arrive) -> None:
    for n in range(3, 8):
        arrive(
            item(
                f"Daily briefing, {n} November",
                guid="briefing",
                link=f"{HOST}/b/{n}",
                pubDate=at(n),
                description=prose(n),
            )
        )
    assert len(titles()) == 5


def test_a_dated_update_under_one_guid_is_the_same_item(arrive: Arrive) -> None:
    """A publisher bumps date and address with every update; the text is mostly what it was."""
    text = prose("storm", 80)
    for n in range(3, 7):
        text += f" Update {n}: more is known."
        arrive(item(f"Storm latest {n}", guid="storm", link=f"{HOST}/storm-{n}", pubDate=at(n), description=text))
    assert titles() == ["Storm latest 6"]


def test_a_date_is_no_part_of_a_name(arrive: Arrive) -> None:
    for n in range(1, 5):
        arrive(item("Harbour reopens", link=f"{HOST}/1", pubDate=at(n)), item("Bridge closed", pubDate=at(n)))
    assert titles() == ["Harbour reopens", "Bridge closed"]


@pytest.mark.parametrize("other", [{"guid": "g2"}, {"link": f"{HOST}/1?utm_source=top"}, {"link": f"{HOST}/sport/1"}])
def test_an_item_repeated_word_for_word_under_another_name(arrive: Arrive, other: dict[str, str]) -> None:
    one = item("Harbour reopens", guid="g1", link=f"{HOST}/1", pubDate=at(3), description=prose(1))
    assert arrive(one, one | other).entries_new == 1
    assert arrive(one | other, one).entries_new == 0
    assert Entry.objects.count() == 1


def test_two_states_of_an_item_without_guid_in_one_document(arrive: Arrive) -> None:
    first = item("Harbour reopens", link=f"{HOST}/harbour", description="One.")
    second = item("Harbour reopens today", link=f"{HOST}/harbour", description="One, two.")
    assert arrive(second, first).entries_new == 1
    assert arrive(second).entries_new == 0


def test_short_notices_that_read_the_same_are_two(arrive: Arrive) -> None:
    notices = [item("Born", guid=f"b{n}", link=f"{HOST}/born/{n}", pubDate=at(3), description="A boy.") for n in (1, 2)]
    assert arrive(*notices).entries_new == 2
    assert arrive(*notices).entries_new == 0


# ---------------------------------------------------------------- coming and going


@pytest.mark.parametrize("named", [True, False])
def test_items_that_vanish_and_come_back(arrive: Arrive, named: bool) -> None:
    def report(n: int) -> dict[str, str]:
        names = {"guid": f"g{n}", "link": f"{HOST}/{n}"} if named else {}
        return item(f"Report number {n}", description=prose(n), **names)

    for first in (0, 5, 0, 10, 3, 0):
        arrive(*(report(n) for n in range(first, first + 8)))
    assert sorted(titles()) == sorted(f"Report number {n}" for n in range(18))


def test_items_come_back_after_months(arrive: Arrive, feed: Feed, rss: Any) -> None:
    old = item("Harbour reopens", guid="g1", link=f"{HOST}/1", pubDate=at(3), description=prose(1))
    arrive(old)
    for n in range(40):
        arrive(item(f"Report {n}", guid=f"r{n}", link=f"{HOST}/r/{n}", description=prose(n)))
    fetch = deliver(feed, rss(old), 24 * 200)
    assert (fetch.entries_new, fetch.entries_changed) == (0, 0)


def test_a_document_cut_within_an_item_makes_no_half_entry(feed: Feed, rss: Any) -> None:
    whole = rss(*(item(f"Report {n}", guid=f"g{n}", link=f"{HOST}/{n}", description=prose(n)) for n in range(5)))
    for hour, end in enumerate(range(len(whole) - 40, 400, -97), 1):
        deliver(feed, whole[:end], hour)
    deliver(feed, whole, 999)
    assert sorted(titles()) == [f"Report {n}" for n in range(5)]
    assert not Entry.objects.exclude(missing_since=None).exists()


# ---------------------------------------------------------------- pure

TEXT = prose("text", 80)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ({"title": "A b", "published": "2026-11-03T09:17:00+00:00", "summary_html": TEXT}, {}, True),
        ({"title": "A b", "published": "2026-11-03T09:17:00+00:00", "summary_html": TEXT}, {"title": "C d"}, True),
        ({"title": "A b", "published": "2026-11-03T09:17:00+00:00"}, {}, False),
        ({"title": "Harbour reopens after storm", "published": "2026-11-03T09:17:00+00:00"}, {}, True),
        ({"title": "Harbour reopens after storm", "published": "2026-11-03T00:00:00+00:00"},
         {"link": f"{HOST}/2"}, False),
        ({"title": "A b", "published": "2026-11-03T09:17:00+00:00", "summary_html": TEXT},
         {"published": "2026-11-03T10:17:00+00:00", "summary_html": TEXT + " More."}, False),
        ({"title": "A b", "summary_html": TEXT}, {"title": "C d"}, False),
        ({"title": "A b", "link": f"{HOST}/news/a-b-1"}, {"link": "https://daily.example/news/a-b-1/"}, True),
        ({"title": "", "published": "2026-11-03T09:17:00+00:00"}, {}, False),
    ],
)  # fmt: skip
def test_what_makes_two_items_one(old: dict[str, str], new: dict[str, str], same: bool) -> None:
    one, two = ParsedEntry(**old), ParsedEntry(**(old | new))  # type: ignore[arg-type]
    assert same_item(one, two) is same_item(two, one) is same


def test_headline_alone_never_makes_another_article() -> None:
    old = ParsedEntry(title="Explosion at port", link=f"{HOST}/1", published="2026-11-03T09:00:00+00:00")
    new = ParsedEntry(title="Gas leak blamed", link=f"{HOST}/1", published="2026-11-03T12:00:00+00:00")
    assert not is_other_article(old, new)


def test_many_items_of_one_name_are_named_in_bounded_time() -> None:
    entries = [ParsedEntry(title="Same", id=f"g{n}", summary_html=TEXT[: n % 90]) for n in range(10_000)]
    assert 0 < len(name_items(1, entries)) <= 10_000


# ---------------------------------------------------------------- at random

DRIFTS = (
    "guid",
    "link",
    "scheme",
    "host",
    "www",
    "tracking",
    "title",
    "text",
    "bump",
    "vanish",
    "repeat",
    "shared guid",
)


class Newsroom:
    """A feed whose true items are known, and whose document is written in another way at every fetch."""

    def __init__(self, seed: int, drifts: list[str]) -> None:
        self.random = random.Random(seed)
        self.drifts = drifts
        self.items: list[dict[str, Any]] = []
        self.fetches = 0

    def write(self) -> None:
        n = len(self.items)
        self.items.append(
            {"n": n, "title": f"{prose(f'title{n}', 6)}", "day": 1 + n % 28, "minute": n % 60, "edits": 0}
        )

    def document(self) -> list[dict[str, str]]:
        """The newest items as they are written this time."""
        self.fetches += 1
        here = [one for one in self.items[-8:] if not ("vanish" in self.drifts and self.random.random() < 0.2)]
        written = [self._item(one) for one in reversed(here)]
        if "repeat" in self.drifts and written:
            written.insert(self.random.randrange(len(written) + 1), dict(self.random.choice(written)))
        return written

    def _now(self, drift: str) -> bool:
        return drift in self.drifts and self.random.random() < 0.4

    def _item(self, one: dict[str, Any]) -> dict[str, str]:
        n, token = one["n"], f"{self.fetches}x{self.random.randrange(10**6)}"
        if self._now("title"):
            one["title"] += " now"
        if self._now("text"):
            one["edits"] += 1
        scheme = "https" if self._now("scheme") else "http"
        host = "daily.example" if self._now("host") else "gazette.example"
        base = f"{scheme}://{'www.' if self._now('www') else ''}{host}"
        link = f"{base}/go/{token}" if self._now("link") and not self._now("title") else f"{base}/news/article-{n}"
        if self._now("tracking"):
            link += f"?utm_source={token}"
        guid = token if self._now("guid") else f"{base}/?id={n}"
        if "shared guid" in self.drifts:
            guid = f"{HOST}/"
        hour = 9 + one["edits"] % 3 if "bump" in self.drifts else 9
        text = prose(f"text{n}") + "".join(f" Update {k}." for k in range(one["edits"]))
        return {
            "title": one["title"],
            "guid": guid,
            "link": link.replace("&", "&amp;"),
            "pubDate": at(one["day"], hour, one["minute"]),
            "description": text,
        }


# What leaves nothing to know an item by, when it comes together.
_TOO_MUCH = (
    {"link", "bump"},
    {"link", "title"},
    {"host", "bump"},
    {"host", "title"},
    {"link", "text"},
    {"host", "text"},
)


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10**6), drifts=st.lists(st.sampled_from(DRIFTS), unique=True, min_size=1, max_size=5))
def test_a_feed_that_drifts_keeps_one_entry_for_each_item(rss: Any, seed: int, drifts: list[str]) -> None:
    if any(pair <= set(drifts) for pair in _TOO_MUCH):
        drifts = [drift for drift in drifts if drift not in ("link", "host")]
    Feed.objects.all().delete()
    feed = subscribe(Wish(f"{HOST}/feed", source="Gazette")).feed
    room = Newsroom(seed, drifts)
    seen: set[str] = set()
    for hour in range(1, 11):
        for _ in range(room.random.randrange(3)):
            room.write()
        items = room.document()
        seen |= {item["description"].split(".")[0] for item in items}
        deliver(feed, rss(*items), hour)
    texts = [
        version.record["summary_html"].split(".")[0]
        for entry in Entry.objects.all()
        if (version := newest_version(entry.pk))
    ]
    assert sorted(texts) == sorted(seen), drifts
