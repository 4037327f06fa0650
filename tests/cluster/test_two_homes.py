"""Two machines that serve one site: what one changes the other shows no more, and both count together."""

from __future__ import annotations

import contextlib
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from cluster import services
from cluster.services import free_port, wait_for
from cluster.site import Machine, Site

pytestmark = [pytest.mark.slow, pytest.mark.service("redis")]
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
MAKE = """
from datetime import timedelta
from django.utils import timezone
from masthead.articles.models import Article
from masthead.entries.ingest import ingest
from masthead.articles.clean import clean
from masthead.entries.keep import keep
from masthead.feeds.models import Feed, Fetch, Source
from masthead.pipeline import run_until_idle
import zstandard
document = json.load(sys.stdin).encode()
source = Source.objects.create(name="The Quay", slug="quay")
feed = Feed.objects.create(source=source, url="http://quay.example/feed", host="quay.example",
    due_at=timezone.now() + timedelta(days=1), not_before=timezone.now() + timedelta(days=1))
Fetch.objects.create(feed=feed, started_at=timezone.now(), status=200, final_url=feed.url,
    headers={"content-type": "application/rss+xml"}, body=zstandard.compress(document), body_size=len(document))
ingest(); clean()
from masthead.pages import addresses
print(json.dumps([addresses.article(a.pk, a.slug) for a in Article.objects.order_by("pk")]))
"""
WITHDRAW = """
from masthead.articles.models import Article
from masthead.articles.takedown import withdraw
withdraw(Article.objects.order_by("pk")[0], "A court ordered it.")
"""


def status(port: int, path: str, agent: str = BROWSER) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"User-Agent": agent})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@contextlib.contextmanager
def serving(site: Site, name: str, more: str) -> Iterator[tuple[Machine, int]]:
    port = free_port()
    site.settings["MASTHEAD_WEB_WORKERS"] = more
    machine = Machine(site, name, "serve", "--bind", f"127.0.0.1:{port}")
    try:
        yield machine, port
    finally:
        machine.process.terminate()
        with contextlib.suppress(Exception):
            machine.process.wait(30)
        machine.kill()


def test_two_homes_on_one_database(tmp_path: Path) -> None:
    from cluster.press import document

    with services.postgres() as database, services.redis(tmp_path) as (broker, _):
        site = Site(tmp_path, database, broker, MASTHEAD_WORKERS="1", MASTHEAD_LOG_FORMAT="json")
        # Both start at once on an empty database: one makes it, the other waits.
        with serving(site, "north", "1") as (_north, a), serving(site, "south", "2") as (south, b):
            wait_for(lambda: status(a, "/readyz") == 200 and status(b, "/readyz") == 200, 180, "both serving")
            first, second = json.loads(site.python(MAKE, home="north", given=document(1, 2).decode()))
            for port in (a, b):
                assert [status(port, path) for path in (first, second)] == [200, 200]
            site.python(WITHDRAW, home="north")
            # At once on its own machine, and within a second or two on the other.
            assert status(a, first) == 410
            wait_for(lambda: status(b, first) == 410, 15, "the takedown on the other machine")
            assert status(a, second) == status(b, second) == 200
            # Nobody has started a worker: the site does its own work, and says so.
            wait_for(lambda: "no worker looks after it" in south.log.read_text(), 90, "the work done by the servers")

            # Each reader is another browser: no repeat.
            before = _views(site)
            for number in range(30):
                for port in (a, b):
                    assert status(port, second, f"{BROWSER} reader/{port}.{number}") == 200
            wait_for(lambda: _views(site) - before >= 60, 60, "the readings of both machines")
        assert _views(site) - before == 60


def _views(site: Site) -> int:
    [(views,)] = site.sql("SELECT coalesce(sum(views), 0) FROM audience_viewcount")
    return int(views)
