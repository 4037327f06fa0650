"""The door of the hubs: what a stranger, and a hub that turned against us, can do with our callback."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from attack import forms, outlets, packs, press
from attack.payloads import OWN
from masthead.accounts.models import Role, User
from masthead.articles.models import Article
from masthead.entries.models import Entry
from masthead.feeds.models import Feed, Fetch, HubState, HubSubscription, Source

pytestmark = [pytest.mark.django_db]
TOKEN, SECRET = "t" * 43, "a secret of ours"
MARKUP = [text for text in OWN if "<" in text][::4]


@pytest.fixture
def row() -> HubSubscription:
    source = Source.objects.create(name="Gazette", slug="gazette", policy="full", home_url="https://gazette.example/")
    feed = Feed.objects.create(
        source=source, url="https://gazette.example/feed", full_text="off", hub="https://hub.example/"
    )
    return HubSubscription.objects.create(
        feed=feed, hub="https://hub.example/", topic=feed.url, token=TOKEN, secret=SECRET, state=HubState.ASKED,
        asked_for="subscribe", asked_at=timezone.now(), awaiting=True,
    )  # fmt: skip


@pytest.fixture
def held(row: HubSubscription) -> HubSubscription:
    row.state, row.lease_until = HubState.HELD, timezone.now() + timezone.timedelta(days=9)
    row.save()
    return row


def ask(**given: str):
    asked = {"hub.mode": "subscribe", "hub.topic": "https://gazette.example/feed", "hub.lease_seconds": "864000"}
    query = urlencode(asked | {name.replace("_", ".", 1): value for name, value in given.items()})
    return Client(raise_request_exception=False).get(f"/websub/{TOKEN}?{query}")


def push(body: bytes, signature: str | None = None, **headers: str):
    if signature is None:
        signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    given = {"x-hub-signature": signature, **{name.replace("_", "-"): value for name, value in headers.items()}}
    kind = given.pop("content-type", "application/rss+xml")
    return Client(raise_request_exception=False).post(f"/websub/{TOKEN}", body, content_type=kind, headers=given)


def desk() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_user(username="op", role=Role.OPERATOR, is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("markup", MARKUP)
def test_a_challenge_comes_back_as_text_that_no_browser_runs(row, markup):
    answer = ask(hub_challenge=markup)
    assert answer.status_code == 200 and answer.content.decode() == markup
    assert answer["Content-Type"] == "text/plain; charset=utf-8" and answer["X-Content-Type-Options"] == "nosniff"
    assert outlets.header_faults(answer) == [] and "no-store" in answer["Cache-Control"] and not answer.cookies


@pytest.mark.parametrize(
    "given",
    [
        {"hub_topic": "https://evil.example/feed"}, {"hub_topic": ""}, {"hub_topic": "https://gazette.example/feed/"},
        {"hub_topic": "HTTPS://GAZETTE.EXAMPLE/feed"}, {"hub_topic": "https://gazette.example/feed\r\nX: y"},
        {"hub_topic": "https://gazette.example/feed\x00"}, {"hub_mode": "unsubscribe"}, {"hub_mode": "<script>"},
        {"hub_challenge": ""}, {"hub_challenge": "<script>" * 1000},
    ],
    ids=repr,
)  # fmt: skip
def test_a_question_about_anything_else_is_told_nothing(row, given):
    answer = ask(**{"hub_challenge": "<script>x</script>"} | given)
    assert answer.status_code == 404 and answer.content == b"" and outlets.header_faults(answer) == []
    row.refresh_from_db()
    assert row.state == HubState.ASKED


def test_a_stranger_learns_of_no_subscription(row):
    """Wrong tokens and known ones with a wrong topic are answered alike."""
    client = Client(raise_request_exception=False)
    query = urlencode({"hub.mode": "subscribe", "hub.topic": "https://evil.example/", "hub.challenge": "x"})
    answers = [client.get(f"/websub/{token}?{query}") for token in (TOKEN, "u" * 43)]
    assert len({(one.status_code, one.content, tuple(sorted(one.headers.items()))) for one in answers}) == 1


@pytest.mark.parametrize("markup", [*MARKUP, "\x1b[2Jgone", "a\r\nSet-Cookie: x=y", "\u202eevil", "x" * 5000])
def test_the_reason_of_a_refusal_is_text_at_the_desk(row, markup, caplog):
    answer = ask(hub_mode="denied", hub_reason=markup)
    assert answer.status_code == 200 and answer.content == b""
    row.refresh_from_db()
    assert row.state == HubState.DENIED and row.reason.isprintable() and len(row.reason) <= 300
    client, seen = desk(), outlets.Seen()
    outlets.ask(client.get, [f"/desk/feeds/{row.feed_id}/", "/desk/feeds/", "/desk/log/", "/desk/"], seen)
    assert seen.faults == [] and seen.answers == 4
    assert markup[:12] not in caplog.text or markup.isprintable()


FORGED = [
    "", "sha256=", "sha256=" + "0" * 64, "sha1=" + "0" * 40, "sha256=" + "A" * 10_000, "<script>=x", "sha256", "none=",
    "md5=5d41402abc4b2a76b9719d911017c592", "sha256=\xe9", "sha512=" + hashlib.sha512(b"").hexdigest(),
    "sha256=" + hmac.new(b"", b"<rss/>", hashlib.sha256).hexdigest(),
]  # fmt: skip


@pytest.mark.parametrize("signature", FORGED)
def test_what_is_not_signed_is_not_kept_and_the_stranger_is_not_told(held, signature):
    body = forms.rss([[packs.Pair(1, OWN[0], 0)]])
    answer = push(body, signature)
    assert answer.status_code == 202 and answer.content == b"" and outlets.header_faults(answer) == []
    assert not Fetch.objects.exists()
    press.publish()
    assert not Entry.objects.exists()
    held.refresh_from_db()
    assert held.ignored == 1 and "<" not in held.ignored_why


@pytest.mark.slow
@pytest.mark.parametrize("write", [forms.rss, forms.atom, forms.json_feed], ids=lambda write: write.__name__)
def test_a_hub_that_turned_against_us_brings_nothing_active(held, write, editions):
    """Signed fat pings with every payload in every field, and hostile headers, to all pages."""
    texts = [text.replace("CANARY", "https://canary.example") for text in OWN]
    hostile = packs.packed(packs.pairs(texts)[::4])
    headers = {"content_type": "text/html; charset=<script>", "content_encoding": "", "link": f"<{OWN[0]}>; rel=hub"}
    assert push(write(hostile), **headers).status_code == 202
    press.publish()
    articles = list(Article.objects.values_list("pk", flat=True))
    assert len(articles) == len(hostile) and Fetch.objects.get().pushed
    things = press.keys(hostile) | {"source": "gazette", "user": 1, "login": 1}
    seen = outlets.Seen()
    outlets.ask(desk().get, outlets.everything(things, articles), seen)
    outlets.told(articles, seen)
    assert not seen.faults, seen.faults[:20]
    assert len(seen.marks["/article/N/"]) > 10 * len(articles)


@pytest.mark.parametrize(
    ("kind", "itself"),
    [
        ("link", "<https://evil.example/feed>; rel=self"),
        ("link", "<" + "x" * 5000 + ">; rel=self"),
        ("link", "<><><;;,,"),
    ],
    ids=["another's address", "a long one", "rubbish"],
)
def test_headers_of_a_delivery_do_no_harm(held, kind, itself):
    assert push(forms.rss([[packs.Pair(1, "quiet", 0)]]), **{kind: itself}).status_code == 202
    press.publish()
    held.feed.refresh_from_db()
    assert held.feed.failures == 0 and held.feed.url == "https://gazette.example/feed"
    assert Entry.objects.exists() is ("evil" not in itself)
    seen = outlets.Seen()
    outlets.ask(desk().get, [f"/desk/feeds/{held.feed_id}/", "/desk/feeds/"], seen)
    assert seen.faults == []


BOMB = "<!DOCTYPE r [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY a{n} '{(f'&a{n - 1};' if n else '&a;') * 10}'>" for n in range(9)
)
HOSTILE = {
    "laughs": f"{BOMB}]><rss><channel><title>&a8;</title><item><title>&a8;</title><guid>1</guid></item></channel>"
    "</rss>",
    "a file": "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><title>T</title><item>"
    "<title>&x;</title><guid>1</guid><description>&x;</description></item></channel></rss>",
    "depth": "<rss><channel><item><title>x</title><description>" + "<b>" * 200_000 + "</description></item></channel>"
    "</rss>",
    "no feed": "<html><script>alert(1)</script></html>",
    "nothing": " ",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_signed_bomb_costs_nobody_anything(held, name):
    assert push(HOSTILE[name].encode()).status_code == 202
    press.publish()
    held.feed.refresh_from_db()
    assert held.feed.state == "active"
    for article in Article.objects.select_related("revision"):
        assert "root:" not in str(article.revision.document) and "haha" not in str(article.revision.document)
