"""What the reports of a story bear out of each other, as records of the page: `core.consensus` on what may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from masthead.articles.models import Article
from masthead.core import consensus
from masthead.core.consensus import Dated, Report
from masthead.core.consensus.reading import LONGEST
from masthead.core.types import CleanArticle, Quote
from masthead.pages.article_page import document_of, permitted_document
from masthead.pages.languages import primary
from masthead.pages.story_types import FigureView, FirstView, NameView, SaidView, SpeakerView, StoryPage, SummaryLine
from masthead.pages.types import Card

COMPARED = 60
"""So many of the newest reports are compared with each other: what more of them would say changes nothing."""


def told(page: StoryPage, rows: Mapping[int, Article]) -> tuple[StoryPage, dict[int, tuple[str, ...]]]:
    """The page with all that its reports say of each other, and the words that each headline has alone.

    `rows`: the reports and their copies with their revisions. Copies are no witnesses. No query.
    """
    documents = {key: document_of(row) for key, row in rows.items()}
    allowed = {key: permitted_document(rows[key], document)[0] for key, document in documents.items()}
    cards = {card.id: card for card in (*page.reports, *(c for copies in page.copies.values() for c in copies))}
    reading = consensus.read(
        Report(
            key=card.id,
            source=card.source.id,
            title=card.title,
            text=_text(allowed[card.id])[:LONGEST],
            whole=_text(documents[card.id])[:LONGEST],
            language=primary(card.language),
            at=card.at,
        )
        for card in page.reports[-COMPARED:]
    )
    stated = consensus.figures(reading)
    contests = consensus.contested(stated)
    doubtful = [noun for contest in contests for noun in contest.nouns]
    whole = replace(
        page,
        compared=reading.sources,
        summary=_summary(consensus.summary(reading, doubtful), cards, page.lead),
        first=_first(rows, documents, cards),
        names=tuple(NameView(name.name, len(name.keys)) for name in consensus.named(reading)),
        figures=tuple(_figure(figure, cards) for figure in consensus.shared(stated, reading.sources)),
        contests=tuple(tuple(_figure(side, cards) for side in contest.sides) for contest in contests),
        speakers=_speakers(page.reports, allowed, page.copies, cards),
    )
    return whole, consensus.apart(reading)


def _summary(found: tuple[consensus.Sentence, ...], cards: Mapping[int, Card], lead: Card) -> tuple[SummaryLine, ...]:
    """The sentences that others bear out; where there are none, what the lead says of itself, borne out by nobody."""
    if found:
        return tuple(SummaryLine(line.text, cards[line.key], len(line.borne)) for line in found)
    return (SummaryLine(lead.standfirst, lead, 0),) if lead.standfirst else ()


def _text(document: CleanArticle) -> str:
    """The words of a report from the top: the standfirst, then the body unless it begins with the same."""
    if not document.standfirst or document.text.startswith(document.standfirst):
        return document.text
    return f"{document.standfirst}\n\n{document.text}".strip()


def _figure(figure: consensus.Figure, cards: Mapping[int, Card]) -> FigureView:
    return FigureView(figure.words, tuple(cards[key] for key in figure.keys))


def _first(
    rows: Mapping[int, Article], documents: Mapping[int, CleanArticle], cards: Mapping[int, Card]
) -> FirstView | None:
    found = consensus.first(
        Dated(key, row.source_id, documents[key].published, row.first_seen_at) for key, row in rows.items()
    )
    return FirstView(tuple(cards[key] for key in found.keys), found.at, found.open) if found else None


def _speakers(
    reports: Iterable[Card],
    allowed: Mapping[int, CleanArticle],
    copies: Mapping[int, tuple[Card, ...]],
    cards: Mapping[int, Card],
) -> tuple[SpeakerView, ...]:
    """Quotations by speaker. A copy carries its report's words: it is not named again."""
    quotes: list[tuple[int, Quote]] = [(card.id, quote) for card in reports for quote in allowed[card.id].quotes]
    return tuple(
        SpeakerView(speaker, tuple(SaidView(said.text, tuple(cards[key] for key in said.keys)) for said in found))
        for speaker, found in consensus.gather(quotes)
    )
