"""WebSub with a scripted hub on loopback that calls back over real sockets: behaviours 38 to 40 and the rest."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import hmac
import http.client
import json
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from click.testing import CliRunner
from django.db import connections

from masthead.core.parse.link_header import linked
from masthead.entries.ingest import ingest
from masthead.entries.models import Entry, EntryVersion
from masthead.entries.removal import remove_feed
from masthead.entries.storable import unpack
from masthead.feeds import edit
from masthead.feeds.models import Feed, FeedState, Fetch, HostPause, HubState, HubSubscription, Source
from masthead.feeds.poll import poll_due
from masthead.feeds.subscribe import Wish, subscribe
from masthead.feeds.websub import answer, callback, discover, keep, told
from masthead.site.outlets import websub
from masthead.store import bodies

from .hub import Hub, Said

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("site")]

START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOMENT = timedelta(milliseconds=1)
ITEM = {"title": "Harbour reopens", "link": "http://gazette.example/harbour", "guid": "g1"}
SECOND = {"title": "Ferry delayed by fog", "link": "http://gazette.example/ferry", "guid": "g2"}
THIRD = {"title": "Council votes on trams", "link": "http://gazette.example/trams", "guid": "g3"}


def work() -> None:
    poll_due()
    while ingest().more:
        pass


@pytest.fixture
def feed(clock: Any, publisher: Any, hub: Hub, page: Any) -> Feed:
    """A feed that was read, and whose hub was asked."""
    page(ITEM)
    made = subscribe(Wish(publisher.url())).feed
    work()
    keep.keep()
    made.refresh_from_db()
    return made


@pytest.fixture
def held(feed: Feed, hub: Hub) -> Feed:
    """A feed whose hub has confirmed the subscription."""
    assert hub.verify().status == 200
    return feed


def row() -> HubSubscription:
    return HubSubscription.objects.get()


def words(feed: Feed) -> str:
    feed.refresh_from_db()
    return told.words(feed, told.current(feed))


def to(clock: Any, moment: datetime | None) -> None:
    assert moment is not None
    clock.move_to(moment + MOMENT)


def next_poll(clock: Any, feed: Feed) -> None:
    feed.refresh_from_db()
    assert feed.due_at is not None and feed.not_before is not None
    to(clock, max(feed.due_at, feed.not_before))
    work()
    feed.refresh_from_db()


def polls(publisher: Any) -> int:
    return len(publisher.asked_for("/feed"))


# ---------------------------------------------------------------- 38: subscribe, verify


def test_38_the_discovered_hub_is_asked_for_the_feeds_own_address(feed: Feed, hub: Hub, publisher: Any) -> None:
    form = hub.form
    assert form["hub.mode"] == "subscribe" and form["hub.topic"] == publisher.url()
    assert int(form["hub.lease_seconds"]) == 864_000 and 32 <= len(form["hub.secret"]) < 200
    assert (
        form["hub.callback"].startswith(f"{callback.base()}/websub/") and len(form["hub.callback"].split("/")[-1]) == 43
    )
    asked = publisher.asked_for("/hub")[0]
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.headers["user-agent"].startswith("Masthead/")
    assert row().state == HubState.ASKED and "has yet to ask back" in words(feed)
    keep.keep()
    assert len(hub.forms) == 1 and polls(publisher) == 1, "asked once, and nothing is fetched twice"


def test_38_intent_is_verified_by_mode_topic_and_challenge(feed: Feed, hub: Hub, publisher: Any) -> None:
    for wrong in (
        {"topic": publisher.url("/other")},
        {"mode": "unsubscribe"},
        {"topic": "\x00"},
        {"mode": "publish"},
        {"challenge": ""},
    ):
        assert hub.verify(**wrong).status == 404, wrong
    assert row().state == HubState.ASKED
    said = hub.verify()
    assert (said.status, said.body.decode()) == (200, "kürbis & <b>17</b>")
    assert said.headers["content-type"] == "text/plain; charset=utf-8"
    assert said.headers["x-content-type-options"] == "nosniff" and said.headers["cache-control"] == "no-store"
    assert "set-cookie" not in said.headers
    assert (row().state, row().lease_until) == (HubState.HELD, START + 10 * DAY)
    assert hub.verify().status == 200, "the hub may not have got our answer and ask again"
    assert "confirmed until 2026-12-04 10:00 UTC" in words(feed)


def test_38_what_was_not_asked_for_is_not_confirmed(clock: Any, held: Feed, hub: Hub) -> None:
    clock.shift(DAY + HOUR)
    assert hub.verify(lease="8640000").status == 404, "a day after our request nothing is asked for any more"
    assert row().lease_until == START + 10 * DAY
    stranger = HubSubscription(token="A" * 43, callback=callback.address_of("A" * 43))
    assert answer.find(stranger.token) is None
    parts = urlsplit(stranger.callback)
    for method in ("GET", "POST"):
        link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        link.request(
            method, f"{parts.path}?hub.mode=subscribe&hub.topic=x&hub.challenge=1", b"" if method == "POST" else None
        )
        assert link.getresponse().status == 404
        link.close()


def test_38_a_hub_that_verifies_before_it_answers(clock: Any, publisher: Any, hub: Hub, page: Any) -> None:
    said: list[Said] = []

    def at_once(asked: Any) -> Any:
        thread = threading.Thread(target=lambda: said.append(hub.verify()))
        thread.start()
        thread.join(10)
        return hub.reply(202)

    hub.answer = at_once
    page(ITEM)
    subscribe(Wish(publisher.url()))
    work()
    keep.keep()
    assert said[0].status == 200 and row().state == HubState.HELD and row().due_at == START + 8 * DAY


def test_38_the_link_header_goes_before_the_document(
    clock: Any, publisher: Any, hub: Hub, page: Any, settings: Any
) -> None:
    page(ITEM, hub="/other-hub", itself="/other", Link=f'</hub>; rel="hub", <{publisher.url()}>; rel=self')
    subscribe(Wish(publisher.url()))
    work()
    keep.keep()
    assert hub.form["hub.topic"] == publisher.url() and not publisher.asked_for("/other-hub")


@pytest.mark.parametrize(
    ("itself", "said"), [("/someone-else", "which is not its address"), ("", "does not state its own address")]
)
def test_38_a_feed_subscribes_us_to_nobody_elses_topic(
    clock: Any, publisher: Any, hub: Hub, page: Any, itself: str, said: str
) -> None:
    page(ITEM, itself=itself)
    feed = subscribe(Wish(publisher.url())).feed
    work()
    keep.keep()
    assert not hub.forms and not HubSubscription.objects.exists()
    assert said in words(feed)


def test_38_the_own_address_may_be_spelled_otherwise_or_be_where_the_feed_leads() -> None:
    assert discover.is_own("http://www.gazette.example/feed/", "https://gazette.example/feed")
    assert discover.is_own("https://b.example/f", "https://a.example/f", "https://b.example/f")
    assert not discover.is_own("https://gazette.example/other", "https://gazette.example/feed")
    assert not discover.is_own("", "")


# ---------------------------------------------------------------- 39: leases, signatures


def test_39_the_lease_is_renewed_before_it_ends(clock: Any, held: Feed, hub: Hub) -> None:
    due = row().due_at
    assert due is not None and START + 7 * DAY < due < START + 9 * DAY
    clock.move_to(due - HOUR)
    keep.keep()
    assert len(hub.forms) == 1
    to(clock, due)
    keep.keep()
    assert len(hub.forms) == 2 and hub.form["hub.mode"] == "subscribe"
    assert {
        name: hub.forms[0][name] for name in ("hub.callback", "hub.secret", "hub.topic")
    }.items() <= hub.form.items()
    assert row().state == HubState.HELD, "what the hub holds it goes on holding"
    assert hub.verify(lease="432000").status == 200
    assert row().lease_until == due + MOMENT + 5 * DAY


@pytest.mark.parametrize("lease", ["60", None, "99999999999999", "never"])
def test_39_odd_leases_neither_hurry_us_nor_last_for_ever(clock: Any, feed: Feed, hub: Hub, lease: str | None) -> None:
    assert hub.verify(lease=lease).status == 200
    due, until = row().due_at, row().lease_until
    assert due is not None and until is not None and HOUR <= due - START <= 30 * DAY and until - START <= 30 * DAY
    for _ in range(10):
        clock.shift(timedelta(minutes=5))
        keep.keep()
    assert len(hub.forms) == 1


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_39_a_signed_delivery_is_believed(held: Feed, hub: Hub, page: Any, publisher: Any, method: str) -> None:
    said = hub.push(page(SECOND, ITEM), method)
    assert said.status == 202 and "set-cookie" not in said.headers
    ingest()
    assert Entry.objects.count() == 2 and polls(publisher) == 1


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=" + "0" * 64,
        "sha256=",
        "md5=" + "0" * 32,
        "sha256",
        "sha256=é",
        "none=",
        "=" * 300,
        "sha1=" + "f" * 40,
    ],
)
def test_39_a_bad_signature_is_acknowledged_and_ignored(
    held: Feed, hub: Hub, page: Any, publisher: Any, signature: str
) -> None:
    before = held.due_at
    body = page(SECOND, ITEM)
    assert hub.push(body, signature=signature.encode("utf-8").decode("latin-1")).status == 202
    assert not Fetch.objects.filter(pushed=True).exists()
    ingest()
    work()
    assert Entry.objects.count() == 1 and polls(publisher) == 1
    assert row().ignored == 1 and row().pushed_at is None
    assert "1 deliveries were not believed" in words(held) and held.due_at == before


def test_39_a_signature_of_another_body_or_key_is_bad(held: Feed, hub: Hub, page: Any) -> None:
    body = page(SECOND, ITEM)
    secret = hub.form["hub.secret"].encode()
    good = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    assert answer.signed(secret.decode(), good, body) and answer.signed(secret.decode(), good.upper(), body)
    assert not answer.signed(secret.decode(), good, body + b" ")
    assert not answer.signed("x" + secret.decode()[1:], good, body)
    assert not answer.signed("", "sha256=" + hmac.new(b"", body, hashlib.sha256).hexdigest(), body)


# ---------------------------------------------------------------- 40: polling falls, silence restores it, the end


def test_40_polling_drops_to_daily_once_the_hub_delivers(
    clock: Any, held: Feed, hub: Hub, page: Any, publisher: Any
) -> None:
    next_poll(clock, held)
    assert polls(publisher) == 2 and held.due_at is not None and held.due_at - clock_now() < 3 * HOUR, "not proven yet"
    assert hub.push(page(SECOND, ITEM)).status == 202
    ingest()
    next_poll(clock, held)
    assert held.due_at is not None and DAY <= held.due_at - clock_now() < DAY + HOUR
    assert "once a day" in held.due_why and "polled once a day" in words(held)
    asked = polls(publisher)
    for _ in range(20):
        clock.shift(HOUR)
        work()
    assert polls(publisher) == asked
    clock.shift(6 * HOUR)
    work()
    assert polls(publisher) == asked + 1, "once a day it is asked all the same"


def clock_now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def daily(clock: Any, held: Feed, hub: Hub, page: Any) -> Feed:
    """A feed that is polled daily, because its hub has delivered."""
    clock.shift(HOUR)
    hub.push(page(SECOND, ITEM))
    ingest()
    next_poll(clock, held)
    assert held.told_until is not None
    return held


def test_40_news_that_a_poll_finds_first_restores_polling(
    clock: Any, daily: Feed, hub: Hub, page: Any, publisher: Any
) -> None:
    body = page(THIRD, SECOND, ITEM)
    next_poll(clock, daily)
    assert Entry.objects.count() == 3 and daily.told_until is not None, "the hub has some time to send it"
    clock.shift(3 * HOUR)
    keep.keep()
    daily.refresh_from_db()
    assert daily.told_until is None and daily.due_at is not None and daily.due_at - clock_now() < 2 * HOUR
    assert "missed news that a poll found" in words(daily) and len(hub.forms) == 2, "the hub is asked anew"
    hub.push(body)
    ingest()
    daily.refresh_from_db()
    assert daily.told_until is None, "one delivery is not enough any more"
    hub.push(page({"title": "Bridge painted", "guid": "g4", "link": "http://gazette.example/bridge"}, THIRD))
    ingest()
    daily.refresh_from_db()
    assert daily.told_until is not None


def test_40_a_delivery_soon_after_the_poll_is_no_silence(
    clock: Any, daily: Feed, hub: Hub, page: Any, publisher: Any
) -> None:
    body = page(THIRD, SECOND, ITEM)
    next_poll(clock, daily)
    clock.shift(HOUR)
    hub.push(body)
    ingest()
    clock.shift(3 * HOUR)
    keep.keep()
    daily.refresh_from_db()
    assert daily.told_until is not None and row().misses == 0 and Entry.objects.count() == 3
    assert EntryVersion.objects.count() == 3, "what came twice is written once"


def test_40_a_lapsed_lease_restores_polling(clock: Any, daily: Feed, hub: Hub) -> None:
    hub.answer = hub.reply(503)
    until = row().lease_until
    while clock_now() < until + HOUR:  # type: ignore[operator]
        clock.shift(12 * HOUR)
        work()
        keep.keep()
    daily.refresh_from_db()
    assert row().state == HubState.LAPSED and daily.told_until is None
    assert daily.due_at is not None and daily.due_at - clock_now() < DAY
    assert "lease ran out" in words(daily) and "answered 503" in words(daily)
    hub.answer = hub.reply(202)
    to(clock, row().due_at)
    keep.keep()
    hub.verify()
    daily.refresh_from_db()
    assert row().state == HubState.HELD and daily.told_until == row().lease_until


def test_40_removal_unsubscribes(clock: Any, daily: Feed, hub: Hub) -> None:
    assert remove_feed(daily) == "Stopped; its articles stay"
    clock.shift(timedelta(minutes=1))
    keep.keep()
    assert hub.form["hub.mode"] == "unsubscribe" and hub.form["hub.callback"] == hub.forms[0]["hub.callback"]
    assert "hub.secret" not in hub.form
    assert hub.push(b"<rss/>", signature="").status == 410
    assert hub.verify(mode="subscribe").status == 404
    assert hub.verify(lease=None).status == 200
    assert row().state == HubState.ENDED
    clock.shift(8 * DAY)
    keep.keep()
    assert len(hub.forms) == 2 and not HubSubscription.objects.exists()


def test_40_a_feed_deleted_whole_is_unsubscribed_too(clock: Any, held: Feed, hub: Hub) -> None:
    Entry.objects.all().delete()
    assert remove_feed(held) == "Removed" and not Source.objects.exists()
    keep.keep()
    assert hub.form["hub.mode"] == "unsubscribe"
    hub.answer = hub.reply(500)
    for _ in range(40):
        clock.shift(DAY)
        keep.keep()
    assert not HubSubscription.objects.exists() and len(hub.forms) == 2, "taken, never confirmed: it is over"


def test_40_a_hub_that_does_not_let_go_is_left_after_some_tries(clock: Any, held: Feed, hub: Hub) -> None:
    hub.answer = hub.reply(500)
    edit.pause([held.pk])
    for _ in range(60):
        clock.shift(timedelta(hours=6))
        keep.keep()
    assert len([form for form in hub.forms if form["hub.mode"] == "unsubscribe"]) == 4


# ---------------------------------------------------------------- deliveries


def test_a_delivery_is_kept_as_an_exchange_with_its_bytes(held: Feed, hub: Hub, page: Any, publisher: Any) -> None:
    etag, digest, due = held.etag, held.body_digest, held.due_at
    body = page(SECOND, ITEM)
    hub.push(body)
    kept = Fetch.objects.get(pushed=True)
    assert kept.body is not None and unpack(kept.body) == body and kept.body_size == len(body)
    ingest()
    kept.refresh_from_db()
    held.refresh_from_db()
    assert (kept.entries_seen, kept.entries_new, kept.ingest_error) == (2, 1, "")
    assert (held.etag, held.body_digest, held.due_at) == (etag, digest, due), "it says nothing of the feed's server"
    assert held.changed_at == START and polls(publisher) == 1
    hub.push(body)
    assert Fetch.objects.filter(pushed=True).count() == 1, "sent twice, kept once"


def test_new_items_alone_leave_the_others_where_they_are(clock: Any, held: Feed, hub: Hub, page: Any) -> None:
    many = [
        {"title": f"Report {n} of the day", "guid": f"m{n}", "link": f"http://gazette.example/{n}", "pubDate": at}
        for n, at in ((n, f"{20 - n:02d} Nov 2026 09:00:00 GMT") for n in range(8))
    ]
    clock.shift(HOUR)
    page(*many)
    next_poll(clock, held)
    new = {
        "title": "Late news",
        "guid": "late",
        "link": "http://gazette.example/late",
        "pubDate": "24 Nov 2026 11:00:00 GMT",
    }
    clock.shift(HOUR)
    hub.push(page(new))
    ingest()
    assert not Entry.objects.exclude(missing_since=None).exists()
    # The document shows that the new one was taken out again, and one of the old.
    page(*(item for item in many if item["guid"] != "m2"))
    next_poll(clock, held)
    gone = Entry.objects.exclude(missing_since=None)
    names = {version.record["id"] for version in EntryVersion.objects.filter(entry__in=gone)}
    assert names == {"late", "m2"}


def test_a_late_delivery_does_not_undo_a_newer_state(clock: Any, publisher: Any, hub: Hub, reply: Any) -> None:
    def atom(updated: str, title: str) -> bytes:
        return f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Gazette</title><id>urn:f</id>
        <link rel="self" href="{publisher.url()}"/><link rel="hub" href="{publisher.url("/hub")}"/><entry><id>urn:1</id>
        <title>{title}</title><updated>{updated}</updated><link href="http://gazette.example/1"/></entry></feed>""".encode()

    publisher.on("/feed", reply(200, atom("2026-11-24T09:30:00Z", "Harbour reopens on Monday")))
    subscribe(Wish(publisher.url()))
    work()
    keep.keep()
    hub.verify()
    hub.push(atom("2026-11-24T08:00:00Z", "Harbour reopens on Sunday"))
    ingest()
    assert EntryVersion.objects.get().record["title"] == "Harbour reopens on Monday"
    hub.push(atom("2026-11-24T10:00:00Z", "Harbour reopens on Tuesday"))
    ingest()
    assert Entry.objects.get().version == 2


