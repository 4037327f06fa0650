"""What a story page holds, as `pages.types` for other pages: all words are the reports' own, each with its reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from masthead.pages.types import Card, StoryView


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """Words of a report, exactly. `borne`: how many other publishers' reports bear them out; 0 says nothing of it."""

    text: str
    card: Card
    borne: int


@dataclass(frozen=True, slots=True)
class FigureView:
    """A number in a report's own words ("five dead"), and the reports that state it, oldest first, one a publisher."""

    words: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class NameView:
    """A name, and how many publishers' reports give it."""

    name: str
    sources: int


@dataclass(frozen=True, slots=True)
class SaidView:
    """Words that somebody said, exactly, and the reports that have them, oldest first."""

    text: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class SpeakerView:
    """A speaker as reports name them, with what they said."""

    name: str
    said: tuple[SaidView, ...]


@dataclass(frozen=True, slots=True)
class FirstView:
    """The reports that state the earliest time of publication, to the minute.

    `open`: how many other publishers' reports may be older, because their dates are not exact.
    """

    cards: tuple[Card, ...]
    at: datetime
    open: int


@dataclass(frozen=True, slots=True)
class Moment:
    """What came when. `kind`: "report", "changed" (its publisher changed `fields`) or "gone" (took it away).

    Of a report: `copies` carry the same text; `alone` are words of its headline that stand in no other report.
    """

    at: datetime
    kind: str
    card: Card
    copies: tuple[Card, ...] = ()
    alone: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A story: its reports, oldest first, the copies of one report named under it.

    All words are the reports' own: `story.title` is the headline of `lead`. `compared`: how many publishers' reports
    were compared with each other. `contests`: figures of the same thing that differ, each with its sides.
    `left_out`: reports between the first and the newest that are not shown.
    """

    story: StoryView
    language: str
    direction: str
    lead: Card
    reports: tuple[Card, ...]
    copies: dict[int, tuple[Card, ...]] = field(default_factory=dict)
    changed_at: datetime | None = None
    summary: tuple[SummaryLine, ...] = ()
    first: FirstView | None = None
    timeline: tuple[Moment, ...] = ()
    compared: int = 0
    names: tuple[NameView, ...] = ()
    figures: tuple[FigureView, ...] = ()
    contests: tuple[tuple[FigureView, ...], ...] = ()
    speakers: tuple[SpeakerView, ...] = ()
    pictures: tuple[Card, ...] = ()
    related: tuple[Card, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class StoryMoved:
    """The story has no page of its own (any more): send the reader to `path`, for ever (301).

    `id` is the story that it was merged into, or its own when a single report is left; then `path` is that article's.
    """

    id: int
    path: str
