"""A newsroom whose publishers are all hostile: feeds in three formats with a payload in every field, taken in by the
real steps; and rows poisoned afterwards, as if something had come past the repairs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from django.utils import timezone

from attack.payloads import escaped

PROSE = (
    "<p>The harbour board of Northhaven voted on Monday to repair the old ferry pier before the winter.</p>"
    "<p>Work on the pier begins in March and is to last until the autumn, its chair Ada Bell said.</p>"
)
FIELDS = 27
"""So many fields of a feed and of its items hold the payload (`rss`, `atom`, `json_feed`, `body`)."""


def clean_xml(text: str) -> str:
    """Without what no XML can hold."""
    return "".join(
        c for c in text if c in "\t\n" or (ord(c) >= 32 and not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff")
    )


def body(payload: str) -> str:
    """Markup with the payload in every place of it that a publisher writes."""
    attribute = payload.replace('"', "&quot;")
    return (
        f'{PROSE}<h2>{payload}</h2><p>{payload}</p><p title="{attribute}">A word <a href="{attribute}">and one</a>.</p>'
        f'<figure><img src="https://pictures.example/{quote(payload[:40])}.jpg" alt="{attribute}" width=800 height=600>'
        f"<figcaption>{payload}</figcaption></figure><blockquote>{payload}<cite>{payload}</cite></blockquote>"
        f"<ul><li>{payload}</ul><table><tr><td>{payload}</table><pre><code>{payload}</code></pre>"
        f'<p>Read more: <a href="https://other.example/report">{payload}</a></p>'
    )


def rss(payloads: Sequence[tuple[int, str]]) -> bytes:
    first = clean_xml(payloads[0][1])
    now = timezone.now()
    items = []
    for number, raw in payloads:
        text = clean_xml(raw)
        e, a = escape(text), quoteattr(text)
        at = (now - timedelta(minutes=number % 600)).strftime("%a, %d %b %Y %H:%M:%S +0000")
        items.append(
            f"<item><title>Report {number} {e}</title><link>https://rss.example/{number}?x={escape(quote(text[:200]))}</link>"
            f"<guid isPermaLink='false'>{number} {e}</guid><pubDate>{at}</pubDate><dc:creator>{e}</dc:creator>"
            f"<author>a@b.example ({e})</author><category>{e}</category><comments>{e}</comments>"
            f"<source url={a}>{e}</source><enclosure url={a} type={a} length='1'/>"
            f"<media:content url='https://pictures.example/{number}.jpg' medium='image'><media:title>{e}</media:title>"
            f"<media:credit>{e}</media:credit><media:description type='html'>{e}</media:description></media:content>"
            f"<description>{escape(text)}</description><content:encoded>{escape(body(text))}</content:encoded></item>"
        )
    e = escape(first)
    return (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'"
        " xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:media='http://search.yahoo.com/mrss/'"
        " xmlns:cc='http://backend.userland.com/creativeCommonsRssModule'>"
        f"<channel><title>{e}</title><link>{e}</link><description>{e}</description><language>en</language>"
        f"<cc:license>{e}</cc:license><image><url>{e}</url><title>{e}</title></image>{''.join(items)}</channel></rss>"
    ).encode()


def atom(payloads: Sequence[tuple[int, str]]) -> bytes:
    e = escape(clean_xml(payloads[0][1]))
    now = timezone.now()
    entries = []
    for number, raw in payloads:
        text = clean_xml(raw)
        f, a = escape(text), quoteattr(text)
        at = (now - timedelta(minutes=number % 600)).isoformat()
        entries.append(
            f"<entry><title type='html'>Report {number} {f}</title><id>tag:atom.example,2026:{number}</id>"
            f"<link href='https://atom.example/{number}'/><link rel='related' href={a} title={a}/>"
            f"<updated>{at}</updated><published>{at}</published><author><name>{f}</name><uri>{f}</uri></author>"
            f"<category term={a} label={a}/><rights>{f}</rights><summary type='html'>{f}</summary>"
            f"<content type='html' xml:base={a}>{escape(body(text))}</content></entry>"
        )
    return (
        "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'>"
        f"<title type='html'>{e}</title><subtitle type='html'>{e}</subtitle><id>tag:atom.example,2026:all</id>"
        f"<link href={quoteattr(clean_xml(payloads[0][1]))}/><icon>{e}</icon><logo>{e}</logo>{''.join(entries)}</feed>"
    ).encode()


def json_feed(payloads: Sequence[tuple[int, str]]) -> bytes:
    now = timezone.now()
    first = payloads[0][1]
    items = [
        {
            "id": f"{number} {text}",
            "url": f"https://json.example/{number}",
            "external_url": text,
            "title": f"Report {number} {text}",
            "content_html": body(text),
            "summary": text,
            "image": text,
            "banner_image": text,
            "date_published": (now - timedelta(minutes=number % 600)).isoformat(),
            "authors": [{"name": text, "url": text, "avatar": text}],
            "tags": [text],
            "attachments": [{"url": text, "mime_type": text, "title": text}],
        }
        for number, text in payloads
    ]
    data = {"version": "https://jsonfeed.org/version/1.1", "title": first, "home_page_url": first, "icon": first}
    data |= {"description": first, "favicon": first, "language": "en"}
    return json.dumps(data | {"items": items}).encode("utf-8", "replace")


def print_news(payloads: Sequence[str], times: Sequence[int]) -> dict[str, object]:
    """Have the payloads taken in and published, each escaped so many times; the keys of what there is then."""
    from masthead.articles.clean import clean
    from masthead.articles.models import Article, ShortLink
    from masthead.entries.ingest import ingest
    from masthead.entries.storable import pack
    from masthead.feeds.models import Feed, Fetch, Source
    from masthead.pages.arrange import arrange
    from masthead.pages.models import Placement
    from masthead.stories.group import group
    from masthead.stories.hand import separate
    from masthead.stories.models import Decision, Member

    numbered = [(n, escaped(text, t)) for n, (text, t) in enumerate(zip(payloads, times, strict=True), start=1)]
    now = timezone.now()
    for form, write in (("rss", rss), ("atom", atom), ("json", json_feed)):
        source = Source.objects.create(
            name=numbered[0][1][:200].replace("\x00", ""),
            slug=f"hostile-{form}",
            policy="full",
            home_url=f"https://{form}.example/",
        )
        feed = Feed.objects.create(source=source, url=f"https://{form}.example/feed", full_text="off")
        data = write(numbered)
        Fetch.objects.create(
            feed=feed, started_at=now, status=200, final_url=feed.url, body=pack(data), body_size=len(data),
            headers={"content-type": "text/html"},
        )  # fmt: skip
    for step in (ingest, clean, group, arrange):
        while step().more:
            pass
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
        "query": quote(payloads[0].encode("utf-8", "replace")),
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
