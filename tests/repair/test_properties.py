# ruff: noqa: E501 (pieces of text)
"""What holds for every input, damaged or hostile: `clean_entry`, `clean_text`, `extract_page`."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from masthead.core.extract import extract_page
from masthead.core.letters import looks_misread
from masthead.core.records import article_from_json, to_builtins
from masthead.core.repair import EntryContext, clean_entry, clean_text
from masthead.core.sanitize import TAGS
from masthead.core.types import Block, CleanArticle, ParsedAuthor, ParsedEntry, ParsedMedia

_HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("rendered", _HERE / "rendered.py")
assert _spec is not None and _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
rendered = _module.rendered

SEEN = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
LINK = "https://harbour.example/news/report"
CONTEXT = EntryContext(
    feed_url="https://feeds.example/all", feed_title="Harbour Courier", feed_link="https://harbour.example/"
)
PROSE = [
    "The harbour council voted on Monday to rebuild the old swing bridge.",
    "El consejo del puerto decidió el lunes reconstruir el viejo puente giratorio.",
    "„Die Arbeiten beginnen im April“, sagte Ingenieur Ole Bergmüller am Kai.",
    "« Les travaux commenceront en avril », a précisé l'ingénieure Odile Bergeron.",
    "Совет порта в понедельник решил восстановить старый поворотный мост.",
    "قرر مجلس الميناء يوم الاثنين إعادة بناء الجسر الدوار القديم.",
    "Ben & Jerry, AT&T; 2 < 3 and 4 > 1.", "Read more books.", "[sic]", "100 %", "C:\\new", "It’s 5 €.",
]  # fmt: skip
DAMAGE = [
    "<p>", "</p>", "<br>", "<br><br>", "<b>", "</b>", "<div>", "</div>", "<ul><li>", "</li></ul>", "<table><tr><td>", "</table>",
    "<a href='/x?utm_source=rss'>", "<a href=javascript:alert(1)>", "</a>", "<img src=/i.jpg>", "<img src=x onerror=alert(1)>", "<figure>",
    "<figcaption>Photo: Ida Ek</figcaption>", "</figure>", "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<code>", "</code>", "<h2>", "</h2>", "<hr>",
    "<iframe src=//v.example/1></iframe>", "<script>alert(1)</script>", "<svg onload=alert(1)>", "<style>p{}</style>", "<math>", "<select>", "<template>",
    "&lt;b&gt;", "&lt;/b&gt;", "&amp;lt;p&amp;gt;", "&amp;lt;/p&amp;gt;", "&lt;img src=x onerror=alert(1)&gt;", "&lt;script&gt;alert(1);&lt;/script&gt;", "&amp;amp;", "&amp;nbsp;",
    "&#8217;", "&amp;#8217;", "&nbsp;", "\xa0", "\u202e", "\u200b", "\x01", "\ufeff", "\u2028", "Ã©", "Ã¼ber", "â€™", "ÃƒÂ©", "<![CDATA[", "]]>", "]]&gt;", "<!--", "-->", "&lt;!-- x --&gt;",
    "Read more", "Read more: ", "Lesen Sie auch: <a href=/y>Anderes</a>", "Advertisement", "Continue reading", "Sign up for our newsletter.",
    "The post <a href=/z>T</a> appeared first on <a href=/>H</a>.", "[caption id=\"a\"]", "[/caption]", "[gallery ids=\"1\"]", "<\\/p>", "\\n", "\\u00e9", "“", "”", "<a href=“/x”>",
    "https://ift.tt/3AbCdEf", " 03, 2021 at 12:15AM", "from Harbour Courier", "\n", "\n\n", " ", "\t", "[…]", "Tags: a, b", "© 2024 H. All rights reserved.", "www.a.example", "<base href=//b.example>",
]  # fmt: skip
PIECES = st.sampled_from(PROSE) | st.sampled_from(DAMAGE) | st.text(max_size=8)
MARKUP = st.lists(PIECES, max_size=14).map("".join)
LINE = st.lists(PIECES, max_size=3).map("".join)


def entry(content: str, title: str = "A title", link: str = LINK) -> CleanArticle:
    return clean_entry(ParsedEntry(title=title, link=link, content_html=content), CONTEXT, None, SEEN)


def addresses(article: CleanArticle) -> list[str]:
    found = [article.canonical_url, article.source.url, *article.short_links]
    for image in (*article.images, article.lead_image, *(card.image for card in article.related)):
        if image is not None:
            found.append(image.src)
            assert image.src
    return [*found, *(card.url for card in article.related), *(block.url for block in article.body)]


def texts(article: CleanArticle) -> list[str]:
    found = [
        article.title,
        article.standfirst,
        article.text,
        article.source.name,
        article.license,
        *article.byline,
        *article.categories,
    ]
    for card in article.related:
        found += [card.label, card.title]
    for image in article.images:
        found += [image.alt, image.caption, image.credit]
    for block in article.body:
        found += [block.text, block.cite, block.title]
    found += [quote.text for quote in article.quotes] + list(article.warnings)
    return found + [part for repair in article.repairs for part in (repair.before, repair.after, repair.why)]


def markups(article: CleanArticle) -> list[str]:
    return [html for block in article.body for html in (block.html, *block.items)]


class Watch(HTMLParser):
    """A second parser (the standard library's, which shares no code with what sanitises): what would act or load?"""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            value = value or ""
            if name.startswith("on") or name in (
                "style",
                "class",
                "id",
                "formaction",
                "srcdoc",
                "action",
                "background",
            ):
                self.faults.append(f"{tag} {name}")
            if name in ("href", "src", "cite") and not value.startswith(("http://", "https://", "mailto:")):
                self.faults.append(f"{tag} {name}={value}")
            if name == "srcset" and not all(part.strip().startswith("http") for part in value.split(", ")):
                self.faults.append(f"srcset {value}")

    handle_startendtag = handle_starttag

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"declaration {decl!r}")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"declaration {data!r}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"instruction {data!r}")


