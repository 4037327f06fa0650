"""What is done while faults come: the program's own steps and commands, nothing made for the occasion."""

from __future__ import annotations

import shutil
from pathlib import Path

STEPS = ("ingest", "clean", "group", "arrange", "roll")


def warm() -> None:
    """Import what the jobs need, without touching the database."""
    from masthead.articles import clean, make, replay  # noqa: F401
    from masthead.articles.replay import run  # noqa: F401
    from masthead.entries import ingest, read  # noqa: F401
    from masthead.feeds import poll  # noqa: F401
    from masthead.pages import arrange  # noqa: F401
    from masthead.serve import archive, database  # noqa: F401
    from masthead.stories import group  # noqa: F401

    make.warm()
    read.warm()


def migrate() -> None:
    """The start of `masthead serve`: the home made or upgraded."""
    from masthead.serve import home

    home.open_site(upgrade=True)


def subscribe(urls: list[str]) -> None:
    """Have these feeds, each of a source of its own, and a user for the desk."""
    from masthead.accounts.models import User
    from masthead.feeds.models import Feed
    from masthead.feeds.subscribe import Wish
    from masthead.feeds.subscribe import subscribe as have

    for number, url in enumerate(urls):
        have(Wish(url, source=f"Paper {number}", full_text="off"))
    Feed.objects.update(interval=1)
    User.objects.create_superuser("chief", password="chaos chaos chaos", role="chief")


def time_passes() -> None:
    """Leases run out and every feed is due, as it would be some minutes later."""
    from masthead.entries.models import Entry
    from masthead.feeds.models import Feed, Fetch

    Feed.objects.update(leased_until=None, due_at=None, not_before=None)
    for model in (Entry, Fetch):
        model.objects.exclude(leased_until=None).update(leased_until=None)


def work(rounds: int = 1) -> None:
    """Poll, then every step until nothing is left to do, so many times; an error of a step is an error here."""
    from masthead import pipeline
    from masthead.feeds.poll import poll_due

    steps = tuple(step for step in pipeline.STEPS if step.name in STEPS)
    for _ in range(rounds):
        time_passes()
        poll_due()
        result = pipeline.run_until_idle(60, steps)
        if result.errors:
            raise RuntimeError(f"steps failed: {result.errors}")


def careless(rounds: int = 1) -> None:
    """`work` on a database that does not wait for the disk: the harness has to notice (`tests/chaos`)."""
    from django.db import connection

    connection.ensure_connection()
    connection.connection.execute("PRAGMA synchronous = OFF")
    work(rounds)


def soak(rounds: int = 3) -> None:
    """The same, going on after errors, as the pipeline of a site does."""
    from masthead import pipeline
    from masthead.feeds.poll import poll_due

    steps = tuple(step for step in pipeline.STEPS if step.name in STEPS)
    for _ in range(rounds):
        try:
            time_passes()
            poll_due()
        except Exception as error:
            print("poll failed:", error)
        pipeline.run_until_idle(5, steps)


def backup(target: str) -> None:
    from django.conf import settings

    from masthead.serve import archive

    archive.write(settings.MASTHEAD.home, Path(target))


def unpack(source: str, folder: str) -> None:
    from masthead.serve import archive

    shutil.rmtree(folder, ignore_errors=True)
    Path(folder).mkdir()
    archive.unpack(Path(source), Path(folder))


def age(share: int = 2) -> None:
    """Make one article in `share` look as an older program left it, so that a replay has something to mend."""
    from masthead.articles.models import Article, Revision

    for article in Article.objects.select_related("revision"):
        if article.pk % share or article.revision is None:
            continue
        document = dict(article.revision.document)
        document["standfirst"] = "An older program wrote this."
        Revision.objects.filter(pk=article.revision_id).update(document=document, engine="older", digest="older")
        Article.objects.filter(pk=article.pk).update(standfirst="An older program wrote this.")


def replay() -> None:
    """`masthead replay --apply`: begun, or gone on with where it was stopped."""
    from masthead.articles.replay import run

    row, _ = run.begin(applies=True, since=None, source=None)
    run.Run(row).go_on()
