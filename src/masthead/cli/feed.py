"""`masthead feed`: subscribe, list, remove, import and export feeds."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from masthead.cli import ready

if TYPE_CHECKING:
    from masthead.cli._choice import Choice
    from masthead.feeds.models import Feed
    from masthead.feeds.subscribe import Wish

REFUSED, UNUSABLE = 1, 2
_FULL_TEXT = click.Choice(["auto", "on", "off"])
_POLICY = click.Choice(["full", "excerpt", "link"])


@click.group(name="feed")
def command() -> None:
    """Subscribe, list, remove, import and export feeds.

    \b
    Example:
        masthead feed add https://news.example/ --section world
        masthead feed import subscriptions.opml
        masthead feed list"""


def _described(feed: Feed) -> dict[str, Any]:
    """A feed as `--json` prints it."""
    from masthead.feeds.websub import told

    hub = told.current(feed)
    return {
        "id": feed.pk,
        "url": feed.url,
        "title": feed.title,
        "source": feed.source.name,
        "section": feed.section,
        "language": feed.language,
        "policy": feed.source.policy,
        "full_text": feed.full_text,
        "state": feed.state,
        "reason": feed.reason,
        "failures": feed.failures,
        "due_at": feed.due_at.isoformat() if feed.due_at else None,
        "succeeded_at": feed.succeeded_at.isoformat() if feed.succeeded_at else None,
        "hub": feed.hub,
        "hub_state": hub.state if hub else "",
        "hub_told": told.words(feed, hub),
    }


def _complain(text: str) -> None:
    click.echo(f"masthead: {text}", err=True)


def _leave(asked: int, refused: int) -> None:
    """End with 0, 1 (some refused) or 2 (nothing done)."""
    if refused:
        sys.exit(REFUSED if refused < asked else UNUSABLE)


@command.command()
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@click.option("--source", default="", help="Publisher that the feed belongs to; made when there is none of this name.")
@click.option("--section", default="", help="Section of its articles, such as `world`.")
@click.option("--policy", type=_POLICY, help="What may be shown of a new publisher. Default: by its licence.")
@click.option(
    "--full-text", type=_FULL_TEXT, default="auto", show_default=True, help="Fetch the page behind each item."
)
@click.option("--language", default="", help="Language of the feed, such as `de`, if it does not say.")
@click.option("--all", "take_all", is_flag=True, help="Of a page that names several feeds, take all.")
@click.option(
    "--pick", default="", metavar="WHICH", help="Of several, take these: numbers (`1,3`), or words of title or address."
)
@click.option("--no-fetch", is_flag=True, help="Subscribe without looking at the address.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a feed on stdout.")
def add(
    urls: Sequence[str],
    source: str,
    section: str,
    policy: str | None,
    full_text: str,
    language: str,
    take_all: bool,
    pick: str,
    no_fetch: bool,
    as_json: bool,
) -> None:
    """Subscribe to feeds. URL may be a page: the feed that it names is taken; of several, one is asked for.

    One request is made for each URL, and what it brings is used. Pages of many platforms tell their feeds by their
    address. Only where a page names no feed are the usual places on its host tried, one after the other.

    \b
    Example:
        masthead feed add https://news.example/feed.xml --source "The Example" --section world
        masthead feed add https://news.example/ --pick 1,3"""
    ready()
    from masthead.cli._choice import Choice
    from masthead.feeds.subscribe import NotSubscribed, Wish

    refused = 0
    for url in urls:
        wish = Wish(url, source, section=section, policy=policy or "", full_text=full_text, language=language)
        try:
            made = _add(wish, Choice(pick, take_all, ask=_is_asked_in_person()), fetch=not no_fetch)
        except NotSubscribed as error:
            refused += 1
            _complain(str(error))
            continue
        for feed, created in made:
            if as_json:
                click.echo(json.dumps({**_described(feed), "created": created}, ensure_ascii=False))
                continue
            word = "Subscribed to" if created else "Already subscribed to"
            click.echo(f"{word} {feed.title or feed.url} (feed {feed.pk}, {feed.source.name}): {feed.url}")
    _leave(len(urls), refused)