def test_a_ping_without_content_has_the_feed_polled_politely(
    clock: Any, held: Feed, hub: Hub, page: Any, publisher: Any
) -> None:
    page(SECOND, ITEM)
    clock.shift(timedelta(minutes=10))
    assert hub.push(b"").status == 202
    work()
    assert polls(publisher) == 1, "not before the server allows it"
    held.refresh_from_db()
    to(clock, held.not_before)
    work()
    assert polls(publisher) == 2 and Entry.objects.count() == 2
    held.refresh_from_db()
    assert held.due_at is not None and held.due_at - clock_now() >= HOUR, "one ping, one poll"


def test_a_ping_during_a_poll_is_not_lost(clock: Any, daily: Feed, hub: Hub, publisher: Any, reply: Any) -> None:
    def meanwhile(asked: Any) -> Any:
        hub.push(b" ")
        return reply(304)

    publisher.on("/feed", meanwhile)
    next_poll(clock, daily)
    assert daily.due_at == daily.not_before and daily.due_why == "its hub said that there is news"


def test_another_feeds_document_is_not_taken(held: Feed, hub: Hub, page: Any, publisher: Any) -> None:
    hub.push(page(SECOND, ITEM, itself="/someone-else"))
    ingest()
    assert Entry.objects.count() == 1 and row().delivered == 0
    assert "another feed's document" in Fetch.objects.get(pushed=True).ingest_error
    held.refresh_from_db()
    assert held.state == FeedState.ACTIVE and held.failures == 0


