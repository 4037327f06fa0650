"""The body of an article as HTML for feeds: what rights permit, our own pictures, and where it was published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django.utils.html import escape, format_html, format_html_join
from django.utils.translation import gettext as _

from masthead.articles.models import Article, Image
from masthead.core.sanitize import sanitize
from masthead.core.types import Block, CleanArticle
from masthead.pages import addresses
from masthead.pages.article_page import document_of, permitted_document
from masthead.pages.pictures import images_at, picture_of
from masthead.pages.types import Card
from masthead.site.outlets.feeds.channel import Item
from masthead.site.outlets.text import one_line, web_address
from masthead.site.words import still_words

MOST_CATEGORIES = 12


def items(cards: Iterable[Card]) -> tuple[Item, ...]:
    """Cards as items with their bodies. Two queries, however many cards."""
    shown = list(cards)
    rows = Article.objects.filter(pk__in=[card.id for card in shown]).select_related("source", "revision").in_bulk()
    documents = {}
    for card in shown:
        if row := rows.get(card.id):
            whole = document_of(row)
            documents[card.id] = (row, permitted_document(row, whole)[0], whole)
    urls = [block.image.src for _, document, _ in documents.values() for block in document.body if block.image]
    pictures = images_at(urls)
    return tuple(_item(card, *documents[card.id], pictures) for card in shown if card.id in documents)


def _item(card: Card, row: Article, shown: CleanArticle, whole: CleanArticle, pictures: Mapping[str, Image]) -> Item:
    body = "".join(_block(block, pictures) for block in shown.body)
    cut = shown.text != whole.text
    url = web_address(row.canonical_url)
    standfirst = format_html("<p>{}</p>", card.standfirst) if _leads(card.standfirst, shown) else ""
    markup = sanitize(f"{standfirst}{body}{_origin(card, url, cut)}", addresses.absolute(card.path))
    categories = [card.section.name] if card.section else []
    categories += [one_line(str(category), 100) for category in row.categories]
    licence = whole.license or row.source.licence
    return Item(card, markup, url, tuple(dict.fromkeys(filter(None, categories)))[:MOST_CATEGORIES], licence)


def _leads(standfirst: str, shown: CleanArticle) -> bool:
    """Whether the standfirst is to stand over the body: many publishers repeat it as the beginning of the text."""
    first = next((block.text for block in shown.body if block.text), "")
    return bool(standfirst) and not first.startswith(standfirst.rstrip("…. "))


def _origin(card: Card, url: str, cut: bool) -> str:
    """The last line: who published it, linked."""
    words = _("Read the whole report at %(source)s") if cut else _("Published by %(source)s")
    label = words % {"source": one_line(card.source.name)}
    return format_html(
        '<p><a href="{}">{}</a></p>', url or web_address(card.source.home_url) or addresses.absolute(card.path), label
    )


def _block(block: Block, pictures: Mapping[str, Image]) -> str:
    """A block of the body as HTML, not yet sanitised."""
    inner = block.html or escape(block.text)
    match block.type:
        case "heading":
            level = min(max(block.level or 2, 2), 4)
            return f"<h{level}>{inner}</h{level}>"
        case "quote":
            cite = format_html("<p><cite>{}</cite></p>", block.cite) if block.cite else ""
            return f"<blockquote>{inner}{cite}</blockquote>"
        case "list":
            name = "ol" if block.ordered else "ul"
            return f"<{name}>{''.join(f'<li>{item}</li>' for item in block.items)}</{name}>"
        case "figure":
            return _figure(block, pictures)
        case "embed":
            return _embed(block, pictures)
        case "code":
            return format_html("<pre>{}</pre>", block.text)
        case "rule":
            return "<hr>"
        case "table":
            return inner
    return f"<p>{inner}</p>"


def _embed(block: Block, pictures: Mapping[str, Image]) -> str:
    """What was embedded: its words where it has any, its still, and a link to it."""
    words = f"<blockquote>{block.html}</blockquote>" if block.html else ""
    if not block.url:
        return words
    label = block.url if words else block.title or block.url
    still = picture_of(block.image, dict(pictures))
    if still is None:
        return words + format_html('<p><a href="{}">{}</a></p>', block.url, label)
    return words + format_html(
        '<figure><a href="{}"><img src="{}" alt="{}" width="{}" height="{}"></a>'
        '<figcaption><a href="{}">{}</a></figcaption></figure>',
        block.url, addresses.absolute(still.src), still.alt or still_words(block.title), still.width, still.height,
        block.url, label,
    )  # fmt: skip


def _figure(block: Block, pictures: Mapping[str, Image]) -> str:
    picture = picture_of(block.image, dict(pictures))
    if picture is None:
        return ""
    caption = " · ".join(filter(None, [picture.caption, picture.credit]))
    return format_html(
        '<figure><img src="{}" alt="{}" width="{}" height="{}">{}</figure>',
        addresses.absolute(picture.src),
        picture.alt,
        picture.width,
        picture.height,
        format_html_join("", "<figcaption>{}</figcaption>", _one(caption)),
    )


def _one(text: str) -> Iterator[tuple[str]]:
    if text:
        yield (text,)
