"""The sample newsroom in memory: its publishers and all their reports, read from the text files in `newsroom/`."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from masthead.demo.texts import Piece, Report, TextError, read_reports

FeedFormat = Literal["rss2", "rss1", "atom", "json"]


@dataclass(frozen=True, slots=True)
class Publisher:
    """An invented publisher. Its key is the first label of its host: `record` is at `record.localhost`.

    `whole`: its feed carries the full text; else a summary, and the text is on the page. `offset`: its clock's
    distance from UTC in hours. `mark`: the letter of its icon, "" where it has none. `habits`: kinds of damage
    (`demo.damage`) that all its items carry.
    """

    key: str
    name: str
    language: str
    kind: str
    description: str
    ownership: str
    format: FeedFormat
    feed_path: str
    whole: bool
    accent: str
    desk: str
    categories: dict[str, str]
    country: str = ""
    licence: str = ""
    policy: str = ""
    section: str = ""
    offset: int = 0
    serif: bool = True
    mark: str = ""
    habits: frozenset[str] = frozenset()
    moved_from: str = ""
    moved_status: int = 301

    @property
    def subscribed_path(self) -> str:
        """The path that a subscriber was given: the old one where the feed has moved since."""
        return self.moved_from or self.feed_path


@dataclass(frozen=True, slots=True)
class Press:
    """All publishers and reports. `queue`: those that come while one watches, in their order."""

    publishers: dict[str, Publisher]
    reports: dict[str, Report]
    queue: tuple[Report, ...]
    words: dict[str, dict[str, str]]

    def of(self, publisher: str) -> tuple[Report, ...]:
        """The reports of a publisher that are out from the start."""
        return tuple(r for r in self.reports.values() if r.publisher == publisher and r.place_in_queue is None)


@cache
def load() -> Press:
    """Read the newsroom. Raises `TextError` for a text that refers to something that is not there."""
    folder = resources.files("masthead.demo") / "newsroom"
    table = tomllib.loads((folder / "publishers.toml").read_text(encoding="utf-8"))
    publishers = {key: _publisher(key, values) for key, values in table["publishers"].items()}
    reports: dict[str, Report] = {}
    for key in publishers:
        for report in read_reports((folder / f"{key}.txt").read_text(encoding="utf-8"), key):
            if report.key in reports:
                raise TextError(f"{report.key} stands twice in its file")
            reports[report.key] = report
    whole = {key: _with_copy(report, reports) for key, report in reports.items()}
    for report in whole.values():
        _check(report, whole, publishers)
    later = [report for report in whole.values() if report.place_in_queue is not None]
    queue = tuple(sorted(later, key=lambda report: (report.place_in_queue or 0, report.key)))
    return Press(publishers, {k: r for k, r in whole.items() if not r.is_revision}, queue, table["words"])


def _publisher(key: str, values: dict[str, Any]) -> Publisher:
    habits = values.pop("habits", [])
    return Publisher(key=key, habits=frozenset(habits), **values)


def _with_copy(report: Report, reports: dict[str, Report]) -> Report:
    """A report that takes over the text of a wire, with that text after its own."""
    if not report.copy_of:
        return report
    wire = reports.get(report.copy_of)
    if wire is None:
        raise TextError(f"{report.key} copies {report.copy_of}, which is not there")
    all_pieces = (Piece("paragraph", wire.standfirst), *wire.body)
    first, last = report.copy_range
    taken = all_pieces[first - 1 : last]
    body = (*report.body, *taken)
    if report.standfirst:
        return dataclasses.replace(report, body=body)
    return dataclasses.replace(report, standfirst=body[0].text, body=body[1:])


def _check(report: Report, reports: dict[str, Report], publishers: dict[str, Publisher]) -> None:
    if report.is_revision:
        if f"{report.publisher}/{report.slug[1:]}" not in reports:
            raise TextError(f"{report.key} revises a report that is not there")
        return
    if report.section not in publishers[report.publisher].categories:
        raise TextError(f"{report.key}: the publisher has no section {report.section!r}")
    if report.related and f"{report.publisher}/{report.related}" not in reports:
        raise TextError(f"{report.key}: related report {report.related!r} is not there")
    if not report.standfirst or not report.body:
        raise TextError(f"{report.key} has no text")
