"""The 28 faults of the network, one test each, through the tables: nothing is lost, nobody is harmed, all is mended."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from masthead.core.fetch import Client
from masthead.entries.ingest import ingest
from masthead.entries.models import Entry
from masthead.entries.queries import newest_version
from masthead.feeds import client
from masthead.feeds.models import Feed, FeedState, Fetch, HostPause
from masthead.feeds.poll import poll_due
from masthead.feeds.subscribe import Wish, subscribe

from .faultserver import FAULTS, FaultServer, Site, document, trusting

START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DEADLINE = 1.0
CAP = 15_000_000


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[FaultServer]:
    """The fault server, its names, and a client that trusts its authority and may reach 127.0.0.1 alone."""
    made = FaultServer()
    real = client.client_options
    settings.MASTHEAD = dataclasses.replace(
        settings.MASTHEAD, host_gap=0.0, concurrency=8, allow_private_addresses=("127.0.0.1/32",)
    )
    monkeypatch.setattr(client, "client_options", lambda: dataclasses.replace(real(), deadline=DEADLINE))
    monkeypatch.setattr(client, "Client", functools.partial(Client, tls=trusting()))
    monkeypatch.setattr("masthead.core.fetch.connect.look_up", made.look_up)
    yield made
    client.close()
    made.close()


class Patient:
    """A feed that worked once, is broken by a fault, and is mended."""

    def __init__(self, server: FaultServer, clock: Any, kind: str) -> None:
        self.fault, self.clock = FAULTS[kind], clock
        self.site: Site = server.site(kind, self.fault)
        self.feed: Feed = subscribe(Wish(self.site.url)).feed
        poll_due()
        ingest()
        self.feed.refresh_from_db()
        assert (self.feed.etag, self.feed.failures, Entry.objects.count()) == ('"1"', 0, 1)

    def poll(self) -> Fetch:
        """Let the feed's time come, and poll; its newest exchange."""
        assert self.feed.due_at is not None
        self.clock.move_to(max(self.feed.due_at, self.feed.not_before or START) + timedelta(seconds=1))
        before = Fetch.objects.count()
        poll_due()
        ingest()
        self.feed.refresh_from_db()
        assert Fetch.objects.count() == before + 1
        return Fetch.objects.latest("pk")

    def suffer(self, times: int = 3) -> Fetch:
        """Break it, and poll `times`: each ends in time, says what is wrong, harms nothing, and waits longer."""
        self.fault.do(self.site)
        last = timedelta(0)
        for failures in range(1, times + 1):
            fetch = self.poll()
            assert fetch.elapsed < 10 * DEADLINE
            assert (fetch.status, fetch.error) == (self.fault.status, self.fault.code)
            words = self.fault.words.format(host=re.escape(self.site.host), site=self.site)
            assert re.search(words, self.feed.reason), self.feed.reason
            assert (self.feed.etag, self.feed.last_modified) == ('"1"', "")
            assert (self.feed.failures, self.feed.state) == (failures, FeedState.ACTIVE)
            assert Entry.objects.count() == 1
            assert self.feed.due_at is not None and self.feed.fetched_at is not None
            wait = self.feed.due_at - self.feed.fetched_at
            assert wait >= last * 1.5 or wait >= timedelta(days=1), "it backs off"
            last = wait
        return fetch

    def recover(self) -> None:
        """Mend it: with its next poll, which nobody orders, the news is there and all is forgotten."""
        self.site.mend(1, 2)
        fetch = self.poll()
        assert (fetch.status, fetch.error, fetch.entries_new) == (200, "", 1)
        assert self.site.asked[-1].headers["if-none-match"] == '"1"'
        assert (self.feed.failures, self.feed.reason, self.feed.etag) == (0, "", '"1-2"')
        assert Entry.objects.count() == 2
        assert self.poll().status == 304


@pytest.fixture
def patient(request: pytest.FixtureRequest, server: FaultServer, db: None) -> Iterator[Patient]:
    """The patient of the test: `test_fault_05_slow_head` has that of "slow-head"."""
    kind = request.node.name.split("_", 3)[3].replace("_", "-")
    with time_machine.travel(START, tick=False) as clock:
        yield Patient(server, clock, kind)


def test_fault_01_refuse(patient: Patient) -> None:
    patient.suffer()
    assert len(patient.site.asked) == 1
    patient.recover()


def test_fault_02_reset_before(patient: Patient) -> None:
    patient.suffer()
    assert len(patient.site.asked) == 4, "a server in trouble is asked once"
    patient.recover()


def test_fault_03_reset_body(patient: Patient) -> None:
    fetch = patient.suffer()
    assert fetch.body is None
    patient.recover()


def test_fault_04_black_hole(patient: Patient) -> None:
    patient.suffer(times=2)
    patient.recover()


def test_fault_05_slow_head(patient: Patient) -> None:
    patient.suffer(times=2)
    patient.recover()


def test_fault_06_slow_body(patient: Patient) -> None:
    fetch = patient.suffer(times=2)
    assert fetch.body is None
    patient.recover()


