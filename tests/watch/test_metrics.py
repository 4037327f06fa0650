"""`/metrics` as Prometheus reads it, of one process and of several, and who may read it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections
from django.test import Client, RequestFactory
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from masthead import wsgi
from masthead.core.fetch import FetchRequest
from masthead.feeds.client import fetch_many
from masthead.feeds.models import Feed, Fetch, Source
from masthead.store import metrics, numbers
from masthead.store.metrics import Family, Tally, Timing
from masthead.store.models import Heartbeat
from masthead.watch import gather, views

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read(text: str) -> Samples:
    """Every sample, by its name and labels, as the official parser of Prometheus reads it."""
    families = list(text_string_to_metric_families(text))
    assert not [one.name for one in families if one.type in ("unknown", "untyped")], "each has its type"
    found: Samples = {}
    for one in families:
        for sample in one.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in found, f"{key} stands there twice"
            found[key] = sample.value
    return found


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """None of the numbers of the house, and none of the test's left behind."""
    monkeypatch.setattr(metrics, "_registered", {})
    yield


@pytest.mark.usefixtures("registry")
def test_labels_and_histograms_are_read_back_as_they_were() -> None:
    tally = Tally("masthead_things_total", "Things\nof \\ all kinds.", "kind")
    timing = Timing("masthead_things_seconds", "How long.", (0.1, 1.0))
    awkward = 'a "quoted"\nback\\slash'
    tally.count(awkward)
    tally.count(awkward, 2)
    for seconds in (0.05, 0.1, 0.5, 7.25):
        timing.took(seconds)
    found = read(metrics.text(metrics.collect()))
    assert found["masthead_things_total", (("kind", awkward),)] == 3
    bounds = {
        labels[0][1]: value for (name, labels), value in found.items() if name == "masthead_things_seconds_bucket"
    }
    assert bounds == {"0.1": 2, "1.0": 3, "+Inf": 4}
    assert found["masthead_things_seconds_count", ()] == 4
    assert found["masthead_things_seconds_sum", ()] == pytest.approx(7.9)


@pytest.mark.usefixtures("registry")
def test_numbers_of_several_processes_are_added_and_the_dead_keep_their_counters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"masthead_a_total": 5.0, "masthead_b": 7.0}
    metrics.register("masthead_a_total", "counter", "A.", lambda: {"x": values["masthead_a_total"]}, label="of")
    metrics.register("masthead_b", "gauge", "B.", lambda: values["masthead_b"])
    own = os.getpid()
    for pid in (1001, 1002):
        monkeypatch.setattr(os, "getpid", lambda pid=pid: pid)
        numbers.publish(tmp_path, "web")
    monkeypatch.setattr(os, "getpid", lambda: own)
    numbers.publish(tmp_path, "web")
    values["masthead_a_total"] = 6.0  # this process's own numbers are those of now, not of what it published
    (tmp_path / numbers.FOLDER / "web-1003.json").write_bytes(b"half a fi")

    def told() -> dict[str, Family]:
        return {one.name: one for one in numbers.everybody(tmp_path)}

    assert told()["masthead_a_total"].values == {"x": 16.0} and told()["masthead_b"].values == {"": 21.0}
    long_ago = time.time() - numbers.FRESH_SECONDS - 1
    os.utime(tmp_path / numbers.FOLDER / "web-1001.json", (long_ago, long_ago))
    assert told()["masthead_a_total"].values == {"x": 16.0} and told()["masthead_b"].values == {"": 14.0}
    numbers.forget(tmp_path)
    assert told()["masthead_a_total"].values == {"x": 6.0}


@pytest.mark.django_db
def test_everything_that_is_told_can_be_read_and_is_true() -> None:
    source = Source.objects.create(name="Harbour Post", slug="harbour-post")
    then = timezone.now() - timezone.timedelta(minutes=10)
    feed = Feed.objects.create(source=source, url="http://paper.example/feed", due_at=then, failures=4)
    Feed.objects.create(source=source, url="http://paper.example/two", due_at=then, state="paused")
    for _ in range(3):
        Fetch.objects.create(feed=feed, started_at=then, status=200, body=b"x")
    Heartbeat.objects.create(step="clean", started_at=then, finished_at=then, total=12, error="it broke")
    found = read(Client().get("/metrics").content.decode())
    step = (("step", "clean"),)
    assert found["masthead_step_rows_total", step] == 12 and found["masthead_step_failing", step] == 1
    assert 600 <= found["masthead_step_age_seconds", step] < 700
    assert found["masthead_queue_rows", (("step", "ingest"),)] == 3
    assert 600 <= found["masthead_queue_oldest_seconds", (("step", "ingest"),)] < 700
    assert found["masthead_queue_rows", (("step", "poll"),)] == 1
    assert found["masthead_queue_oldest_seconds", (("step", "deliver"),)] == 0
    assert found["masthead_feeds", (("state", "active"),)] == 1 and found["masthead_feeds_failing", ()] == 1
    assert found["masthead_database_up", ()] == 1
    assert sum(size for (name, _), size in found.items() if name == "masthead_database_bytes") > 100_000
    assert found["masthead_home_free_bytes", ()] > 0