def test_a_delivery_that_is_no_feed_does_the_feed_no_harm(clock: Any, held: Feed, hub: Hub) -> None:
    hub.push(b"<html><body>Service page</body></html>", Content_Type="text/html")
    ingest()
    held.refresh_from_db()
    assert (held.state, held.failures, held.reason) == (FeedState.ACTIVE, 0, "")
    assert held.due_why == "its hub sent what could not be used" and row().delivered == 0


def test_packed_deliveries_are_unpacked_and_bombs_are_not(held: Feed, hub: Hub, page: Any) -> None:
    body = page(SECOND, ITEM)
    hub.push(gzip.compress(body), Content_Encoding="gzip")
    kept = Fetch.objects.get(pushed=True)
    assert kept.body is not None and unpack(kept.body) == body
    assert hub.push(gzip.compress(bytes(20_000_000)), Content_Encoding="gzip").status == 202
    assert hub.push(b"\x1f\x8bnonsense", Content_Encoding="gzip").status == 202
    assert Fetch.objects.filter(pushed=True).count() == 1 and row().ignored == 1
    held.refresh_from_db()
    assert "more than is taken at once" in held.due_why


def test_a_body_beyond_the_cap_is_refused_unread_and_the_feed_asked(held: Feed, hub: Hub, page: Any) -> None:
    parts = urlsplit(hub.form["hub.callback"])
    link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    link.putrequest("POST", parts.path)
    link.putheader("Content-Length", str(answer.MAX_BYTES + 1))
    link.endheaders()
    assert link.getresponse().status == 413
    link.close()
    held.refresh_from_db()
    assert held.due_why == "its hub sent more than is taken at once"


