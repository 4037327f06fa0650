"""The records that pass between stages: plain, frozen, JSON-ready.

`FetchResult -> ParsedFeed -> CleanArticle`. The JSON that `masthead inspect` prints is made from these
records, so a field here is a promise to others: add fields, never rename them.

Addresses are absolute unless a field says "as received". Dates are strings (ISO 8601) because a date may be
known only in part; instants are timezone-aware `datetime`s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

# ---------------------------------------------------------------- fetch


@dataclass(frozen=True, slots=True)
class Redirect:
    """One hop: the server at `url` answered `status` and named `target` (absolute)."""

    status: int
    url: str
    target: str


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What came of one exchange, redirects included. Never raised, always returned.

    `status` is the final HTTP status, 0 when no answer was had; then `error` is a short stable code
    ("dns", "refused", "timeout", "tls", "address", "scheme", "too-large", "redirects", "protocol") and
    `error_detail` a sentence for people. `headers` names are lower case. `body` is decoded from its codings.
    """

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    started_at: datetime
    elapsed: float
    redirects: tuple[Redirect, ...] = ()
    address: str | None = None
    error: str | None = None
    error_detail: str = ""
    not_modified: bool = False

    @property
    def ok(self) -> bool:
        """Whether a body was had that may be read (2xx)."""
        return self.error is None and 200 <= self.status < 300


# ---------------------------------------------------------------- parse


@dataclass(frozen=True, slots=True)
class ParsedMedia:
    """A file that an entry carries (RSS enclosure, Media RSS, Atom enclosure link, JSON Feed attachment).

    `still`: the picture that stands for a film, where the same group names one.
    """

    url: str
    type: str = ""
    length: int | None = None
    title: str = ""
    description: str = ""
    credit: str = ""
    width: int | None = None
    height: int | None = None
    medium: str = ""
    thumbnail: bool = False
    still: str = ""


@dataclass(frozen=True, slots=True)
class ParsedAuthor:
    """A person or desk as the feed names them; `email` is kept for the record and never shown."""

    name: str
    email: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """Where an entry was taken from, as it says itself (RSS `source`, Atom `source`)."""

    title: str = ""
    url: str = ""


PlaceKind = Literal["point", "line", "polygon", "box"]


