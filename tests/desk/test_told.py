"""The desk tells origins, repairs and warnings in the words that readers get, never by the engine's names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import lxml.html
import pytest
from django.test import Client
from django.utils import translation

from masthead.articles.models import Article
from masthead.core.records import to_builtins
from masthead.core.types import CleanArticle, Provenance, Repair
from masthead.desk.told import placed
from masthead.pages.models import Placement, Section
from masthead.site import tell

DOCUMENT = CleanArticle(
    title="Ferry returns",
    repairs=(
        Repair("leaked-markup", "body", "<b>x</b>", "x", "The engine's own sentence."),
        Repair("unheard-of", "short_links", "a", "b", "A new mend without words."),
    ),
    provenance={
        "title": Provenance("page:meta:og:title", "stated", 0.9),
        "published": Provenance("page:json-ld", "inferred", 0.85),
        "byline": Provenance("none", "stated", 0.0),
    },
    warnings=("Not an article: no text was found on the page.", "A new warning."),
)


def screen(client: Client, article: Article) -> lxml.html.HtmlElement:
    article.revision.document = to_builtins(DOCUMENT)
    article.revision.changed = ["title", "lead_image"]
    article.revision.save()
    answer = client.get(f"/desk/articles/{article.pk}/")
    assert answer.status_code == 200
    return lxml.html.document_fromstring(answer.content.decode())


@pytest.mark.parametrize("language", ["en", "es", "de", "fr", "ru", "ar"])
def test_an_article_is_told_in_the_language_of_the_site(
    chief: Client, article: Article, settings: Any, language: str
) -> None:
    settings.MASTHEAD = replace(settings.MASTHEAD, language=language)
    page = screen(chief, article)
    with translation.override(language):
        headline, date, text = (tell.field(name) for name in ("title", "published", "body"))
        sentence = tell.repair(DOCUMENT.repairs[0]).words
        origin, guess = (tell.origin(name) for name in ("page:meta", "page:json-ld"))
        changed = f"{headline}, {tell.field('lead_image')}"
        warning = tell.warning(DOCUMENT.warnings[0]).words
    rows = [
        [cell.text_content() for cell in row.iter("td")]
        for row in page.xpath("//table[@class='list tight origins']//tr")
    ]
    assert [headline, origin, "stated", "90 %"] in rows
    assert [date, guess, "inferred", "85 %"] in rows
    mends = page.xpath("//table[@class='list tight mends']/tbody/tr")
    assert [cell.text_content() for cell in mends[0].iter("td")] == [text, sentence, "<b>x</b>", "x"]
    assert [cell.get("lang") for cell in mends[0].iter("td")] == [language, language, "", ""]
    assert [cell.get("lang") for cell in mends[1].iter("td")][1] == "en"
    assert [(li.text_content(), li.get("lang")) for li in page.xpath("//ul[@class='warnings']/li")] == [
        (warning, language), ("A new warning.", "en")
    ]  # fmt: skip
    words = page.text_content()
    assert changed in words
    for name in ("page:json-ld", "og:title", "leaked-markup", "lead_image", "The engine's own sentence."):
        assert name not in words


@pytest.mark.parametrize("origin", ["feed", "category", "text", "editor", "default"])
def test_why_a_section_is_said(chief: Client, article: Article, section: Section, origin: str) -> None:
    placement = Placement.objects.create(article=article, section=section, at=article.sort_at, origin=origin)
    assert placed(placement) in screen(chief, article).text_content()
    assert placed(placement) != f"by {origin}"