def test_fault_07_endless_chunks(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    real = Client.__init__

    def watched(self: Client, *args: Any, **kwargs: Any) -> None:
        real(self, *args, **kwargs)
        before = self.room.freed
        monkeypatch.setattr(self.room, "freed", lambda: (held.append(self.room.used), before())[1])

    client.close()
    monkeypatch.setattr(Client, "__init__", watched)
    patient.suffer(times=2)
    assert held[-1] == 0 and len(held) >= 2, "and all of it was given back"
    patient.recover()


def test_fault_08_long_length(patient: Patient) -> None:
    patient.suffer()
    patient.recover()


def test_fault_09_short_length(patient: Patient) -> None:
    """The document is cut within an item: that one is no entry, and the validators of the piece are not believed."""
    patient.fault.do(patient.site)
    fetch = patient.poll()
    assert (fetch.status, fetch.error, fetch.entries_new) == (200, "", 0)
    assert "ends before its end" in patient.feed.reason and "not well-formed" in fetch.detail
    assert (patient.feed.etag, patient.feed.failures) == ('"1"', 1)
    assert Entry.objects.count() == 1
    patient.recover()


def test_fault_10_bad_chunk(patient: Patient) -> None:
    patient.suffer()
    patient.recover()


def test_fault_11_redirect_loop(patient: Patient) -> None:
    patient.suffer()
    assert len(patient.site.asked) == 4, "each address of the circle is asked once"
    assert patient.feed.moved_to == ""
    patient.recover()


def test_fault_12_21_hops(patient: Patient) -> None:
    patient.suffer()
    asked = {asked.path for asked in patient.site.server.publisher.asked}
    assert len(asked) == 6, "five redirects are followed"
    patient.recover()


def test_fault_13_to_loopback(patient: Patient) -> None:
    patient.suffer()
    assert {asked.path for asked in patient.site.server.publisher.asked} == {patient.site.path}
    patient.recover()


def test_fault_14_to_file(patient: Patient) -> None:
    patient.suffer()
    patient.recover()


def test_fault_15_tls_expired(patient: Patient) -> None:
    patient.suffer()
    assert len(patient.site.asked) == 1, "nothing is said to a server that cannot prove who it is"
    patient.recover()


def test_fault_16_tls_self_signed(patient: Patient) -> None:
    patient.suffer()
    assert len(patient.site.asked) == 1
    patient.recover()


def test_fault_17_tls_wrong_name(patient: Patient) -> None:
    patient.suffer()
    assert len(patient.site.asked) == 1
    patient.recover()


def test_fault_18_nxdomain(patient: Patient) -> None:
    patient.suffer()
    patient.recover()


def test_fault_19_servfail(patient: Patient) -> None:
    patient.suffer()
    patient.recover()


def test_fault_20_slow_dns(patient: Patient) -> None:
    patient.suffer(times=2)
    assert len(patient.site.asked) == 1
    patient.recover()


def test_fault_21_rebinding(patient: Patient) -> None:
    patient.suffer(times=1)
    assert len(patient.site.asked) == 1
    patient.recover()


def test_fault_22_1_mb_header(patient: Patient) -> None:
    patient.suffer()
    patient.recover()


def test_fault_23_10000_headers(patient: Patient) -> None:
    patient.suffer()
    patient.recover()


def test_fault_24_false_304(patient: Patient) -> None:
    """Where nothing was asked conditionally, a 304 is an error; as an answer to our validators it must be believed."""
    Feed.objects.update(etag="")
    patient.feed.refresh_from_db()
    patient.fault.do(patient.site)
    for failures in (1, 2):
        fetch = patient.poll()
        assert (fetch.status, fetch.error) == (0, "protocol")
        assert re.search(patient.fault.words.format(host=patient.site.host), patient.feed.reason)
        assert (patient.feed.etag, patient.feed.failures) == ("", failures)
    patient.site.mend(1, 2)
    assert patient.poll().entries_new == 1
    assert (patient.feed.failures, patient.feed.reason, patient.feed.etag) == (0, "", '"1-2"')


def test_fault_25_429_ten_years(patient: Patient) -> None:
    patient.fault.do(patient.site)
    fetch = patient.poll()
    assert (fetch.status, fetch.error, patient.feed.failures) == (429, "", 1)
    assert "answered 429" in patient.feed.reason and patient.feed.etag == '"1"'
    pause = HostPause.objects.get()
    month = patient.feed.fetched_at + timedelta(days=31)  # type: ignore[operator]
    assert pause.host == patient.site.host
    assert month - HOUR <= pause.until <= month + HOUR, "nobody is believed for longer"
    assert patient.feed.due_at is not None and month - HOUR < patient.feed.due_at < month + HOUR
    patient.clock.move_to(month - HOUR)
    Feed.objects.update(due_at=patient.clock.move_to(month - HOUR))
    poll_due()
    assert len(patient.site.asked) == 2, "nobody may have it sooner"
    client.close()
    patient.recover()


def test_fault_26_503_storm(patient: Patient) -> None:
    patient.suffer(times=5)
    assert len(patient.site.asked) == 6
    patient.recover()


def test_fault_27_truncated_gzip(patient: Patient) -> None:
    fetch = patient.suffer()
    assert fetch.body is None
    patient.recover()


def test_fault_28_wrong_charset(patient: Patient) -> None:
    """Letters that are not what the document says they are: it is read as far as it goes, and the wrong is told."""
    patient.fault.do(patient.site)
    fetch = patient.poll()
    assert (fetch.status, fetch.error, fetch.entries_new) == (200, "", 0)
    assert "labelled utf-8, which it is not" in fetch.detail
    entry = Entry.objects.get()
    patient.site.mend(1, 2)
    assert patient.poll().entries_new == 1
    version = newest_version(entry.pk)
    assert version is not None and version.record["title"] == "Report 1 of the day"
    assert Entry.objects.count() == 2


def test_the_faults_are_all_there() -> None:
    assert [fault.number for fault in FAULTS.values()] == list(range(1, 29))
    tests = {name.split("_")[2] for name in globals() if name.startswith("test_fault_")}
    assert tests == {f"{number:02d}" for number in range(1, 29)}
    assert document(1) != document(2)