@dataclass(frozen=True, slots=True)
class ParsedPlace:
    """A place that an entry is about (GeoRSS, GML, W3C geo); `points` are (latitude, longitude) in degrees (WGS 84).

    A "box" has two points: south-west and north-east.
    """

    kind: PlaceKind
    points: tuple[tuple[float, float], ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class ParsedReply:
    """What an entry answers (Atom threading, RFC 4685): the id of the other entry, and its page and feed if stated."""

    id: str
    url: str = ""
    feed: str = ""


@dataclass(frozen=True, slots=True)
class ParsedCredit:
    """Somebody heard in an episode, and as what ("host", "guest", ...; "" when not stated)."""

    name: str
    role: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ParsedEpisode:
    """What a podcast says of an episode (iTunes and Podcasting 2.0 elements). `duration` is in seconds.

    `kind` is "full", "trailer" or "bonus" as stated; `chapters` is the address of the list of chapters.
    """

    number: int | None = None
    season: int | None = None
    kind: str = ""
    duration: int | None = None
    explicit: bool | None = None
    transcripts: tuple[ParsedMedia, ...] = ()
    chapters: str = ""
    people: tuple[ParsedCredit, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One item of a feed. Text fields are text: entities decoded exactly once.

    `summary_html` and `content_html` hold the markup as received (not yet sanitised, not yet absolute: `base`
    is what it resolves against); whoever prints them passes them through `core.sanitize` first.
    `published` and `updated` are ISO 8601 with offset, or None when absent or not certain; the raw words are in
    `published_raw` / `updated_raw`. `original` is the item as received (its own bytes or its serialised element).
    """

    id: str = ""
    link: str = ""
    title: str = ""
    authors: tuple[ParsedAuthor, ...] = ()
    published: str | None = None
    published_raw: str = ""
    updated: str | None = None
    updated_raw: str = ""
    summary_html: str = ""
    content_html: str = ""
    categories: tuple[str, ...] = ()
    enclosures: tuple[ParsedMedia, ...] = ()
    media: tuple[ParsedMedia, ...] = ()
    license: str = ""
    source: ParsedSource | None = None
    language: str = ""
    base: str = ""
    comments: str = ""
    places: tuple[ParsedPlace, ...] = ()
    in_reply_to: tuple[ParsedReply, ...] = ()
    episode: ParsedEpisode | None = None
    id_is_permalink: bool = False
    original: bytes = b""
    original_type: str = "application/xml"


@dataclass(frozen=True, slots=True)
class FeedHints:
    """What a feed says of its own rhythm. `ttl` is in minutes; `update_period` in seconds."""

    ttl: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()
    update_period: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document read. `format` is "rss-2.0", "rss-1.0", "rss-0.91", "atom-1.0", "atom-0.3", "json-1.1", ...

    `image` may be a banner; `icon` is what the feed itself calls its icon (Atom, JSON Feed).
    `cut`: where the document breaks off before its end: "" (nowhere), "between" items, or "inside" its last item.
    """

    format: str
    title: str = ""
    link: str = ""
    description: str = ""
    language: str = ""
    updated: str | None = None
    license: str = ""
    image: str = ""
    icon: str = ""
    hints: FeedHints = FeedHints()
    hubs: tuple[str, ...] = ()
    self_link: str = ""
    next_link: str = ""
    archive_links: tuple[str, ...] = ()
    entries: tuple[ParsedEntry, ...] = ()
    warnings: tuple[str, ...] = ()
    cut: Literal["", "between", "inside"] = ""


# ---------------------------------------------------------------- article

BlockType = Literal["paragraph", "heading", "quote", "list", "table", "figure", "embed", "code", "rule"]
Precision = Literal["year", "month", "day", "hour", "minute", "second"]
DateMethod = Literal["stated", "inferred", "first-seen"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observation and what it speaks for, for example kind "image-path", text "2021.12", supports "2021-12"."""

    kind: str
    text: str
    supports: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a field came from, how sure we are (0..1), and what was seen.

    `origin` names the place: "feed:title", "page:json-ld", "page:meta:author", "text:first-paragraph", "none".
    """

    origin: str
    method: str = "stated"
    confidence: float = 1.0
    evidence: tuple[Evidence, ...] = ()


# Before this no date is taken for true: the beginning of a date of which only the end is known.
UNKNOWN_SINCE = "1700-01-01T00:00Z"


@dataclass(frozen=True, slots=True)
class ArticleDate:
    """A date with what is known of it (see DESIGN: the dateline).

    `value`: ISO 8601 cut to `precision` ("2021", "2021-12", "2021-12-03", "2021-12-03T00:15",
    "2021-12-03T00:15:09+03:00"); with offset only when `zone` is known. `zone`: an offset ("+03:00", "Z") or
    None. `earliest`/`latest`: the instants between which it must lie, ISO 8601 in UTC with "Z"; `earliest` is
    `UNKNOWN_SINCE` where nothing says since when.
    """

    value: str
    precision: Precision
    zone: str | None
    earliest: str
    latest: str
    raw: str
    method: DateMethod
    confidence: float
    evidence: tuple[Evidence, ...] = ()

    @property
    def since_unknown(self) -> bool:
        """Whether only the end is known: the report may be older than `value`."""
        return self.earliest == UNKNOWN_SINCE


@dataclass(frozen=True, slots=True)
class SourceRef:
    """The publisher an article names or comes from."""

    name: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ImageRef:
    """A picture at its publisher's address. `width`/`height` are what the markup claims, in CSS pixels."""

    src: str
    alt: str = ""
    caption: str = ""
    credit: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A typed piece of the body. `text` is plain; `html` is the same, sanitised inline or block markup.

    heading: `level` 2..4. list: `items` (inline HTML each), `ordered`. quote: `cite`. figure: `image`.
    embed: `url`, `title` and still (`image`) of what was embedded (we show a link, never a frame). table: `html` is
    the table.
    """

    type: BlockType
    text: str = ""
    html: str = ""
    level: int | None = None
    ordered: bool = False
    items: tuple[str, ...] = ()
    cite: str = ""
    image: ImageRef | None = None
    url: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class RelatedCard:
    """A pointer to another report. `url_method`: "stated", "inferred" (host concluded from the context) or "none"
    (`url` is "": the pointer named no host, and nothing tells it)."""

    label: str
    title: str
    url: str
    url_method: str = "stated"
    image: ImageRef | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that somebody said: exact `text`, `speaker` or None, `cue` verb. `block`: index in the body, None: in the
    standfirst."""

    text: str
    speaker: str | None
    cue: str
    block: int | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Repair:
    """One mend. `code` is stable ("leaked-markup"), `why` a sentence a reader understands."""

    code: str
    field: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class CleanArticle:
    """The whole report: the record behind an article page and `masthead inspect article` (masthead.article/1).

    `byline`: who is stated to have written it, as a newspaper prints it; the publisher only where its page names it as
    the author and nobody else. `agencies`: which of those stated are no persons: news agencies, desks, the publisher.
    """

    title: str = ""
    standfirst: str = ""
    byline: tuple[str, ...] = ()
    language: str = ""
    published: ArticleDate | None = None
    modified: ArticleDate | None = None
    source: SourceRef = SourceRef()
    canonical_url: str = ""
    short_links: tuple[str, ...] = ()
    body: tuple[Block, ...] = ()
    text: str = ""
    images: tuple[ImageRef, ...] = ()
    lead_image: ImageRef | None = None
    related: tuple[RelatedCard, ...] = ()
    quotes: tuple[Quote, ...] = ()
    categories: tuple[str, ...] = ()
    license: str = ""
    page: Mapping[str, Any] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[str, ...] = ()
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    agencies: tuple[str, ...] = ()
