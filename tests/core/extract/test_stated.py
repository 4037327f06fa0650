"""The text that a page states in its structured data: evidence of where the article ends, and a last resort."""

from __future__ import annotations

import json

from tests.growth import assert_linear

from masthead.core.extract import extract_page
from masthead.core.types import CleanArticle

_PROSE = tuple(
    f"In the {ordinal} week of the count the wardens of Sandrey saw {number} seals on the northern beach, which is more"
    f" than in any {ordinal} week since they began, and they think that the mild winter is the reason for most of it."
    for number, ordinal in enumerate(["first", "second", "third", "fourth", "fifth", "sixth", "seventh"], start=40)
)
_SLOGAN = "Mugs and scarves with a seal on them are sold by our friends at the harbour all summer long."
_URL = "https://herald.example/nature/seals"


def read(inner: str, stated: str, *, free: bool = True) -> CleanArticle:
    data = {"@type": "NewsArticle", "headline": "Seals", "articleBody": stated, "isAccessibleForFree": free}
    script = f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    html = f"<html lang='en'><head><title>Seals</title>{script}</head><body>{inner}</body></html>"
    return extract_page(html.encode(), _URL)


def markup(*texts: str) -> str:
    return f"<div class='story'>{''.join(f'<p>{text}</p>' for text in texts)}</div>"


def test_what_follows_the_end_of_the_stated_text_goes() -> None:
    article = read(markup(*_PROSE, _SLOGAN), "\n".join(_PROSE))
    assert article.text == "\n\n".join(_PROSE)
    assert any(repair.before == _SLOGAN for repair in article.repairs)


def test_a_stated_text_that_is_cut_off_takes_nothing_away() -> None:
    whole = [*_PROSE, _SLOGAN]
    for stub in (" ".join(_PROSE[:3]), " ".join(_PROSE)[:-30] + "…", " ".join(_PROSE)[:-25], _PROSE[0]):
        assert read(markup(*whole), stub).text == "\n\n".join(whole)


def test_a_picture_after_the_end_stays() -> None:
    picture = "<img src='/seal.jpg' width='800' height='500' alt='A seal'>"
    inner = markup(*_PROSE, _SLOGAN).replace("</div>", f"{picture}</div>")
    article = read(inner, "\n".join(_PROSE))
    assert _SLOGAN not in article.text
    assert any(block.image for block in article.body)


def test_where_the_markup_holds_no_article_the_stated_text_is_it() -> None:
    article = read("<div id='app'>Loading</div>", "\n\n".join(_PROSE))
    assert article.text == "\n\n".join(_PROSE)
    assert {block.type for block in article.body} == {"paragraph"}
    assert article.provenance["body"].origin == "page:json-ld"


def test_it_shows_where_in_the_page_to_look() -> None:
    hidden = "<h2>On the beach</h2>".join(f"<p>{text} <a href='/s'>More.</a></p>" for text in _PROSE)
    article = read(f"<div class='sidebar'>{hidden}</div>" + markup(*[_SLOGAN] * 3) * 9, "\n".join(_PROSE))
    assert all(text in article.text for text in _PROSE[1:])
    assert any(block.type == "heading" for block in article.body)


def test_what_is_kept_for_subscribers_is_not_taken_from_it() -> None:
    article = read(markup(_PROSE[0], "Subscribe now to continue reading."), "\n".join(_PROSE), free=False)
    assert _PROSE[4] not in article.text
    assert any(warning.startswith("Paywall") for warning in article.warnings)


def test_a_hostile_statement_takes_no_time() -> None:
    inner = "".join(f"<p>{'seal ' * 12}{number}</p>" for number in range(1000))
    assert_linear(lambda text: read(text, "seal " * 12_000), inner)
    assert_linear(lambda text: read(inner, text), "seal " * 12_000)
    assert_linear(lambda text: read("", text), "<div>" * 12_000)
