"""Delivery: told once of everything, to a real server on loopback, however often it fails."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.db import connection, transaction

from masthead.articles.models import Article, Revision
from masthead.delivery import deliver as step
from masthead.delivery import queue as queueing
from masthead.delivery.deliver import deliver
from masthead.delivery.models import Dispatch, Endpoint
from masthead.feeds import client
from masthead.feeds.models import HostPause
from masthead.pages.models import Placement, Section
from masthead.store import clock, generation

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Receiver:
    """A server that notes what it is sent and answers as it is told."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def quick(settings, monkeypatch, time_machine) -> Iterator[None]:
    import dataclasses

    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, host_gap=0.0)
    monkeypatch.setattr(queueing, "_hard_seen", None)
    time_machine.move_to(NOW)
    yield
    client.close()


@pytest.fixture
def later(time_machine):
    """Let time pass and run the step."""

    def pass_time(**passed: float):
        time_machine.shift(timedelta(**passed))
        HostPause.objects.all().delete()
        return deliver()

    return pass_time


def webhook(receiver: Receiver, **fields: Any) -> Endpoint:
    return Endpoint.objects.create(kind="webhook", url=receiver.url, **{"secret": "s3cret", **fields})


def make(make_article, **fields: Any) -> Article:
    """An article that came just now."""
    from django.utils import timezone

    return make_article(first_seen_at=timezone.now(), **fields)


