"""Sources' icons, fetched from a scripted publisher: notes on polite polling, behaviour 16."""

from __future__ import annotations

import dataclasses
import io
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from PIL import Image as Pixels

from masthead.core.icons import Offers, Page
from masthead.feeds import client
from masthead.feeds.icons import again, keep, visit
from masthead.feeds.icons.keep import keep_icons
from masthead.feeds.icons.raster import Drawn, Encoded, Raw
from masthead.feeds.models import Feed, FeedState, HostPause, Source, SourceIcon
from masthead.feeds.subscribe import Wish, subscribe
from masthead.store.steps import Outcome
from masthead.store.workers import run as workers

START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HTML = [("Content-Type", "text/html; charset=utf-8")]
MakeSource = Callable[..., Source]


def png(side: int = 128, colour: str = "#2a6", form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Pixels.new("RGBA", (side, side), colour).save(out, form)
    return out.getvalue()


def home(*links: str) -> bytes:
    return f"<!doctype html><html><head>{''.join(links)}</head><body>News</body></html>".encode()


ICON = '<link rel="icon" sizes="128x128" href="/icon.png">'


@pytest.fixture(autouse=True)
def _quick(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, host_gap=0.0, concurrency=8)
    settings.MEDIA_ROOT = tmp_path
    yield
    client.close()


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(START, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def source(db: None, publisher: Any, clock: Any) -> MakeSource:
    """A publisher one of whose feeds was read; all that is not scripted is 404."""

    def make(name: str = "Gazette", path: str = "/", **fields: Any) -> Source:
        feed = subscribe(Wish(f"http://gazette.example/{name}", source=name)).feed
        Feed.objects.filter(pk=feed.pk).update(succeeded_at=START)
        Source.objects.filter(pk=feed.source_id).update(**{"home_url": publisher.url(path), **fields})
        return Source.objects.get(pk=feed.source_id)

    return make


def icon_of(source: Source) -> SourceIcon:
    return SourceIcon.objects.get(source=source)


def paths(publisher: Any) -> list[str]:
    return [asked.path for asked in publisher.asked]


def test_16_an_icon_is_found_fetched_and_kept(
    source: MakeSource, publisher: Any, reply: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    publisher.on("/", reply(body=home(ICON), headers=HTML))
    publisher.on("/icon.png", reply(body=png(200)))
    gazette = source()
    with django_capture_on_commit_callbacks() as told:
        assert keep_icons() == Outcome(done=1)
    assert len(told) == 1, "pages in the cache are out of date"
    row = icon_of(gazette)
    assert [file["side"] for file in row.files] == [64, 128] and row.url == publisher.url("/icon.png")
    for file in row.files:
        kept = (tmp_path / file["path"]).read_bytes()
        with Pixels.open(io.BytesIO(kept)) as picture:
            assert (picture.format, picture.size) == ("WEBP", (file["side"], file["side"])) and len(kept) < 2000
            pixel = picture.convert("RGB").getpixel((5, 5))
        assert isinstance(pixel, tuple)
        assert max(abs(a - b) for a, b in zip(pixel, (34, 170, 102), strict=True)) < 4
    assert row.due_at is not None and START + 30 * DAY <= row.due_at <= START + 33 * DAY
    assert row.leased_until is None and row.reason == ""
    assert paths(publisher) == ["/", "/icon.png"] and keep_icons() == Outcome()
    for asked in publisher.asked:
        assert asked.method == "GET" and not {"cookie", "referer", "cache-control"} & set(asked.headers)
        assert asked.headers["user-agent"].startswith("Masthead/")
    assert "svg" not in publisher.asked[1].headers["accept"]


def test_a_month_later_all_is_asked_conditionally(
    source: MakeSource, publisher: Any, reply: Any, clock: Any, tmp_path: Path
) -> None:
    publisher.on("/", reply(body=home(ICON), headers=[*HTML, ("ETag", 'W/"page"')]))
    publisher.on("/icon.png", reply(302, headers=[("Location", "/v2.png")]))
    publisher.on("/v2.png", reply(body=png(), headers=[("ETag", '"i,1"'), ("Last-Modified", "then")]))
    gazette = source()
    keep_icons()
    files = icon_of(gazette).files
    publisher.on("/", reply(304))
    publisher.on("/v2.png", reply(304, headers=[("ETag", '"i,2"')]))
    clock.shift(29 * DAY)
    assert keep_icons() == Outcome()
    clock.shift(4 * DAY)
    assert keep_icons() == Outcome(done=1)
    page, first, second = (asked.headers for asked in publisher.asked[3:])
    assert page["if-none-match"] == 'W/"page"' and "if-none-match" not in first
    assert (second["if-none-match"], second["if-modified-since"]) == ('"i,1"', "then")
    row = icon_of(gazette)
    assert row.files == files and row.url_validators["etag"] == '"i,2"' and row.kept_at == START + 33 * DAY
    # A file that was lost is asked for in full: nothing would come of a 304.
    (tmp_path / files[0]["path"]).unlink()
    publisher.on("/v2.png", reply(body=png()))
    clock.shift(34 * DAY)
    assert keep_icons() == Outcome(done=1)
    assert "if-none-match" not in publisher.asked[-1].headers and (tmp_path / files[0]["path"]).is_file()


def test_an_icon_that_changed_replaces_the_old_one(source: MakeSource, publisher: Any, reply: Any, clock: Any) -> None:
    publisher.on("/", reply(body=home(ICON), headers=HTML))
    publisher.on("/icon.png", reply(body=png()))
    gazette = source()
    keep_icons()
    before = icon_of(gazette).files
    publisher.on("/icon.png", reply(body=png(colour="#a26")))
    clock.shift(34 * DAY)
    keep_icons()
    after = icon_of(gazette).files
    assert {file["path"] for file in before}.isdisjoint(file["path"] for file in after), "named by their content"


def test_where_there_is_none_it_is_not_asked_again_for_long(
    source: MakeSource, publisher: Any, reply: Any, clock: Any
) -> None:
    publisher.on("/", reply(body=home(), headers=HTML))
    gazette = source()
    assert keep_icons() == Outcome(failed=1)
    assert paths(publisher) == ["/", "/favicon.ico"]
    row = icon_of(gazette)
    assert row.files == [] and "favicon.ico: the server answered 404" in row.reason
    for days in (14, 28, 56, 112, 112):
        assert row.due_at is not None
        assert timedelta(days=days) <= row.due_at - datetime.now(UTC) <= timedelta(days=days * 1.1)
        clock.move_to(row.due_at - timedelta(seconds=1))
        assert keep_icons() == Outcome(), "never early"
        clock.move_to(row.due_at)
        assert keep_icons() == Outcome(failed=1)
        row = icon_of(gazette)


def test_an_icon_that_vanished_is_shown_until_it_is_missed_twice(
    source: MakeSource, publisher: Any, reply: Any, clock: Any
) -> None:
    publisher.on("/", reply(body=home(ICON), headers=HTML))
    publisher.on("/icon.png", reply(body=png()))
    gazette = source()
    keep_icons()
    publisher.on("/icon.png", reply(404))
    clock.shift(34 * DAY)
    assert keep_icons() == Outcome(failed=1)
    assert icon_of(gazette).files
    clock.shift(16 * DAY)
    assert keep_icons() == Outcome(failed=1)
    assert icon_of(gazette).files == [] and icon_of(gazette).url == ""


def bomb() -> bytes:
    out = io.BytesIO()
    Pixels.new("1", (8_000, 8_000)).save(out, "PNG")
    return out.getvalue()


def ico(width: int, height: int, image: bytes) -> bytes:
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, width, height, 0, 0, 1, 32, len(image), 22) + image


REFUSED = {
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a JPEG"),
    "a page": (home(), "not a JPEG"),
    "nothing": (b"", "not a JPEG"),
    "a bomb": (bomb(), "too many"),
    "a bomb in an ico": (ico(16, 16, bomb()), "too many"),
    "a large bitmap in an ico": (ico(16, 16, struct.pack("<Iii", 40, 60_000, 60_000) + bytes(100)), "60000"),
    "a broken ico": (b"\0\0\1\0\xff\xff", "without an image"),
    "a counter": (png(1), "counter"),
    "nothing to see": (png(64, "#fff0"), "nothing can be seen"),
    "a broken picture": (png()[:60], "cannot be decoded"),
    "too large": (bytes(1_000_001), "1000000 are taken"),
}


@pytest.mark.parametrize("body, why", REFUSED.values(), ids=REFUSED)
def test_what_is_no_icon_leads_on_to_the_next_offer(
    source: MakeSource, publisher: Any, reply: Any, monkeypatch: pytest.MonkeyPatch, body: bytes, why: str
) -> None:
    publisher.on("/", reply(body=home(ICON), headers=HTML))
    publisher.on("/icon.png", reply(body=body, headers=[("Content-Type", "image/png")]))
    gazette = source()
    assert keep_icons() == Outcome(failed=1)
    assert why in icon_of(gazette).reason and paths(publisher) == ["/", "/icon.png", "/favicon.ico"]
    publisher.on("/favicon.ico", reply(body=png(48, form="ICO"), headers=[("Content-Type", "text/plain")]))
    SourceIcon.objects.update(due_at=START)
    assert keep_icons() == Outcome(done=1)
    assert [file["side"] for file in icon_of(gazette).files] == [48], "never made larger"


def test_a_redirect_to_a_private_address_is_refused(source: MakeSource, publisher: Any, reply: Any) -> None:
    publisher.on("/", reply(body=home(ICON), headers=HTML))
    publisher.on("/icon.png", reply(302, headers=[("Location", "http://10.0.0.1/icon.png")]))
    gazette = source()
    assert keep_icons() == Outcome(failed=1)
    assert "10.0.0.1" in icon_of(gazette).reason and icon_of(gazette).due_at >= START + 14 * DAY  # type: ignore[operator]


def test_no_more_is_asked_than_a_page_and_four_icons(source: MakeSource, publisher: Any, reply: Any) -> None:
    links = [f'<link rel="icon" sizes="64x64" href="/{number}.png">' for number in range(20)]
    publisher.on("/", reply(body=home(*links), headers=HTML))
    source()
    keep_icons()
    assert paths(publisher) == ["/", "/19.png", "/18.png", "/17.png", "/favicon.ico"]


def test_a_source_that_shows_no_pictures_is_not_asked(source: MakeSource, publisher: Any, reply: Any) -> None:
    publisher.on("/", reply(body=home(ICON), headers=HTML))
    gazette = source(show_images=False)
    assert keep_icons() == Outcome() and not SourceIcon.objects.exists()
    SourceIcon.objects.create(source=gazette, due_at=START)
    assert keep_icons() == Outcome() and publisher.asked == []


def test_nothing_is_asked_before_a_feed_was_read_or_when_none_is(source: MakeSource, publisher: Any) -> None:
    gazette = source()
    Feed.objects.update(succeeded_at=None)
    assert keep_icons() == Outcome() and not SourceIcon.objects.exists()
    SourceIcon.objects.create(source=gazette, due_at=START)
    Feed.objects.update(state=FeedState.GONE)
    assert keep_icons() == Outcome() and publisher.asked == []


def test_a_server_in_trouble_is_left_alone_and_the_icon_stays(
    source: MakeSource, publisher: Any, reply: Any, clock: Any
) -> None:
    publisher.on("/", reply(body=home(ICON), headers=HTML))
    publisher.on("/icon.png", reply(body=png()))
    gazette = source()
    keep_icons()
    publisher.on("/", reply(500))
    for hours in (6, 12, 24):
        clock.move_to(icon_of(gazette).due_at)
        now = datetime.now(UTC)
        asked = len(publisher.asked)
        assert keep_icons() == Outcome(failed=1)
        assert len(publisher.asked) == asked + 1, "no icon is asked for at a server that fails"
        row = icon_of(gazette)
        assert row.files and row.due_at is not None and "500" in row.reason
        assert timedelta(hours=hours) <= row.due_at - now <= timedelta(hours=hours * 1.1)
    publisher.on("/", reply(body=home(ICON), headers=HTML))
    clock.move_to(icon_of(gazette).due_at)
    assert keep_icons() == Outcome(done=1) and icon_of(gazette).failures == 0


def test_an_icons_server_that_stays_in_trouble_is_passed_over(
    source: MakeSource, publisher: Any, reply: Any, clock: Any
) -> None:
    publisher.on("/", reply(body=home(ICON), headers=HTML))
    publisher.on("/icon.png", reply(500))
    publisher.on("/favicon.ico", reply(body=png()))
    gazette = source()
    for _ in range(3):
        assert keep_icons() == Outcome(failed=1)
        clock.move_to(icon_of(gazette).due_at)
    assert "/favicon.ico" not in paths(publisher)
    assert keep_icons() == Outcome(done=1) and icon_of(gazette).url.endswith("/favicon.ico")


@pytest.mark.parametrize("path", ["/", "/icon.png"])
def test_26_28_silence_that_was_asked_for_is_kept(
    source: MakeSource, publisher: Any, reply: Any, clock: Any, path: str
) -> None:
    publisher.on("/", reply(body=home(ICON), headers=HTML))
    publisher.on("/icon.png", reply(body=png()))
    publisher.on(path, reply(429, headers=[("Retry-After", str(9 * 86_400))]))
    gazette, other = source(), source("Herald", "/herald")
    assert keep_icons(limit=1).failed == 1
    row = icon_of(gazette)
    assert row.due_at is not None and row.due_at >= START + 9 * DAY
    assert HostPause.objects.get(host="127.0.0.1").until == START + 9 * DAY
    asked = len(publisher.asked)
    assert keep_icons() == Outcome(), "the whole host is silent, for the other source too"
    SourceIcon.objects.filter(source=other).update(due_at=START)
    clock.shift(8 * DAY)
    assert keep_icons() == Outcome() and len(publisher.asked) == asked


def test_a_pause_that_begins_on_the_way_counts_as_no_failure(source: MakeSource, publisher: Any, reply: Any) -> None:
    publisher.on(
        "/", reply(body=home(f'<link rel="icon" href="{publisher.url("/i.png", "localhost")}">'), headers=HTML)
    )
    HostPause.objects.create(host="localhost", until=START + 2 * DAY)
    gazette = source()
    assert keep_icons() == Outcome(failed=1)
    row = icon_of(gazette)
    assert (row.due_at, row.failures, row.misses, row.asked_at) == (START + 2 * DAY, 0, 0, None)


def test_a_page_that_is_refused_leaves_the_last_resort(source: MakeSource, publisher: Any, reply: Any) -> None:
    publisher.on("/", reply(403))
    publisher.on("/favicon.ico", reply(body=png(32)))
    gazette = source()
    assert keep_icons() == Outcome(done=1) and icon_of(gazette).files[0]["side"] == 32


def test_a_feeds_picture_serves_when_it_is_nearly_square(source: MakeSource, publisher: Any, reply: Any) -> None:
    banner = io.BytesIO()
    Pixels.new("RGB", (200, 100), "#2a6").save(banner, "PNG")
    publisher.on("/logo", reply(body=banner.getvalue()))
    gazette = source(home_url="", icon_url=publisher.url("/logo"))
    assert keep_icons() == Outcome(failed=1) and "200 by 100 pixels are no icon" in icon_of(gazette).reason
    publisher.on("/logo", reply(body=png(144)))
    SourceIcon.objects.update(due_at=START)
    assert keep_icons() == Outcome(done=1) and paths(publisher) == ["/logo", "/logo"]


def test_two_at_once_make_one_visit_and_a_death_delays_it(
    source: MakeSource, publisher: Any, reply: Any, clock: Any
) -> None:
    publisher.on("/", reply(body=home(ICON), headers=HTML))
    publisher.on("/icon.png", reply(body=png()))
    gazette = source()
    row = SourceIcon.objects.create(source=gazette, due_at=START)
    mine, other = icon_of(gazette), icon_of(gazette)
    assert keep._take(mine) and not keep._take(other)
    assert keep_icons() == Outcome() and publisher.asked == [], "held by one who died on the way"
    clock.shift(timedelta(minutes=31))
    assert keep_icons() == Outcome(done=1)
    assert not keep.record(visit.Visit(mine, START)), "too late: the row is not ours any more"
    row.refresh_from_db()
    assert row.files and row.misses == 0


def test_another_home_page_is_asked_at_once_and_the_same_host_not_within_an_hour(
    source: MakeSource, publisher: Any, reply: Any, clock: Any
) -> None:
    publisher.on("/", reply(body=home(ICON), headers=[*HTML, ("ETag", '"1"')]))
    publisher.on("/icon.png", reply(body=png()))
    gazette = source()
    keep_icons()
    gazette.home_url = publisher.url("/new")
    gazette.save()
    again.ask_again(gazette)
    assert icon_of(gazette).due_at == START + timedelta(hours=1)
    gazette.home_url = publisher.url("/new", "localhost")
    gazette.save()
    again.ask_again(gazette)
    assert icon_of(gazette).due_at == START
    keep_icons()
    assert publisher.asked[2].path == "/new" and "if-none-match" not in publisher.asked[2].headers


def test_a_worker_that_was_taken_over_writes_no_file_of_its_choice(
    source: MakeSource, publisher: Any, reply: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    publisher.on("/favicon.ico", reply(body=png()))
    gazette = source()
    for answer in (
        Drawn(64, b"<script>"),
        Drawn(10**9, png(form="WEBP")),
        Drawn(64, png(form="WEBP") + bytes(300_000)),
    ):
        monkeypatch.setattr(visit.workers, "call", lambda task, asked, answer=answer: Encoded((answer,)))
        SourceIcon.objects.update(due_at=START)
        assert keep_icons() == Outcome(failed=1)
    assert icon_of(gazette).files == [] and list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("word", ["spin", "segfault"])
def test_an_icon_that_breaks_its_worker_stops_nothing_else(
    source: MakeSource, publisher: Any, reply: Any, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.setattr(visit, "ENCODE", workers.Task("breaking:encode_icon", Raw, Encoded, seconds=0.5))
    publisher.on("/", reply(body=home(ICON), headers=HTML))
    publisher.on("/icon.png", reply(body=b"do " + word.encode()))
    publisher.on("/favicon.ico", reply(body=png()))
    gazette = source()
    assert keep_icons() == Outcome(done=1) and icon_of(gazette).url.endswith("/favicon.ico")


def test_a_page_that_breaks_its_worker_is_asked_for_in_full_again(
    source: MakeSource, publisher: Any, reply: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit, "FIND", workers.Task("breaking:declared", Page, Offers, seconds=0.5))
    publisher.on("/", reply(body=b"do spin", headers=[*HTML, ("ETag", '"1"')]))
    gazette = source()
    assert keep_icons() == Outcome(failed=1)
    assert "processor time" in icon_of(gazette).reason and "/favicon.ico" in icon_of(gazette).reason
    SourceIcon.objects.update(due_at=START)
    keep_icons()
    assert "if-none-match" not in publisher.asked_for("/")[1].headers
