"""What the columns of an article are, given its record: slug, instants, digest of what a reader would notice."""

from __future__ import annotations

import hashlib
import json
import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.utils.text import slugify

from masthead.core import churn
from masthead.core.types import ArticleDate, Block, CleanArticle, ImageRef

NEWS_ENDS = timedelta(days=3)
"""A report without any date out of a feed that was new to us counts as so much older than our first sight of it."""
WATCHING = timedelta(days=1)
"""So long after it was subscribed to, a feed is no longer new: what appears in it has just been published."""
_LONGEST_SLUG = 80
_LINK = re.compile(r"<a\b[^>]*>.*?</a>", re.DOTALL | re.IGNORECASE)


def slug_of(title: str) -> str:
    """A readable piece of address: letters of any script, whole words, at most 80 characters; may be empty."""
    slug = slugify(title, allow_unicode=True)
    if len(slug) <= _LONGEST_SLUG:
        return slug
    head = slug[:_LONGEST_SLUG]
    return head.rpartition("-")[0] or head


def moment_of(date: ArticleDate | None, first_seen: datetime) -> datetime | None:
    """The instant that stands for a date known to the day or better; None for less.

    A day stands for its noon (UTC), or for the moment we first saw the article when that lies within it. A time without
    a zone is read as UTC. Neither is ever put after `first_seen` when the date itself may lie before it.
    """
    if date is None or date.precision in ("year", "month"):
        return None
    earliest, latest = (datetime.fromisoformat(text) for text in (date.earliest, date.latest))
    if date.precision == "day":
        noon = datetime.fromisoformat(f"{date.value}T12:00+00:00")
        moment = first_seen if earliest <= first_seen <= latest else noon
    else:
        value = date.value if date.precision != "hour" else f"{date.value[:13]}:00{date.zone or ''}"
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
    return first_seen if earliest <= first_seen < moment else moment


def sort_moment(date: ArticleDate | None, first_seen: datetime, *, watched: bool = True) -> datetime:
    """The instant an article is sorted by: its own when known and not in the future, else one that makes it no newer
    than it is known to be.

    A report known to be of a month or year that was over when we first saw it stands on that time's last day; of one
    that was not over, on its first: an old report that comes in today is no news of today. (At 09:00 UTC it is that
    day in every zone.) One that states nothing stands where we first saw it, if we were watching its feed by then
    (`watched`); what a new feed brings may be of any age, and stands where news ends.
    """
    published = moment_of(date, first_seen)
    if published is not None:
        return min(published, first_seen)
    if date is None:
        return first_seen if watched else first_seen - NEWS_ENDS
    year, month = int(date.value[:4]), int(date.value[5:7] or 12)
    last = datetime(year, month, monthrange(year, month)[1], 9, tzinfo=UTC)
    if last <= first_seen:
        return last
    return min(datetime(year, int(date.value[5:7] or 1), 1, 9, tzinfo=UTC), first_seen)


def _picture(image: ImageRef | None) -> list[str]:
    return [churn.picture_key(image.src), churn.settled(image.alt), churn.settled(image.caption)] if image else []


def _block(block: Block) -> list[object]:
    lines = list(churn.lasting_lines(block.text.split("\n")))
    # The still of a film is its host's, and changes without the report.
    picture = _picture(block.image) if block.type != "embed" else []
    return [block.type, lines, churn.address_key(block.url) if block.url else "", picture]


def _only_links(block: Block) -> bool:
    """Whether a block is nothing but links to elsewhere."""
    markup = [block.html, *block.items]
    if block.type not in ("list", "paragraph") or not any("<a " in part for part in markup):
        return False
    return not any(re.search(r"\w", re.sub(r"<[^>]*>", "", _LINK.sub("", part))) for part in markup)


def _prose(body: Sequence[Block]) -> Sequence[Block]:
    """The body without the lists of other reports at its end, which publishers renew with every page view."""
    end = len(body)
    while end and _only_links(body[end - 1]):
        end -= 1
    while 0 < end < len(body) and body[end - 1].type == "heading":
        end -= 1
    return body[:end] or body


def _date(date: ArticleDate | None) -> list[str]:
    # To the minute, and as instants: a date written in another zone is the same date.
    return [date.earliest[:16], date.latest[:16]] if date else []


def noticed(article: CleanArticle) -> dict[str, object]:
    """What a reader would notice of an article, field by field: no related cards, no counters, no typography."""
    blocks = [_block(block) for block in _prose(article.body)]
    return {
        "title": churn.settled(article.title),
        "standfirst": churn.settled(article.standfirst),
        "byline": [churn.settled(name) for name in article.byline],
        "published": _date(article.published),
        "body": [block for block in blocks if any(block[1:]) or block[0] in ("rule",)],
        # Not its alternative text: that changes with the place the picture was taken from.
        "lead_image": _picture(article.lead_image)[::2],
    }


def digest_of(article: CleanArticle) -> str:
    """SHA-256 of what a reader would notice, in hexadecimal."""
    text = json.dumps(noticed(article), ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def changed_fields(before: CleanArticle, after: CleanArticle) -> list[str]:
    """Names of the fields in which a reader would notice a difference."""
    old, new = noticed(before), noticed(after)
    return [name for name in new if old[name] != new[name]]


def word_count(article: CleanArticle) -> int:
    """Words of standfirst and body; where a script has no spaces, two characters count as one word."""
    text = article.text
    dense = len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]", text))
    return dense // 2 + len(re.findall(r"[^\W_]+", re.sub(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]", " ", text)))
