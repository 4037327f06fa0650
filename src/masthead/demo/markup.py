"""A report's text as the HTML that its publisher would make of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from html import escape

from masthead.demo.press import Press, Publisher
from masthead.demo.texts import Piece, Report

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a publisher's web desk knows while it builds pages and feeds. Addresses have no final slash."""

    press: Press
    publisher: Publisher
    base: str
    short_base: str
    picture_width: int = 1600

    @property
    def words(self) -> dict[str, str]:
        return self.press.words[self.publisher.language]

    def page(self, report: Report) -> str:
        """The address of a report's page."""
        return f"{self.base}/{report.section}/{report.slug}"

    def picture(self, report: Report) -> str:
        """The address of a report's picture."""
        return f"{self.base}/media/{self.picture_width}/{report.slug}.jpg"

    def related(self, report: Report) -> Report:
        """The report that a card in this one leads to: the one its file names, else a neighbour."""
        if report.related:
            return self.press.reports[f"{self.publisher.key}/{report.related}"]
        own = [r for r in self.press.of(self.publisher.key) if r.slug != report.slug]
        same = [r for r in own if r.section == report.section] or own
        return same[sum(map(ord, report.slug)) % len(same)]

    def short(self, report: Report) -> str:
        """The opaque address that a link shortener gave the report."""
        return f"{self.short_base}/{short_code(report.key)}"

    def clock(self, at: datetime) -> datetime:
        """An instant on the publisher's clock."""
        return at.astimezone(timezone(timedelta(hours=self.publisher.offset)))


def short_code(key: str) -> str:
    """Seven letters and figures for a report's name, always the same."""
    number = 0
    for character in key:
        number = (number * 131 + ord(character)) % 36**6
    figures = "0123456789abcdefghijklmnopqrstuvwxyz"
    code = ""
    for _ in range(6):
        number, digit = divmod(number, 36)
        code += figures[digit]
    return f"3{code}"


def inline(text: str, desk: Desk) -> str:
    """Words with their links and emphasis as HTML."""
    return _STRONG.sub(
        r"<strong>\1</strong>", _LINK.sub(lambda m: _anchor(m[1], m[2], desk), escape(text, quote=False))
    )


def plain(text: str) -> str:
    """Words without their links and emphasis."""
    return _STRONG.sub(r"\1", _LINK.sub(r"\1", text))


def _anchor(words: str, target: str, desk: Desk) -> str:
    if "://" not in target:
        report = desk.press.reports.get(f"{desk.publisher.key}/{target}")
        if report is None:
            return words
        target = desk.page(report)
    return f'<a href="{escape(target)}">{words}</a>'


def figure(report: Report, desk: Desk) -> str:
    """A report's picture with its caption."""
    caption = f"<figcaption>{escape(caption_of(report, desk))}</figcaption>"
    alt = escape(report.caption or report.title)
    size = f'width="{desk.picture_width}" height="{desk.picture_width * 5 // 8}"'
    return f'<figure><img src="{desk.picture(report)}" alt="{alt}" {size}>{caption}</figure>'


def caption_of(report: Report, desk: Desk) -> str:
    """The words under a picture: what it shows and who made it."""
    credit = report.credit or desk.publisher.name
    return f"{report.caption} © {credit}" if report.caption else f"© {credit}"


def body(report: Report, desk: Desk) -> str:
    """The text below the standfirst, one element a line."""
    return "\n".join(_piece(piece, desk) for piece in report.body)


def _piece(piece: Piece, desk: Desk) -> str:
    if piece.kind == "heading":
        return f"<h2>{inline(piece.text, desk)}</h2>"
    if piece.kind == "quote":
        cite = f"<cite>{inline(piece.cite, desk)}</cite>" if piece.cite else ""
        return f"<blockquote><p>{inline(piece.text, desk)}</p>{cite}</blockquote>"
    if piece.kind == "list":
        return "<ul>" + "".join(f"<li>{inline(item, desk)}</li>" for item in piece.items) + "</ul>"
    if piece.kind == "table":
        rows = [[inline(cell.strip(), desk) for cell in row.split("|")] for row in piece.items]
        head = "<tr>" + "".join(f"<th>{cell}</th>" for cell in rows[0]) + "</tr>"
        rest = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows[1:])
        return f"<table><thead>{head}</thead><tbody>{rest}</tbody></table>"
    return f"<p>{inline(piece.text, desk)}</p>"
