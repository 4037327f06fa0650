"""`masthead inspect feed`: what Masthead reads in feed files, without a site."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from masthead.core.parse import NotAFeed, parse_feed
from masthead.core.records import FEED_SCHEMA
from masthead.core.sanitize import sanitize
from masthead.core.types import ParsedEntry, ParsedFeed

_SHOW_PROGRESS_FROM = 200


def feed_record(feed: ParsedFeed, file: str) -> dict[str, Any]:
    """A feed as the object `masthead.feed/1`: text is text, HTML is sanitised with absolute links."""
    hints = feed.hints
    return {
        "schema": FEED_SCHEMA,
        "file": file,
        "format": feed.format,
        "title": feed.title,
        "link": feed.link,
        "description": feed.description,
        "language": feed.language,
        "updated": feed.updated,
        "license": feed.license,
        "image": feed.image,
        "hints": {
            "ttl": hints.ttl,
            "skip_hours": list(hints.skip_hours),
            "skip_days": list(hints.skip_days),
            "update_period": hints.update_period,
        },
        "hubs": list(feed.hubs),
        "self": feed.self_link,
        "next": feed.next_link,
        "archives": list(feed.archive_links),
        "entries": [_entry_record(entry) for entry in feed.entries],
        "warnings": list(feed.warnings),
    }


def _entry_record(entry: ParsedEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "link": entry.link,
        "title": entry.title,
        "authors": [{"name": author.name, "email": author.email, "url": author.url} for author in entry.authors],
        "published": entry.published,
        "published_raw": entry.published_raw,
        "updated": entry.updated,
        "updated_raw": entry.updated_raw,
        "summary_html": sanitize(entry.summary_html, entry.base),
        "content_html": sanitize(entry.content_html, entry.base),
        "categories": list(entry.categories),
        "enclosures": [asdict(media) for media in entry.enclosures],
        "media": [asdict(media) for media in entry.media],
        "license": entry.license,
        "source": None if entry.source is None else {"title": entry.source.title, "url": entry.source.url},
        "language": entry.language,
        "comments": entry.comments,
        "places": [asdict(place) for place in entry.places],
        "in_reply_to": [asdict(reply) for reply in entry.in_reply_to],
        "episode": None if entry.episode is None else asdict(entry.episode),
    }


def inspect(file: str, url: str = "", content_type: str = "") -> dict[str, Any]:
    """The record of one file ("-": standard input), or {"file", "error"} when it cannot be read or is no feed."""
    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return feed_record(parse_feed(body, url=url, content_type=content_type), file)
    except NotAFeed as error:
        feeds = f"; it names these feeds: {', '.join(error.feeds)}" if error.feeds else ""
        return {"file": file, "error": f"{error}{feeds}"}
    except OSError as error:
        return {"file": file, "error": f"cannot be read: {error.strerror or error}"}


@click.command(epilog="Example: masthead inspect feed --url https://paper.example/rss feed.xml")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--url", default="", help="Where the files came from: relative addresses resolve against it.")
@click.option("--content-type", default="", help="The Content-Type header they came with; its charset counts.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line (this is also the default).")
def command(files: tuple[str, ...], url: str, content_type: str, as_json: bool) -> None:
    """Read feeds from FILEs and print what was understood, one JSON object a line.

    A file that cannot be read or is no feed gives {"file", "error"}, and exit status 1. "-" is standard input.
    """
    refused = 0
    hidden = len(files) < _SHOW_PROGRESS_FROM or not sys.stderr.isatty()
    with click.progressbar(files, label="reading", file=sys.stderr, hidden=hidden) as bar:
        for file in bar:
            record = inspect(file, url, content_type)
            line = json.dumps(record, ensure_ascii=False) + "\n"
            sys.stdout.buffer.write(line.encode("utf-8", "replace"))
            if "error" in record:
                refused += 1
                click.echo(f"{file}: {record['error']}", err=True)
    sys.stdout.buffer.flush()
    raise SystemExit(1 if refused else 0)
