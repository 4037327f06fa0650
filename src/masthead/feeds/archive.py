"""Where imported articles come from: a source, and a feed of it that stands for its archive and is never polled."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from masthead.core.archive import Publication
from masthead.core.urls import host_of
from masthead.feeds.models import Feed, FeedState, Fetch, FullText, Policy, Source
from masthead.feeds.naming import free_slug
from masthead.feeds.queries import source_named, spellings


@dataclass(frozen=True, slots=True)
class Deposit:
    """How an archive is wanted. `source`, `policy`, `language` and `section` win over what it says itself."""

    source: str = ""
    policy: str = ""
    language: str = ""
    section: str = ""


def archive_of(publication: Publication, deposit: Deposit, policy: str = "") -> Feed:
    """The feed of a publication's archive; source and feed are made where they are missing.

    `policy`: what may be shown of a new source where the deposit says nothing.
    """
    with transaction.atomic():
        source = _source(publication, deposit, policy)
        feed = Feed.objects.filter(source=source, state=FeedState.IMPORTED).select_related("source").first()
        if feed is None:
            feed = Feed.objects.create(
                source=source,
                url=f"import:{source.pk}",
                title=f"{source.name}: imported"[:500],
                home_url=source.home_url,
                language=(deposit.language or publication.language)[:35],
                section=deposit.section,
                full_text=FullText.OFF,
                state=FeedState.IMPORTED,
            )
        elif deposit.section and feed.section != deposit.section:
            feed.section = deposit.section
            feed.save(update_fields=["section"])
    return feed


def _source(publication: Publication, deposit: Deposit, policy: str) -> Source:
    name = (deposit.source or publication.title or host_of(publication.link) or "Imported").strip()[:200]
    found = source_named(name)
    if found is None and not deposit.source and publication.link:
        found = Source.objects.filter(home_url__in=spellings(publication.link)).order_by("pk").first()
    if found is not None:
        return found
    return Source.objects.create(
        name=name,
        slug=free_slug(name),
        home_url=publication.link[:2000],
        description=publication.description,
        language=(deposit.language or publication.language)[:35],
        policy=deposit.policy or (policy if policy in Policy.values else Policy.AUTO),
    )


def begin(feed: Feed, name: str) -> Fetch:
    """Note an import among the feed's exchanges: where from, when, and (later) how much it brought."""
    now = timezone.now()
    return Fetch.objects.create(
        feed=feed, started_at=now, ingested_at=now, status=200, final_url=name[:2000], detail="imported"
    )
