# ruff: noqa: E501 (tables of words and phrases)
from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masthead.core.extract import extract_page
from masthead.core.records import article_from_json, to_builtins
from masthead.core.repair import EntryContext, clean_entry, clean_text
from masthead.core.types import CleanArticle, ParsedAuthor, ParsedEntry, ParsedMedia

SEEN = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
LINK = "https://hafenbote.example/stadt/bruecke"
CONTEXT = EntryContext(
    feed_url="https://feeds.example/hafenbote", feed_title="Hafenbote", feed_link="https://hafenbote.example/"
)
LONG = "The council voted on Monday to rebuild the old bridge, which the flood of last summer had damaged."
BODY = f"<p>{LONG}</p><p>Work begins in April. {LONG}</p><p>{LONG} The mayor was content.</p>"


def made(content: str = BODY, context: EntryContext = CONTEXT, **fields: Any) -> CleanArticle:
    values: dict[str, Any] = {"title": "A title", "link": LINK, "content_html": content, **fields}
    return clean_entry(ParsedEntry(**values), context, first_seen=SEEN)


def codes(article: CleanArticle) -> set[str]:
    return {repair.code for repair in article.repairs}


@pytest.mark.parametrize("times", [1, 2, 3])
def test_markup_escaped_once_too_often_is_markup_again(times: int) -> None:
    html = "<p>Caf&eacute; am Hafen &amp; mehr</p><p>Zweiter <b>Absatz</b></p>"
    for _ in range(times):
        html = html.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    article = made(html)
    assert [block.text for block in article.body] == ["Café am Hafen & mehr", "Zweiter Absatz"]
    assert "leaked-markup" in codes(article)


def test_talk_about_markup_stays_text() -> None:
    article = made("<p>Write <code>&lt;b&gt;bold&lt;/b&gt;</code> and use the &lt;p&gt; element.</p>")
    assert article.body[0].text == "Write <b>bold</b> and use the <p> element."
    assert "leaked-markup" not in codes(article)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Tom &amp; Anna", "Tom & Anna"),
        ("It&#8217;s &amp;quot;here&amp;quot;", 'It’s "here"'),
        ("AT&T & Co", "AT&T & Co"),
        ("Ministère de l’Ã©ducation", "Ministère de l’éducation"),
        ("<b>Bold</b> claim", "Bold claim"),
        ("if a < b then", "if a < b then"),
    ],
)
def test_titles_are_text(raw: str, expected: str) -> None:
    assert made(title=raw).title == expected


def test_links_resolve_against_the_item_and_lose_their_tracking() -> None:
    article = made('<p>See <a href="/plan?utm_source=rss&id=7">the plan</a> and <a href="javascript:x">this</a>.</p>')
    assert 'href="https://hafenbote.example/plan?id=7"' in article.body[0].html
    assert "javascript" not in article.body[0].html
    assert {"relative-link", "dead-link"} <= codes(article)


def test_a_redirector_is_unwrapped_without_a_fetch() -> None:
    wrapped = "https://go.example/out?url=https%3A%2F%2Fother.example%2Fpage%3Futm_medium%3Dx"
    assert 'href="https://other.example/page"' in made(f'<p>See <a href="{wrapped}">it</a></p>').body[0].html


LABELS = ["Read more", "Lee también", "Lesen Sie auch", "Lire aussi", "Читайте также", "اقرأ أيضا"]
FORMS = [
    '<p>{label}: <a href="/x/other">The other report</a></p>',
    '<p><b>{label}</b></p><ul><li><a href="/x/other">The other report</a></li></ul>',
    '<blockquote><p>{label}</p><p><a href="/x/other">The other report</a></p></blockquote>',
    '<p>{label}</p><figure><a href="/x/other"><img src="/i.jpg" alt="A ship"></a>'
    '<figcaption><a href="/x/other">The other report</a></figcaption></figure>',
    ('&lt;span&gt;{label}&lt;/span&gt; &lt;img src="/i.jpg" alt="A ship" /&gt; &lt;a href="/x/other"&gt;The other '
    'report&lt;/a&gt;'),
]  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("form", FORMS, ids=["paragraph", "list", "quote", "figure", "leaked"])
def test_pointers_to_other_reports_become_cards(label: str, form: str) -> None:
    article = made(f"<p>{LONG}</p>{form.format(label=label)}<p>Work begins in April. {LONG}</p>")
    assert [(card.title, card.url, card.url_method) for card in article.related] == [
        ("The other report", "https://hafenbote.example/x/other", "stated")
    ]
    assert article.related[0].label == label
    assert "other report" not in article.text and label not in article.text
    assert article.lead_image is None


