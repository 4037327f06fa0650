"""Text as WordPress stores it, become HTML."""

from __future__ import annotations

import pytest
from tests.growth import assert_linear

from masthead.core.repair import EntryContext, clean_entry
from masthead.core.repair.draft import Draft
from masthead.core.repair.wordpress import html_of
from masthead.core.types import CleanArticle, ParsedEntry

PICTURES = {"3": {"url": "https://lantern.example/3.jpg", "alt": "Three", "caption": "Number three"}}


def cleaned(content: str) -> CleanArticle:
    entry = ParsedEntry(title="A title", link="https://lantern.example/a", content_html=content)
    return clean_entry(entry, EntryContext(feed_format="wxr-1.2", pictures=PICTURES))


def shape(content: str) -> list[tuple[str, str]]:
    return [(block.type, block.text or block.url) for block in cleaned(content).body]


def test_blank_lines_part_paragraphs_and_line_ends_break_lines() -> None:
    assert html_of("One.\nStill one.\n\n\nTwo.", {}, Draft()) == "<p>One.<br>Still one.</p>\n<p>Two.</p>"


def test_blocks_stay_blocks() -> None:
    found = shape("Before.\n<blockquote>One.\n\nTwo.</blockquote>\nAfter.\n<ul>\n <li>a</li>\n <li>b</li>\n</ul>\nEnd.")
    assert found == [
        ("paragraph", "Before."), ("quote", "One.\n\nTwo."), ("paragraph", "After."), ("list", "a\nb"),
        ("paragraph", "End."),
    ]  # fmt: skip


def test_code_keeps_its_lines_and_brackets() -> None:
    assert shape("<pre>a[gallery]\n\nb</pre>") == [("code", "a[gallery]\n\nb")]


def test_the_block_editors_marks_go() -> None:
    content = (
        '<!-- wp:paragraph -->\n<p>One.</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:embed {"url":"x"} -->\n'
        '<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\nhttps://video.example/watch/99\n</div>'
        '</figure>\n<!-- /wp:embed -->\n<!-- wp:latest-posts {"n":3} /-->\n<!--more-->\n<p>Two.</p>'
    )
    assert shape(content) == [("paragraph", "One."), ("embed", "https://video.example/watch/99"), ("paragraph", "Two.")]
    assert [repair.code for repair in cleaned(content).repairs] == ["lost-shortcode"]


@pytest.mark.parametrize(
    "text", ["He said “[sic] it”.", "As shown [1] and [2, 3].", "[Update]", "A [...] and [e-mail] b.", "x[i]"]
)
def test_bracketed_prose_is_left_alone(text: str) -> None:
    article = cleaned(f"{text}\n\nAnother paragraph.")
    assert text in article.text or text in article.body[0].text
    assert article.repairs == ()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("A [plugin_form id='4' title=\"x\"] b.", "A  b."),
        ("[note color=red]Kept words.[/note]", "Kept words."),
        ("[contact_form]", ""),
        ("[jetpack-related-posts]\n\nText.", "Text."),
    ],
)
def test_shortcodes_of_plugins_go_with_a_note(content: str, text: str) -> None:
    article = cleaned(content)
    assert " ".join(article.text.split()) == " ".join(text.split())
    assert "lost-shortcode" in {repair.code for repair in article.repairs}


@pytest.mark.parametrize(
    "content",
    [
        "[embed]https://video.example/7abcdefgh[/embed]", "[embed width=5]https://video.example/7abcdefgh[/embed]",
        "https://video.example/7abcdefgh", "[youtube=https://video.example/7abcdefgh]",
        '[video src="https://video.example/7abcdefgh"]', "[player https://video.example/7abcdefgh]",
    ],
)  # fmt: skip
def test_embeds_become_links(content: str) -> None:
    assert shape(f"Before it.\n\n{content}\n\nAfter it.") == [
        ("paragraph", "Before it."), ("embed", "https://video.example/7abcdefgh"), ("paragraph", "After it."),
    ]  # fmt: skip


def test_the_tail_of_a_posting_service_is_still_seen() -> None:
    text = "A long enough paragraph about the ferry, its crew, and the weather on the strait that morning."
    article = cleaned(f"{text}\n\n{text}\n\nhttps://ift.tt/3abcdef 03, 2021 at 12:15AM\nfrom Harbour Daily")
    assert article.short_links == ("https://ift.tt/3abcdef",)
    assert "Harbour Daily" not in article.text


def test_galleries_and_old_captions() -> None:
    article = cleaned(
        '[caption caption="Old way"]<img src="https://lantern.example/x.jpg">[/caption]\nT.\n[gallery ids="3,4"]'
    )
    assert [image.caption for image in article.images] == ["Old way", "Number three"]
    assert any("gallery" in warning for warning in article.warnings)


def test_escaped_shortcodes_are_text() -> None:
    assert shape('Write [[gallery ids="1"]] for it.') == [("paragraph", 'Write [gallery ids="1"] for it.')]


@pytest.mark.parametrize(
    "hostile",
    ["[caption]" * 20_000, "[a b=c" * 20_000, "<pre>" * 20_000, "[gallery " * 20_000, "[[" * 40_000,
     "[x_y]\n" * 20_000,
     "<!-- wp:x {" * 20_000, "<!--more" * 20_000, "[embed]" * 20_000, "[a" + " " * 50_000, "\n \n" * 50_000,
     "\x00" * 9],
)  # fmt: skip
def test_hostile_text_takes_no_time_and_never_raises(hostile: str) -> None:
    assert_linear(lambda text: html_of(text, PICTURES, Draft()), hostile)
