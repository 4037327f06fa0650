"""When each report of the sample newsroom came out, and what has come out since it opened.

Times are relative to the newsroom's opening. What comes while one watches is released one by one; the instants of
the releases are all there is to remember, so a newsroom that starts again stands where it stopped.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from masthead.demo.bulletins import bulletin
from masthead.demo.press import Press
from masthead.demo.texts import Piece, Report, TextError

_AGE = re.compile(r"^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?$")
_CHECKED = {
    "en": "Correction: an earlier version of this report gave other figures.",
    "de": "In einer früheren Fassung dieses Berichts standen andere Zahlen.",
    "es": "Una versión anterior de esta noticia daba otras cifras.",
    "fr": "Une version précédente de cet article donnait d'autres chiffres.",
    "ru": "В первой версии этого сообщения были указаны другие цифры.",
    "ar": "وردت في نسخة سابقة من هذا الخبر أرقام أخرى.",
}


@dataclass(frozen=True, slots=True)
class Issued:
    """A report that is out. `published` is None for one whose publisher states no date; `updated`: last change."""

    report: Report
    published: datetime | None
    updated: datetime | None
    order: datetime


class Timeline:
    """The newsroom's calendar. Reads of it while a release is added are safe: lists are replaced, never changed."""

    def __init__(self, press: Press, opened: datetime, releases: tuple[datetime, ...] = ()) -> None:
        """`opened` is the instant that ages count back from; `releases` are those of earlier days, oldest first."""
        self.press = press
        self.opened = opened.astimezone(UTC).replace(microsecond=0)
        self.releases = releases
        self._issued: dict[str, tuple[Issued, ...]] = {}
        self._by_key: dict[str, Issued] = {}
        self._build()

    def release(self, at: datetime) -> None:
        """Let the next report, revision or bulletin come out."""
        self.releases = (*self.releases, at.astimezone(UTC).replace(microsecond=0))
        self._build()

    def of(self, publisher: str) -> tuple[Issued, ...]:
        """What a publisher has out, newest first."""
        return self._issued.get(publisher, ())

    def find(self, publisher: str, slug: str) -> Issued | None:
        return self._by_key.get(f"{publisher}/{slug}")

    def changed_at(self, publisher: str) -> datetime:
        """When a publisher last issued or changed something."""
        return max((i.updated or i.order for i in self.of(publisher)), default=self.opened)

    def _build(self) -> None:
        found = {r.key: self._first_issue(r) for r in self.press.reports.values() if r.place_in_queue is None}
        for number, at in enumerate(self.releases):
            if number >= len(self.press.queue):
                issued = _new(bulletin(self.press, number - len(self.press.queue), at), at)
                found[issued.report.key] = issued
                continue
            report = self.press.queue[number]
            if report.is_revision:
                key = f"{report.publisher}/{report.slug[1:]}"
                if key in found:
                    found[key] = self._revised(found[key], report, at)
            else:
                found[report.key] = _new(report, at)
        by_publisher: dict[str, list[Issued]] = {key: [] for key in self.press.publishers}
        for issued in found.values():
            by_publisher[issued.report.publisher].append(issued)
        self._issued = {
            key: tuple(sorted(items, key=lambda i: (i.order, i.report.slug), reverse=True))
            for key, items in by_publisher.items()
        }
        self._by_key = found

    def _first_issue(self, report: Report) -> Issued:
        if report.when == "undated":
            return Issued(report, None, None, self.opened - timedelta(days=4))
        if age := _AGE.match(report.when):
            days, hours, minutes = (int(part or 0) for part in age.groups())
            at = self.opened - timedelta(days=days, hours=hours, minutes=minutes, seconds=_seconds(report.slug))
            return _new(report, at)
        try:
            local = datetime.fromisoformat(report.when)
        except ValueError as error:
            raise TextError(f"{report.key}: {report.when!r} is not a time") from error
        offset = timezone(timedelta(hours=self.press.publishers[report.publisher].offset))
        return _new(report, local.replace(tzinfo=offset).astimezone(UTC))

    def _revised(self, issued: Issued, revision: Report, at: datetime) -> Issued:
        old = issued.report
        language = self.press.publishers[old.publisher].language
        note = () if revision.body else (Piece("paragraph", _CHECKED[language]),)
        report = dataclasses.replace(
            old,
            title=revision.title if revision.title != "=" else _replaced(old.title, revision),
            standfirst=_replaced(old.standfirst, revision),
            body=tuple(
                dataclasses.replace(
                    piece,
                    text=_replaced(piece.text, revision),
                    items=tuple(_replaced(item, revision) for item in piece.items),
                )
                for piece in old.body
            )
            + revision.body
            + note,
        )
        return dataclasses.replace(issued, report=report, updated=at)


def _new(report: Report, at: datetime) -> Issued:
    return Issued(report, at, at, at)


def _replaced(text: str, revision: Report) -> str:
    for old, new in revision.replacements:
        text = text.replace(old, new)
    return text


def _seconds(slug: str) -> int:
    """A report's own small offset, so that two of the same hour do not carry the same second."""
    return sum(map(ord, slug)) % 1800
