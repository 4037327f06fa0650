"""When a report on a page was published: each place that states it, and how places that disagree are settled."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masthead.core.extract import extract_page
from masthead.core.repair.date_weights import ENOUGH, FROM_CHANGE, WEIGHTS, weight_of
from masthead.core.types import CleanArticle

SEEN = datetime(2025, 6, 20, 12, 0, tzinfo=UTC)
TEXT = (
    "The harbour board of Elmwick voted on Tuesday to keep the old ferry in service for another year, after a long"
    " evening in which fishermen, pupils and the owner of the café on the far bank had asked it to. The boat is older"
    " than anyone who spoke."
)
BODY = f"<p>{TEXT}</p><p>Tickets stay at two crowns. {TEXT}</p><p>{TEXT} The board meets again in autumn.</p>"


def read(head: str = "", above: str = "", below: str = "", lang: str = "en-GB", url: str = "") -> CleanArticle:
    html = (
        f'<!doctype html><html lang="{lang}"><head><title>Ferry stays</title>{head}</head><body><nav>Home</nav>'
        f"<main><h1>Ferry stays for another year</h1>{above}{BODY}{below}</main></body></html>"
    )
    return extract_page(html.encode(), url or "https://elmwick-post.example/ferry-stays", seen=SEEN)


def day(article: CleanArticle) -> str | None:
    return article.published.value[:10] if article.published else None


def json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


NEWS = '{"@context":"https://schema.org","@type":"NewsArticle","headline":"Ferry stays for another year",%s}'
DATED = NEWS % '"datePublished":"2025-06-03T08:00:00+01:00"'


@pytest.mark.parametrize(
    "head",
    [
        json_ld(DATED),
        json_ld(f"[{DATED}]"),
        json_ld(f'{{"@graph":[{{"@type":"WebSite","name":"Elmwick Post"}},{DATED}]}}'),
        json_ld(f'{{"@graph":[[{DATED}]]}}'),
        json_ld(f'{{"@type":"WebPage","mainEntity":{DATED}}}'),
        json_ld(f"<!--\n{DATED}\n-->"),
        json_ld(f"//<![CDATA[\n{DATED}\n//]]>"),
        json_ld(DATED.replace("}", ",}")),
        json_ld(DATED.replace('"Ferry stays for another year"', '"Ferry "stays" for another year"')),
        json_ld(DATED + '{"@type":"BreadcrumbList"}'),
        json_ld(DATED.replace('"NewsArticle"', '["NewsArticle","Article"]')),
        json_ld(DATED.replace('"2025', '{"@type":"Date","@value":"2025').replace('+01:00"', '+01:00"}')),
        '<meta property="article:published_time" content="2025-06-03T08:00:00+01:00">',
        '<meta name="DC.date.issued" content="2025-06-03">',
        '<meta name="dcterms:issued" content="2025-06-03">',
        '<meta name="parsely-pub-date" content="2025-06-03T08:00:00Z">',
        '<meta name="citation_publication_date" content="2025/06/03">',
        '<meta itemprop="datePublished" content="3 June 2025">',
        '<script>window.state = {"title":"x","publishedAt":"2025-06-03T08:00:00Z"}</script>',
    ],
)
def test_a_day_that_metadata_states(head: str) -> None:
    assert day(read(head)) == "2025-06-03"


@pytest.mark.parametrize(
    ("above", "lang"),
    [
        ('<p class="dateline">3 June 2025</p>', "en"),
        ('<div class="meta">By Ada Holm | June 3rd, 2025, 8:15 am</div>', "en"),
        ("<div>Published: 03/06/2025</div>", "en-GB"),
        ('<div class="date">Published 06/03/2025</div>', "en-US"),
        ("<p>Publicado el 3 de junio de 2025 a las 8:15</p>", "es"),
        ("<p>Veröffentlicht am 3. Juni 2025, 8.15 Uhr</p>", "de"),
        ('<span class="datum">03.06.25 | 08:15 Uhr | Von Ada Holm</span>', "de"),
        ("<p>Publié le 3 juin 2025 à 8h15</p>", "fr"),
        ("<p>Опубликовано: 3 июня 2025, 08:15</p>", "ru"),
        ("<p>نشر في 3 يونيو 2025</p>", "ar"),
        ("<h4>Published</h4><div>Jun 3, 2025</div>", "en"),
        ('<time datetime="2025-06-03T08:15:00+01:00">Tuesday</time>', "en"),
        ('<aside class="post-meta"><time datetime="2025-06-03">3 June</time></aside>', "en"),
        ('<p class="date">June 3, 2025. <i>Updated: June 7, 2025</i></p>', "en"),
        ("<p><!-- -->Jun 3, 2025</p><p>6<!-- --> min read</p>", "en"),
        # Elements that touch without a space between them.
        ("<div><span>Harbour</span><span>JUNE 3, 2025</span><span>Updated: JUNE 9, 2025</span></div>", "en"),
    ],
)
def test_a_day_that_readers_see(above: str, lang: str) -> None:
    assert day(read(above=above, lang=lang)) == "2025-06-03"


def test_a_line_below_counts_only_when_it_says_what_it_is() -> None:
    assert day(read(below="<p>First published on 3 June 2025</p>")) == "2025-06-03"
    assert day(read(below="<p>3 June 2025</p>")) is None
    assert day(read(below="<p>June 3, 2025. Updated: June 9, 2025</p>")) == "2025-06-03"
    assert day(read(below="<p>Written by Ada Holm</p><div>3 June 2025</div>")) == "2025-06-03"
    several = "<p>By Ada Holm</p><div>3 June 2025</div><p>By Bo Lind</p><div>4 June 2025</div>"
    assert day(read(below=several)) is None
    long = "This report on the old ferry was originally published on 3 June 2025 but is kept up to date by us."
    assert day(read(below=f"<p>{long}</p>")) == "2025-06-03"


def test_a_report_by_wire_begins_with_its_date() -> None:
    wired = read(above=f"<p>ELMWICK, June 3, 2025 (EWP) - {TEXT}</p>")
    assert (day(wired), wired.provenance["published"].origin) == ("2025-06-03", "visible:dateline")
    assert day(read(above=f"<p>PORT ELM, June 3, 2025 /Harbourwire/ -- {TEXT}</p>")) == "2025-06-03"
    # A sentence that begins with a day is no such line.
    assert day(read(above=f"<p>On June 3, 2025 the board met. {TEXT}</p>")) is None
    assert day(read(above=f"<p>June 3, 2025 - {TEXT}</p>")) is None


def test_where_no_line_is_the_headline_those_before_the_text_are_read() -> None:
    def whole(above: str) -> CleanArticle:
        html = f"<html lang=en><head><title>Ferry</title></head><body><main>{above}{BODY}</main></body></html>"
        return extract_page(html.encode(), "https://elmwick-post.example/ferry", seen=SEEN)

    assert day(whole('<img src="/headline.png"><div>3 June 2025</div>')) == "2025-06-03"
    assert day(whole("<nav>3 June 2025</nav>")) is None


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("", None),
        ('<aside class="latest"><p>25/12/2024</p></aside>', "2025-06-03"),
        ('<aside class="latest"><p>12/25/2024</p></aside>', "2025-03-06"),
        ('<aside class="latest"><p>12/25/2024</p><p>25/12/2024</p></aside>', None),
        # The list of new reports has this one with its day in words.
        ('<div class="latest"><p>Ferry stays</p><time datetime="2025-06-03">June 3, 2025</time></div>', "2025-06-03"),
        ('<div class="latest"><p>June 3, 2025</p><p>March 6, 2025</p></div>', None),
    ],
)  # fmt: skip
def test_which_number_is_the_day_is_learned_from_the_page(below: str, expected: str | None) -> None:
    assert day(read(above='<p class="date">03/06/2025</p>', below=below, lang="en")) == expected


def test_the_pages_own_order_goes_before_that_of_its_language() -> None:
    below = '<aside class="latest"><p>25/12/2024</p></aside>'
    assert day(read(above='<p class="date">03/06/2025</p>', lang="en-US")) == "2025-03-06"
    assert day(read(above='<p class="date">03/06/2025</p>', below=below, lang="en-US")) == "2025-06-03"


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("", ""),
        ("", "<footer>© 2025 Elmwick Post, 3 June 2025</footer>"),
        (
            "",
            '<div class="related"><a href="/x">Another report</a> <time datetime="2025-06-03">3 June 2025</time></div>',
        ),
        ("", '<div class="comments"><p>Ida, 3 June 2025</p></div>'),
        ("", "<p>Last modified on 3 June 2025</p>"),
        ("", "<p>Date last reviewed:</p><time datetime='2025-06-03T12:00:00Z'>June 2025</time>"),
        ("<div>03/06/2025</div>", ""),
        # Dates that say what they are of, and it is no publication.
        ("<div>Last active</div><div>June 3, 2025 13:58</div>", ""),
        ("<p>Member since 3 June 2025</p>", ""),
        ("<p>Received 2025 Jun 3; Accepted 2025 Jun 9.</p>", ""),
        ("", "<h2>Market day</h2><p>Date: 3 June 2025</p>"),
        ("", '<div class="hours"><p>Today\'s hours</p><div class="date">3 June 2025</div></div>'),
        ("<p>Photo: the old ferry | 3 June 2025</p>", ""),
        ('<div class="events"><h3>Boat fair</h3><time datetime="2025-06-03">3 June</time></div>', ""),
        ("<p>On 3 June 2025 the board will say more about what it has in mind for the years after this one.</p>", ""),
        ("<p>Read in 3 min</p><p>12:15</p>", ""),
    ],
)
def test_no_day_is_invented(above: str, below: str) -> None:
    article = read(above=above, below=below, lang="en")
    assert article.published is None
    assert article.provenance["published"].origin == "none"


def test_a_front_page_has_no_day() -> None:
    head = '<meta property="article:published_time" content="2025-06-03T08:00:00Z">'
    assert read(head, url="https://elmwick-post.example/").published is None


def test_modified_is_never_taken_for_published() -> None:
    article = read(
        '<meta property="article:modified_time" content="2025-06-05T08:00:00Z">'
        + json_ld(NEWS % '"dateModified":"2025-06-05T08:00:00Z"'),
    )
    assert article.published is None
    assert article.modified is not None and article.modified.value == "2025-06-05T08:00:00Z"
    seen = read(json_ld(DATED), above="<p>Updated 9 June 2025</p>")
    assert (day(seen), seen.modified.value if seen.modified else "") == ("2025-06-03", "2025-06-09")
    assert seen.published is not None and seen.published.method == "stated"
    both = read(json_ld(NEWS % '"datePublished":"2025-06-03","dateModified":"2025-06-05"'), above="<p>5 June 2025</p>")
    assert (day(both), both.modified.value if both.modified else "") == ("2025-06-03", "2025-06-05")


@pytest.mark.parametrize(
    "above",
    [
        "<p>Updated: 3 June 2025, 16:20</p>",
        "<div>Last reviewed</div><div>June 3, 2025</div>",
        '<p class="updated">3 June 2025</p>',
        '<p><time datetime="2025-06-03T16:20:00+01:00">Page updated: 3 June 2025</time></p>',
        # The element's name says a date, its words say a change.
        '<div class="date">Last updated: <time datetime="2025-06-03">Tuesday, June 3, 2025</time></div>',
    ],
)
def test_a_page_that_states_a_change_alone_is_of_that_day_and_says_so(above: str) -> None:
    article = read(above=above)
    date = article.published
    assert date is not None and (date.value, date.precision, date.zone) == ("2025-06-03", "day", None)
    assert (date.method, date.confidence) == ("inferred", FROM_CHANGE)
    assert date.since_unknown and date.latest >= "2025-06-03"
    assert [evidence.kind for evidence in date.evidence] == ["visible:modified"]
    assert article.provenance["published"].origin == "visible:modified"
    assert "day-of-change" in {repair.code for repair in article.repairs}
    assert article.modified is not None and article.modified.value.startswith("2025-06-03")


def test_two_days_of_change_or_one_ahead_of_time_give_none() -> None:
    assert read(above="<p>Updated 3 June 2025</p><p>Reviewed 4 June 2025</p>").published is None
    assert read(above="<p>Updated 3 June 2031</p>").published is None


def test_a_list_of_other_days_does_not_make_a_line_by_the_headline_doubtful() -> None:
    article = read(
        '<meta property="og:updated_time" content="2025-06-03T08:02:41+01:00">',
        above="<div>By Ada Holm June 3, 2025</div>",
        below="<p>01/03/2025</p><p>02/04/2025</p>",
    )
    assert day(article) == "2025-06-03"


def test_structured_data_in_a_meta_element_is_read() -> None:
    content = DATED.replace('"', "&quot;")
    assert day(read(f'<meta name="script:ld+json" content="{content}">')) == "2025-06-03"


def test_the_article_of_the_page_is_told_from_others_that_it_lists() -> None:
    other = NEWS.replace("Ferry stays for another year", "Bridge closed") % '"datePublished":"2025-01-01"'
    assert day(read(json_ld(f"[{other},{DATED}]"))) == "2025-06-03"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://elmwick-post.example/2025/06/03/ferry-stays", "2025-06-03"),
        ("https://elmwick-post.example/news/20250603-ferry-stays", "2025-06-03"),
        ("https://elmwick-post.example/2025/06/ferry-stays", None),
        ("https://elmwick-post.example/a/20259903-ferry", None),
        ("https://elmwick-post.example/2025/jun/03/ferry-stays", "2025-06-03"),
        ("https://elmwick-post.example/2025/june/3/ferry-stays", "2025-06-03"),
        ("https://elmwick-post.example/2025/ferry/03/stays", None),
    ],
)
def test_a_day_in_the_address_is_inferred(address: str, expected: str | None) -> None:
    article = read(url=address)
    assert day(article) == expected
    if article.published:
        assert (article.published.method, article.provenance["published"].origin) == ("inferred", "url:day")


# ---- disagreement


def test_agreement_adds_up_and_is_shown() -> None:
    alone = read(json_ld(DATED)).published
    agreed = read(json_ld(DATED), above='<p class="date">3 June 2025</p>').published
    assert alone is not None and agreed is not None
    assert agreed.confidence > alone.confidence
    assert [evidence.kind for evidence in agreed.evidence] == ["page:json-ld", "visible:head-marked"]
    assert agreed.value == "2025-06-03T08:00:00+01:00"


def test_what_readers_see_labelled_beats_a_later_date_of_machines() -> None:
    article = read(json_ld(NEWS % '"datePublished":"2025-06-10"'), above="<p>Published 3 June 2025</p>")
    assert day(article) == "2025-06-03"
    assert article.published is not None and article.published.confidence < 0.9
    assert "date-conflict" in {repair.code for repair in article.repairs}


def test_an_unlabelled_line_does_not_beat_an_earlier_date_of_machines() -> None:
    article = read(json_ld(DATED), above='<p class="date">10 June 2025</p>')
    assert day(article) == "2025-06-03"


def test_two_places_beat_one_that_is_a_little_surer() -> None:
    article = read(
        json_ld(NEWS % '"datePublished":"2025-06-01"')
        + '<meta property="article:published_time" content="2025-06-03"><meta name="pubdate" content="2025-06-03">'
    )
    assert day(article) == "2025-06-03"


def test_a_time_with_its_zone_is_kept_from_whichever_place_states_it() -> None:
    article = read(
        '<meta property="article:published_time" content="2025-06-03T23:30:00Z">',
        above='<time datetime="2025-06-04T01:30:00+02:00">4 June</time>',
    )
    assert article.published is not None
    assert (article.published.value, article.published.earliest) == ("2025-06-04T01:30:00+02:00", "2025-06-03T23:30Z")


@pytest.mark.parametrize(
    ("stated", "code"), [("1970-01-01T00:00:00Z", "no-date"), ("0001-01-01", "no-date"), ("2031-05-01", "future-date")]
)
def test_what_cannot_be_true_gives_way_to_what_can(stated: str, code: str) -> None:
    head = f'<meta property="article:published_time" content="{stated}">'
    assert day(read(head, above='<p class="date">3 June 2025</p>')) == "2025-06-03"
    refused = read(head)
    assert refused.published is None and code in {repair.code for repair in refused.repairs}


def test_the_table_of_weights_is_in_order_and_each_place_finds_its_own() -> None:
    assert WEIGHTS["visible:published"] > WEIGHTS["page:json-ld"] > WEIGHTS["page:meta:article:published_time"]
    assert WEIGHTS["page:meta"] > WEIGHTS["url:day"] > WEIGHTS["page:script"] >= ENOUGH
    assert all(WEIGHTS[kind] < ENOUGH for kind in ("page:json-ld-bare", "url:month", "visible:body"))
    assert weight_of("page:meta:parsely-pub-date") == WEIGHTS["page:meta"]
    assert weight_of("page:meta:dc.date") == WEIGHTS["page:meta:date"]
    assert weight_of("page:meta:article:published_time") == WEIGHTS["page:meta:article:published_time"]
    assert weight_of("somewhere else") == 0.0


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_no_date_on_a_page_makes_it_raise(stated: str, seen: str) -> None:
    stated = stated.replace('"', "").replace("<", "")
    article = read(f'<meta property="article:published_time" content="{stated}">', above=f"<p class=date>{seen}</p>")
    assert article.published is None or article.published.earliest <= article.published.latest
