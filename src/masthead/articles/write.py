"""The rows of an article: itself, its revisions, wanted pictures, short link, search index. One short transaction."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from masthead.articles import search
from masthead.articles.columns import (
    WATCHING,
    changed_fields,
    digest_of,
    moment_of,
    slug_of,
    sort_moment,
    word_count,
)
from masthead.articles.models import Article, ArticleState, Image, Revision, ShortLink
from masthead.core.engine import fingerprint
from masthead.core.records import article_from_json, to_builtins
from masthead.core.rights import effective_policy
from masthead.core.types import CleanArticle, ImageRef
from masthead.entries.models import Entry, EntryVersion
from masthead.feeds.locking import locked
from masthead.feeds.models import FeedState, Source

# No vowels and nothing that is mistaken for something else: a code is no word, and can be read out.
_CODE_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
_CODE_LENGTH = 7
_MOST_PICTURES = 40


@dataclass(frozen=True, slots=True)
class Made:
    """From what a record was made: the entry's version and, where there is one, the page behind it as of `page_at`."""

    version: int | None
    page_at: datetime | None = None


def write_article(entry: Entry, version: EntryVersion, record: CleanArticle, page_at: datetime | None = None) -> bool:
    """Write what an entry's newest version became. False when somebody else wrote it, or a newer version came."""
    with transaction.atomic():
        taken = Entry.objects.filter(pk=entry.pk, cleaned_version=0, version=version.number).update(
            cleaned_version=version.number, clean_error="", clean_after=None
        )
        if not taken:
            return False
        images = want_pictures(entry.source, record)
        made = Made(version.number, page_at)
        article = locked(Article.objects.filter(entry=entry).select_related("revision")).first()
        if article is None:
            article = _create(entry, record, images, made, held=str(version.context.get("held") or ""))
        else:
            said_anew = _said_anew(article.revision, version, made)
            article.entry = entry
            origin = Revision.Origin.SOURCE if said_anew else Revision.Origin.OURS
            at = version.received_at if said_anew else timezone.now()
            revise(article, record, images, at=at, origin=origin, made=made)
        search.index([article.pk])
    return True


def _said_anew(current: Revision | None, version: EntryVersion, made: Made) -> bool:
    """Whether the publisher said something since the current revision; else we only read more of what was said.

    A page that came late completes a report; it does not change it. One that was fetched again may.
    """
    if current is None:
        return True
    before = current.version
    if before is None:  # made by an older program, which did not keep it
        before = 1 if version.number == 1 else None
    if before != version.number:
        return True
    return current.page_at is not None and current.page_at != made.page_at


def _create(entry: Entry, record: CleanArticle, images: dict[str, Image], made: Made, held: str = "") -> Article:
    """`held`: why no reader may see it yet; "" when they may."""
    embargo = entry.source.embargo_minutes
    article = Article(
        entry=entry,
        source=entry.source,
        first_seen_at=entry.first_seen_at,
        embargo_until=entry.first_seen_at + timedelta(minutes=embargo) if embargo else None,
        state=ArticleState.HELD if held else ArticleState.PUBLISHED,
        state_reason=held,
        state_at=timezone.now() if held else None,
        **columns(record, entry.first_seen_at, images, watched=bool(record.published) or watched(entry)),
    )
    article.save()
    article.revision = Revision.objects.create(
        article=article, number=1, made_at=timezone.now(), document=to_builtins(record), digest=digest_of(record),
        version=made.version, page_at=made.page_at, engine=fingerprint(),
    )  # fmt: skip
    article.save(update_fields=["revision"])
    _short_link(article)
    return article


