"""Masthead as a program of three verbs: poll and ingest alone, which is what the others do too.

    python run_masthead.py add|update|count [LIST-OF-ADDRESSES]

The home and all settings come from the environment. `update` first lets the time pass until every feed may be asked
again: their due times and floors are taken away.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path


def add(addresses: list[str]) -> None:
    from django.core.management import call_command

    from masthead.feeds.models import Feed, Source

    call_command("migrate", verbosity=0)
    sources = Source.objects.bulk_create(Source(name=f"Source {n}", slug=f"source-{n}") for n in range(len(addresses)))
    Feed.objects.bulk_create(
        Feed(source=source, url=url, host=url.split("/")[2].split(":")[0])
        for source, url in zip(sources, addresses, strict=True)
    )


def update() -> None:
    from django.db import connections

    from masthead.entries.ingest import ingest
    from masthead.feeds import client
    from masthead.feeds.models import Feed
    from masthead.feeds.poll import poll_due
    from masthead.store.workers import run as workers

    def poll() -> None:
        while poll_due().more:
            pass
        connections.close_all()

    Feed.objects.update(due_at=None, not_before=None)
    # As in the pipeline, each in a thread of its own.
    polling = threading.Thread(target=poll)
    polling.start()
    while ingest().more or polling.is_alive():
        polling.join(0.02)
    while ingest().more:
        pass
    client.close()
    workers.close()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masthead.settings")
    import django

    django.setup()
    if sys.argv[1] == "add":
        add(Path(sys.argv[2]).read_text().split())
    elif sys.argv[1] == "update":
        update()
    else:
        from masthead.entries.models import Entry

        print(Entry.objects.count())


if __name__ == "__main__":
    main()
