# ruff: noqa: E501 (tables of words)
"""Labels of pointers to other reports: in capitals and not, with a colon and without, in many languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from masthead.core.repair import EntryContext, clean_entry
from masthead.core.types import CleanArticle, ParsedEntry

SEEN = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
PROSE = "The council voted on Monday to rebuild the old bridge, which the flood of last summer had damaged."
TITLE = "The bridge that nobody wanted back"
LINK = f'<a href="https://hafen.example/n/2">{TITLE}</a>'
LABELS = [
    "See also", "Read next", "Watch more", "Listen also", "Ver también", "Lean además", "Escucha más", "Lesen Sie hier auch",
    "Hören Sie dazu", "Siehe auch", "Voir également", "À écouter aussi", "Lisez aussi", "Смотрите ещё", "Слушайте также",
    "اقرأ أيضا", "شاهد المزيد", "Lees ook", "Bekijk meer", "Luister ook", "Leggi anche", "Guarda anche", "Leia também",
    "Veja mais", "Czytaj także", "Zobacz też", "Läs också", "Les også", "Læs mere", "Lue myös", "Čtěte také", "Читайте також",
]  # fmt: skip
FORMS = [
    "<p>{label}: {link}</p>",
    "<p><strong>{label} :</strong> {link}</p>",
    "<p>{label} {link}</p>",
    "<p>{label}:</p><p>{link}</p>",
    "<h4>{label}</h4><ul><li>{link}</li></ul>",
    "<p>{label}:<br>{link}</p>",
    '<p><a href="https://hafen.example/n/2"><b>{label}:</b> The bridge that nobody wanted back</a></p>',
]


def made(content: str) -> CleanArticle:
    body = f"<p>{PROSE}</p><p>{PROSE} Really.</p>{content}<p>{PROSE} Indeed.</p>"
    entry = ParsedEntry(title="T", link="https://hafen.example/n/1", content_html=body)
    return clean_entry(entry, EntryContext(), first_seen=SEEN)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("label", LABELS)
def test_a_label_and_a_link_are_a_card(label: str, form: str) -> None:
    for words in (label, label.upper()):
        article = made(form.format(label=words, link=LINK))
        cards = [(card.label, card.title, card.url) for card in article.related]
        assert cards == [(words, TITLE, "https://hafen.example/n/2")], (words, form)
        assert TITLE not in article.text and words not in article.text


@pytest.mark.parametrize("label", ["MEER", "LEES", "LEGGI", "VEJA", "CZYTAJ", "Read", "Lire"])
def test_a_bare_invitation_needs_its_colon(label: str) -> None:
    assert [card.title for card in made(f"<p>{label}: {LINK}</p>").related] == [TITLE]
    assert made(f"<p>{label} {LINK}</p>").related == ()


@pytest.mark.parametrize(
    "line",
    [
        f"See also the report in {LINK} of the harbour.",
        f"LEES OOK: dit besluit stond eerder in {LINK}, zei de raad.",
        'Read more <a href="https://hafen.example/n/2">about it</a>',
        'Lees ook <a href="https://hafen.example/n/2">het boek</a>',
        "SEE ALSO: the minutes of the council, page nine.",
        "Se mer än så, sade hon.",
    ],
)
def test_a_sentence_stays_in_the_text(line: str) -> None:
    article = made(f"<p>{line}</p>")
    assert article.related == ()
    assert len(article.text.split("\n\n")) == 4
