# ruff: noqa: E501 (texts in their length)
from __future__ import annotations

from datetime import UTC, datetime
from html import escape

import pytest

from masthead.core.repair import EntryContext, clean_entry, clean_text
from masthead.core.types import ParsedEntry

SEEN = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
# language: label of the card, "from", first and second paragraph, third after the card
POSTS = {
    "en": (
        "Read more",
        "from",
        "The harbour council has bought a crane that lifts twice as much as the old one, its director said.",
        "The old crane will be broken up on Thursday, the director added, and nobody will miss the noise it made.",
        "“Ships will moor at the north quay until then,” the director said in front of the gathered dockers.",
    ),
    "es": (
        "Leer más",
        "de",
        "El consejo del puerto ha comprado una grúa que levanta el doble que la antigua, dijo su directora.",
        "La grúa vieja se desmontará el jueves, añadió la directora, y nadie echará de menos el ruido que hacía.",
        "«Los barcos atracarán en el muelle norte hasta entonces», dijo la directora ante los estibadores.",
    ),
    "de": (
        "Mehr zum Thema",
        "von",
        "Der Hafen von Oberwald bekommt einen Kran, der doppelt so viel hebt wie der alte, sagte die Direktorin.",
        "Der alte Kran wird am Donnerstag abgebaut, sagte die Direktorin, und niemand wird seinen Lärm vermissen.",
        "„Die Schiffe legen bis dahin am Nordkai an“, sagte die Direktorin vor den versammelten Arbeitern.",
    ),
    "fr": (
        "Lire aussi",
        "de",
        "Le port a acheté une grue qui soulève deux fois plus que l’ancienne, a déclaré sa directrice mardi.",
        "L’ancienne grue sera démontée jeudi, a ajouté la directrice, et personne ne regrettera son vacarme.",
        "« Les navires accosteront au quai nord jusque-là », a dit la directrice devant les dockers réunis.",
    ),
    "ru": (
        "Читайте также",
        "от",
        "Порт купил кран, который поднимает вдвое больше прежнего, сообщила во вторник директор порта.",
        "Старый кран разберут в четверг, добавила директор, и о его шуме никто не пожалеет, сказала она.",
        "«До тех пор суда будут швартоваться у северного причала», — сказала директор перед докерами порта.",
    ),
    "ar": (
        "اقرأ أيضا",
        "من",
        "اشترى مجلس الميناء رافعة جديدة ترفع ضعف ما كانت ترفعه الرافعة القديمة، كما قالت المديرة للصحافة.",
        "وستفكك الرافعة القديمة يوم الخميس، وأضافت المديرة أن أحدا لن يفتقد الضجيج الذي كانت تحدثه كل صباح.",
        "وقالت المديرة أمام العمال المجتمعين إن السفن سترسو حتى ذلك الحين عند الرصيف الشمالي من الميناء.",
    ),
}


def post(language: str, link: str = "http://sho.localhost:8123/Ab3dE9") -> str:
    label, word, first, second, third = POSTS[language]
    return (
        f"{first}\n{second}\n\n"
        f"    <span><strong>{label}</strong></span>\n"
        f'        <img src="https://img.hafenpost.example/2021.12/crane.jpg" alt="Crane" />\n'
        f'        <figcaption><a href="/port/77-crane/">Card title</a></figcaption>\n\n'
        f"{third}\n{link} 03, 2021 at 12:15AM\n{word} Hafenpost\n\nMost Popular Articles"
    )


FORMS = {
    "lines": lambda text: text,
    "escaped": lambda text: escape(text),
    "breaks": lambda text: text.replace("\n", "<br />\n"),
    "escaped breaks": lambda text: escape(text.replace("\n", "<br>")),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", POSTS)
def test_a_post_in_an_item_is_healed_as_well_as_a_pasted_page(language: str, form: str) -> None:
    raw = post(language)
    page = clean_text(f"A headline\n\n{raw}\n", seen=SEEN)
    entry = ParsedEntry(title="A headline", summary_html=FORMS[form](raw))
    article = clean_entry(entry, EntryContext(), first_seen=SEEN)
    _, _, first, second, third = POSTS[language]
    assert article.text == "\n\n".join([first, second, third]) == page.text
    assert article.published == page.published and article.published is not None
    assert article.published.value == "2021-12-03T00:15"
    assert (article.source.name, article.short_links) == ("Hafenpost", ("http://sho.localhost:8123/Ab3dE9",))
    assert [(card.title, card.url_method) for card in article.related] == [("Card title", "inferred")]
    assert (article.related, article.images, article.lead_image) == (page.related, (), None)


def paragraphs(html: str) -> list[str]:
    return [block.text for block in clean_entry(ParsedEntry(title="T", content_html=html), EntryContext()).body]


LONG = "This is the first of two sentences that are long enough to stand as a paragraph of their own."


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("One <b>word</b><br><br>Two <a href='https://a.example/x'>words</a>", ["One word", "Two words"]),
        ("One\ntwo\nthree", ["One\ntwo\nthree"]),
        ("One\nline<br>another\nline", ["One line\nanother line"]),
        (f"{LONG}\n{LONG[:-1]} too.", [LONG, f"{LONG[:-1]} too."]),
        ("<p>One\ntwo</p>\n<p>Three</p>", ["One two", "Three"]),
        (
            "a line that was wrapped by a program at a width\nof some sixty letters, as mail programs have done it\nsince there is mail.",
            ["a line that was wrapped by a program at a width of some sixty letters, as mail programs have done it since there is mail."],
        ),
    ],
)  # fmt: skip
def test_bare_lines_are_paragraphs_where_they_mean_it(html: str, expected: list[str]) -> None:
    assert paragraphs(html) == expected


@pytest.mark.parametrize(
    "line",
    [
        "The post {t} appeared first on {s}.", "La entrada {t} se publicó primero en {s}.", "Der Beitrag {t} erschien zuerst auf {s}.",
        "L'article {t} est apparu en premier sur {s}.", "Запись {t} впервые появилась на сайте {s}.", "ظهرت المقالة {t} أولا على {s}.",
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["<br><br>", "<br />\n<br />", ""])
def test_appeared_first_goes_whole_where_breaks_part_the_text(line: str, end: str) -> None:
    promo = line.format(
        t='<a href="https://h.example/p">A “title”: with marks</a>', s='<a href="https://h.example/">Harbour</a>'
    )
    html = f'First, with <a href="https://h.example/q">a link</a>.<br><br>\nSecond.<br><br>\n{promo}{end}'
    article = clean_entry(ParsedEntry(title="T", content_html=html), EntryContext(), first_seen=SEEN)
    assert article.text == "First, with a link.\n\nSecond."
    assert (article.canonical_url, article.source.name) == ("https://h.example/p", "Harbour")
