"""`masthead replay` over real workers and a real broker, one of which is killed in the middle of its part."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from cluster import services
from cluster.press import document
from cluster.services import wait_for
from cluster.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.service("redis")]
COUNT, PART = 160, 40
# Articles as a worse program would have made them, and the run over them, in parts smaller than usual.
MAKE = """
from datetime import timedelta
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone
from masthead.articles.clean import clean
from masthead.articles.models import Article, Revision
from masthead.articles.replay import parts, run
from masthead.entries.ingest import ingest
from masthead.feeds.models import Feed, Fetch, Source
import zstandard
given = json.load(sys.stdin)
document = given["document"].encode()
source = Source.objects.create(name="The Quay", slug="quay")
later = timezone.now() + timedelta(days=1)
feed = Feed.objects.create(
    source=source, url="http://quay.example/feed", host="quay.example", due_at=later, not_before=later)
Fetch.objects.create(feed=feed, started_at=timezone.now(), status=200, final_url=feed.url,
    headers={"content-type": "application/rss+xml"}, body=zstandard.compress(document), body_size=len(document))
ingest()
while clean().more: pass
spoilt = Concat(F("title"), Value(" &amp;amp; more"))
Article.objects.update(title=spoilt)
for revision in Revision.objects.all():
    revision.document["title"] += " &amp;amp; more"
    revision.digest = revision.engine = "old"
    revision.save()
parts.PART = given["part"]
row, _ = run.begin(applies=True, since=None, source=None)
parts.cut(row)
print(row.pk)
"""


def test_a_worker_is_killed_midway_and_others_and_the_command_finish_each_entry_once(tmp_path: Path) -> None:
    with services.postgres() as database, services.redis(tmp_path) as (broker, _):
        site = Site(tmp_path, database, broker, MASTHEAD_WORKERS="1", MASTHEAD_LEASE="6")
        site.subscribe([])
        site.settings["MASTHEAD_WORKERS"] = "0"
        run = int(site.python(MAKE, given={"document": document(1, COUNT).decode(), "part": PART}))
        site.settings["MASTHEAD_WORKERS"] = "1"
        assert site.sql("SELECT count(*) FROM articles_article WHERE title LIKE '%&amp;amp; more'") == [(COUNT,)]

        first = site.worker(0, lanes="replay", concurrency=1)
        wait_for(lambda: _middle(site), 90, "a part half done by a worker")
        first.kill()
        # It was killed in the middle: some parts are whole, or none yet, and one is begun and nobody's for a while.
        [(looked, begun, finished)] = site.sql(
            "SELECT sum((findings->>'looked')::int), count(*) FILTER (WHERE leased_until > now()),"
            " count(*) FILTER (WHERE finished_at IS NOT NULL) FROM articles_replay WHERE whole_id IS NOT NULL"
        )
        assert 0 < looked < COUNT and begun == 1 and finished < COUNT // PART

        second = site.worker(1, lanes="replay", concurrency=2)
        try:
            status, said, shown = _command(site)
            assert (said["run"], said["resumed"], said["finished"]) == (run, True, True), said
            assert (said["total"], said["looked"], said["revised"], said["failed"]) == (COUNT, COUNT, COUNT, 0), said
            assert status == 0 and "Going on with the run" in shown and "Cleaning again" in shown
            assert "100%" in shown, shown
        finally:
            second.kill()
        assert site.sql("SELECT count(*), count(DISTINCT article_id) FROM articles_revision WHERE origin = 'ours'") == [
            (COUNT, COUNT)
        ]
        assert site.sql("SELECT count(*) FROM articles_article WHERE title LIKE '%amp;%'") == [(0,)]
        assert site.sql("SELECT count(*) FROM articles_replay WHERE finished_at IS NULL") == [(0,)]
        site.close()


def _middle(site: Site) -> bool:
    """Whether a worker is in the middle of a part."""
    rows = site.sql(
        "SELECT (findings->>'looked')::int FROM articles_replay WHERE whole_id IS NOT NULL AND finished_at IS NULL"
        " AND leased_until > now() AND findings IS NOT NULL"
    )
    return any(2 <= looked <= PART // 2 for (looked,) in rows if looked is not None)


def _command(site: Site) -> tuple[int, dict[str, object], str]:
    """`masthead replay --apply` at a terminal; its exit status, what it told, and what stood at the terminal."""
    ours, theirs = pty.openpty()
    shown: list[bytes] = []
    process = subprocess.Popen(
        [sys.executable, "-m", "masthead", "replay", "--apply", "--json"],
        env=site.environment(site.folder / "hands"),
        stdout=subprocess.PIPE,
        stderr=theirs,
        process_group=0,
    )
    os.close(theirs)

    def read() -> None:
        try:
            while data := os.read(ours, 4096):
                shown.append(data)
        except OSError:
            pass  # a terminal whose program ended

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        out, _ = process.communicate(timeout=120)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        reader.join(5)
        os.close(ours)
    return process.returncode, json.loads(out or b"{}"), b"".join(shown).decode()
