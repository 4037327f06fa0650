"""What publishers' systems change without saying anything makes no revision; a changed word always does."""

from __future__ import annotations

from typing import Any

import pytest

from masthead.articles.clean import clean
from masthead.articles.models import Article, Revision
from masthead.core import churn

from .test_clean_articles import TEXT, item, make_entry

FIGURE = (
    '<figure><img src="https://cdn1.courier.example/w_800/2024/bridge-1024x768.jpg?v=1" width="800" height="500">'
    "<figcaption>The bridge</figcaption></figure>"
)
QUOTED = TEXT + "<p>“We will build it – whatever it costs,” the mayor’s office said…</p>"
EMBED = '<iframe src="https://films.example/embed/a1b2?rel=0&cb=4711"></iframe>'


def html(**changes: str) -> dict[str, Any]:
    return {"content_html": changes.pop("content"), **changes}


CHURN = {
    "white space": (html(content=TEXT), html(content=TEXT.replace("</p><p>", " </p>\n\n<p>\u00a0"))),
    "a count of comments": (html(content=TEXT + "<p>12 comments</p>"), html(content=TEXT + "<p>348 comments</p>")),
    "a count that was not there": (html(content=TEXT), html(content=TEXT + "<p>1 Kommentar</p>")),
    "a reading time": (html(content="<p>3 min read</p>" + TEXT), html(content="<p>4 min read</p>" + TEXT)),
    "an age": (html(content="<p>Updated 5 minutes ago</p>" + TEXT), html(content="<p>Updated 2 hours ago</p>" + TEXT)),
    "several on one line": (
        html(content=TEXT + "<p>1.2K likes · 30 shares</p>"),
        html(content=TEXT + "<p>1.9K likes · 44 shares</p>"),
    ),
    "an identifier of an advertisement": (
        html(content=TEXT + '<div id="div-gpt-ad-1699-0">[ad id=1699]</div>'),
        html(content=TEXT + '<div id="div-gpt-ad-2841-0">[ad id=2841]</div>'),
    ),
    "related reports under a label": (
        html(content=TEXT + '<p>Read more:</p><ul><li><a href="/a">Storm damages harbour</a></li></ul>'),
        html(content=TEXT + '<p>Read more:</p><ul><li><a href="/b">Ferry sails again</a></li></ul>'),
    ),
    "a list of links at the end": (
        html(content=TEXT + '<h3>From the region</h3><ul><li><a href="/a">Storm damages harbour</a></li></ul>'),
        html(content=TEXT + '<h3>From the region</h3><ul><li><a href="/b">Ferry sails again</a></li></ul>'),
    ),
    "a picture's query": (html(content=FIGURE + TEXT), html(content=FIGURE.replace("?v=1", "?v=2&w=640") + TEXT)),
    "a picture's server and size": (
        html(content=TEXT + FIGURE),
        html(content=TEXT + FIGURE.replace("cdn1", "cdn7").replace("w_800", "w_1200").replace("-1024x768", "-640x480")),
    ),
    "tracking in a link": (
        html(content=TEXT + '<p>See <a href="https://town.example/plan?utm_source=a">the plan</a> of the town.</p>'),
        html(content=TEXT + '<p>See <a href="https://town.example/plan?utm_source=b">the plan</a> of the town.</p>'),
    ),
    "tracking in the address": (
        html(content=TEXT),
        html(content=TEXT, link="https://courier.example/bridge?utm_source=app&fbclid=123"),
    ),
    "what defeats caches in an embedded film": (
        html(content=TEXT + EMBED),
        html(content=TEXT + EMBED.replace("cb=4711", "cb=9920")),
    ),
    "quotes, dashes and dots": (
        html(content=QUOTED),
        html(content=TEXT + '<p>"We will build it - whatever it costs," the mayor\'s office said...</p>'),
    ),
    "quotes in the headline": (
        html(content=TEXT, title="“Old bridge” to be rebuilt"),
        html(content=TEXT, title='"Old bridge" to be rebuilt'),
    ),
    "letters composed in another way": (
        html(content=TEXT + "<p>The mayor of K\u00f6nigsee agreed.</p>"),
        html(content=TEXT + "<p>The mayor of Ko\u0308nigsee agreed.</p>"),
    ),
    "the same instant in another zone": (
        html(content=TEXT),
        html(content=TEXT, published="2024-03-05T08:00:00Z"),
    ),
}
CHANGES = {
    "a word": (html(content=TEXT), html(content=TEXT.replace("April", "May"))),
    "a figure in a sentence": (
        html(content=TEXT + "<p>The plan drew 1,200 comments from residents of the town.</p>"),
        html(content=TEXT + "<p>The plan drew 12,000 comments from residents of the town.</p>"),
    ),
    "a time in a sentence": (
        html(content=TEXT + "<p>The alarm was raised 5 minutes ago, the fire brigade said.</p>"),
        html(content=TEXT + "<p>The alarm was raised 50 minutes ago, the fire brigade said.</p>"),
    ),
    "a sign": (html(content=TEXT), html(content=TEXT.replace("mayor said.", "mayor said?"))),
    "a paragraph taken away": (html(content=QUOTED), html(content=TEXT)),
    "a picture": (html(content=QUOTED + FIGURE), html(content=QUOTED + FIGURE.replace("bridge-", "ferry-"))),
    "a caption": (html(content=QUOTED + FIGURE), html(content=QUOTED + FIGURE.replace("The bridge<", "The old one<"))),
    "the film embedded": (html(content=TEXT + EMBED), html(content=TEXT + EMBED.replace("a1b2", "c3d4"))),
}