def active(article: CleanArticle) -> list[str]:
    """Everything in an article that a browser might run or fetch from a relative place; empty as it should be."""
    faults: list[str] = []
    for html in markups(article):
        watch = Watch()
        watch.feed(html)
        watch.close()
        faults += watch.faults
        if html.strip():
            for element in lxml.html.fragment_fromstring(html, create_parent="div").iterdescendants():
                faults += [f"{element.tag} {name}" for name in element.attrib if str(name).startswith("on")]
    faults += [url for url in addresses(article) if url and not url.startswith(("http://", "https://"))]
    return faults


def assert_sound(article: CleanArticle) -> None:
    assert active(article) == []
    for text in (*texts(article), *markups(article)):
        forbidden = [
            letter
            for letter in text
            if (ord(letter) < 32 and letter not in "\n\t") or letter in "\u202e\u202d\u2066\ufeff\u2028\x7f"
        ]
        assert not forbidden, (forbidden, text)
    assert article.title
    assert article_from_json(to_builtins(article)) == article


@given(MARKUP, LINE, LINE)
@settings(max_examples=300, deadline=None)
def test_nothing_active_relative_or_invisible_comes_out_of_an_item(content: str, line: str, link: str) -> None:
    item = ParsedEntry(
        title=line, link=link, content_html=content, summary_html=line, published=line, published_raw=line, authors=(ParsedAuthor(line, url=link),),
        categories=(line,), media=(ParsedMedia(link, type="image/jpeg", credit=line, title=line),), license=line, language=line[:10], base=link, id=link, id_is_permalink=True,
    )  # fmt: skip
    assert_sound(
        clean_entry(
            item,
            EntryContext(feed_url=link, feed_title=line, feed_link=link, source_name=line, source_url=link),
            None,
            SEEN,
        )
    )


@given(MARKUP, LINE)
@settings(max_examples=200, deadline=None)
def test_nothing_active_relative_or_invisible_comes_out_of_a_text(content: str, link: str) -> None:
    assert_sound(clean_text(content, link, SEEN))


@given(MARKUP, LINE, LINE)
@settings(max_examples=100, deadline=None)
def test_nothing_active_relative_or_invisible_comes_out_of_a_page(content: str, line: str, link: str) -> None:
    page = f"<html><head><title>{line}</title><meta name=author content='{line}'><meta property='og:image' content='{link}'><link rel=canonical href='{link}'></head><body><article><h1>{line}</h1><p>{PROSE[0]}</p>{content}<p>{PROSE[1]}</p></article></body></html>"
    assert_sound(extract_page(page.encode("utf-8", "replace"), link, seen=SEEN))


# Letters of Latin-1 beside others at random are read as misread ones in one place and not in another, as they should be.
FAMILIAR = st.text(st.characters(exclude_categories=("Cs",), min_codepoint=0x100) | st.characters(max_codepoint=0x7F), max_size=8)  # fmt: skip
UNAMBIGUOUS = st.lists(st.sampled_from(PROSE) | st.sampled_from(DAMAGE) | FAMILIAR, max_size=14).map("".join)


