"""Counting readers: what counts, what does not and why, nothing lost, nothing kept about anyone."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import DatabaseError, connections
from django.db.models import Exists, OuterRef

from masthead import wsgi
from masthead.articles.models import Article
from masthead.audience import count as counting
from masthead.audience import queries, repeats, top
from masthead.audience import relay as relaying
from masthead.audience import settle as settling
from masthead.audience.agents import REASONS, agent_reason, header_reason
from masthead.audience.count import Counter
from masthead.audience.models import Exclusion, ViewCount
from masthead.audience.peers import client_address, networks
from masthead.audience.repeats import Readings
from masthead.audience.roll import HOURLY, KEPT, roll
from masthead.audience.weights import UNIT, weight, weights
from masthead.pages.models import Placement, Section
from masthead.serve import examine
from masthead.site.tell import uncounted

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
A = ("192.0.2.7", FIREFOX)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The clock, and the steady clock of counting beside it, which moves with it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        monkeypatch.setattr(counting, "monotonic", time.time)
        yield traveller


def request(address: str = "192.0.2.7", agent: str = FIREFOX, **more: str) -> dict[str, str]:
    return {"REQUEST_METHOD": "GET", "REMOTE_ADDR": address, "HTTP_USER_AGENT": agent, **more}


def excluded() -> dict[str, int]:
    return dict(Exclusion.objects.values_list("reason", "requests"))


def test_readings_and_short_links_are_counted_apart(newsroom: Any, clock: Any) -> None:
    article = newsroom.article()
    counter = Counter()
    counter.observe(f"/article/{article.pk}-report-1/", request())
    counter.observe("/s/c1", request())
    counter.observe("/s/c1", request("192.0.2.8"))
    counter.observe("/", request())
    counter.observe(f"/article/{article.pk}-report-1/changes/", request("192.0.2.9"))
    counter.flush()
    row = ViewCount.objects.get()
    assert (row.article_id, row.hour, row.views, row.short_link_uses) == (article.pk, NOON, 1, 2)
    assert excluded() == {}
    assert counter.flush() == 0


@pytest.mark.parametrize(
    ("reason", "environ"),
    [
        ("head", request(REQUEST_METHOD="HEAD")),
        ("crawler", request(agent="Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")),
        ("crawler", request(agent="curl/8.5.0")),
        ("preview", request(agent="facebookexternalhit/1.1")),
        ("preview", request(agent="WhatsApp/2.23.20.0 A")),
        ("preview", request(agent="http.rb/5.1.1 (Mastodon/4.2.1; +https://social.example/)")),
        ("monitor", request(agent="Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)")),
        ("monitor", request(agent="kube-probe/1.29")),
        ("no-agent", request(agent="")),
        ("program", request(agent="MyScript 1.0")),
        ("prerender", request(HTTP_SEC_PURPOSE="prefetch;prerender")),
        ("prerender", request(HTTP_PURPOSE="prerender")),
        ("prefetch", request(HTTP_SEC_PURPOSE="prefetch;anonymous-client-ip")),
        ("method", request(REQUEST_METHOD="POST")),
        ("range", request(HTTP_RANGE="bytes=0-99")),
        ("prefetch", request(HTTP_PURPOSE="prefetch")),
        ("prefetch", request(HTTP_X_MOZ="prefetch")),
        ("prefetch", request(HTTP_X_PURPOSE="preview")),
        ("desk", request(HTTP_COOKIE=f"csrftoken=x; {settings.SESSION_COOKIE_NAME}=abc")),
    ],
)
def test_what_does_not_count_has_a_reason(newsroom: Any, clock: Any, reason: str, environ: dict[str, str]) -> None:
    article = newsroom.article()
    counter = Counter()
    counter.observe(f"/article/{article.pk}-x/", environ)
    counter.flush()
    assert excluded() == {reason: 1}
    assert reason in REASONS
    assert not ViewCount.objects.exists()


def test_a_cookie_of_another_name_is_not_the_desks() -> None:
    """Another program on the host may set cookies; the server sends them to us all the same."""
    cookie = f"{settings.SESSION_COOKIE_NAME}="
    assert header_reason(request(HTTP_COOKIE=f"shop_{cookie}1; a=b"), "200 OK", cookie) == ""
    assert header_reason(request(HTTP_COOKIE=f"{cookie}1; a=b"), "200 OK", cookie) == "desk"


@pytest.mark.parametrize(
    "agent",
    [
        FIREFOX,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
        "Lynx/2.9.0",
        "w3m/0.5.3",
    ],
)
def test_browsers_count(agent: str) -> None:
    assert agent_reason(agent) == ""


def test_ten_thousand_repeats_are_one_reading(newsroom: Any, clock: Any) -> None:
    article = newsroom.article()
    counter = Counter()
    for _ in range(10_000):
        counter.observe(f"/article/{article.pk}/", request())
    counter.flush()
    assert ViewCount.objects.get().views == 1
    assert excluded() == {"repeat": 9_999}


def test_half_a_minute_later_it_is_another_reading(newsroom: Any, clock: Any) -> None:
    article, other = newsroom.article(), newsroom.article()
    counter = Counter()
    for seconds, path in ((0, article.pk), (0, other.pk), (29, article.pk), (58, article.pk), (89, article.pk)):
        clock.move_to(NOON + timedelta(seconds=seconds))
        counter.observe(f"/article/{path}-x/", request())
        counter.flush()
    assert dict(ViewCount.objects.values_list("article", "views")) == {article.pk: 2, other.pk: 1}
    assert excluded() == {"repeat": 2}


def through_the_door(counter: Counter, path: str, environ: dict[str, Any]) -> None:
    """As the server would: forwarding headers judged first."""
    environ = {"wsgi.url_scheme": "http", "HTTP_HOST": "testserver", **environ}
    wsgi.judge_forwarded(environ)
    counter.observe(path, environ)


@pytest.mark.parametrize(
    "claim",
    ["HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED", "HTTP_X_REAL_IP"],
)
def test_forged_forwarding_headers_are_no_readers(newsroom: Any, clock: Any, claim: str) -> None:
    article = newsroom.article()
    counter = Counter()
    for n in range(50):
        through_the_door(counter, f"/article/{article.pk}-x/", request(**{claim: f"203.0.113.{n}"}))
    counter.flush()
    assert not ViewCount.objects.exists()
    assert excluded() == {"forged": 50}


def test_a_trusted_proxy_tells_who_asks(newsroom: Any, clock: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(wsgi, "_trusted", networks(("192.0.2.0/24", "2001:db8::/32")))
    article = newsroom.article()
    counter = Counter()
    path = f"/article/{article.pk}-x/"
    for n in range(5):
        through_the_door(counter, path, request(HTTP_X_FORWARDED_FOR=f"6.6.6.{n}, 203.0.113.5, 192.0.2.1"))
    through_the_door(counter, path, request(HTTP_X_FORWARDED_FOR="203.0.113.6"))
    counter.flush()
    assert ViewCount.objects.get().views == 2
    assert excluded() == {"repeat": 4}


@pytest.mark.parametrize(
    ("status", "reason"), [("404 Not Found", "error"), ("410 Gone", "error"), ("503 Busy", "error"), ("301 M", "moved")]
)
def test_only_an_answer_that_can_be_read_counts(newsroom: Any, clock: Any, status: str, reason: str) -> None:
    article = newsroom.article()
    counter = Counter()
    counter.observe(f"/article/{article.pk}-x/", request(), status)
    counter.observe(f"/article/{article.pk}-x/", request(), "304 Not Modified")
    counter.flush()
    assert ViewCount.objects.get().views == 1
    assert excluded() == {reason: 1}


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("198.51.100.1", "1.2.3.4", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "9.9.9.9, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "nonsense"),
        ("", "1.2.3.4", ""),
        ("::1", "1.2.3.4", "::1"),
        ("::ffff:10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("::ffff:11.0.0.1", "1.2.3.4", "::ffff:11.0.0.1"),
    ],
)
def test_client_address(peer: str, forwarded: str, expected: str) -> None:
    assert client_address(peer, forwarded, networks(("10.0.0.0/8",))) == expected


def test_a_salt_lives_for_less_than_a_day_and_hides_no_repeat_when_it_goes() -> None:
    readings = Readings()
    assert not readings.repeated(0.0, A, 1)
    first = readings._salt
    seen: set[int] = set()
    at, step = 0.0, 20.0
    while readings._salt is first:
        seen |= {*readings._recent, *readings._older}
        at += step
        assert readings.repeated(at, A, 1)  # each 20 seconds, also across the change of salts
        assert at < 86_400
    for _ in range(4):
        at += step
        assert readings.repeated(at, A, 1)
    assert seen.isdisjoint({*readings._recent, *readings._older})
    readings.forget(at + 90)
    assert len(readings) == 0


def test_readings_agree_with_a_list_that_forgets_nothing() -> None:
    chance = random.Random(5)
    readings, last, at = Readings(), {}, 0.0
    for _ in range(20_000):
        at += chance.expovariate(1.0)
        reader = (str(chance.randrange(25)), "agent")
        expected = reader in last and at - last[reader] <= 30
        last[reader] = at
        assert readings.repeated(at, reader, 7) is expected


@pytest.mark.parametrize("jump", [timedelta(hours=-3), timedelta(days=400)])
def test_a_clock_that_is_set_hides_no_repeat_and_makes_none(
    newsroom: Any, clock: Any, monkeypatch: Any, jump: timedelta
) -> None:
    steady = 1000.0
    monkeypatch.setattr(counting, "monotonic", lambda: steady)
    article = newsroom.article()
    counter = Counter()
    counter.observe(f"/article/{article.pk}-x/", request())
    counter.flush()
    clock.move_to(NOON + jump)
    steady += 5
    counter.observe(f"/article/{article.pk}-x/", request())
    steady += 31
    counter.observe(f"/article/{article.pk}-x/", request())
    counter.flush()
    assert sum(ViewCount.objects.values_list("views", flat=True)) == 2
    assert excluded() == {"repeat": 1}


def test_articles_that_are_not_there(newsroom: Any, clock: Any) -> None:
    counter = Counter()
    counter.observe("/article/404-gone/", request())
    counter.observe("/s/nothere", request())
    counter.observe("/article/99999999999999999999-x/", request())
    counter.flush()
    assert excluded() == {"unknown": 2}


def test_nothing_is_lost_when_the_database_refuses(newsroom: Any, clock: Any, monkeypatch: Any) -> None:
    article = newsroom.article()
    counter = Counter()
    counter.observe(f"/article/{article.pk}-x/", request())
    counter.observe("/s/c1", request())

    def refuse(counts: object) -> int:
        raise DatabaseError("full")

    with monkeypatch.context() as patched:
        patched.setattr(counting, "write", refuse)
        with pytest.raises(DatabaseError):
            counter.flush()
    counter.observe(f"/article/{article.pk}-x/", request("192.0.2.50"))
    counter.flush()
    row = ViewCount.objects.get()
    assert (row.views, row.short_link_uses) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_exact_over_threads_and_processes(transactional_db: None, newsroom: Any) -> None:
    """Two counters stand for two web processes; each serves threads and writes while they count."""
    pk = newsroom.article().pk
    counters = [Counter(), Counter()]
    threads = 4
    each = 500

    def read(number: int) -> None:
        counter = counters[number % 2]
        for n in range(each):
            counter.observe(f"/article/{pk}-x/", request(f"10.{number}.{n // 250}.{n % 250}"))
            if n % 100 == 99:
                counter.flush()
        connections.close_all()

    started = [threading.Thread(target=read, args=(n,)) for n in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    for counter in counters:
        counter.flush()
    assert sum(ViewCount.objects.values_list("views", flat=True)) == threads * each


def test_hours_become_days_and_no_reading_is_lost(newsroom: Any, clock: Any) -> None:
    article, other = newsroom.article(), newsroom.article()
    old = NOON - timedelta(days=9)
    for hours in range(30):
        ViewCount.objects.create(article=article, hour=old + timedelta(hours=hours), views=2, short_link_uses=1)
    ViewCount.objects.create(article=other, hour=old, views=5)
    ViewCount.objects.create(article=other, hour=NOON, views=7)
    while roll(limit=1).more:
        pass
    rows = list(
        ViewCount.objects.filter(article=article)
        .order_by("hour")
        .values_list("hour", "views", "short_link_uses", "daily")
    )
    assert [row[0].hour for row in rows] == [0, 0]
    assert [row[1:] for row in rows] == [(24, 12, True), (36, 18, True)]
    assert sorted(ViewCount.objects.filter(article=other).values_list("views", "daily")) == [(5, True), (7, False)]
    ViewCount.objects.create(article=article, hour=old + timedelta(hours=1), views=1)
    while roll().more:
        pass
    assert ViewCount.objects.get(article=article, hour=rows[0][0]).views == 25
    ViewCount.objects.create(article=article, hour=NOON - timedelta(days=500), views=1)
    roll()
    assert not ViewCount.objects.filter(hour__lt=NOON - timedelta(days=400)).exists()


def test_most_popular_by_window_edition_and_source(newsroom: Any, clock: Any, settings: Any) -> None:
    settings.MASTHEAD = replace(settings.MASTHEAD, editions=("en", "de"))
    english, german = newsroom.article(), newsroom.article(language="de", source="Der Bote")
    hidden = newsroom.article(state="held")
    sealed = newsroom.article(embargo_until=NOON + timedelta(hours=1))
    for article, hours, views in ((english, 0, 3), (german, 2, 9), (english, 30, 50), (hidden, 0, 99), (sealed, 0, 99)):
        ViewCount.objects.create(article=article, hour=NOON - timedelta(hours=hours), views=views)
    assert queries.most_popular(hours=24).views == {german.pk: 9, english.pk: 3}
    assert queries.most_popular(hours=48).views == {english.pk: 53, german.pk: 9}
    assert queries.most_popular(hours=48).ids == (english.pk, german.pk)
    assert queries.most_popular(hours=1).ids == (english.pk,)
    assert queries.most_popular(edition="de").ids == (german.pk,)
    assert queries.most_popular(source=english.source_id).ids == (english.pk,)
    nowhere = Exists(Placement.objects.filter(article=OuterRef("pk"), section__slug="sport"))
    assert queries.most_popular(only=nowhere, fill=False).ids == ()
    world = Section.objects.create(slug="world", name="World")
    Placement.objects.create(article=german, section=world, language="de", at=NOON)
    placed = Exists(Placement.objects.filter(article=OuterRef("pk"), section=world))
    assert queries.most_popular(only=placed).ids == (german.pk,)


@pytest.mark.parametrize("seed", range(12))
def test_a_ranking_that_reads_a_part_is_the_one_that_reads_all(
    newsroom: Any, clock: Any, seed: int, monkeypatch: Any
) -> None:
    """Whatever the readings are, heavy-tailed or flat, with ties, of some articles or all, hidden ones among them."""
    chance = random.Random(seed)
    monkeypatch.setattr(top, "DEPTHS", (2, 5))
    articles = [newsroom.article(state="held" if n % 7 == 6 else "published") for n in range(24)]
    rows = {}
    for _ in range(300):
        days = chance.randrange(1, 40)
        recent, old = NOON - timedelta(hours=chance.randrange(60)), NOON.replace(hour=0) - timedelta(days=days)
        article, hour = chance.choice(articles), recent if days < 4 else old
        views = chance.choice((1, 1, 2, 3)) if seed % 3 == 0 else min(5000, int(chance.paretovariate(0.5)))
        rows[article.pk, hour] = ViewCount(article=article, hour=hour, views=views, daily=days >= 4)
    ViewCount.objects.bulk_create(rows.values())
    for hours in (7 * 24, 30 * 24):
        for limit in (1, 3, 10):
            strongest = queries.most_popular(hours=hours, limit=limit)
            with monkeypatch.context() as whole:
                whole.setattr(top, "strongest", lambda *_: None)
                assert strongest == queries.most_popular(hours=hours, limit=limit)


def test_where_few_are_read_much_a_month_is_not_read_whole(newsroom: Any, clock: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(top, "DEPTHS", (20, 40))
    newsroom.many(150)
    keys = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    days = [NOON.replace(hour=0) - timedelta(days=n) for n in range(4, 25)]
    ViewCount.objects.bulk_create(
        ViewCount(article_id=key, hour=day, views=1 + 4000 // (1 + (n + 3 * d) % 150), daily=True)
        for n, key in enumerate(keys)
        for d, day in enumerate(days)
    )
    summed = queries._summed

    def part(*args: Any, among: Any = None, **rest: Any) -> Any:
        assert among is None, "all of the month was read"
        return summed(*args, among=among, **rest)

    monkeypatch.setattr(queries, "_summed", part)
    assert len(queries.most_popular(hours=30 * 24).ids) == 10


def test_yesterdays_hit_leaves(newsroom: Any, clock: Any) -> None:
    hit, steady = newsroom.article(), newsroom.article()
    ViewCount.objects.create(article=hit, hour=NOON, views=2000)
    for hours in range(30):
        ViewCount.objects.create(article=steady, hour=NOON + timedelta(hours=hours), views=40)
    leads = []
    for hours in range(1, 27):
        clock.move_to(NOON + timedelta(hours=hours))
        leads.append(queries.most_popular(hours=24).ids)
    assert leads[0] == (hit.pk, steady.pk)
    changed = leads.index((steady.pk, hit.pk))
    assert 6 <= changed <= 18 and set(leads[changed:24]) == {(steady.pk, hit.pk)}
    assert leads[-1] == (steady.pk,)
    assert queries.most_popular(hours=720).ids == (hit.pk, steady.pk)


def test_days_count_as_their_hours_did(newsroom: Any, clock: Any) -> None:
    first, second = newsroom.article(), newsroom.article()
    for hours in range(24):
        at = NOON - timedelta(days=4, hours=12) + timedelta(hours=hours)
        ViewCount.objects.create(article=first, hour=at, views=5)
        ViewCount.objects.create(article=second, hour=at, views=6)
    before = queries.most_popular(hours=168)
    while roll().more:
        pass
    assert ViewCount.objects.filter(daily=True).count() == 2
    assert queries.most_popular(hours=168) == before
    assert before.views == {second.pk: 144, first.pk: 120}


def test_what_lies_before_the_window_counts_for_nothing(newsroom: Any, clock: Any) -> None:
    clock.move_to(NOON + timedelta(minutes=20))
    article = newsroom.article()
    for hours in range(12):
        ViewCount.objects.create(article=article, hour=NOON - timedelta(hours=hours), views=1)
    ViewCount.objects.create(article=article, hour=NOON - timedelta(days=31, hours=12), views=100, daily=True)
    assert queries.most_popular(hours=1).views == {article.pk: 2}
    assert queries.most_popular(hours=720).views == {article.pk: 12}
    other = newsroom.article()
    ViewCount.objects.create(article=other, hour=NOON - timedelta(hours=2), views=50)
    assert queries.most_popular(hours=1).ids == (article.pk,)


def test_equal_readings_come_in_one_order_and_the_future_counts_for_nothing(newsroom: Any, clock: Any) -> None:
    articles = [newsroom.article() for _ in range(5)]
    for article in articles:
        ViewCount.objects.create(article=article, hour=NOON - timedelta(hours=1), views=4)
    ViewCount.objects.create(article=articles[0], hour=NOON + timedelta(days=400), views=10**6)
    assert queries.most_popular().ids == tuple(sorted((a.pk for a in articles), reverse=True))


def test_weights_halve_each_quarter_and_end_with_the_window() -> None:
    assert [weight(timedelta(hours=6 * n), 24) for n in range(3)] == [UNIT, UNIT // 2, UNIT // 4]
    now = NOON + timedelta(minutes=20)
    parts = list(weights(now, 24))
    hours = [part for part in parts if not part[1]]
    assert len(hours) == 25 and hours[0][0] == NOON and hours[-1][0] == NOON - timedelta(hours=24)
    assert [h[2] for h in hours[:-1]] == sorted((h[2] for h in hours[:-1]), reverse=True)
    assert hours[-1][2] < hours[-2][2] * 0.7  # forty minutes of it lie in the window
    assert {start for start, daily, _ in weights(now, 168) if daily} == {
        NOON.replace(hour=0) - timedelta(days=n) for n in range(8)
    }


def test_popular_falls_back_to_the_newest_and_says_so(newsroom: Any, clock: Any) -> None:
    old, new = newsroom.article(at=NOON - timedelta(days=3)), newsroom.article()
    ViewCount.objects.create(article=old, hour=NOON - timedelta(days=3), views=3)
    ranking = queries.most_popular()
    assert ranking.fallback
    assert ranking.ids == (new.pk, old.pk)
    assert queries.most_popular(fill=False).ids == ()


def test_the_words_of_the_page_that_explains_are_true() -> None:
    """It names these numbers in words, in all languages."""
    assert (counting.WINDOW_SECONDS, HOURLY, timedelta(days=396) <= KEPT) == (10, timedelta(days=2), True)
    assert relaying.SEND_SECONDS + settling.LAG + counting.FLUSH_SECONDS < counting.WINDOW_SECONDS
    assert set(REASONS) == set(uncounted.REASONS)
    assert 2 * repeats.REPEAT_SECONDS <= 60 and repeats.SALT_SECONDS <= 43_200


def test_a_site_behind_a_proxy_that_it_does_not_name_is_told_so(newsroom: Any, clock: Any) -> None:
    counter = Counter()
    article = newsroom.article()
    for n in range(30):
        through_the_door(counter, f"/article/{article.pk}-x/", request(HTTP_X_FORWARDED_FOR=f"203.0.113.{n}"))
    counter.flush()
    assert [finding.advice for finding in examine.readers()] == ["name it in the setting trusted_proxies"]
    ViewCount.objects.create(article=article, hour=NOON, views=31)
    assert not list(examine.readers())