def test_a_card_picture_is_never_the_lead() -> None:
    card = '<p>Read more</p><figure><img src="/i.jpg"><figcaption><a href="/o">Other</a></figcaption></figure>'
    own = (
        '<figure><img src="/own.jpg" width="900" height="600"><figcaption>The bridge. Photo: Anna '
        "Bell</figcaption></figure>"
    )
    article = made(f"{card}{own}{BODY}")
    assert article.lead_image is not None
    assert article.lead_image.src == "https://hafenbote.example/own.jpg"
    assert (article.lead_image.caption, article.lead_image.credit) == ("The bridge.", "Anna Bell")
    assert article.related[0].image is not None


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for our newsletter", "Suscríbete a nuestro boletín", "Melden Sie sich für unseren Newsletter an",
        "Abonnez-vous à notre lettre", "Подпишитесь на наш канал", "تابعونا على تويتر", "Advertisement", "Follow us on Mastodon",
        "Continue reading...", "Weiterlesen", "Lire la suite", "Читать далее",
    ],
)  # fmt: skip
def test_promotional_lines_leave_the_prose(line: str) -> None:
    article = made(f"{BODY}<p>{line}</p>")
    assert line not in article.text
    assert codes(article) & {"promo", "continue-reading"}


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe or die, the pirates said.",
        "Advertisement spending fell by a tenth last year.",
        "Werbung ist teuer geworden.",
    ],
)
def test_reports_about_promotion_stay(line: str) -> None:
    assert line in made(f"{BODY}<p>{line} {LONG}</p>").text


def test_appeared_first_keeps_its_facts() -> None:
    line = (
        f'<p>The post <a href="{LINK}">A title</a> appeared first on <a '
        f'href="https://hafenbote.example">Hafenbote</a>.</p>'
    )
    article = made(f"{BODY}{line}", link="", context=EntryContext())
    assert "appeared first" not in article.text
    assert (article.canonical_url, article.source.name) == (LINK, "Hafenbote")


def test_pixels_go_and_lazy_pictures_come() -> None:
    html = (
        '<img src="https://count.example/pixel.gif" width="1" height="1">'
        '<p><img src="data:image/gif;base64,R0" data-src="/real.jpg" alt="The quay"></p>'
    )
    article = made(f"{BODY}{html}")
    assert [image.src for image in article.images] == ["https://hafenbote.example/real.jpg"]
    assert {"tracking-pixel", "lazy-image"} <= codes(article)


@pytest.mark.parametrize(
    ("iso", "value", "code"),
    [
        ("2024-03-05T09:00:00+01:00", "2024-03-05T09:00:00+01:00", ""),
        ("2024-03-05", "2024-03-05", ""),
        ("1970-01-01T00:00:00Z", None, "no-date"),
        ("0001-01-01T00:00:00Z", None, "no-date"),
        ("2031-01-01T00:00:00Z", None, "future-date"),
        ("2024-03-05T18:00:00Z", "2024-03-05T18:00:00", "wrong-zone"),
    ],
)
def test_dates_are_held_against_first_sight(iso: str, value: str | None, code: str) -> None:
    article = made(published=iso, published_raw=iso)
    assert (article.published.value if article.published else None) == value
    assert not code or code in codes(article)


def test_a_day_without_zone_may_lie_anywhere_on_earth() -> None:
    date = made(published="2024-03-01").published
    assert date is not None
    assert (date.earliest, date.latest) == ("2024-02-29T10:00Z", "2024-03-02T11:59:59Z")


