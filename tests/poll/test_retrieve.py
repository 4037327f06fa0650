"""The page behind a summary, fetched from a scripted publisher."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from masthead.entries import queries
from masthead.entries.models import Entry, LinkedPage, PageState
from masthead.entries.retrieve import record, retrieve
from masthead.entries.storable import unpack
from masthead.feeds.models import HostPause
from masthead.feeds.subscribe import Wish, subscribe
from masthead.store.steps import Outcome

pytestmark = pytest.mark.usefixtures("quick")
START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HTML = b"<!doctype html><html><body><p>The whole report.</p></body></html>"
Wanted = Callable[..., LinkedPage]


@pytest.fixture
def wanted(db: None, publisher: Any) -> Wanted:
    feed = subscribe(Wish("http://gazette.example/feed")).feed

    def make(path: str = "/1", host: str = "127.0.0.1", cleaned: int = 0) -> LinkedPage:
        number = Entry.objects.count()
        entry = Entry.objects.create(
            feed=feed, source=feed.source, key=f"{number:064d}", first_seen_at=START, last_seen_at=START,
            cleaned_version=cleaned, clean_after=START + timedelta(minutes=3),
        )  # fmt: skip
        return LinkedPage.objects.create(entry=entry, url=publisher.url(path, host), due_at=START)

    return make


def test_a_page_is_kept_as_received(clock: Any, wanted: Wanted, publisher: Any, reply: Any) -> None:
    publisher.on("/1", reply(302, headers=[("Location", "/one.html")]))
    publisher.on("/one.html", reply(body=HTML, headers=[("Content-Type", "text/html; charset=utf-8")]))
    page = wanted()
    assert not queries.to_clean(START).exists(), "the article waits for its page"
    assert retrieve() == Outcome(done=1)
    page.refresh_from_db()
    assert (page.state, page.status, page.content_type) == (PageState.READY, 200, "text/html; charset=utf-8")
    assert page.final_url == publisher.url("/one.html")
    assert page.body is not None and unpack(page.body) == HTML
    assert queries.to_clean(START).get().pk == page.entry_id
    assert retrieve() == Outcome()
    asked = publisher.asked[0].headers
    assert "cookie" not in asked and "referer" not in asked and "text/html" in asked["accept"]


def again(page: LinkedPage) -> None:
    """Its item changed: the page is wanted once more."""
    LinkedPage.objects.filter(pk=page.pk).update(state=PageState.WANTED, due_at=datetime.now(UTC), tries=0)
    page.refresh_from_db()


def test_16_a_page_is_asked_for_conditionally(clock: Any, wanted: Wanted, publisher: Any, reply: Any) -> None:
    headers = [("Content-Type", "text/html"), ("ETag", 'W/"a,b"'), ("Last-Modified", "then")]
    publisher.on("/1", reply(body=HTML, headers=headers))
    page = wanted()
    retrieve()
    assert not {"if-none-match", "if-modified-since"} & set(publisher.asked[0].headers)
    publisher.on("/1", reply(304, headers=[("ETag", '"c"')]))
    clock.shift(timedelta(hours=3))
    again(page)
    assert retrieve() == Outcome(done=1)
    asked = publisher.asked[1].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('W/"a,b"', "then")
    page.refresh_from_db()
    assert (page.state, page.status, page.etag, page.last_modified) == (PageState.READY, 304, '"c"', "then")
    assert page.body is not None and unpack(page.body) == HTML
    assert page.fetched_at == START and page.asked_at == START + timedelta(hours=3)
    assert queries.to_clean(datetime.now(UTC)).get().pk == page.entry_id
    publisher.on("/1", reply(body=HTML + b"!", headers=headers[:1]))
    again(page)
    retrieve()
    page.refresh_from_db()
    assert page.body is not None and unpack(page.body) == HTML + b"!" and not page.etag and not page.last_modified


def test_16_validators_of_a_page_are_for_the_address_that_gave_it(
    clock: Any, wanted: Wanted, publisher: Any, reply: Any
) -> None:
    publisher.on("/1", reply(302, headers=[("Location", "/one.html")]))
    publisher.on("/one.html", reply(body=HTML, headers=[("Content-Type", "text/html"), ("ETag", '"one"')]))
    page = wanted()
    retrieve()
    again(page)
    publisher.on("/one.html", reply(304))
    assert retrieve() == Outcome(done=1)
    assert "if-none-match" not in publisher.asked_for("/1")[1].headers
    assert publisher.asked_for("/one.html")[1].headers["if-none-match"] == '"one"'


def test_a_304_without_a_body_here_is_no_page(clock: Any, wanted: Wanted, publisher: Any, reply: Any) -> None:
    publisher.on("/1", reply(304))
    page = wanted()
    assert retrieve() == Outcome(failed=1)
    page.refresh_from_db()
    assert page.state == PageState.WANTED and "304" in page.error


def test_items_on_one_page_share_one_request(clock: Any, wanted: Wanted, publisher: Any, reply: Any) -> None:
    publisher.on("/live", reply(body=HTML, headers=[("Content-Type", "text/html"), ("ETag", '"l"')]))
    pages = [wanted(f"/live#{number}") for number in range(4)] + [wanted("/other")]
    assert retrieve() == Outcome(done=4, failed=1)
    assert sorted(asked.path for asked in publisher.asked) == ["/live", "/other"]
    for page in pages[:4]:
        page.refresh_from_db()
        assert page.state == PageState.READY and page.body is not None and page.etag == '"l"'


def test_items_on_one_page_share_its_failure_and_not_its_304(
    clock: Any, wanted: Wanted, publisher: Any, reply: Any
) -> None:
    for number in range(3):
        wanted(f"/gone#{number}")
    assert retrieve() == Outcome(failed=3) and len(publisher.asked) == 1
    publisher.on("/live", reply(body=HTML, headers=[("Content-Type", "text/html"), ("ETag", '"l"')]))
    first = wanted("/live#1")
    retrieve()
    publisher.on("/live", lambda asked: reply(304) if "if-none-match" in asked.headers else reply(body=HTML))
    again(first)
    second = wanted("/live#2")
    assert retrieve() == Outcome(done=2)
    second.refresh_from_db()
    assert second.body is not None and [asked.path for asked in publisher.asked[2:]] == ["/live", "/live"]


def test_a_slow_page_blocks_its_article_for_minutes_only(clock: Any, wanted: Wanted) -> None:
    page = wanted()
    assert not queries.to_clean(START + timedelta(minutes=2)).exists()
    assert queries.to_clean(START + timedelta(minutes=3)).get().pk == page.entry_id


def test_an_article_that_did_not_wait_is_made_again(clock: Any, wanted: Wanted, publisher: Any, reply: Any) -> None:
    publisher.on("/1", reply(body=HTML, headers=[("Content-Type", "text/html")]))
    page = wanted(cleaned=1)
    retrieve()
    assert Entry.objects.get(pk=page.entry_id).cleaned_version == 0


@pytest.mark.parametrize("status", [404, 410, 403, 401])
def test_a_page_that_is_not_there_is_given_up(
    clock: Any, wanted: Wanted, publisher: Any, reply: Any, status: int
) -> None:
    publisher.on("/1", reply(status))
    page = wanted()
    assert retrieve() == Outcome(failed=1)
    page.refresh_from_db()
    assert (page.state, page.status, page.tries) == (PageState.FAILED, status, 1)
    assert str(status) in page.error
    assert queries.to_clean(START).exists()
    clock.shift(timedelta(days=9))
    retrieve()
    assert len(publisher.asked) == 1


@pytest.mark.parametrize(
    ("headers", "body", "word"),
    [
        ([("Content-Type", "application/pdf")], b"%PDF", "application/pdf"),
        ([("Content-Type", "image/jpeg")], b"x", "image/jpeg"),
        ([("Content-Type", "text/html")], b"", "empty"),
    ],
)
def test_what_is_no_page_is_given_up(
    clock: Any, wanted: Wanted, publisher: Any, reply: Any, headers: list[tuple[str, str]], body: bytes, word: str
) -> None:
    publisher.on("/1", reply(body=body, headers=headers))
    page = wanted()
    retrieve()
    page.refresh_from_db()
    assert page.state == PageState.FAILED and word in page.error


def test_an_address_that_leads_home_is_no_page(clock: Any, wanted: Wanted, publisher: Any, reply: Any) -> None:
    publisher.on("/1", reply(302, headers=[("Location", "/")]))
    publisher.on("/", reply(body=HTML, headers=[("Content-Type", "text/html")]))
    page = wanted()
    retrieve()
    page.refresh_from_db()
    assert page.state == PageState.FAILED and "home page" in page.error


def test_errors_are_tried_again_later_and_later_then_given_up(
    clock: Any, wanted: Wanted, publisher: Any, reply: Any
) -> None:
    publisher.on("/1", reply(500))
    page = wanted()
    waits = []
    for _ in range(10):
        retrieve()
        page.refresh_from_db()
        if page.state != PageState.WANTED:
            break
        assert page.due_at is not None
        waits.append((page.due_at - datetime.now(UTC)).total_seconds() / 60)
        clock.move_to(page.due_at)
    assert waits == [5, 10, 20, 40]
    assert (page.state, page.tries, len(publisher.asked)) == (PageState.FAILED, 5, 5)


def test_16_retry_after_and_429_hold_for_pages_too(clock: Any, wanted: Wanted, publisher: Any, reply: Any) -> None:
    publisher.on("/1", reply(429, headers=[("Retry-After", "7200")]))
    first, second = wanted("/1"), wanted("/2")
    retrieve()
    assert HostPause.objects.get().until == START + timedelta(hours=2)
    assert [asked.path for asked in publisher.asked] == ["/1"]
    publisher.on("/1", reply(body=HTML, headers=[("Content-Type", "text/html")]))
    publisher.on("/2", reply(body=HTML, headers=[("Content-Type", "text/html")]))
    clock.move_to(START + timedelta(minutes=119))
    retrieve()
    assert len(publisher.asked) == 1
    clock.move_to(START + timedelta(minutes=121))
    retrieve()
    for page in (first, second):
        page.refresh_from_db()
        assert page.state == PageState.READY


def test_a_page_whose_item_changed_meanwhile_is_fetched_again(
    clock: Any, wanted: Wanted, publisher: Any, reply: Any
) -> None:
    page = wanted()

    publisher.on("/1", reply(body=HTML, headers=[("Content-Type", "text/html")]))
    original = record

    def later(row: LinkedPage, result: Any) -> bool:
        LinkedPage.objects.filter(pk=row.pk).update(due_at=START - timedelta(seconds=1))
        return original(row, result)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("masthead.entries.retrieve.record", later)
        retrieve()
    page.refresh_from_db()
    assert page.state == PageState.WANTED
    retrieve()
    page.refresh_from_db()
    assert page.state == PageState.READY and len(publisher.asked) == 2


def test_hosts_are_asked_beside_each_other(clock: Any, wanted: Wanted, publisher: Any, reply: Any) -> None:
    async def slowly(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        writer.write(reply(body=HTML, headers=[("Content-Type", "text/html")]).wire())

    for n in range(3):
        publisher.on(f"/{n}", slowly)
        for host in range(4):
            wanted(f"/{n}", host=f"h{host}.localhost")
    assert retrieve().done == 12
    assert 2 <= publisher.most_under_way <= 4


def test_the_limit_holds_and_says_that_there_is_more(clock: Any, wanted: Wanted, publisher: Any, reply: Any) -> None:
    for n in range(5):
        publisher.on(f"/{n}", reply(body=HTML, headers=[("Content-Type", "text/html")]))
        wanted(f"/{n}")
    assert retrieve(limit=2) == Outcome(done=2, more=True)
    assert retrieve() == Outcome(done=3)


def test_an_article_waits_no_longer_once_its_page_failed_to_come(
    clock: Any, wanted: Wanted, publisher: Any, reply: Any
) -> None:
    publisher.on("/1", reply(503))
    page = wanted()
    assert retrieve() == Outcome(failed=1)
    page.refresh_from_db()
    assert page.state == PageState.WANTED and page.due_at is not None
    assert queries.to_clean(START).get().pk == page.entry_id
    Entry.objects.update(cleaned_version=1)  # made of what the feed gave
    publisher.on("/1", reply(body=HTML, headers=[("Content-Type", "text/html")]))
    clock.move_to(page.due_at)
    assert retrieve() == Outcome(done=1)
    assert queries.to_clean(page.due_at).get().pk == page.entry_id, "made again, now with its page"
