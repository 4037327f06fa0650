# ruff: noqa: E501 (markup of tests)
"""What is embedded becomes a link with the still that the page or item states; nothing is guessed, no frame stays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from masthead.core.extract import extract_page
from masthead.core.parse import parse_feed
from masthead.core.repair import EntryContext, clean_entry
from masthead.core.repair.players import film_key, page_of, still_of
from masthead.core.rights import permitted
from masthead.core.types import Block, CleanArticle, ParsedEntry

SEEN = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
LINK = "https://hafen.example/n/bruecke"
WORDS = "The council voted on Monday to rebuild the old bridge, which the flood of last summer had damaged."
PLAYER = "https://films.example/embed/7"
STILL = "https://hafen.example/still.jpg"
TUBE = "https://www.youtube.com/embed/abcDEF12_-x"


def made(content: str) -> CleanArticle:
    body = f"<p>{WORDS}</p><p>{WORDS} Really.</p>{content}<p>{WORDS} Indeed.</p>"
    return clean_entry(ParsedEntry(title="T", link=LINK, content_html=body), EntryContext(), first_seen=SEEN)


def embeds(article: CleanArticle) -> list[Block]:
    return [block for block in article.body if block.type == "embed"]


@pytest.mark.parametrize(
    "markup",
    [
        f'<iframe src="{PLAYER}" data-thumbnail="/still.jpg"></iframe>',
        f"<iframe src='{PLAYER}' data-poster-url='{STILL}'></iframe>",
        f"<iframe src=\"{PLAYER}\" srcdoc=\"<a href='{PLAYER}'><img src='/still.jpg'><b>Play</b></a>\"></iframe>",
        f'<iframe src="{PLAYER}"></iframe><noscript><img src="/still.jpg" alt=""></noscript>',
        f'<div class="lazy-video"><a href="{PLAYER}"><img src="/still.jpg"></a><iframe data-src="{PLAYER}"></iframe></div>',
        f'<figure class="embed"><img src="/still.jpg"><iframe src="{PLAYER}"></iframe></figure>',
        f'<video poster="/still.jpg"><source src="{PLAYER}"></video>',
        f'<amp-iframe src="{PLAYER}"><amp-img placeholder src="/still.jpg" width="9" height="9"></amp-img></amp-iframe>',
        f'<object data="{PLAYER}"><img src="/still.jpg"></object>',
    ],
)
def test_a_stated_still_goes_with_the_link(markup: str) -> None:
    article = made(markup.replace('width="9" height="9"', 'width="900" height="500"'))
    (block,) = embeds(article)
    assert (block.url, block.image.src if block.image else "") == (PLAYER, STILL)
    assert [image.src for image in article.images] == [STILL]
    assert not [block for block in article.body if block.type == "figure"]
    assert article.lead_image is None


@pytest.mark.parametrize(
    "markup",
    [
        f'<p><img src="/photo.jpg"><iframe src="{PLAYER}"></iframe></p>',
        f'<div class="row"><img src="/photo.jpg"><iframe src="{PLAYER}"></iframe></div>',
        f'<figure><img src="/photo.jpg"><iframe src="{PLAYER}"></iframe><figcaption>Both</figcaption></figure>',
        f'<div class="video"><p>{WORDS} <img src="/photo.jpg"></p><iframe src="{PLAYER}"></iframe></div>',
    ],
)
def test_a_picture_beside_a_player_is_not_its_still(markup: str) -> None:
    article = made(markup)
    (block,) = embeds(article)
    assert block.image is None
    assert "https://hafen.example/photo.jpg" in [image.src for image in article.images]


def test_a_caption_says_what_a_player_shows() -> None:
    article = made(
        f'<figure><iframe src="{PLAYER}" title="player"></iframe><figcaption>The flood</figcaption></figure>'
    )
    assert [block.title for block in embeds(article)] == ["The flood"]
    assert "The flood" not in article.text
    assert [block.title for block in embeds(made(f'<iframe src="{PLAYER}" title="A film"></iframe>'))] == ["A film"]


def test_a_frame_that_nobody_sees_is_no_embed() -> None:
    article = made('<iframe src="https://count.example/ns" width="0" height="0" style="display:none"></iframe>')
    assert embeds(article) == []
    assert [repair.code for repair in article.repairs] == ["tracking-pixel"]


@pytest.mark.parametrize(
    ("player", "page", "still"),
    [
        (f"{TUBE}?rel=0", "https://www.youtube.com/watch?v=abcDEF12_-x", "https://i.ytimg.com/vi/abcDEF12_-x/hqdefault.jpg"),
        ("https://youtu.be/abcDEF12_-x", "https://www.youtube.com/watch?v=abcDEF12_-x", "https://i.ytimg.com/vi/abcDEF12_-x/hqdefault.jpg"),
        ("https://www.youtube.com/embed/videoseries?list=PLabcdef", "https://www.youtube.com/playlist?list=PLabcdef", ""),
        ("https://www.youtube.com/embed/abcDEF12_-xy", "https://www.youtube.com/embed/abcDEF12_-xy", ""),
        ("https://player.vimeo.com/video/123?h=a", "https://vimeo.com/123", ""),
        ("https://www.dailymotion.com/embed/video/x7abc", "https://www.dailymotion.com/video/x7abc", "https://www.dailymotion.com/thumbnail/video/x7abc"),
        (PLAYER, PLAYER, ""),
    ],
)  # fmt: skip
def test_pages_and_stills_by_public_rule(player: str, page: str, still: str) -> None:
    assert (page_of(player), still_of(player)) == (page, still)
    assert film_key(player) == film_key(page)


def test_a_computed_still_is_recorded_and_a_stated_one_goes_before_it() -> None:
    article = made(f'<iframe src="{TUBE}"></iframe>')
    assert [repair.after for repair in article.repairs] == ["https://i.ytimg.com/vi/abcDEF12_-x/hqdefault.jpg"]
    stated = made(f'<iframe src="{TUBE}" data-thumb="/still.jpg"></iframe>')
    assert [image.src for image in stated.images] == [STILL]
    assert stated.repairs == ()


def test_an_items_thumbnail_belongs_to_its_film() -> None:
    feed = parse_feed(
        f"""<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>H</title>
        <link>https://hafen.example/</link><item><title>T</title><link>{LINK}</link>
        <description>&lt;p&gt;{WORDS}&lt;/p&gt;&lt;iframe src="{PLAYER}"&gt;&lt;/iframe&gt;&lt;p&gt;{WORDS}&lt;/p&gt;</description>
        <media:group><media:title>The flood in March</media:title>
        <media:content url="{PLAYER}" medium="video"/><media:thumbnail url="/small.jpg" width="90"/>
        <media:thumbnail url="/still.jpg" width="900"/></media:group>
        <media:content url="/photo.jpg" medium="image"/></item></channel></rss>""".encode()
    )  # fmt: skip
    assert [media.still for media in feed.entries[0].media if media.medium == "video"] == [STILL]
    article = clean_entry(feed.entries[0], EntryContext(), first_seen=SEEN)
    assert [(block.image.src if block.image else "", block.title) for block in embeds(article)] == [
        (STILL, "The flood in March")
    ]


LD = """<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The bridge", "video": {"@type":
"VideoObject", "name": "The flood", "embedUrl": "%s", "thumbnailUrl": ["/still.jpg"]}}</script>"""
OG = '<meta property="og:video:secure_url" content="%s"><meta property="og:image" content="/still.jpg">'


@pytest.mark.parametrize(("head", "title"), [(LD, "The flood"), (OG, "")])
@pytest.mark.parametrize("other", [False, True], ids=["same film", "another film"])
def test_a_pages_own_words_about_its_film(head: str, title: str, other: bool) -> None:
    address = "https://films.example/embed/8" if other else PLAYER
    paragraphs = "".join(f"<p>{WORDS} {number}.</p>" for number in range(5))
    page = (
        f"<html><head><title>The bridge</title>{head % address}</head><body><article><h1>The bridge</h1>"
        f'{paragraphs}<iframe src="{PLAYER}"></iframe>{paragraphs}</article></body></html>'
    )
    (block,) = embeds(extract_page(page.encode(), LINK, seen=SEEN))
    assert (block.image.src if block.image else "", block.title) == (("", "") if other else (STILL, title))


def test_a_source_that_shows_no_pictures_shows_no_stills() -> None:
    article = permitted(made(f'<iframe src="{TUBE}"></iframe>'), "full", excerpt_characters=300, images=False)
    assert [block.image for block in embeds(article)] == [None]
