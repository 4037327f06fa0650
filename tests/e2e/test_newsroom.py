"""The whole way, from the publishers' bytes to what readers may see: the sample newsroom through the true pipeline."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings

from masthead import demo
from masthead.articles.models import Article, Image, ImageState
from masthead.demo import damage, publishers
from masthead.demo.publishers import Handle
from masthead.feeds.models import Feed, FeedState, SourceIcon
from masthead.pipeline import run_until_idle
from masthead.stories.models import Story
from masthead.weather.models import Reading


@pytest.fixture
def newsroom(transactional_db: None, settings: Any) -> Iterator[Handle]:
    handle = publishers.start(picture_width=320)
    options = dataclasses.replace(
        settings.MASTHEAD,
        city="Trieste",
        weather_url=handle.base("weather") + "/v1/forecast",
        editions=("en", "es", "de", "fr", "ru", "ar"),
        host_gap=0.0,
        image_widths=(160,),
        allow_private_addresses=("127.0.0.0/8",),
    )
    with override_settings(MASTHEAD=options):
        demo.subscribe(handle)
        yield handle
    handle.stop()


def visible(article: Article) -> str:
    """Everything of an article that an outlet may print."""
    assert article.revision is not None
    document = article.revision.document
    blocks = [part for block in document["body"] for part in (block.get("text", ""), block.get("html", ""))]
    lead = (document.get("lead_image") or {}).get("src", "")
    html = "\n".join(blocks).replace("&amp;", "&")
    return "\n".join((article.title, article.standfirst, document["text"], html, lead))


def test_from_bytes_to_stories(newsroom: Handle) -> None:
    result = run_until_idle(240)
    assert result.idle, result
    assert not result.errors
    out = sum(len(newsroom.timeline.of(key)) for key in newsroom.newsroom.press.publishers)
    assert Article.objects.count() == out >= 158

    seen = [(a, visible(a)) for a in Article.objects.select_related("revision", "source")]
    for kind in damage.KINDS.values():
        for mark in kind.marks:
            found = [(a.source.slug, a.title) for a, text in seen if re.search(mark, text)]
            assert not found, (kind.kind, mark, found)

    assert Story.objects.filter(sources__gte=2).count() >= 12
    assert Story.objects.filter(sources__gte=2).values("language").distinct().count() == 6
    assert Image.objects.filter(state=ImageState.READY).count() >= 100
    assert Reading.objects.get().city == "Trieste"
    marked = {key for key, publisher in newsroom.newsroom.press.publishers.items() if publisher.mark}
    icons = SourceIcon.objects.exclude(files=[]).select_related("source")
    assert {icon.source.slug for icon in icons} == marked
    for icon in icons:
        served = Client().get(f"/media/{icon.files[0]['path']}")
        assert served["Content-Type"] == "image/webp" and "immutable" in served["Cache-Control"]
    ended = Feed.objects.get(url__endswith="/rss/classifieds.xml")
    assert ended.state == FeedState.GONE

    Feed.objects.filter(state=FeedState.ACTIVE).update(due_at=None)
    before = set(Article.objects.values_list("pk", "revision_id"))
    Feed.objects.filter(state=FeedState.ACTIVE).update(due_at=newsroom.timeline.opened)
    run_until_idle(120)
    assert set(Article.objects.values_list("pk", "revision_id")) == before
