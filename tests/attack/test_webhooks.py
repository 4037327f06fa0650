"""Messages that leave by themselves: hostile words in them, hostile addresses and hostile receivers."""

from __future__ import annotations

import dataclasses
import json
import logging
import socket
import threading
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from attack import judge, outlets, packs, press
from attack.payloads import OWN
from masthead.accounts.models import Role, User
from masthead.articles.models import Article
from masthead.delivery import queue as queueing
from masthead.delivery.deliver import deliver
from masthead.delivery.models import Dispatch, Endpoint
from masthead.feeds import client as door
from masthead.feeds.models import HostPause

pytestmark = [pytest.mark.django_db(transaction=True)]
SECRET = "s3cret-that-nobody-may-read"


class Raw:
    """A receiver that keeps requests byte by byte, and answers with what it is told to."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self._socket.accept()
            except OSError:
                return
            with link:
                link.settimeout(5)
                data = b""
                while b"\r\n\r\n" not in data:
                    data += link.recv(65_536)
                head, _, body = data.partition(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
                while len(body) < length:
                    body += link.recv(65_536)
                self.got.append(head + b"\r\n\r\n" + body)
                link.sendall(self.answer)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def receiver(settings, monkeypatch) -> Iterator[Raw]:
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, host_gap=0.0)
    monkeypatch.setattr(queueing, "_hard_seen", None)
    made = Raw()
    yield made
    door.close()
    made.close()


def endpoint(url: str, **fields) -> Endpoint:
    return Endpoint.objects.create(**{"kind": "webhook", "url": url, "secret": SECRET, **fields})


def news(*payloads: str) -> list[Article]:
    press.print_news(packs.alone(payloads or ("quiet words",), [0] * (len(payloads) or 1)))
    return list(Article.objects.order_by("pk"))


def send() -> None:
    HostPause.objects.all().delete()
    Dispatch.objects.filter(sent_at=None, due_at__isnull=False).update(due_at=timezone.now())
    deliver()


def operator() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_user(username="op", role=Role.OPERATOR, is_staff=True, is_superuser=True))
    return client


def test_hostile_words_stay_in_the_body_and_are_clean_there(receiver):
    endpoint(f"http://127.0.0.1:{receiver.port}/hook")
    lines = "\r\nX-Injected: yes\r\n\r\n<script>alert(1)</script>"
    articles = news(*OWN[::6], lines)
    send()
    while Dispatch.objects.filter(sent_at=None).exists() and len(receiver.got) < len(articles):
        send()
    assert len(receiver.got) == len(articles) > 20
    for request in receiver.got:
        head, _, body = request.partition(b"\r\n\r\n")
        names = [line.partition(b":")[0].lower() for line in head.split(b"\r\n")[1:]]
        assert set(names) <= {
            b"host", b"user-agent", b"accept", b"accept-encoding", b"content-type", b"content-length", b"connection",
            b"webhook-id", b"webhook-timestamp", b"webhook-signature", b"from",
        }  # fmt: skip
        assert len(names) == len(set(names)) and SECRET.encode() not in request
        assert judge.document_json(json.loads(body)) == []


ADDRESSES = [
    "http://localhost:{port}/", "http://2130706433:{port}/", "http://0x7f.1:{port}/", "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/", "http://127.1:{port}/", "http://0:{port}/", "http://0.0.0.0:{port}/",
    "http://169.254.169.254/latest/meta-data/", "http://metadata.google.internal/", "http://10.0.0.1/", "http://[fd00::1]/",
    "file:///etc/passwd", "gopher://127.0.0.1:{port}/_x", "javascript:alert(1)", "ftp://127.0.0.1:{port}/",
    "http://user:pass@127.0.0.1:{port}/", "http://127.0.0.1:{port}\r\nX: y/", "//127.0.0.1:{port}/", "", "http://",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_message_goes_inside(receiver, settings, address):
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, allow_private_addresses=())
    door.close()
    endpoint(address.format(port=receiver.port))
    news()
    send()
    assert receiver.got == []
    for dispatch in Dispatch.objects.all():
        assert dispatch.sent_at is None and dispatch.error and dispatch.error.isprintable()
        assert "pass@" not in dispatch.error
    assert Dispatch.objects.exists()


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/x", "http://10.0.0.1/x", "file:///etc/passwd", "//[fd00::1]/"]
)
def test_a_redirect_leads_nowhere_inside(receiver, target):
    """The receiver may be reached; where it sends us may not."""
    for status in (301, 302, 303, 307, 308):
        Endpoint.objects.all().delete()
        receiver.answer = (
            f"HTTP/1.1 {status} Go\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        endpoint(f"http://127.0.0.1:{receiver.port}/hook")
        if not Article.objects.exists():
            news()
        Endpoint.objects.update(created_at=timezone.now() - timezone.timedelta(days=1), queued_revision=0)
        send()
        assert Dispatch.objects.exists() and not Dispatch.objects.exclude(sent_at=None).exists()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_signature_is_not_carried_to_another_host(receiver, status):
    other = Raw()
    where = f"Location: http://localhost:{other.port}/x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    receiver.answer = f"HTTP/1.1 {status} Go\r\n{where}".encode()
    endpoint(f"http://127.0.0.1:{receiver.port}/hook")
    news()
    send()
    other.close()
    assert receiver.got and b"webhook-signature" in receiver.got[0].lower()
    for request in other.got:
        assert b"webhook-" not in request.lower() and SECRET.encode() not in request


HOSTILE_ANSWERS = {
    "a reason of markup": b"HTTP/1.1 500 <script>alert(1)</script>\x1b[2J\r\nContent-Length: 0\r\n\r\n",
    "a page of markup": b"HTTP/1.1 403 No\r\nContent-Length: 25\r\n\r\n<script>alert(1)</script>",
    "no HTTP": b"<script>alert(1)</script>\r\n\r\n",
    "many headers": b"HTTP/1.1 500 No\r\n" + b"X: <script>\r\n" * 20_000 + b"\r\n",
    "a pause for ever": b"HTTP/1.1 503 No\r\nRetry-After: " + b"9" * 4000 + b"\r\nContent-Length: 0\r\n\r\n",
    "a pause of markup": b"HTTP/1.1 503 No\r\nRetry-After: <script>\r\nContent-Length: 0\r\n\r\n",
    "nothing": b"",
    "a cookie": b"HTTP/1.1 500 No\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("name", HOSTILE_ANSWERS)
def test_a_hostile_receiver_writes_nothing_of_its_own_and_no_secret_shows(receiver, name, caplog):
    caplog.set_level(logging.DEBUG)
    receiver.answer = HOSTILE_ANSWERS[name]
    endpoint(f"http://127.0.0.1:{receiver.port}/hook?token={SECRET}")
    news()
    send()
    assert receiver.got
    for dispatch in Dispatch.objects.all():
        assert dispatch.sent_at is None
        assert dispatch.error.isprintable() and SECRET not in dispatch.error and "<script" not in dispatch.error
        assert dispatch.due_at is not None and dispatch.due_at < timezone.now() + timezone.timedelta(days=3)
    assert max(Dispatch.objects.values_list("tries", flat=True)) == 1
    ours = [one.getMessage() for one in caplog.records if one.name.startswith("masthead")]
    assert not any(SECRET in line or "<script" in line for line in ours)
    page = operator().get("/admin/delivery/dispatch/")
    assert page.status_code == 200 and outlets.header_faults(page) == []
    text = page.content.decode().replace('<script src="/admin/jsi18n/"></script>', "")  # Django's own
    assert judge.page(text, desk=True) == []