def test_a_flood_is_stopped(held: Feed, hub: Hub, page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "MOST_WAITING", 2)
    bodies = [page({"title": f"Number {n}", "guid": f"n{n}"}) for n in range(3)]
    assert [hub.push(body).status for body in bodies] == [202, 202, 429], "what waits to be read is bounded"
    monkeypatch.setattr(websub, "MOST_IN_WINDOW", 5)
    waits = [hub.push(b"x", signature="").headers["retry-after"] for _ in range(4)]
    assert waits == ["300", "300", "900", "900"], "and so are the calls in an hour, taken or not"
    ingest()
    assert Entry.objects.count() == 3


def test_readers_keep_their_threads(held: Feed, hub: Hub, page: Any) -> None:
    seats = [websub._seats.acquire(blocking=False) for _ in range(20)]
    try:
        assert sum(seats) <= 2 and hub.push(page(SECOND, ITEM)).status == 429
    finally:
        for seat in seats:
            if seat:
                websub._seats.release()
    assert hub.push(page(SECOND, ITEM)).status == 202


@pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="the kernel does not tell of connections")
def test_a_hub_that_stops_in_the_middle_is_cut_off(
    held: Feed, hub: Hub, page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "PATIENCE", 0.5)
    parts = urlsplit(hub.form["hub.callback"])
    answers = []
    for headers in ("Content-Length: 5000", "Transfer-Encoding: chunked"):
        with socket.create_connection((parts.hostname, parts.port), 20) as link:
            head = (
                f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nX-Hub-Signature: sha256=0\r\n{headers}\r\n\r\n"
            )
            link.sendall(head.encode() + b"5\r\n<rss>\r\n")
            answers.append(link.recv(1000).split(b"\r\n")[0])
    assert answers == [b"HTTP/1.0 408 Request Timeout"] * 2
    with socket.create_connection((parts.hostname, parts.port), 20) as link:
        link.sendall(f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 50\r\n\r\n<rss>".encode())
        link.shutdown(socket.SHUT_WR)
        assert link.recv(1000).startswith(b"HTTP/1.0 400 "), "half a body is none"
    assert row().ignored == 0 and row().pushed_at is None
    assert hub.push(page(SECOND, ITEM)).status == 202, "its seat is free again"


def test_nothing_is_believed_before_the_hub_has_confirmed(feed: Feed, hub: Hub, page: Any) -> None:
    assert hub.push(page(SECOND, ITEM)).status == 202
    assert not Fetch.objects.filter(pushed=True).exists() and "not (yet) confirmed" in words(feed)


def test_a_hub_less_safe_than_the_feed_gets_no_secret_and_is_not_believed(
    clock: Any, held: Feed, hub: Hub, page: Any, publisher: Any
) -> None:
    assert keep._may_be_believed("https://hub.example/", "https://gazette.example/")
    assert keep._may_be_believed("http://hub.example/", "http://gazette.example/")
    assert not keep._may_be_believed("http://hub.example/", "https://gazette.example/")
    HubSubscription.objects.update(secret="")
    body = page(SECOND, ITEM)
    made = hmac.new(b"", body, hashlib.sha256).hexdigest()
    hub.push(body, signature=f"sha256={made}")
    assert not Fetch.objects.filter(pushed=True).exists() and "not under TLS" in words(held)
    to(clock, held.not_before)
    work()
    assert Entry.objects.count() == 2, "but it may say that there is news"


# ---------------------------------------------------------------- hubs in trouble, and what feeds do


def test_a_denied_subscription_is_let_be(clock: Any, daily: Feed, hub: Hub) -> None:
    wrong = hub.call(
        "GET", "?" + urlencode({"hub.mode": "denied", "hub.topic": "http://x.example/", "hub.reason": "No"})
    )
    assert wrong.status == 404 and row().state == HubState.HELD
    asked = {"hub.mode": "denied", "hub.topic": hub.form["hub.topic"], "hub.reason": "Not\x00 \x1bfor <you>"}
    assert hub.call("GET", "?" + urlencode(asked)).status == 200
    daily.refresh_from_db()
    assert row().state == HubState.DENIED and daily.told_until is None
    assert "denied the subscription (Not for <you>)" in words(daily)
    assert hub.verify().status == 404
    for _ in range(20):
        clock.shift(DAY)
        keep.keep()
    assert len(hub.forms) == 1
    clock.shift(11 * DAY)
    keep.keep()
    assert len(hub.forms) == 2


def test_a_hub_in_trouble_is_asked_less_and_less(clock: Any, publisher: Any, hub: Hub, page: Any) -> None:
    hub.answer = hub.reply(500, b"out of memory", [("Content-Type", "text/plain")])
    page(ITEM)
    feed = subscribe(Wish(publisher.url())).feed
    work()
    times: list[datetime] = []
    while len(times) < 6:
        keep.keep()
        times.append(clock_now())
        to(clock, row().due_at)
    waits = [after - before for before, after in pairwise(times)]
    assert all(1.6 * before < after < 2.4 * before for before, after in pairwise(waits)), waits
    assert waits[0] >= HOUR and len(hub.forms) == 6
    assert "the hub answered 500: out of memory (6 in a row)" in words(feed)
    hub.answer = hub.reply(503, b"", [("Retry-After", "600000")])
    keep.keep()
    assert row().due_at is not None and row().due_at - clock_now() >= timedelta(seconds=600_000)
    assert HostPause.objects.exists(), "the hub's host asked for silence, as any host may"


@pytest.mark.parametrize(("status", "least"), [(404, DAY), (400, DAY), (302, HOUR)])
def test_refusals_and_lost_requests_are_failures(
    clock: Any, publisher: Any, hub: Hub, page: Any, status: int, least: timedelta
) -> None:
    hub.answer = hub.reply(status, b"", [("Location", publisher.url("/welcome"))] if status == 302 else [])
    publisher.on("/welcome", hub.reply(200, b"Hello"))
    page(ITEM)
    subscribe(Wish(publisher.url()))
    work()
    keep.keep()
    assert row().failures == 1 and row().due_at is not None and row().due_at - START >= least


def test_a_hub_that_moved_gets_the_same_request(clock: Any, publisher: Any, hub: Hub, page: Any) -> None:
    hub.answer = hub.reply(307, b"", [("Location", publisher.url("/new-hub", host="hub.localhost"))])
    publisher.on("/new-hub", hub.reply(202))
    page(ITEM)
    subscribe(Wish(publisher.url()))
    work()
    keep.keep()
    again = publisher.asked_for("/new-hub")[0]
    assert again.method == "POST" and again.body == publisher.asked_for("/hub")[0].body
    assert again.headers["content-type"] == "application/x-www-form-urlencoded"
    assert row().state == HubState.ASKED


def test_a_hub_that_never_asks_back_is_a_failure_in_words(clock: Any, feed: Feed, hub: Hub) -> None:
    for _ in range(8):
        clock.shift(timedelta(minutes=30))
        keep.keep()
    assert row().failures >= 1 and "can it be reached from outside?" in words(feed)
    assert len(hub.forms) == 2
    assert hub.verify().status == 200 and row().failures == 0


def test_a_feed_that_ended_is_unsubscribed_and_taken_up_again(
    clock: Any, held: Feed, hub: Hub, publisher: Any, reply: Any, page: Any
) -> None:
    publisher.on("/feed", reply(410))
    next_poll(clock, held)
    keep.keep()
    assert held.state == FeedState.GONE and hub.form["hub.mode"] == "unsubscribe"
    hub.verify()
    page(ITEM)
    edit.poll_soon([held.pk])
    keep.keep()
    assert hub.form["hub.mode"] == "subscribe" and hub.form["hub.callback"] != hub.forms[0]["hub.callback"]
    assert hub.form["hub.secret"] != hub.forms[0]["hub.secret"]


def test_a_feed_that_changed_its_hub_is_subscribed_anew(
    clock: Any, held: Feed, hub: Hub, publisher: Any, page: Any, reply: Any
) -> None:
    publisher.on("/hub-2", reply(202))
    page(SECOND, ITEM, hub="/hub-2")
    next_poll(clock, held)
    keep.keep()
    assert hub.form["hub.mode"] == "unsubscribe" and len(publisher.asked_for("/hub-2")) <= 1
    keep.keep()
    assert len(publisher.asked_for("/hub-2")) == 1
    live = HubSubscription.objects.exclude(state=HubState.LEAVING).get()
    assert live.hub == publisher.url("/hub-2") and live.state == HubState.ASKED


def test_a_feed_that_moved_is_subscribed_under_its_new_address(
    clock: Any, daily: Feed, hub: Hub, publisher: Any, page: Any, reply: Any
) -> None:
    body = page(THIRD, SECOND, ITEM, itself="/new")
    publisher.on("/new", reply(200, body))
    publisher.on("/feed", reply(301, b"", [("Location", publisher.url("/new"))]))
    next_poll(clock, daily)
    keep.keep()
    keep.keep()
    asked = [(form["hub.mode"], form["hub.topic"]) for form in hub.forms[1:]]
    assert sorted(asked) == [("subscribe", publisher.url("/new")), ("unsubscribe", publisher.url("/feed"))]
    daily.refresh_from_db()
    assert daily.told_until is None, "the new subscription has to prove itself"


def test_a_feed_without_hub_any_more_is_left(clock: Any, daily: Feed, hub: Hub, page: Any) -> None:
    page(THIRD, SECOND, ITEM, hub="", itself="")
    next_poll(clock, daily)
    keep.keep()
    daily.refresh_from_db()
    assert hub.form["hub.mode"] == "unsubscribe" and daily.told_until is None and "being ended" in words(daily)


# ---------------------------------------------------------------- the site's address


@pytest.mark.parametrize(
    ("base", "reachable"),
    [
        ("https://news.gazette.org", True), ("http://8.8.8.8:8000", True), ("http://127.0.0.1:8000", True),
        ("http://10.1.2.3", False), ("http://localhost:8000", False), ("http://newsroom", False),
        ("http://news.local", False), ("https://news.internal", False), ("", False), ("http://[fe80::1]/", False),
    ],
)  # fmt: skip
def test_only_a_public_address_is_given_to_hubs(settings: Any, base: str, reachable: bool) -> None:
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, base_url=base)
    assert (callback.obstacle() == "") == reachable