def test_names_are_names() -> None:
    authors = (
        ParsedAuthor("By Jane Doe and Juan Pérez"),
        ParsedAuthor("news@x.example (Ida Ek)"),
        ParsedAuthor("admin"),
        ParsedAuthor("Hafenbote"),
    )
    article = made(authors=authors)
    assert article.byline == ("Jane Doe", "Juan Pérez", "Ida Ek")
    assert "@" not in str(article.byline)


def test_an_entry_without_author_has_none() -> None:
    article = made()
    assert article.byline == () and article.provenance["byline"].origin == "none"


def test_language_by_text_when_the_feed_is_plainly_wrong() -> None:
    german = (
        "<p>Der Stadtrat hat am Montag beschlossen, die alte Brücke über den Fluss wieder aufzubauen, sagte die "
        "Bürgermeisterin.</p>"
    ) * 3
    article = made(german, context=EntryContext(feed_language="en"))
    assert article.language == "de" and "language" in codes(article)


def test_media_of_the_feed_leads() -> None:
    article = made(
        media=(ParsedMedia("/big.jpg?utm_source=rss", type="image/jpeg", description="The quay", credit="Ida Ek"),)
    )
    assert article.lead_image is not None
    assert (article.lead_image.src, article.lead_image.credit) == ("https://hafenbote.example/big.jpg", "Ida Ek")


APPLET = """12.5 C
Montag, 2. Juni 2025

Hafen bekommt neuen Kran

Der Hafen von Oberwald bekommt im Sommer einen neuen Kran, der doppelt so viel hebt wie der alte, sagte der Direktor am Dienstag vor der Presse.

Die Kosten von zwölf Millionen trägt das Land. Der alte Kran wird abgebaut und verschrottet, wie der Direktor weiter ausführte.

    <strong>Lesen Sie auch</strong>
    <img src="https://bilder.hafenpost.example/2022-09/kran.jpg" alt="Der alte Kran. Foto: Ida Ek" />
    <a href="/wirtschaft/77-werft/">Werft baut aus</a>

Die Arbeiten beginnen im Herbst und dauern ein Jahr, in dem die Schiffe am Nordkai anlegen werden.
https://sho.example/Ab3dE9 08, 2022 at 06:05PM
from Hafenpost

Meistgelesen
"""


def test_a_posted_page_is_taken_apart() -> None:
    article = clean_text(APPLET, seen=SEEN)
    assert article.title == "Hafen bekommt neuen Kran"
    assert article.standfirst.startswith("Der Hafen von Oberwald")
    assert [block.type for block in article.body] == ["paragraph", "paragraph"]
    date = article.published
    assert date is not None
    assert (date.value, date.precision, date.zone, date.method) == ("2022-09-08T18:05", "minute", None, "inferred")
    assert (date.earliest, date.latest) == ("2022-09-08T04:05Z", "2022-09-09T06:05Z")
    assert {evidence.kind for evidence in date.evidence} >= {"image-path"}
    assert article.source.name == "Hafenpost" and article.byline == () and article.lead_image is None
    assert article.short_links == ("https://sho.example/Ab3dE9",)
    card = article.related[0]
    assert (
        card.title == "Werft baut aus" and card.url_method == "inferred" and card.url.endswith("/wirtschaft/77-werft/")
    )
    assert card.image is not None and (card.image.alt, card.image.credit) == ("Der alte Kran.", "Ida Ek")
    assert article.page["temperature"] == "12.5 °C" and article.page["date"] == "2025-06-02"
    assert "Meistgelesen" not in article.text


def test_a_cut_date_without_evidence_stays_cut() -> None:
    article = clean_text(
        f"Title here\n\n{LONG}\n\n{LONG}\nhttps://sho.example/Ab3dE9 08, 2022 at 06:05PM\nfrom Hafenpost", seen=SEEN
    )
    assert article.published is not None
    assert (article.published.value, article.published.precision) == ("2022", "year")