def test_an_article_is_told_once_and_signed(receiver: Receiver, make_article, later) -> None:
    make(make_article, title="Before the endpoint")
    later(seconds=20)
    endpoint = webhook(receiver)
    later(seconds=1)
    article = make(make_article, title="Fire", text="What happened.")
    assert later(seconds=20).done == 1
    assert later(seconds=20).done == 0 and later(days=1).done == 0
    (headers, body), *others = receiver.got
    assert others == []
    data = json.loads(body)
    assert data["schema"] == "masthead.event/1" and data["event"] == "article.published"
    assert data["article"]["id"] == article.pk and data["article"]["body"][0]["text"] == "What happened."
    assert headers["content-type"] == "application/json" and headers["webhook-id"] == data["id"]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(b"s3cret", signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert abs(int(headers["webhook-timestamp"]) - NOW.timestamp()) < 60
    endpoint.refresh_from_db()
    assert endpoint.queued_revision == Revision.objects.latest("pk").pk


def test_changes_takedowns_and_returns(receiver: Receiver, make_article, later) -> None:
    webhook(receiver)
    later(seconds=1)
    article = make(make_article)
    later(seconds=20)
    Revision.objects.create(
        article=article, number=2, made_at=NOW + timedelta(seconds=21), document=article.revision.document, digest="x"
    )
    Revision.objects.create(
        article=article, number=3, made_at=NOW + timedelta(seconds=21), document=article.revision.document, digest="y",
        origin="ours",
    )  # fmt: skip
    later(seconds=20)
    Article.objects.filter(pk=article.pk).update(
        state="withdrawn", state_reason="Court", state_at=NOW + timedelta(minutes=1)
    )
    generation.bump(hard=True)
    later(minutes=2)
    later(minutes=2)
    Article.objects.filter(pk=article.pk).update(state="published", state_at=NOW + timedelta(minutes=5))
    generation.bump(hard=True)
    later(minutes=2)
    generation.bump(hard=True)
    later(minutes=2)
    events = receiver.events()
    assert [event["event"] for event in events] == [
        "article.published",
        "article.changed",
        "article.withdrawn",
        "article.published",
    ]
    assert events[1]["revision"] == 2
    assert events[2]["article"]["reason"] == "Court" and "body" not in events[2]["article"]
    assert len({event["id"] for event in events}) == 4


def test_failures_are_tried_again_ever_later_and_given_up(receiver: Receiver, make_article, later) -> None:
    webhook(receiver)
    later(seconds=1)
    make(make_article)
    receiver.status = 500
    pauses, ids = [], set()
    for _ in range(40):
        later(seconds=20)
        waiting = Dispatch.objects.get()
        ids |= {headers["webhook-id"] for headers, _ in receiver.got}
        if waiting.due_at is None:
            break
        from django.utils import timezone

        pauses.append((waiting.due_at - timezone.now()).total_seconds())
        later(seconds=pauses[-1] - 5)
    assert waiting.due_at is None and waiting.sent_at is None and "given up" in waiting.error and "500" in waiting.error
    assert waiting.tries == len(receiver.got) > 8 and len(ids) == 1
    assert pauses == sorted(pauses[:6]) + pauses[6:] and 55 < pauses[0] < 80 and 6 * 3600 <= max(pauses) < 8 * 3600
    assert sum(pauses) > 2 * 24 * 3600 - 8 * 3600
    receiver.status = 200
    assert later(days=1).done == 0


def test_a_receiver_that_recovers_gets_everything(receiver: Receiver, make_article, later) -> None:
    webhook(receiver)
    later(seconds=1)
    made = {make(make_article).pk for _ in range(3)}
    receiver.status = 503
    assert later(seconds=20).failed == 3
    receiver.status = 204
    later(minutes=2)
    assert {event["article"]["id"] for event in receiver.events()[3:]} == made


def test_retry_after_is_obeyed(receiver: Receiver, make_article, later) -> None:
    webhook(receiver)
    later(seconds=1)
    make(make_article)
    receiver.status, receiver.headers = 429, {"Retry-After": "7200"}
    later(seconds=20)
    later(minutes=110)
    assert len(receiver.got) == 1
    later(minutes=11)
    assert len(receiver.got) == 2


def test_an_endpoint_that_is_gone_is_left_alone(receiver: Receiver, make_article, later) -> None:
    endpoint = webhook(receiver)
    later(seconds=1)
    make(make_article)
    receiver.status = 410
    later(seconds=20)
    endpoint.refresh_from_db()
    assert not endpoint.active and "410" in endpoint.reason
    make(make_article)
    later(days=3)
    assert len(receiver.got) == 1


def test_rights_and_visibility_hold(receiver: Receiver, make_article, make_source, later) -> None:
    webhook(receiver)
    later(seconds=1)
    source = make_source(policy="link")
    make(make_article, text="Secret words", source=source)
    make(make_article, source=source, embargo_until=NOW + timedelta(hours=1))
    held = make(make_article, source=source, state="held")
    never = make(make_article, source=source)
    Article.objects.filter(pk=never.pk).update(state="withdrawn", state_at=NOW - timedelta(days=1))
    later(seconds=20)
    assert len(receiver.got) == 1 and b"Secret words" not in receiver.got[0][1]
    later(minutes=61)
    assert len(receiver.got) == 2
    Article.objects.filter(pk=held.pk).update(state="published")
    later(minutes=11)
    assert len(receiver.got) == 3
    assert Dispatch.objects.get(article=never).error.startswith("taken down before")


def test_hubs_are_pinged_with_the_feeds_that_changed(receiver: Receiver, make_article, make_source, later) -> None:
    Endpoint.objects.create(kind="websub", url=receiver.url)
    later(seconds=1)
    section = Section.objects.create(slug="world", name="World")
    first = make(make_article, source=make_source(slug="alpha"))
    Placement.objects.create(article=first, section=section, language="en", at=first.sort_at)
    later(seconds=15)
    make(make_article, source=make_source(slug="beta"))
    later(seconds=14)
    assert receiver.got == []
    later(seconds=30)
    later(minutes=5)
    ((headers, body),) = receiver.got
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    pairs = parse_qsl(body.decode())
    assert pairs[0] == ("hub.mode", "publish") and {name for name, _ in pairs[1:]} == {"hub.url"}
    assert {url for _, url in pairs[1:]} == {
        f"http://testserver{path}feed.{form}"
        for path in ("/", "/section/world/", "/source/alpha/", "/source/beta/")
        for form in ("rss", "atom", "json")
    }
    Article.objects.filter(pk=first.pk).update(state="withdrawn", state_at=NOW + timedelta(minutes=10))
    for _ in range(3):
        generation.bump(hard=True)
        later(minutes=10)
    assert len(receiver.got) == 2


def test_a_ping_that_is_being_sent_takes_no_more_with_it(receiver: Receiver, make_article, make_source, later) -> None:
    Endpoint.objects.create(kind="websub", url=receiver.url)
    later(seconds=1)
    make(make_article, source=make_source(slug="alpha"))
    later(seconds=20)
    ping = Dispatch.objects.get()
    assert step._claim(ping)
    make(make_article, source=make_source(slug="beta"))
    later(seconds=20)
    assert [d.pk == ping.pk for d in Dispatch.objects.order_by("pk")] == [True, False]
    later(seconds=31)
    assert b"beta" in receiver.got[0][1] and b"alpha" not in receiver.got[0][1]


def test_queued_once_when_two_do_it_at_once(receiver: Receiver, make_article, time_machine) -> None:
    webhook(receiver)
    time_machine.shift(1)
    for _ in range(5):
        make(make_article)
    time_machine.shift(20)
    stale = list(Endpoint.objects.all())
    assert queueing._revisions(stale[0], 50)[0] == 5
    assert queueing._revisions(
        Endpoint(**{f.attname: getattr(stale[0], f.attname) for f in Endpoint._meta.fields}), 50
    )[0] in (0,)
    assert Dispatch.objects.count() == 5
    barrier, results = threading.Barrier(4), []
    for _ in range(5):
        make(make_article)
    time_machine.shift(20)

    def run() -> None:
        barrier.wait()
        results.append(queueing.queue(50)[0])
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(results) == 5 and Dispatch.objects.count() == 10


def test_a_revision_that_is_committed_late_is_not_passed_by(receiver: Receiver, make_article, later) -> None:
    webhook(receiver)
    later(seconds=1)
    article = make(make_article)
    later(seconds=20)
    written, commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            Revision.objects.create(
                article=article, number=2, made_at=NOW, document=article.revision.document, digest="2"
            )
            written.set()
            commit.wait(10)
        connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    written.wait(10)
    if connection.vendor != "postgresql":
        commit.set()  # one writer at a time: the next one would wait for it
        writer.join()
    Revision.objects.create(article=article, number=3, made_at=NOW, document=article.revision.document, digest="3")
    later(seconds=20)
    commit.set()
    writer.join()
    later(seconds=20)
    assert [event["revision"] for event in receiver.events()] == [1, 2, 3]


def test_sent_by_one_when_two_send_at_once(receiver: Receiver, make_article, time_machine) -> None:
    webhook(receiver)
    time_machine.shift(1)
    for _ in range(6):
        make(make_article)
    time_machine.shift(20)
    queueing.queue(50)
    barrier = threading.Barrier(3)

    def run() -> None:
        barrier.wait()
        deliver()
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receiver.got) == 6 and len({event["id"] for event in receiver.events()}) == 6