def revisions(before: dict[str, Any], after: dict[str, Any]) -> int:
    """How many states the article has after both were received. The second is cleaned whatever its entry's digest."""
    entry = make_entry(item(**before))
    clean()
    make_entry(item(**after), number=2, entry=entry)
    assert clean().done == 1
    return Revision.objects.count()


@pytest.mark.django_db
@pytest.mark.parametrize("name", CHURN)
def test_churn_makes_no_revision(name: str) -> None:
    assert revisions(*CHURN[name]) == 1
    assert Article.objects.get().changed_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("name", CHANGES)
def test_a_change_makes_one(name: str) -> None:
    assert revisions(*CHANGES[name]) == 2
    assert Article.objects.get().changed_at is not None


@pytest.mark.django_db
def test_another_caption_of_the_main_picture_is_a_revision() -> None:
    before, after = FIGURE + TEXT, FIGURE.replace("The bridge<", "The old one<") + TEXT
    assert revisions(html(content=before), html(content=after)) == 2
    assert Revision.objects.latest("number").changed == ["lead_image"]


# A version is kept for these: only the finished article tells what is a card.
@pytest.mark.parametrize(
    "name", [name for name in CHURN if name not in ("related reports under a label", "a list of links at the end")]
)
def test_churn_in_a_feed_makes_no_version_either(name: str) -> None:
    from masthead.core.types import ParsedEntry
    from masthead.entries.digest import digest_of

    before, after = (
        ParsedEntry(**{"title": "Bridge", "link": "https://courier.example/bridge", **fields}) for fields in CHURN[name]
    )
    assert digest_of(before) == digest_of(after)


@pytest.mark.parametrize(
    "line",
    [
        "12 comments", "Comments (12)", "No comments yet", "4.5K likes", "3 min read", "Reading time: 4 minutes",
        "Updated 5 minutes ago", "12 comentarios", "hace 5 minutos", "Tiempo de lectura: 3 min", "1.234 Kommentare",
        "Lesezeit: 4 Minuten", "vor 3 Stunden", "12 commentaires", "il y a 2 heures", "3 minutes de lecture",
        "12 комментариев", "5 минут назад", "Время чтения: 3 мин", "12 تعليقا", "قبل 5 دقائق", "Advertisement",
        "[ad id=38472]", "div-gpt-ad-1699-0", "1.2K likes | 30 shares",
    ],
)  # fmt: skip
def test_counters_in_six_languages(line: str) -> None:
    assert churn.is_counter(line)


@pytest.mark.parametrize(
    "line",
    [
        "The bill drew 1,200 comments from residents.", "12 people died", "3 minutes later", "2024", "5 days",
        "12 readers wrote in", "Die Lage vor 3 Stunden war ernst", "Hace 5 minutos que llueve en la ciudad",
        "Il y a 2 heures, le maire a parlé", "5 минут назад прозвучал взрыв", "Ad man wins 12 awards", "",
    ],
)  # fmt: skip
def test_sentences_are_no_counters(line: str) -> None:
    assert not churn.is_counter(line)