def revise(
    article: Article,
    record: CleanArticle,
    images: dict[str, Image],
    *,
    at: datetime,
    origin: Revision.Origin,
    made: Made,
) -> bool:
    """Bring an article up to a new record. A new revision is made only when a reader would notice; tells whether.

    What a reader would not notice (provenance, related cards) is written over in place. Inside a transaction, on an
    article that was read in it. What editors set (state, embargo) is not written.
    """
    current = article.revision
    known = bool(record.published) or watched(article.entry)
    fields = columns(record, article.first_seen_at, images, watched=known)
    before = article_from_json(current.document) if current else None
    mended = origin != Revision.Origin.SOURCE and before is not None and before.published != record.published
    if article.published_at is not None and not mended:
        # A publisher that dates a report anew brings no news: it may move back, not up.
        fields["sort_at"] = min(fields["sort_at"], article.sort_at)
    for name, value in fields.items():
        setattr(article, name, value)
    # Not the stored digest: an older program told states apart in another way.
    changed = changed_fields(before, record) if before else []
    if current is not None and not changed:
        Revision.objects.filter(pk=current.pk).update(
            document=to_builtins(record), digest=digest_of(record),
            version=made.version, page_at=made.page_at, engine=fingerprint(),
        )  # fmt: skip
        article.save(update_fields=list(fields))
        return False
    article.revision = Revision.objects.create(
        article=article,
        number=_next_number(article),
        made_at=at,
        origin=origin,
        document=to_builtins(record),
        digest=digest_of(record),
        changed=changed,
        version=made.version,
        page_at=made.page_at,
        engine=fingerprint(),
    )
    if origin == Revision.Origin.SOURCE and set(changed) - {"lead_image"}:
        article.changed_at = at
    article.save(update_fields=[*fields, "revision", "changed_at"])
    return True


def _next_number(article: Article) -> int:
    last = Revision.objects.filter(article=article).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def watched(entry: Entry) -> bool:
    """Whether we knew its feed already when the item appeared in it, so that it was new then."""
    feed = entry.feed
    return feed.state != FeedState.IMPORTED and entry.first_seen_at - feed.created_at >= WATCHING


def columns(
    record: CleanArticle, first_seen: datetime, images: dict[str, Image], *, watched: bool = True
) -> dict[str, Any]:
    """The columns of an article that follow from its record."""
    published = moment_of(record.published, first_seen)
    lead = record.lead_image
    return {
        "slug": slug_of(record.title),
        "title": record.title[:1000],
        "standfirst": record.standfirst,
        "language": record.language[:35],
        "byline": list(record.byline),
        "published_at": published,
        "published_precision": record.published.precision if record.published else "",
        "published_inferred": bool(record.published and record.published.method != "stated"),
        "sort_at": sort_moment(record.published, first_seen, watched=watched),
        "canonical_url": record.canonical_url[:2000],
        "word_count": word_count(record),
        "lead": images.get(lead.src) if lead else None,
        "lead_alt": lead.alt if lead else "",
        "lead_credit": lead.credit[:500] if lead else "",
        "categories": list(record.categories),
    }


def want_pictures(source: Source, record: CleanArticle) -> dict[str, Image]:
    """The rows of the pictures that may be shown, by their address; those that are new are wanted from now on.

    None where the source's policy shows none. An excerpt shows only the lead and the cards' pictures.
    """
    policy = effective_policy(source.policy, record.license or source.licence)
    if not source.show_images or policy == "link":
        return {}
    cards = [card.image for card in record.related if card.image]
    shown = [record.lead_image, *(record.images if policy == "full" else ()), *cards]
    urls = list(dict.fromkeys(image.src for image in shown if isinstance(image, ImageRef) and len(image.src) <= 2000))
    digests = {url: hashlib.sha256(url.encode()).hexdigest() for url in urls[:_MOST_PICTURES]}
    if not digests:
        return {}
    known = set(Image.objects.filter(url_digest__in=digests.values()).values_list("url_digest", flat=True))
    now = timezone.now()
    Image.objects.bulk_create(
        [
            Image(url=url, url_digest=digest, source=source, due_at=now)
            for url, digest in digests.items()
            if digest not in known
        ],
        ignore_conflicts=True,
    )
    rows = {row.url_digest: row for row in Image.objects.filter(url_digest__in=digests.values())}
    return {url: rows[digest] for url, digest in digests.items() if digest in rows}


def _short_link(article: Article) -> None:
    for _ in range(20):
        code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
        try:
            with transaction.atomic():
                ShortLink.objects.create(code=code, article=article, created_at=timezone.now())
        except IntegrityError:
            continue
        return
    raise RuntimeError("no free short link was found in twenty tries")
