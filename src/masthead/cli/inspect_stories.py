"""`masthead inspect stories`: group the reports of a file, without a site."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import click
import py3langid

from masthead.core.grouper import Grouper
from masthead.core.grouping import REMEMBERED

SHOWN_FROM = 2_000_000
"""From so many bytes on the work takes longer than two seconds, so that its progress is shown."""


@dataclass(frozen=True, slots=True)
class _Report:
    key: Any
    title: str
    text: str
    language: str
    source: str
    at: datetime | None


def _report(line: bytes) -> _Report:
    """A line as a report. Raises ValueError with what is wrong."""
    try:
        data = json.loads(line.decode("utf-8-sig"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(data, dict):
        raise ValueError("an object is wanted")
    if "id" not in data:
        raise ValueError('the field "id" is missing')
    title, text = str(data.get("title") or ""), str(data.get("text") or "")
    if not (title or text):
        raise ValueError('"title" and "text" are both empty')
    language = str(data.get("language") or "") or str(py3langid.classify(f"{title} {text[:600]}")[0])
    language = language.partition("-")[0].lower()
    return _Report(data["id"], title, text, language, str(data.get("source") or ""), _time(data.get("published")))


def _time(published: object) -> datetime | None:
    if not published:
        return None
    try:
        at = datetime.fromisoformat(str(published))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f'"published" is out of range: {published}') from error


@dataclass
class _Files:
    """What is kept of a file after its first reading: a few numbers for each report, and the words that it uses."""

    offsets: array[int] = field(default_factory=lambda: array("q"))
    times: array[float] = field(default_factory=lambda: array("d"))
    keys: list[Any] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    groupers: dict[str, Grouper] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    unreadable: bool = False

    def read(self, file: BinaryIO, show: bool) -> None:
        """Read the file once: where its reports lie, when they were published, how common their words are."""
        size = file.seek(0, 2)
        file.seek(0)
        offset, at = 0, float("nan")
        with click.progressbar(length=size, label="reading", file=sys.stderr, hidden=not show) as bar:
            for number, line in enumerate(file, 1):
                if line.strip():
                    at = self._line(number, line, offset, at)
                offset += len(line)
                bar.update(len(line))
        first = next((t for t in self.times if t == t), 0.0)
        self.times = array("d", (t if t == t else first for t in self.times))

    def _line(self, number: int, line: bytes, offset: int, before: float) -> float:
        """Take a line; the time of its report, that of the one before where it states none."""
        try:
            report = _report(line)
        except ValueError as error:
            self.unreadable |= isinstance(error, UnicodeDecodeError)
            self.errors.append({"line": number, "error": str(error)})
            return before
        at = report.at.timestamp() if report.at else before
        self.offsets.append(offset)
        self.times.append(at)
        self.keys.append(report.key)
        self.languages.append(sys.intern(report.language))
        grouper = self.groupers.setdefault(report.language, Grouper(report.language))
        if grouper.reports < REMEMBERED:
            grouper.learn(report.title, report.text)
        return at

    def group(self, file: BinaryIO, show: bool) -> Iterator[dict[str, Any]]:
        """The story of each report, in the order of the file; stories are numbered from 1 as they appear there."""
        numbers = array("q", bytes(8 * len(self.offsets)))
        ordered = sorted(range(len(self.offsets)), key=lambda n: (self.times[n], n))
        with click.progressbar(ordered, label="grouping", file=sys.stderr, hidden=not show) as bar:
            for row in bar:
                file.seek(self.offsets[row])
                report = _report(file.readline())
                grouper = self.groupers[report.language]
                grouper.add(report.title, report.text, datetime.fromtimestamp(self.times[row], UTC), report.source)
                numbers[row] = grouper.count
        for grouper in self.groupers.values():
            grouper.settle()
        stories: dict[tuple[str, int], int] = {}
        for key, language, number in zip(self.keys, self.languages, numbers, strict=True):
            story = language, self.groupers[language].story_of(number)
            yield {"id": key, "story": stories.setdefault(story, len(stories) + 1)}


def _open(path: Path) -> BinaryIO:
    """The file for reading twice: what comes by a pipe is laid down first. Raises OSError."""
    if str(path) != "-" and path.is_file():
        return path.open("rb")
    kept = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
    with click.open_file(str(path), "rb") as stream:
        shutil.copyfileobj(stream, kept)
    return kept


@click.command(
    epilog='Example: masthead inspect stories reports.jsonl, with lines such as {"id": 1, "title": "Dam breaks",'
    ' "text": "...", "published": "2026-03-01T10:00:00Z", "source": "The Courier"}'
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, allow_dash=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line (this is also the default).")
def command(file: Path, as_json: bool) -> None:
    """Group the reports in FILE by the event that they tell of.

    FILE holds one JSON object a line: id, title, text, published (ISO 8601), source, and language where it is known.
    Prints one object a line: id and story. A line that cannot be used gives line and error, and exit status 1.
    The rules are those of the site, with the words of the whole file known beforehand and all late evidence in.
    """
    found = _Files()
    try:
        with _open(file) as opened:
            show = opened.seek(0, 2) > SHOWN_FROM and sys.stderr.isatty()
            found.read(opened, show)
            if found.unreadable and not found.keys:
                raise ValueError(found.errors[0]["error"])
            for answer in found.group(opened, show):
                click.echo(json.dumps(answer, ensure_ascii=False))
    except (OSError, ValueError) as error:
        click.echo(f"{file}: cannot be read: {error}", err=True)
        raise SystemExit(2) from error
    for answer in found.errors:
        click.echo(json.dumps(answer, ensure_ascii=False))
        click.echo(f"{file}, line {answer['line']}: {answer['error']}", err=True)
    raise SystemExit(1 if found.errors else 0)
