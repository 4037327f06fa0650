"""`masthead inspect stories`: group the reports of a file, without a site."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import py3langid

from masthead.core.grouping import Grouper


@dataclass(frozen=True, slots=True)
class _Report:
    line: int
    key: Any
    title: str
    text: str
    language: str
    at: datetime | None


def _report(number: int, line: str) -> _Report:
    """A line as a report. Raises ValueError with what is wrong."""
    data = json.loads(line)
    if not isinstance(data, dict):
        raise ValueError("an object is wanted")
    if "id" not in data:
        raise ValueError('the field "id" is missing')
    title, text = str(data.get("title") or ""), str(data.get("text") or "")
    if not (title or text):
        raise ValueError('"title" and "text" are both empty')
    published = data.get("published")
    at = datetime.fromisoformat(str(published)) if published else None
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    language = str(data.get("language") or "") or str(py3langid.classify(f"{title} {text[:600]}")[0])
    return _Report(number, data["id"], title, text, language.partition("-")[0].lower(), at)


def _read(lines: Iterable[str]) -> tuple[list[_Report], list[dict[str, Any]]]:
    reports: list[_Report] = []
    errors: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            reports.append(_report(number, line))
        except ValueError as error:
            errors.append({"line": number, "error": str(error)})
    return reports, errors


def group(reports: list[_Report], show: bool = False) -> Iterator[dict[str, Any]]:
    """The story of each report, in the order of the file; stories are numbered from 1 as they appear there."""
    earliest = datetime.min.replace(tzinfo=UTC)
    groupers: dict[str, Grouper] = {}
    chosen: dict[int, tuple[str, int | None]] = {}
    ordered = sorted(reports, key=lambda r: (r.at or earliest, r.line))
    with click.progressbar(ordered, label="grouping", file=sys.stderr, hidden=not show) as bar:
        for report in bar:
            grouper = groupers.setdefault(report.language, Grouper(report.language))
            choice = grouper.add(report.title, report.text, report.at or earliest)
            chosen[report.line] = (report.language, choice.story)
    numbers: dict[tuple[str, int | None], int] = {}
    for report in reports:
        yield {"id": report.key, "story": numbers.setdefault(chosen[report.line], len(numbers) + 1)}


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
    """
    try:
        lines = sys.stdin.readlines() if str(file) == "-" else file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        click.echo(f"{file}: cannot be read: {error}", err=True)
        raise SystemExit(2) from error
    reports, errors = _read(lines)
    for answer in group(reports, show=len(reports) > 1000 and sys.stderr.isatty()):
        click.echo(json.dumps(answer, ensure_ascii=False))
    for answer in errors:
        click.echo(json.dumps(answer, ensure_ascii=False))
        click.echo(f"{file}, line {answer['line']}: {answer['error']}", err=True)
    raise SystemExit(1 if errors else 0)
