"""A newsroom whose publishers are all hostile: feeds in three formats with a payload in every field, taken in by the
real steps; and rows poisoned afterwards, as if something had come past the repairs.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from urllib.parse import quote

from django.utils import timezone

from attack.forms import atom, json_feed, rss, single
from attack.packs import Pack

PER_FEED = 5
"""So many reports stand in one feed, whose own fields hold the payloads of the first."""


def print_news(packs: Sequence[Pack]) -> dict[str, object]:
    """Have the packs taken in, one report each in each format, and published; the keys of what there is then."""
    for form, write in (("rss", rss), ("atom", atom), ("json", json_feed)):
        for start in range(0, len(packs), PER_FEED):
            _arrive(form, start, write(packs[start : start + PER_FEED], start + 1), packs[start])
    publish()
    return keys(packs)


def publish() -> None:
    """Run the steps until nothing is left to do."""
    from masthead.articles.clean import clean
    from masthead.entries.ingest import ingest
    from masthead.pages.arrange import arrange
    from masthead.stories.group import group

    for step in (ingest, clean, group, arrange):
        while step().more:
            pass


def _arrive(form: str, start: int, data: bytes, pack: Pack) -> None:
    """A feed as it comes in: answered to us, or brought by its hub (Atom)."""
    from masthead.entries.storable import pack as packed
    from masthead.feeds.models import Feed, Fetch, HubState, HubSubscription, Source
    from masthead.feeds.websub import answer

    name, slug = single(pack, start)[:200].replace("\x00", "") or "x", f"hostile-{form}{start or ''}"
    host = f"{form}{start or ''}.example"
    source = Source.objects.create(name=name, slug=slug, policy="full", home_url=f"https://{host}/")
    feed = Feed.objects.create(source=source, url=f"https://{host}/feed", full_text="off")
    now = timezone.now()
    if form == "atom":
        row = HubSubscription.objects.create(
            feed=feed, hub="https://hub.example/", topic=feed.url, token=slug, secret="s", state=HubState.HELD
        )
        signature = "sha256=" + hmac.new(b"s", data, hashlib.sha256).hexdigest()
        answer.deliver(row, answer.Delivery(data, signature, "text/html"), now)
        return
    Fetch.objects.create(
        feed=feed, started_at=now, status=200, final_url=feed.url, body=packed(data), body_size=len(data),
        headers={"content-type": "text/html"},
    )  # fmt: skip


def keys(packs: Sequence[Pack]) -> dict[str, object]:
    """What there is now, by the names that routes use."""
    """What there is now, by the names that routes use."""
    from masthead.articles.models import Article, ShortLink
    from masthead.feeds.models import Feed
    from masthead.pages.models import Placement
    from masthead.stories.hand import separate
    from masthead.stories.models import Decision, Member

    article = Article.objects.order_by("pk").first()
    if article is None:
        raise RuntimeError("nothing was published: no outlet was tried")
    story = Member.objects.order_by("-story__articles").first()
    separate(Article.objects.order_by("-pk")[0])
    placed = Placement.objects.select_related("section").first()
    return {
        "article": article.pk,
        "withdrawn": Article.objects.order_by("-pk")[0].pk,
        "story": story.story_id if story else 1,
        "decision": Decision.objects.order_by("-pk")[0].pk,
        "section": quote(placed.section.slug) if placed else "world",
        "section_pk": placed.section_id if placed else 1,
        "source": "hostile-rss",
        "source_pk": article.source_id,
        "feed": Feed.objects.order_by("pk")[0].pk,
        "short": ShortLink.objects.order_by("pk")[0].code,
        "year": f"{timezone.localtime():%Y}",
        "month": f"{timezone.localtime():%m}",
        "day": f"{timezone.localtime():%d}",
        "query": quote(single(packs[0], 0).encode("utf-8", "replace")),
        "user": 1,
        "login": 1,
    }


def poison(payload: str, user: object) -> None:
    """Write a payload into every column of text that an outlet or a screen shows, past all repairs."""
    from masthead.accounts.models import Act, Login, User
    from masthead.articles import takedown
    from masthead.articles.models import Article, Revision
    from masthead.feeds.models import Feed, Fetch, Source
    from masthead.pages.models import Section
    from masthead.store.models import Heartbeat
    from masthead.stories.models import Story

    text = payload.replace("\x00", "")
    short = text[:200]
    now = timezone.now()
    Source.objects.update(name=short, description=text, ownership=short, owner=short, licence=text[:500])
    Section.objects.update(name=text[:100], names={"en": text, "de": text})
    Feed.objects.update(title=short, reason=text[:300])
    Fetch.objects.update(detail=text, ingest_error=text)
    Story.objects.update(title=text[:300])
    Article.objects.update(standfirst=text, byline=[text], lead_alt=text, lead_credit=text[:500], categories=[text])
    for article in Article.objects.select_related("revision")[:5]:
        revision = article.revision
        if revision is not None:
            record = revision.document
            record |= {"standfirst": text, "byline": [text], "categories": [text], "warnings": [text], "license": text}
            record["body"] = [*record.get("body", []), {"type": "paragraph", "text": text, "html": ""}]
            record["related"] = [
                {"label": text, "title": text, "url": "https://other.example/", "url_method": "stated"}
            ]
            record["quotes"] = [{"text": text, "speaker": text, "cue": text, "block": 0, "confidence": 1.0}]
            record["repairs"] = [{"code": text, "field": text, "before": text, "after": text, "why": text}]
            evidence = [{"kind": text, "text": text, "supports": text}]
            record["provenance"] = {
                "title": {"origin": text, "method": "stated", "confidence": 1.0, "evidence": evidence}
            }
            Revision.objects.filter(pk=revision.pk).update(document=record)
    takedown.withdraw(Article.objects.order_by("-pk")[0], text[:500])
    Heartbeat.objects.update_or_create(step="clean", defaults={"started_at": now, "error": text})
    assert isinstance(user, User)
    User.objects.filter(pk=user.pk).update(first_name=text[:150])
    Login.objects.update(agent=short)
    Act.objects.create(user=user, at=now, verb=text[:40], label=text[:300], note=text)
