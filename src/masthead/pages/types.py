"""What each kind of page holds: the contract between `compose.py`, which reads, and the outlets, which show.

Rights are already applied here: what a source's policy does not let us show is not in these records. Templates,
feeds and the API show what stands here and ask no one else. Text is plain and is escaped by the outlet; fields
named `html` are sanitised. `language` is BCP 47; `direction` is "ltr" or "rtl". A story's records: `story_types`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from masthead.core.rank import Reason
from masthead.core.types import ArticleDate, Provenance, Quote, RelatedCard, Repair


@dataclass(frozen=True, slots=True)
class PictureFile:
    """One size of a picture in one coding."""

    path: str
    width: int
    height: int
    type: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on our own origin. `files` is never empty; the widest JPEG (or the only file) is `src`.

    `drawn`: our own drawn fallback, which is decoration: `alt` is then empty.
    """

    src: str
    width: int
    height: int
    files: tuple[PictureFile, ...]
    alt: str = ""
    caption: str = ""
    credit: str = ""
    colour: str = ""
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class IconView:
    """A source's icon on our own origin, a square; decoration. `large`: the same in more pixels, or the same file."""

    src: str
    large: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """A publisher as readers see it."""

    id: int
    name: str
    slug: str
    path: str
    home_url: str = ""
    description: str = ""
    country: str = ""
    language: str = ""
    ownership: str = ""
    policy: str = "excerpt"
    licence: str = ""
    icon: IconView | None = None


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section, named in the edition's language."""

    slug: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class StoryView:
    """The story that an article belongs to, where it has more than one report."""

    id: int
    title: str
    path: str
    articles: int
    sources: int


