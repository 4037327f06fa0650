"""Pages made from records alone: what must stand on them, and that nothing in a record can act."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import lxml.html
import pytest
from lxml.html import HtmlElement

from masthead.core.types import UNKNOWN_SINCE, Evidence
from masthead.pages import types
from masthead.site.render import html, in_language

from . import examples
from .press import PAGES

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7|add:7 }}{% now 'Y' %}&amp;\u202e"


def page_of(path: str) -> HtmlElement:
    return lxml.html.document_fromstring(PAGES[path]())


def words_of(node: HtmlElement) -> str:
    return " ".join(node.text_content().split())


def article(page: types.ArticlePage) -> HtmlElement:
    return lxml.html.document_fromstring(html("article.html", examples.frame(), page=page, path=page.card.path))


def poisoned(record: Any) -> Any:
    """The record with every text in it hostile, except languages, kinds, dates, sanitised markup."""
    kept = {"language", "direction", "policy", "precision", "type", "colour", "method", "value", "earliest", "latest"}
    kept |= {"zone", "html", "items", "snippet_html", "kind", "edition", "url_method", "origin", "path"}
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        changes = {}
        for field in dataclasses.fields(record):
            value = getattr(record, field.name)
            changes[field.name] = value if field.name in kept and isinstance(value, str | tuple) else poisoned(value)
        return replace(record, **changes)
    if isinstance(record, str):
        return record + HOSTILE
    if isinstance(record, tuple):
        return tuple(poisoned(item) for item in record)
    if isinstance(record, dict):
        return {key: poisoned(item) for key, item in record.items()}
    return record


@pytest.mark.parametrize(
    ("template", "context"),
    [
        ("front.html", {"page": examples.front()}),
        ("article.html", {"page": examples.article()}),
        ("article.html", {"page": examples.old_article()}),
        ("list.html", {"page": examples.listing(), "title": HOSTILE, "feed_of": "/"}),
        ("source.html", {"page": examples.listing(source=examples.source("en", 0)), "title": HOSTILE}),
        ("story.html", {"page": examples.story()}),
        ("search.html", {"page": examples.search(help="wrong", suggestions=("a",))}),
        ("search.html", {"page": examples.search(cards=())}),
        ("changes.html", {"page": examples.changes()}),
        ("sources.html", {"lines": examples.sources(), "total": 3}),
        ("gone.html", {"page": examples.tombstone()}),
        ("about.html", {"contact": HOSTILE, "contact_url": ""}),
    ],
)
def test_hostile_text_is_inert_in_every_field(template: str, context: dict[str, Any]) -> None:
    hostile = {name: poisoned(value) for name, value in context.items()}
    made = html(template, poisoned(examples.frame()), path="/x/" + HOSTILE, **hostile)
    clean = html(template, examples.frame(), path="/x/", **context)
    tree, model = lxml.html.document_fromstring(made), lxml.html.document_fromstring(clean)
    active = {"script", "img", "iframe", "object", "embed", "style", "form", "base", "svg"}
    shape = [node.tag for node in model.iter() if node.tag in active]
    assert [node.tag for node in tree.iter() if node.tag in active] == shape
    for node in tree.iter():
        assert not [name for name in node.attrib if name.lower().startswith("on")], node.attrib
        for name in ("href", "src", "action"):
            assert not node.get(name, "").strip().lower().startswith(("javascript:", "data:", "vbscript:"))
    assert all(script.get("type") == "application/ld+json" for script in tree.iter("script"))
    assert "{{ 7|add:7 }}" in words_of(tree) or template == "gone.html"


@pytest.mark.parametrize("path", sorted(PAGES))
def test_every_page_is_sound(path: str) -> None:
    tree = page_of(path)
    assert tree.get("lang") and tree.get("dir") in ("ltr", "rtl")
    assert len(tree.findall(".//h1")) == 1
    assert len(tree.findall(".//main")) == 1
    ids = [node.get("id") for node in tree.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    for named in tree.xpath("//*[@aria-labelledby]"):
        assert named.get("aria-labelledby") in ids
    for picture in tree.iter("img"):
        assert picture.get("width") and picture.get("height") and picture.get("alt") is not None
    levels = [int(h.tag[1]) for h in tree.iter("h1", "h2", "h3", "h4", "h5")]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    for node in tree.iter():
        for name in ("src", "srcset", "imagesrcset"):
            assert "//" not in node.get(name, ""), "nothing is loaded from elsewhere"
    for link in tree.iter("link"):
        if link.get("rel") in ("stylesheet", "preload", "icon", "manifest"):
            assert link.get("href", "").startswith("/")


def test_the_masthead_says_today_and_the_weather_with_its_time() -> None:
    tree = page_of("/")
    today = tree.find_class("today")[0]
    assert words_of(today) == "Today Tuesday, November 24, 2026"
    assert today.find("time").get("datetime") == "2026-11-24"
    weather = tree.find_class("weather")[0]
    assert words_of(weather) == "34 °C · Rostov-on-Don"
    assert weather.get("title") == "Read Tuesday, November 24, 2026, 12:10 UTC, Open-Meteo"
    credit = [a for a in tree.iter("a") if a.get("href") == "https://open-meteo.com/"]
    assert [words_of(a) for a in credit] == ["Open-Meteo (CC BY 4.0)"]


def test_stale_weather_says_its_age_and_none_says_nothing() -> None:
    frame = examples.frame()
    assert frame.weather
    old = replace(frame.weather, stale=True, observed=frame.now - timedelta(hours=3), temperature=-0.4)
    tree = lxml.html.document_fromstring(html("about.html", replace(frame, weather=old)))
    assert words_of(tree.find_class("weather")[0]) == "0 °C · Rostov-on-Don (3 hours old)"
    cold = replace(old, temperature=-7.2)
    assert "\u22127 °C" in html("about.html", replace(frame, weather=cold))
    assert not lxml.html.document_fromstring(html("about.html", replace(frame, weather=None))).find_class("weather")


def test_an_article_says_who_when_and_from_where() -> None:
    tree = page_of("/article")
    assert words_of(tree.find_class("byline")[0]) == "By Mira Holt, Jonas Adler"
    dateline = tree.find_class("dateline")[0]
    assert words_of(dateline) == "Tuesday, November 24, 2026, 12:23 UTC"
    assert dateline.find("time").get("datetime") == "2026-11-24T12:23:00Z"
    source = tree.find_class("report-facts")[0].find_class("from")[0]
    assert words_of(source) == "The Harbour Herald Family-owned"
    hrefs = {a.get("href") for a in tree.iter("a")}
    assert {"/s/k3x9w", "https://harbour.example/barrier", "/article/1-report/changes/", "/article/7-report/"} <= hrefs
    assert not tree.find_class("old")
    caption = words_of(tree.find_class("lead-figure")[0].find("figcaption"))
    assert caption == "The lighthouse of Port Aster at low tide on Monday. Picture: Mira Holt / Harbour Herald"


def test_what_is_not_known_is_said_so() -> None:
    tree = page_of("/article-old")
    assert words_of(tree.find_class("byline")[0]) == "Author not stated"
    assert words_of(tree.find_class("dateline")[0]) == "December 2021 (inferred, 85 % sure)"
    assert tree.find_class("dateline")[0].find("time").get("datetime") == "2021-12"
    evidence = words_of(tree.find_class("date-evidence")[0])
    assert "Not before Wednesday, December 1, 2021, 00:00 UTC" in evidence
    assert "files/2021.12/thumbnail" in evidence
    assert words_of(tree.find_class("old")[0]) == "This article is 4 years old"
    assert "Read on at The Harbour Herald" in words_of(tree.find_class("truncated")[0])

    changed = replace(
        examples.partial(), value="2021-12-03", precision="day", earliest=UNKNOWN_SINCE, latest="2021-12-04T11:59:59Z",
        confidence=0.5, evidence=(Evidence("visible:modified", "Updated 3 December 2021", "2021-12-03"),),
    )  # fmt: skip
    told = words_of(article(examples.article(published=changed)).find_class("date-evidence")[0])
    assert "Not before" not in told
    assert "Not after Saturday, December 4, 2021, 11:59 UTC." in told
    assert "names only the day of a change; the report may have appeared before." in told
    assert "a date of change that readers see on the publisher's page Updated 3 December 2021" in told

    undated = article(examples.article(published=None))
    assert words_of(undated.find_class("dateline")[0]) == (
        "Date not stated; first seen Tuesday, November 24, 2026, 12:23 UTC"
    )


def test_a_card_tells_the_known_part_of_its_date() -> None:
    def shown(**changes: Any) -> str:
        card = examples.card(1, published=None, changed=None, at=datetime(2021, 12, 31, 9, tzinfo=UTC), **changes)
        tree = lxml.html.fromstring(
            html("list.html", examples.frame(), page=examples.listing(cards=(card,)), title="W")
        )
        return words_of(tree.find_class("river")[0].find_class("meta")[0].find("time"))

    assert shown(precision="year") == "2021"
    assert shown(precision="month") == "December 2021"
    assert shown(precision="") == "12:12"


def test_a_section_opens_with_its_newest_and_does_not_name_itself_again() -> None:
    river = page_of("/section").find_class("river")[0]
    own = examples.section("en", 0).name
    assert [card.get("class") for card in river][:2] == ["card card--opener", "card card--row"]
    kickers = [words_of(kicker) for kicker in river.find_class("kicker")]
    assert kickers and own not in kickers
    assert len(page_of("/section").find_class("beside")[0].find_class("rank")) == 10


def test_the_repairs_are_told() -> None:
    fold = page_of("/article").find_class("repairs")[0]
    assert words_of(fold.find("summary")) == "What was repaired: 2 things"
    assert "Markup had been printed as text; it was read as markup again, or removed." in words_of(fold)
    rows = [[words_of(cell) for cell in row] for row in fold.iter("tr")]
    assert rows[1] == ["Headline", "the headline in the publisher's feed", "100 %"]


def test_headings_of_a_text_skip_no_level() -> None:
    blocks = tuple(types.BlockView("heading", text=str(level), level=level) for level in (4, 2, 4, 3))
    tree = article(examples.article(blocks=blocks))
    assert [h.tag for h in tree.find_class("text")[0]] == ["h2", "h2", "h3", "h3"]


def test_a_paragraph_is_not_put_within_another() -> None:
    block = types.BlockView("paragraph", html="<p>one <b>two</b></p>")
    assert article(examples.article(blocks=(block,))).find_class("text")[0][0].text_content() == "one two"


def test_a_picture_offers_its_codings_and_widths() -> None:
    tree = page_of("/")
    lead = tree.find_class("card--lead")[0]
    sources = lead.findall(".//source")
    assert [s.get("type") for s in sources] == ["image/avif", "image/webp"]
    assert sources[0].get("srcset") == "/media/0-320.avif 320w, /media/0-640.avif 640w, /media/0-1280.avif 1280w"
    assert lead.find(".//img").get("fetchpriority") == "high"
    assert lead.find(".//img").get("loading") is None
    others = [i for i in tree.iter("img") if i is not lead.find(".//img")]
    assert others and all(i.get("loading") == "lazy" for i in others)
    preload = tree.xpath("//link[@rel='preload'][@as='image']")
    assert [p.get("imagesrcset") for p in preload] == [sources[0].get("srcset")]


def test_reading_direction_and_language_of_page_and_card() -> None:
    tree = page_of("/ar/")
    assert (tree.get("lang"), tree.get("dir")) == ("ar", "rtl")
    assert "آخر الأخبار" in words_of(tree)
    mixed = lxml.html.document_fromstring(
        html("list.html", examples.frame(), page=examples.listing("ar"), title="World", path="/")
    )
    assert {(c.get("lang"), c.get("dir")) for c in mixed.find_class("card")} == {("ar", "rtl")}


def test_the_chrome_speaks_the_language_of_the_article_if_it_can() -> None:
    frame = examples.frame()
    assert in_language(frame, "fr-CA").language == "fr"
    assert (in_language(frame, "ar").language, in_language(frame, "ar").direction) == ("ar", "rtl")
    assert in_language(frame, "pl").language == "en"


def test_an_empty_site_says_so() -> None:
    assert "No report has come in yet." in words_of(page_of("/empty"))
    assert "Nothing found for “flood”" in words_of(page_of("/search-none"))


def test_a_young_site_does_not_print_everything_twice() -> None:
    def titles(page: types.FrontPage) -> list[str]:
        tree = lxml.html.document_fromstring(html("front.html", examples.frame(), page=page, path="/"))
        return [h.text_content().strip() for h in tree.iter("h2")]

    two = examples.front()
    shown = (two.lead, *two.seconds[:1])
    newest = types.Popular(cards=tuple(c for c in shown if c), fallback=True)
    two = replace(two, seconds=two.seconds[:1], briefs=(), sections=(), latest=newest.cards, popular=newest)
    assert "Newest" not in titles(two) and "Latest" in titles(two)
    assert "Newest" in titles(replace(two, popular=replace(newest, cards=(*newest.cards, examples.card(9)))))
    assert "Most popular" in titles(replace(two, popular=replace(newest, fallback=False)))


def test_a_licence_stands_under_its_name() -> None:
    def licence(words: str) -> HtmlElement:
        page = examples.listing()
        source = replace(examples.card(0).source, licence=words)
        text = html("source.html", examples.frame(), page=replace(page, source=source), title="S", path="/source/s/")
        return lxml.html.document_fromstring(text).xpath("//dt[.='Licence']/following-sibling::dd[1]")[0]

    address = "https://creativecommons.org/licenses/by-sa/4.0/"
    (link,) = licence(address).iter("a")
    assert (link.text, link.get("href"), link.get("rel")) == ("CC BY-SA 4.0", address, "license noopener")
    assert licence("All rights reserved").text_content() == "All rights reserved"
    assert not list(licence("javascript:alert(1)").iter("a"))


def test_a_search_keeps_what_was_asked() -> None:
    tree = page_of("/search")
    assert tree.get_element_by_id("q").get("value") == "flood"
    assert [o.get("value") for o in tree.iter("option") if o.get("selected") is not None] == ["source-1"]
    assert [m.text for m in tree.iter("mark")] == ["flood"] * 4
    assert "1,234 reports found" in words_of(tree)


def test_changes_are_shown_word_by_word() -> None:
    tree = page_of("/changes")
    revision = tree.find_class("revision")[2]
    assert [words_of(n) for n in revision.iter("ins")] == ["[added] common"]
    assert [words_of(n) for n in revision.iter("del")] == ["[removed] large"]


def test_changes_say_whose_they_are_and_what_moved() -> None:
    tree = page_of("/changes")
    ours, dated, source, first = tree.find_class("revision")
    assert "mended by this site" in words_of(ours) and "The publisher said nothing new" in words_of(ours)
    assert "changed by the publisher" in words_of(source) and "by this site" not in words_of(source)
    assert "as first received" in words_of(first)
    labels = [words_of(label) for label in dated.iter("h3")]
    assert labels == ["Date", "Text · stands elsewhere in the text now", "Main picture · new", "Text · no longer there"]
    assert next(words_of(n) for n in dated.iter("del")) == "[removed] December 2021"
    assert next(words_of(n) for n in dated.iter("ins")) == "[added] Tuesday, November 24, 2026, 12:23 UTC"


def test_changes_read_in_the_direction_of_the_report() -> None:
    tree = page_of("/changes-ar")
    assert {node.get("dir") for node in tree.iter("ins", "del")} == {"rtl"}
    assert {node.get("lang") for node in tree.xpath("//ins/span | //del/span")} == {"ar"}


def test_a_mending_of_ours_is_not_called_a_change_of_the_publishers() -> None:
    page = examples.article(mended=examples.NOW)
    note = words_of(article(replace(page, card=replace(page.card, changed=None))).find_class("changed-note")[0])
    assert note == "Mended by this site on Tuesday, November 24, 2026, 12:30 UTC. See what changed"


@pytest.mark.parametrize(
    ("language", "label"), [("en", "At another site: video.example"), ("ar", "في موقع آخر: video.example")]
)
def test_an_embed_is_a_still_that_links_out_and_says_where(language: str, label: str) -> None:
    made = lxml.html.document_fromstring(
        html("article.html", examples.frame(language), page=examples.article(language))
    )
    bare, still, post = made.xpath("//figure[@class='embed']")
    assert words_of(still).startswith(label) and words_of(bare).startswith(label)
    assert [a.get("href") for a in still.iter("a")] == ["https://www.video.example/watch?v=2"]
    assert [image.get("alt") for image in still.iter("img")] == [examples.picture(21).alt]
    assert not list(bare.iter("img"))
    assert words_of(post.getprevious()) == "Gates closed. All dry."
    assert not list(made.iter("iframe"))


def test_a_still_without_words_of_its_own_is_named_by_its_film() -> None:
    block = types.BlockView(
        "embed", url="https://v.example/1", title="A film", picture=replace(examples.picture(1), alt="")
    )
    made = article(examples.article(blocks=(block,)))
    assert [image.get("alt") for image in made.xpath("//figure[@class='embed']//img")] == ["Still picture: A film"]


def icons(html_text: str) -> list[HtmlElement]:
    return list(lxml.html.document_fromstring(html_text).xpath("//img[@class='icon']"))


def test_an_icon_stands_before_its_sources_name_as_decoration() -> None:
    listed = icons(html("sources.html", examples.frame(), lines=examples.sources(), total=3, path="/about/sources/"))
    assert len(listed) == 2, "the third source has none, and nothing stands there"
    for icon in listed:
        assert icon.get("alt") == "" and icon.get("width") == icon.get("height") == "20"
        assert icon.get("loading") == "lazy" and icon.getparent().tag == "a"
        name = icon.tail or ""
        assert name and icon.getparent().text is None
    page = examples.listing(source=examples.source("en", 0))
    [large] = icons(html("source.html", examples.frame(), page=page, title="x", path="/source/x/"))
    assert large.getparent().tag == "h1" and large.get("loading") is None
    assert large.get("srcset") == "/media/icons/0-128.webp 2x" and large.get("src") == "/media/icons/0-64.webp"
    assert not icons(
        html("sources.html", examples.frame(), lines=examples.sources()[2:], total=1, path="/about/sources/")
    )


def test_icons_stand_where_sources_are_told_apart_and_not_on_the_front_page() -> None:
    def count(template: str, **context: Any) -> int:
        return len(icons(html(template, examples.frame(), path="/x/", **context)))

    assert count("front.html", page=examples.front()) == 0
    story = html("story.html", examples.frame(), path="/x/", page=examples.story())
    assert count("story.html", page=examples.story()) > 4
    assert all(icon.getparent().tag == "a" for icon in icons(story))
    facts = article(examples.article()).xpath("//p[@class='from']//img[@class='icon']")
    assert len(facts) == 1 and not facts[0].get("loading")
    assert count("search.html", page=examples.search()) > 0
    assert count("list.html", page=examples.listing(), title="x", icons=True) == 7
