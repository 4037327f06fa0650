"""Nothing active leaves by any outlet, whatever stands in any field: the short round of `make bench-attack`."""

from __future__ import annotations

from itertools import cycle, islice

import pytest
from django.test import Client

from attack import judge, outlets, packs, press, routes
from attack.payloads import OWN, escaped
from masthead.accounts.models import Login, Role, User
from masthead.articles.models import Article

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BATCH = 20


def operator() -> tuple[Client, User]:
    client = Client(raise_request_exception=False)
    user = User.objects.create_user(username="op", role=Role.OPERATOR, is_staff=True, is_superuser=True)
    client.force_login(user)
    return client, user


@pytest.mark.parametrize("start", range(0, len(OWN), BATCH))
def test_nothing_active_at_any_outlet(start, editions):
    payloads = [text.replace("CANARY", "https://canary.example") for text in OWN[start : start + BATCH]]
    client, user = operator()
    things = press.print_news(
        packs.alone(payloads, list(islice(cycle(range(4)), start % 4, start % 4 + len(payloads))))
    )
    things |= {"user": user.pk, "login": Login.objects.get(user=user).pk}
    articles = list(Article.objects.values_list("pk", flat=True))
    assert len(articles) >= len(payloads)
    seen = outlets.Seen()
    outlets.ask(client.get, outlets.everything(things, articles[: 2 * BATCH : 2]), seen)
    outlets.told(articles, seen)
    assert not seen.faults, seen.faults[:20]
    assert seen.pages > 60
    # Pages were reached, and not redirects to them; most fields arrived.
    assert len(seen.marks["/article/N/"]) > 7 * len(payloads) and len(seen.marks["webhook"]) > 7 * len(payloads)


def test_payloads_share_a_report_without_hiding_each_other(editions):
    """As the long round has them: packed, and judged by what arrives of each."""
    every = packs.pairs([text.replace("CANARY", "https://canary.example") for text in OWN[::7]])
    packed = packs.packed(every)
    assert len(packed) < len(every) / 3 and sum(map(len, packed)) == len(every)
    client, user = operator()
    things = press.print_news(packed) | {"user": user.pk, "login": Login.objects.get(user=user).pk}
    articles = list(Article.objects.values_list("pk", flat=True))
    seen = outlets.Seen()
    outlets.ask(client.get, outlets.everything(things, articles), seen)
    assert not seen.faults, seen.faults[:20]
    titles = {number for number, letter in seen.marks["/article/N/"] if letter == "t"}
    bodies = {number for number, letter in seen.marks["/article/N/"] if letter in "hpcqkldor"}
    assert len(titles & bodies) > 0.9 * len(every)


@pytest.mark.parametrize(
    ("payload", "greedy"),
    [("<script>x</script>", False), ("<script>x", True), ("<!-- ", True), ("<b>", False), ("<img alt='", True),
     ("<textarea>", True), ("&lt;script>", False), ("</div>", False), ("<plaintext>", True), ("<svg><style>", True)],
)  # fmt: skip
def test_what_swallows_the_rest_is_known(payload, greedy):
    assert packs.swallows(payload) is greedy


@pytest.mark.parametrize("number", range(0, len(OWN), 20))
def test_nothing_active_even_where_it_came_past_the_repairs(number, editions):
    client, user = operator()
    things = press.print_news(packs.alone([OWN[number], OWN[number]], [0, 1]))
    things |= {"user": user.pk, "login": Login.objects.get(user=user).pk}
    press.poison(OWN[number].replace("CANARY", "https://canary.example"), user)
    seen = outlets.Seen()
    outlets.ask(client.get, outlets.everything(things, []), seen)
    assert not seen.faults, seen.faults[:20]


def test_every_route_is_tried(db):
    assert routes.unknown() == [], "say in bench/attack/routes.py how each of these is attacked"


@pytest.mark.parametrize(
    "markup",
    [
        "<script>x</script>", "<a href=' java\tscript:x'>a</a>", "<img src=x onerror=x>", "<p style='x'>",
        "<iframe></iframe>", "<img src=//evil.example/x>", "<form action='//evil.example'>", "<svg></svg>",
        "<meta http-equiv=refresh>", "<a hx-get=/x>x</a>", "<img srcset='//evil.example/x 2x'>", "<base href=/x>",
    ],
)  # fmt: skip
def test_the_judge_sees_what_acts(markup):
    assert judge.page(f"<!doctype html><body>{markup}")
    assert not judge.page(f"<!doctype html><body>{escaped(markup, 1)}<a href='https://a.example'>x</a><img src=/x.png>")


CONTROLS = "%01%02%08%0B%1B%5B2J%E2%80%AE%EF%BF%BEa"


@pytest.mark.parametrize(
    "place",
    [
        "/search/?q={0}&source={0}&section={0}&since={0}", "/search/feed.rss?q={0}", "/search/feed.json?q={0}",
        "/api/v1/search?q={0}", "/desk/articles/?q={0}&source={0}&state={0}", "/desk/stories/?q={0}",
        "/desk/stories/{story}/?q={0}", "/desk/articles/{article}/story/?q={0}", "/desk/feeds/?state={0}",
        "/desk/login/?next=/{0}", "/desk/again/?next=/{0}", "/desk/sections/categories/?source={0}", "/nowhere/{0}",
    ],
)  # fmt: skip
def test_what_was_asked_comes_back_without_what_no_page_may_hold(place):
    client, _ = operator()
    things = press.print_news(packs.alone(["quiet"], [0]))
    seen = outlets.Seen()
    outlets.ask(client.get, [place.format(CONTROLS, story=things["story"], article=things["article"])], seen)
    assert seen.faults == []