@dataclass(frozen=True, slots=True)
class Card:
    """An article in a list. `at`: the instant it is sorted by; `published` None: date not stated.

    `picture` is never None when it comes from `compose`: where the report has none that may be shown it is drawn
    (`picture.drawn`), and a list without room for decoration leaves it out.
    """

    id: int
    path: str
    title: str
    standfirst: str
    language: str
    direction: str
    source: SourceView
    at: datetime
    first_seen: datetime
    published: datetime | None
    precision: str = ""
    byline: tuple[str, ...] = ()
    picture: Picture | None = None
    section: SectionView | None = None
    story: StoryView | None = None
    changed: datetime | None = None
    why: tuple[Reason, ...] = ()
    snippet_html: str = ""


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block of the body, ready to show (`core.types.Block` with our own picture in place of the publisher's)."""

    type: str
    html: str = ""
    text: str = ""
    level: int = 2
    ordered: bool = False
    items: tuple[str, ...] = ()
    cite: str = ""
    picture: Picture | None = None
    url: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class RelatedView:
    """A related card; `path` is set when we hold that report, else `card.url` leads to the publisher."""

    card: RelatedCard
    path: str = ""
    picture: Picture | None = None
    source: SourceView | None = None


@dataclass(frozen=True, slots=True)
class Popular:
    """The most popular list. `fallback`: nothing was counted in the window, so these are the newest.

    `window`: "hour", "day", "week" or "month". `readings`: of each card, how often it was read in the window.
    """

    cards: tuple[Card, ...] = ()
    window_hours: int = 24
    fallback: bool = False
    window: str = "day"
    readings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """Requests that were not counted for one reason (`audience.agents.REASONS`), today and in seven days."""

    reason: str
    today: int
    week: int


@dataclass(frozen=True, slots=True)
class CountingPage:
    """How readers are counted, with figures: since the site's midnight, and of the last seven days.

    `reasons`: every reason, also those that met nobody, the most frequent of the week first. `written`: when the
    numbers were last written, None when never.
    """

    views_today: int
    views_week: int
    uses_today: int
    uses_week: int
    reasons: tuple[ReasonCount, ...]
    written: datetime | None


@dataclass(frozen=True, slots=True)
class SectionBlock:
    section: SectionView
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class FrontPage:
    """An edition's front page. With nothing to show, `lead` is None and every list is empty.

    `silent`: for how many days nothing new came; 0 while there is news.
    """

    edition: str
    lead: Card | None
    seconds: tuple[Card, ...] = ()
    briefs: tuple[Card, ...] = ()
    sections: tuple[SectionBlock, ...] = ()
    latest: tuple[Card, ...] = ()
    popular: Popular = Popular()
    changed_at: datetime | None = None
    silent: int = 0


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a list page stands. Older and newer pages are reached by `?page=N`, first page without."""

    number: int = 1
    has_next: bool = False
    total: int | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """Section, source, latest, archive day: cards, newest first."""

    edition: str
    cards: tuple[Card, ...]
    paging: Paging = Paging()
    section: SectionView | None = None
    source: SourceView | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ArchiveCount:
    day: date
    articles: int


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """The years of the archive, or the months of a year, or the days of a month, each with its count."""

    edition: str
    precision: str
    counts: tuple[ArchiveCount, ...]
    day: date | None = None


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """Sources by name, a page of them; `total` counts all."""

    lines: tuple[SourceLine, ...] = ()
    paging: Paging = Paging()
    total: int = 0


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Results of a search. `help`: what is wrong with the query and what to try, in words; empty when fine. `more`:
    there are still more than the total, older ones, which only a narrower search finds."""

    edition: str
    query: str
    cards: tuple[Card, ...] = ()
    paging: Paging = Paging()
    help: str = ""
    suggestions: tuple[str, ...] = ()
    sources: tuple[SourceView, ...] = ()
    sections: tuple[SectionView, ...] = ()
    languages: tuple[str, ...] = ()
    filters: dict[str, str] = field(default_factory=dict)
    more: bool = False


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Everything on an article page. `mended`: when this site last read it better; no act of the publisher.

    `agencies`: which of the card's byline are no persons. `licence`: of this report, as stated; the source's otherwise.
    """

    card: Card
    blocks: tuple[BlockView, ...]
    canonical_url: str
    original_url: str
    short_path: str
    published: ArticleDate | None
    modified: ArticleDate | None
    policy: str
    truncated: bool
    related: tuple[RelatedView, ...] = ()
    quotes: tuple[Quote, ...] = ()
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[str, ...] = ()
    provenance: dict[str, Provenance] = field(default_factory=dict)
    more_on_story: tuple[Card, ...] = ()
    previous: Card | None = None
    next: Card | None = None
    revisions: int = 1
    gone: datetime | None = None
    mended: datetime | None = None
    agencies: tuple[str, ...] = ()
    licence: str = ""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of the list of sources: how many articles, when the last came, in which state its feeds are."""

    source: SourceView
    articles: int
    newest: datetime | None
    healthy: bool
    state: str = ""


@dataclass(frozen=True, slots=True)
class WeatherView:
    """The weather in the masthead. `temperature` is in the unit shown; `stale`: say how old it is."""

    city: str
    temperature: float
    unit: str
    symbol: str
    observed: datetime
    stale: bool
    provider: str
    provider_url: str
    credit: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page carries around its content: computed once per edition, not per page."""

    edition: str
    language: str
    direction: str
    site_name: str
    motto: str
    now: datetime
    sections: tuple[SectionView, ...] = ()
    editions: tuple[tuple[str, str], ...] = ()
    weather: WeatherView | None = None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What stands at the address of something taken down (410)."""

    title: str
    reason: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class DiffPart:
    """A run of words within a changed text: `kind` is "same", "added" or "removed"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What became of one field: "title", "standfirst", "byline", "published", "lead_image", or a part of the "body".

    `kind`: "changed", "added", "removed", "moved" (a paragraph that stands elsewhere now). A change of "published" has
    no parts but the dates themselves, for whoever shows them in words.
    """

    field: str
    parts: tuple[DiffPart, ...]
    kind: str = "changed"
    date_before: ArticleDate | None = None
    date_after: ArticleDate | None = None


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One state of an article against the one before. `origin`: "source", "ours" (mended by this site) or "editor"."""

    number: int
    at: datetime
    origin: str
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The history of an article, newest first; the first state has no changes."""

    card: Card
    revisions: tuple[RevisionView, ...]
    canonical_url: str = ""