PAGE = f"""<html lang="en"><head><title>Bridge to be rebuilt | Harbour Courier</title><meta property="og:site_name" content="Harbour Courier">
<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Bridge to be rebuilt","datePublished":"2024-03-01T08:00:00Z",
"author":[{{"@type":"Person","name":"Ida Ek"}}],"image":"https://hc.example/lead.jpg"}}</script></head>
<body><nav><a href="/">Home</a></nav><article><h1>Bridge to be rebuilt</h1>{BODY}
<figure><img src="/pier.jpg" alt="A pier"><figcaption>The pier. Photo: Ola Berg</figcaption></figure><p>{LONG} It will be wider.</p></article>
<footer>Subscribe to our newsletter</footer></body></html>"""


def test_a_page_becomes_an_article() -> None:
    article = extract_page(PAGE.encode(), "https://hc.example/bridge?utm_source=x", seen=SEEN)
    assert (article.title, article.byline, article.source.name) == (
        "Bridge to be rebuilt",
        ("Ida Ek",),
        "Harbour Courier",
    )
    assert article.published is not None and article.published.value == "2024-03-01T08:00:00Z"
    assert article.canonical_url == "https://hc.example/bridge"
    assert article.lead_image is not None and article.lead_image.src == "https://hc.example/lead.jpg"
    assert "newsletter" not in article.text and "It will be wider." in article.text


def test_a_paywall_is_named_and_its_stub_is_not_the_article() -> None:
    stub = (
        f"<html><head><title>Bridge</title></head><body><article><h1>Bridge</h1><p>{LONG}</p><p>Subscribe now "
        f"to continue reading this article. Already a subscriber?</p></article></body></html>"
    )
    page = extract_page(stub.encode(), LINK, seen=SEEN)
    assert page.warnings[0].startswith("Paywall")
    entry = ParsedEntry(title="Bridge", link=LINK, summary_html="<p>Short.</p>")
    assert clean_entry(entry, CONTEXT, page, SEEN).text == "Short."


NASTY = st.text(max_size=60) | st.sampled_from(
    ["<p>x", "&lt;p&gt;", "&amp;lt;b&amp;gt;x&amp;lt;/b&amp;gt;", "<img src=//a/b>", "<a href='javascript:x'>y</a>", "\u202e", "<table><tr><td>1<td>2",
     "Read more: <a href=/x>y</a>", "https://ift.example/Ab3dE9 03, 2021 at 12:15AM", "<script>1</script>", "<figure><img src=x.jpg>", "\x01", "Ã©"]
)  # fmt: skip


@given(st.lists(NASTY, max_size=8).map("".join), NASTY, NASTY)
@settings(max_examples=150, deadline=None)
def test_cleaning_never_raises_and_emits_nothing_active(content: str, title: str, link: str) -> None:
    entry = ParsedEntry(title=title, link=link, content_html=content, published=title, authors=(ParsedAuthor(title),))
    for article in (
        clean_entry(entry, CONTEXT, None, SEEN),
        clean_text(content, link, SEEN),
        extract_page(content.encode("utf-8", "replace"), LINK, seen=SEEN),
    ):
        assert article_from_json(to_builtins(article)) == article
        assert article.title
        for block in article.body:
            for html in (block.html, *block.items):
                assert "<script" not in html and not re.search(r"<[^<>]*javascript:", html, re.IGNORECASE)
            assert block.url == "" or block.url.startswith("http")
        for text in (article.title, article.text, article.standfirst, *article.byline):
            assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in text)
            assert "\u202e" not in text
        for url in (
            article.canonical_url,
            *(image.src for image in article.images),
            *(card.url for card in article.related),
        ):
            assert url == "" or url.startswith("http")


def test_a_summary_as_long_as_a_text_is_text() -> None:
    summary = "Seven villages told of the storm, each in its own words. " * 40
    article = made(summary_html=f"<p>{summary}</p>")
    assert article.standfirst == "" and article.body[0].text == summary.strip()
    assert len(article.body) == 4, "and the paragraphs of the text follow"
    assert made(summary_html=f"<p>{summary[:1900]}</p>").standfirst == summary[:1900].strip()