@pytest.mark.django_db
def test_without_a_database_the_other_numbers_still_come(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(now: Any) -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr(gather, "_steps", broken)
    found = read(Client().get("/metrics").content.decode())
    assert found["masthead_database_up", ()] == 0
    assert ("masthead_page_cache_hits_total", ()) in found and ("masthead_home_free_bytes", ()) in found


@pytest.mark.django_db
def test_exchanges_are_counted_by_what_came_of_them() -> None:
    before = read(metrics.text(metrics.collect()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings.MASTHEAD.__class__, "allow_private_addresses", ())
        fetch_many([FetchRequest(url="http://127.0.0.1:9/feed")], lambda request, result: None)
    after = read(metrics.text(metrics.collect()))
    key = ("masthead_fetches_total", (("outcome", "address"),))
    assert after[key] == before.get(key, 0) + 1


@pytest.fixture
def connected() -> Iterator[None]:
    """The whole WSGI callable in the test's transaction: Django's own client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def asked(path: str, peer: str, **headers: str) -> tuple[int, str]:
    """What the outermost callable answers, as a server would ask it."""
    environ = RequestFactory().get(path, REMOTE_ADDR=peer, **headers).environ
    told: list[str] = []
    body = b"".join(wsgi.application(environ, lambda status, headers, *rest: told.append(status)))
    return int(told[-1].split()[0]), body.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(
    ("peer", "status"),
    [
        ("127.0.0.1", 200), ("127.8.9.10", 200), ("::1", 200), ("::ffff:127.0.0.1", 200),
        ("8.8.8.8", 403), ("::ffff:8.8.8.8", 403), ("2001:db8::1", 403), ("", 403), ("localhost", 403),
    ],
)  # fmt: skip
def test_the_metrics_are_for_trusted_networks_only(peer: str, status: int) -> None:
    assert asked("/metrics", peer)[0] == status


FORGED = [
    {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    {"HTTP_X_FORWARDED_FOR": "::1, 127.0.0.1"},
    {"HTTP_X_REAL_IP": "127.0.0.1"},
    {"HTTP_FORWARDED": "for=127.0.0.1"},
    {"HTTP_X_FORWARDED_HOST": "localhost"},
]


@pytest.mark.django_db
@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize("headers", FORGED)
def test_forged_headers_open_nothing(headers: dict[str, str]) -> None:
    assert asked("/metrics", "8.8.8.8", **headers)[0] == 403


@pytest.mark.django_db
@pytest.mark.usefixtures("connected")
def test_a_proxy_on_this_machine_that_nobody_named_does_not_open_them() -> None:
    """nginx on loopback, `trusted_proxies` forgotten: every reader of the world has the address 127.0.0.1."""
    status, said = asked("/metrics", "127.0.0.1", HTTP_X_FORWARDED_FOR="8.8.8.8")
    assert status == 403 and "trusted_proxies" in said


@pytest.mark.django_db
@pytest.mark.usefixtures("connected")
def test_behind_a_trusted_proxy_the_readers_own_address_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wsgi, "_trusted", wsgi.networks(("10.0.0.0/8",)))
    assert asked("/metrics", "10.0.0.1", HTTP_X_FORWARDED_FOR="127.0.0.1")[0] == 200
    assert asked("/metrics", "10.0.0.1", HTTP_X_FORWARDED_FOR="127.0.0.1, 8.8.8.8")[0] == 403
    assert asked("/metrics", "10.0.0.1")[0] == 403


@pytest.mark.django_db
@pytest.mark.usefixtures("connected")
def test_requests_are_counted_by_status_also_out_of_the_cache() -> None:
    def counted() -> dict[str, float]:
        found = read(views.prometheus(RequestFactory().get("/metrics", REMOTE_ADDR="::1")).content.decode())
        return {labels[0][1]: value for (name, labels), value in found.items() if name == "masthead_requests_total"}

    before = counted()
    for path in ("/", "/", "/", "/nothing/here/", "/healthz"):
        asked(path, "192.0.2.7")
    after = counted()
    grown = {status: after[status] - before.get(status, 0) for status in after}
    assert {status: number for status, number in grown.items() if number} == {"200": 4, "404": 1}
