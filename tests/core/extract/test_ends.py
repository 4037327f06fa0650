"""Lines at the end of an article and between its paragraphs that are no part of its text."""

from __future__ import annotations

import pytest

from masthead.core.extract import extract_page
from masthead.core.types import CleanArticle

_PROSE = (
    "The bakers of Ostervik will bake no bread on Mondays from September, their guild told the town on Thursday.",
    "Flour costs a third more than a year ago, and the ovens burn as much gas on a slow day as on a busy one.",
    "“A day of rest saves each of us a day of heating,” said Tuva Lindqvist, whose bakery stands on the market.",
    "Two supermarkets said that they would go on selling rolls from their own ovens on every day of the week.",
)


def read(*after: str, byline: str = "Runa Hestvik") -> CleanArticle:
    """What is read from a page of an invented newspaper with `after` (HTML) at the end of its text."""
    prose = "".join(f"<p>{text}</p>" for text in _PROSE)
    html = (
        f"<html lang='en'><head><title>No bread on Mondays</title><meta name='author' content='{byline}'></head>"
        f"<body><article><h1>No bread on Mondays</h1>{prose}{''.join(after)}</article></body></html>"
    )
    return extract_page(html.encode(), "https://post.example/town/bread")


@pytest.mark.parametrize(
    "line",
    [
        "Email Runa Hestvik at runa@post.example or follow her @runahestvik.",
        "Runa Hestvik may be reached at runa@post.example. Follow her on Twitter @runahestvik or on Facebook.",
        "Have a news tip? Write to us at desk@post.example.",
        "This document is subject to copyright. Apart from fair dealing no part may be copied.",
        "No part of this report may be reproduced without the written permission of the publisher.",
        "This material may not be published, broadcast, rewritten or redistributed without permission.",
        "Queda prohibida la reproducción total o parcial de este texto.",
        "Image 3 of 7",
        "Foto 3 de 7",
        "skip past newsletter promotion",
    ],
)
def test_such_a_line_leaves_the_text(line: str) -> None:
    assert read(f"<p>{line}</p>").text == "\n\n".join(_PROSE)


@pytest.mark.parametrize(
    "line",
    [
        "Those who saw the fire can write to the police at fire@police.example, an officer said on Friday.",
        "The guild said that its plan may be published next week, after the council has seen it.",
        "The image of the town depends on its bread, one of seven council members said.",
        "Contact Ostervik town hall at bread@ostervik.example for a list of the bakeries that stay open.",
        "He asked readers to skip the newsletter and come to the meeting on the market instead.",
    ],
)
def test_a_sentence_that_only_sounds_like_one_stays(line: str) -> None:
    assert line in read(f"<p>{line}</p>").text


@pytest.mark.parametrize(
    "label", ["More:", "More Great Post Stories", "Leggi anche", "Leia também", "Czytaj też", "Läs också"]
)
def test_links_under_a_label_become_cards(label: str) -> None:
    links = "".join(f"<ul><li><h4><a href='/n/{n}'>Another report, number {n}</a></h4></li></ul>" for n in (1, 2))
    article = read(f"<h4>{label}</h4>{links}")
    assert article.text == "\n\n".join(_PROSE)
    assert [card.url for card in article.related] == ["https://post.example/n/1", "https://post.example/n/2"]


def test_a_heading_that_begins_so_keeps_its_paragraph() -> None:
    article = read(
        "<h2>More</h2><p>There is more to say about rye, which nobody here bakes on any day of the week.</p>"
    )
    assert "about rye" in article.text
    assert any(block.text == "More" for block in article.body)