def test_without_a_public_address_no_hub_is_asked_and_it_is_said(
    clock: Any, publisher: Any, hub: Hub, page: Any, settings: Any
) -> None:
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, base_url="http://newsroom.local")
    page(ITEM)
    feed = subscribe(Wish(publisher.url())).feed
    work()
    keep.keep()
    assert not hub.forms and "has to be its public address" in words(feed)
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, websub=False)
    assert "`websub` is off" in words(feed)


def test_a_site_that_moved_gives_hubs_its_new_address(clock: Any, daily: Feed, hub: Hub, settings: Any) -> None:
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, base_url="https://news.gazette.org/")
    keep.keep()
    keep.keep()
    daily.refresh_from_db()
    modes = [(form["hub.mode"], urlsplit(form["hub.callback"]).hostname) for form in hub.forms]
    assert sorted(modes[1:]) == [("subscribe", "news.gazette.org"), ("unsubscribe", "127.0.0.1")]
    assert daily.told_until is None


# ---------------------------------------------------------------- operators, processes


def test_operators_read_the_state_in_words(daily: Feed, chief: Any) -> None:
    listed = CliRunner().invoke(_feed_command(), ["list"])
    assert "hub 127.0.0.1: confirmed until" in listed.output
    described = json.loads(CliRunner().invoke(_feed_command(), ["list", "--json"]).output)
    assert described["hub_state"] == "held" and "polled once a day" in described["hub_told"]
    shown = chief.get(f"/desk/feeds/{daily.pk}/").content.decode()
    assert "Hub (WebSub)" in shown and "polled once a day" in shown and "sent by its hub" in shown
    assert row().secret not in listed.output + shown and row().token not in listed.output + shown