def _add(wish: Wish, choice: Choice, *, fetch: bool) -> list[tuple[Feed, bool]]:
    """Subscribe to what stands at the wish's address, or to those chosen of what the page there names."""
    from dataclasses import replace

    from masthead.feeds.offers import full_address
    from masthead.feeds.probe import probe, take
    from masthead.feeds.queries import same_address
    from masthead.feeds.subscribe import subscribe

    wish = replace(wish, url=full_address(wish.url))
    known = same_address(wish.url)
    if known is not None:
        return [(known, False)]
    if not fetch:
        made = [subscribe(wish)]
    elif (found := probe(wish.url)).is_feed:
        made = [take(found, wish)]
    else:
        made = [subscribe(replace(wish, url=offer.url)) for offer in choice.of(wish.url, found.offers)]
    return [(one.feed, one.created) for one in made]


def _is_asked_in_person() -> bool:
    return sys.stdin.isatty()


@command.command(name="list")
@click.option("--failing", is_flag=True, help="Only those that need a look.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a feed on stdout.")
def list_(failing: bool, as_json: bool) -> None:
    """List the feeds, their state, and when they are asked next.

    \b
    Example:
        masthead feed list --failing"""
    ready()
    from masthead.feeds import queries
    from masthead.feeds.websub import told

    feeds = queries.failing() if failing else queries.listing()
    for feed in feeds:
        if as_json:
            click.echo(json.dumps(_described(feed), ensure_ascii=False))
            continue
        due = f"next {feed.due_at:%Y-%m-%d %H:%M} UTC" if feed.due_at and feed.state == "active" else feed.state
        trouble = f"  [{feed.reason}]" if feed.reason else ""
        click.echo(f"{feed.pk:>5}  {feed.source.name}: {feed.title or feed.url}\n       {feed.url}  {due}{trouble}")
        if hub := told.words(feed, told.current(feed)):
            click.echo(f"       hub {hub}")
    if not as_json and not feeds:
        click.echo("No feed needs a look." if failing else "No feeds yet. Begin with: masthead feed add URL", err=True)


@command.command()
@click.argument("names", metavar="FEED...", nargs=-1, required=True)
def remove(names: Sequence[str]) -> None:
    """Stop subscribing. FEED is a number from `feed list` or an address. Articles that were published stay.

    \b
    Example:
        masthead feed remove 12"""
    ready()
    from masthead.entries.removal import remove_feed
    from masthead.feeds.queries import find

    refused = 0
    for name in names:
        feed = find(name)
        if feed is None:
            refused += 1
            _complain(f"no feed {name!r} (masthead feed list shows them)")
            continue
        click.echo(f"{remove_feed(feed)}: {feed.url}")
    _leave(len(names), refused)


@command.command(name="import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--section", default="", help="Section of all feeds; default: the folder that a feed stands in.")
@click.option("--rights", is_flag=True, help="Take a list's word that a publisher's full text may be shown.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line of the file on stdout.")
def import_(files: Sequence[Path], section: str, rights: bool, as_json: bool) -> None:
    """Subscribe to all feeds of OPML files, or of text files with an address a line.

    Nothing is fetched now: the feeds are polled in their turn.

    Every line is imported, was there already, or is reported with the reason.

    \b
    Example:
        masthead feed import subscriptions.opml"""
    ready()
    from masthead.cli import _opml

    counts = _opml.import_files(files, section, as_json, rights=rights)
    if counts.unreadable:
        sys.exit(UNUSABLE)
    if counts.refused:
        sys.exit(REFUSED)


@command.command()
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path, dir_okay=False))
def export(file: Path | None) -> None:
    """Write all feeds as OPML, to FILE or stdout: folders, names, and settings that other programs pass over.

    \b
    Example:
        masthead feed export subscriptions.opml"""
    ready()
    from masthead.cli import _opml

    document = _opml.export()
    if file is None:
        click.echo(document, nl=False)
        return
    try:
        file.write_bytes(document)
    except OSError as error:
        _complain(f"{file} cannot be written: {error.strerror}")
        sys.exit(UNUSABLE)