def test_killed_after_the_claim_it_is_sent_by_the_next(receiver: Receiver, make_article, later, monkeypatch) -> None:
    webhook(receiver)
    later(seconds=1)
    make(make_article)

    def killed(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(step, "fetch_many", killed)
    with pytest.raises(KeyboardInterrupt):
        later(seconds=20)
    monkeypatch.undo()
    assert later(minutes=14).done == 0
    assert later(minutes=2).done == 1 and len(receiver.got) == 1


def test_private_addresses_are_refused(receiver: Receiver, make_article, later, settings) -> None:
    import dataclasses

    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, allow_private_addresses=())
    client.close()
    webhook(receiver)
    later(seconds=1)
    make(make_article)
    later(seconds=20)
    assert receiver.got == [] and Dispatch.objects.get().error.startswith("address")


def test_one_message_that_cannot_be_written_keeps_no_other_back(
    receiver: Receiver, make_article, later, monkeypatch
) -> None:
    webhook(receiver)
    later(seconds=1)
    bad, good = make(make_article), make(make_article)
    real = step.message

    def message(dispatch: Dispatch, now: datetime):
        if dispatch.article_id == bad.pk:
            raise ValueError("broken")
        return real(dispatch, now)

    monkeypatch.setattr(step, "message", message)
    outcome = later(seconds=20)
    assert (outcome.done, outcome.failed) == (1, 1) and receiver.events()[0]["article"]["id"] == good.pk
    assert "ValueError" in Dispatch.objects.get(article=bad).error


def test_old_messages_are_forgotten(receiver: Receiver, make_article, later) -> None:
    webhook(receiver)
    later(seconds=1)
    make(make_article)
    later(seconds=20)
    later(days=29)
    assert Dispatch.objects.count() == 1
    later(days=2)
    assert Dispatch.objects.count() == 0


def test_signature_of_standard_webhooks() -> None:
    """The example of the specification's own libraries."""
    from masthead.delivery.messages import signature

    headers = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330"}
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert signature(secret, headers, b'{"test": 2432232314}') == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_an_embargo_ends_when_it_says_though_the_clock_is_set_back(
    monkeypatch: pytest.MonkeyPatch, make_article: Any
) -> None:
    monkeypatch.setattr(clock, "_steps", clock._Steps())
    end = NOW + timedelta(hours=2)
    endpoint = Endpoint.objects.create(kind=Endpoint.Kind.WEBHOOK, url="https://partner.invalid/")
    secret, plain = make_article("Secret", embargo_until=end), make_article("Plain")
    for article in (secret, plain, None):
        Dispatch.objects.create(
            endpoint=endpoint, article=article, event=Dispatch.Event.PUBLISHED, created_at=NOW, due_at=end
        )
    clock.notice(NOW)
    assert clock.notice(NOW - timedelta(hours=1)) == timedelta(hours=1)
    due = dict(Dispatch.objects.values_list("article", "due_at"))
    assert due == {secret.pk: end, plain.pk: end - timedelta(hours=1), None: end - timedelta(hours=1)}