def _feed_command() -> Any:
    from masthead.cli import feed

    return feed.command


@pytest.fixture
def chief(transactional_db: None) -> Any:
    from django.test import Client

    from masthead.accounts.models import Role, User

    user = User.objects.create_user("ada", password="a long password of hers", role=Role.CHIEF)
    browser = Client()
    browser.force_login(user)
    return browser


def test_two_keepers_at_once_ask_each_hub_once(clock: Any, publisher: Any, hub: Hub, page: Any, reply: Any) -> None:
    page(ITEM)
    source = Source.objects.create(name="G", slug="g")
    for n in range(12):
        url = publisher.url(f"/feed-{n}")
        Feed.objects.create(source=source, url=url, hub=publisher.url("/hub"), topic=url)
    _at_once([keep.keep] * 3)
    assert sorted(form["hub.topic"] for form in hub.forms) == sorted(publisher.url(f"/feed-{n}") for n in range(12))
    assert HubSubscription.objects.count() == 12


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_deliveries_confirmations_and_reading_at_once_do_not_block_each_other(held: Feed, hub: Hub, page: Any) -> None:
    bodies = [page({"title": f"Number {n}", "guid": f"n{n}", "link": f"http://g.example/{n}"}) for n in range(12)]
    statuses: list[int] = []

    def push() -> None:
        statuses.extend(hub.push(body).status for body in bodies)

    def verify() -> None:
        statuses.extend(hub.verify().status - 200 + 202 for _ in range(12))

    def read() -> None:
        for _ in range(30):
            ingest()

    _at_once([push, verify, read])
    while ingest().more:
        pass
    assert set(statuses) == {202} and Entry.objects.count() == 13


def _at_once(tasks: list[Callable[[], Any]]) -> None:
    errors: list[BaseException] = []
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> None:
        try:
            start.wait()
            task()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('<https://h.example/>; rel="hub", <https://f.example/x>; rel="self"', ("https://h.example/",)),
        ("<https://h.example/>; rel=hub", ("https://h.example/",)),
        ('<https://h.example/>; title="a, \\"b\\"; rel=self"; rel="self hub"', ("https://h.example/",)),
        ('</hub>;REL="HUB";rel=self', ("https://f.example/hub",)),
        ('<https://h.example/>; rel=hub; anchor="#x"', ()),
        (
            "<https://a.example/,b>; rel=hub,<https://h.example/>; rel=hub",
            ("https://a.example/,b", "https://h.example/"),
        ),
        ("<javascript:alert(1)>; rel=hub", ()),
        ("nonsense", ()),
        ('<https://h.example/>; rel="hub' + "\\" * 1500, ()),
    ],
)
def test_link_headers(header: str, found: tuple[str, ...]) -> None:
    assert linked(header, "https://f.example/x", "hub") == found