@given(UNAMBIGUOUS)
@example("&lt;b&gt;</p>The harbour council voted on Monday to rebuild the old swing bridge.")
@example("<a href=javascript:alert(1)>[…]")
@example("<p>The council voted <b>[…]</b>")
@example("The harbour council voted.<iframe src=//v.example/1></iframe>&lt;b&gt;The harbour council voted on Monday.")
@example("&lt;b&gt;</DIV>The harbour council voted on Monday to rebuild the old swing bridge.")
@settings(max_examples=400, deadline=None)
def test_cleaning_twice_equals_cleaning_once(content: str) -> None:
    once = entry(content)
    # Letters that were in part lost stand as received: by themselves, in another place, they might be mended.
    assume(not any(warning.startswith("Letters") for warning in once.warnings))
    assume(not looks_misread(once.text))
    again = entry(rendered(once), once.title)
    assert [(block.type, block.text) for block in again.body] == [(block.type, block.text) for block in once.body]
    assert (again.title, again.text, again.standfirst) == (once.title, once.text, once.standfirst)
    assert again.images == once.images or len(again.images) <= len(once.images)
    assert again.related == ()


@given(st.lists(PIECES, max_size=8).map("".join))
@settings(max_examples=300, deadline=None)
def test_a_clean_title_stays(raw: str) -> None:
    title = entry("<p>x</p>", raw).title
    assert entry("<p>x</p>", title).title == title


SENTENCES = st.lists(st.sampled_from(PROSE[:6]), min_size=1, max_size=4).map(" ".join)


@given(st.lists(SENTENCES, min_size=1, max_size=6), st.sampled_from(PROSE[:6]))
@settings(max_examples=150, deadline=None)
def test_text_that_was_clean_is_not_changed(paragraphs: list[str], title: str) -> None:
    article = entry("".join(f"<p>{escape(text, quote=False)}</p>" for text in paragraphs), title)
    assert article.text.split("\n\n") == paragraphs
    assert article.title == title
    assert [repair for repair in article.repairs if repair.field in ("body", "title")] == []


@given(st.lists(SENTENCES, min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_pasted_text_that_was_clean_is_not_changed(paragraphs: list[str]) -> None:
    article = clean_text("\n\n".join(["A headline without a stop", *paragraphs]) + "\n", LINK, SEEN)
    assert article.title == "A headline without a stop"
    assert article.text.split("\n\n") == paragraphs
    assert article.repairs == ()


@pytest.mark.parametrize("door", ["entry", "text", "page"])
@pytest.mark.parametrize(
    "piece", ["<div>", "<b><i>", "<ul><li>x", "<table><tr><td>", "<blockquote>", "<p>", "&amp;", "<", "\n", " ", '"', "<code>", "<a href=/x>", "&lt;b&gt;", "[x y=1]", "<font>"],
)  # fmt: skip
def test_long_runs_are_bounded_by_structure(door: str, piece: str) -> None:
    text = piece * 30_000
    article: Any = {
        "entry": lambda: entry(text),
        "text": lambda: clean_text(text, LINK, SEEN),
        "page": lambda: extract_page(
            f"<body><article><p>{PROSE[0]}</p>{text}</article></body>".encode(), LINK, seen=SEEN
        ),
    }[door]()
    assert len(article.body) <= 2_000 and len(article.repairs) <= 200
    assert_sound(article)


def _strings(thing: Any) -> list[str]:
    if isinstance(thing, str):
        return [thing]
    if isinstance(thing, dict):
        return [
            text for key, value in thing.items() if key not in ("title", "file", "test") for text in _strings(value)
        ]
    return [text for value in thing for text in _strings(value)] if isinstance(thing, list) else []


def _payloads() -> list[str]:
    import json
    import os

    root = Path(os.environ["MASTHEAD_CORPORA"])
    found: list[str] = []
    for path in [root / "dompurify" / "expect.json", *sorted((root / "xss").glob("*.json"))]:
        found += _strings(json.loads(path.read_text("utf-8")))
    return list(dict.fromkeys(found))


@pytest.mark.corpora
@pytest.mark.slow
@pytest.mark.parametrize("escaped", [0, 1, 2])
def test_attacks_leave_nothing_active(escaped: int) -> None:
    payloads = _payloads()
    assert len(payloads) > 500
    for payload in payloads:
        markup = payload
        for _ in range(escaped):
            markup = escape(markup)
        item = ParsedEntry(
            title=markup,
            link=LINK,
            content_html=f"<p>{PROSE[0]}</p>{markup}",
            summary_html=markup,
            authors=(ParsedAuthor(payload),),
            categories=(markup,),
        )
        article = clean_entry(item, CONTEXT, None, SEEN)
        assert active(article) == [], payload
        assert active(clean_text(markup, LINK, SEEN)) == [], payload


def test_the_watch_sees_what_acts() -> None:
    nasty = CleanArticle(
        title="x", body=(Block(type="paragraph", html='<a href="/x" onclick="y">z</a><script>1</script><!-- c -->'),)
    )
    assert len(active(nasty)) >= 4
