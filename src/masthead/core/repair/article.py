"""The repairs in their order: from an entry, with or without the page behind it, to a `CleanArticle`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from html import escape

from masthead.core.characters import one_line
from masthead.core.quotes import find_quotes
from masthead.core.repair.blocks import read_blocks, without_edge_rules
from masthead.core.repair.byline import read_people
from masthead.core.repair.context import EntryContext
from masthead.core.repair.draft import Draft
from masthead.core.repair.feed_dates import entry_date, join_dates
from masthead.core.repair.images import may_lead
from masthead.core.repair.language import settle
from masthead.core.repair.lines import with_paragraphs
from masthead.core.repair.links import base_of, clean_link, infer_base, is_short_link, resolve
from masthead.core.repair.markup import mend_html, mend_line
from masthead.core.repair.origins import complete_origins
from masthead.core.repair.promos import take_promos
from masthead.core.repair.related import mark_inferred, take_cards, take_embedded, without_dead_links
from masthead.core.repair.standfirst import settle_standfirst
from masthead.core.repair.stills import films_of_media, settle_stills
from masthead.core.repair.tail import posted_from_elsewhere, take_tail
from masthead.core.repair.wordpress import html_of
from masthead.core.rights import is_open_licence
from masthead.core.sanitize import to_text
from masthead.core.tree import parse_fragment
from masthead.core.types import (
    Block,
    CleanArticle,
    ImageRef,
    ParsedEntry,
    ParsedMedia,
    Provenance,
    Quote,
    SourceRef,
)
from masthead.core.urls import absolute

_TITLE_WORDS = 12
_LONGEST_TEXT = 300_000


def clean_entry(
    entry: ParsedEntry, context: EntryContext, page: CleanArticle | None = None, first_seen: datetime | None = None
) -> CleanArticle:
    """The whole report that an entry stands for.

    `page`: what `core.extract.extract_page` made of the page behind it, or None. `first_seen`: when the entry was first
    received (aware); dates ahead of it are refused. Never raises; what could not be mended is in `warnings`.
    """
    draft = Draft()
    seen = first_seen or datetime.now(UTC)
    base, _ = base_of(entry, context)
    _set_address(entry, draft, base)
    _set_source(entry, context, draft)
    draft.title = mend_line(entry.title, "title", draft)
    draft.origin("title", "feed:title" if draft.title else "none")
    draft.published = entry_date(entry.published, entry.published_raw, "published", seen, draft)
    draft.modified = entry_date(entry.updated, entry.updated_raw, "modified", seen, draft)
    if draft.modified and draft.published and draft.modified.value == draft.published.value:
        draft.modified = None
    stated = [author.name for author in entry.authors]
    names = read_people(stated, draft.source.name, draft)
    draft.byline, draft.agencies = names.byline, names.organisations
    draft.origin("byline", "feed:author" if draft.byline else "none")
    _set_licence(entry, context, draft)
    draft.categories = tuple(
        dict.fromkeys(name for raw in entry.categories if (name := mend_line(raw, "categories", draft)))
    )[:30]
    summary, content = entry.summary_html, entry.content_html
    if context.feed_format.startswith("wxr"):
        summary, content = (html_of(text, context.pictures, draft) for text in (summary, content))
    draft.body = clean_body(content or summary, base, draft, page=False, published_seen=seen)
    draft.body = settle_stills(draft.body, films_of_media((*entry.media, *entry.enclosures)), draft)
    draft.origin("body", "feed:content" if content else "feed:summary")
    teaser = clean_teaser(summary, base, draft) if content and summary else ""
    if page is not None:
        _merge_page(page, draft)
    settle_standfirst(teaser, "feed:summary", draft)
    _set_lead(entry, base, draft)
    stated_languages = (
        (entry.language, "feed:item-language"),
        (page.language if page else "", "page:language"),
        (context.feed_language, "feed:language"),
        (context.source_language, "source:language"),
    )
    return finish(draft, stated_languages)


def clean_body(html: str, base: str, draft: Draft, *, page: bool, published_seen: datetime) -> list[Block]:
    """HTML of an article's body as blocks, mended; cards, promos and the applet's tail are taken out into the draft."""
    html = mend_html(html, "body", draft)
    if not page and (parted := with_paragraphs(html)) != html:
        # A printed tag at the edge of a line stands at the edge of a paragraph only now.
        html = mend_html(parted, "body", draft)
    root = parse_fragment(html)
    stated = root.find(".//base[@href]")
    if stated is not None:
        base = absolute(str(stated.get("href")), base) or base
    inferred_from = ""
    elsewhere = posted_from_elsewhere(html)
    if not base or elsewhere:
        base, witness = infer_base(root, base)
        inferred_from = f"the publisher's other addresses ({witness})" if base else ""
    inferred = resolve(root, base, draft, inferred_from=inferred_from)
    take_embedded(root, draft)
    blocks = read_blocks(root, base, draft)
    if not page or elsewhere:
        blocks = take_tail(blocks, draft, published_seen)
    blocks = take_cards(blocks, draft.canonical_url, draft)
    mark_inferred(draft, inferred)
    return [without_dead_links(block) for block in take_promos(blocks, draft.canonical_url, draft)]


def clean_teaser(html: str, base: str, draft: Draft) -> str:
    """A summary as one line of text, without "continue reading" and other machinery."""
    teaser = Draft(canonical_url=draft.canonical_url)
    root = parse_fragment(mend_html(html, "standfirst", teaser))
    resolve(root, base, teaser)
    blocks = take_promos(read_blocks(root, base, teaser), draft.canonical_url, teaser)
    for repair in teaser.repairs:
        if repair.code in ("leaked-markup", "double-escaped", "mojibake"):
            draft.mend(repair.code, "standfirst", repair.before, repair.after, repair.why)
    return one_line(" ".join(block.text for block in blocks if block.type in ("paragraph", "quote", "heading")))


def _set_address(entry: ParsedEntry, draft: Draft, base: str) -> None:
    link = clean_link(entry.link or (entry.id if entry.id_is_permalink else ""), base)
    if link and is_short_link(link):
        draft.short_links.append(link)
        link = clean_link(entry.id) if entry.id_is_permalink and not is_short_link(entry.id) else ""
    draft.canonical_url = link
    draft.origin("canonical_url", "feed:link" if link else "none")
    if link and entry.link.strip() not in ("", link):
        draft.mend(
            "link",
            "canonical_url",
            entry.link,
            link,
            "The report's address was completed, or parts that track readers were removed.",
        )


def _set_source(entry: ParsedEntry, context: EntryContext, draft: Draft) -> None:
    if entry.source and entry.source.title:
        draft.source = SourceRef(mend_line(entry.source.title, "source", draft), clean_link(entry.source.url))
        draft.origin("source", "feed:source")
    else:
        name = context.source_name or context.feed_title
        draft.source = SourceRef(mend_line(name, "source", draft), clean_link(context.source_url or context.feed_link))
        draft.origin("source", ("source:name" if context.source_name else "feed:channel") if name else "none")


def _set_licence(entry: ParsedEntry, context: EntryContext, draft: Draft) -> None:
    """The licence of the item, else of its feed, else of its source; mere words about rights displace no licence."""
    stated = one_line(context.feed_licence)
    licensed = "://" in stated or is_open_licence(stated)
    candidates = (
        (entry.license, "feed:license"),
        (stated if licensed else "", "feed:license"),
        (context.licence, "source:licence"),
        (stated, "feed:license"),
    )
    draft.license, origin = next(((words, place) for raw, place in candidates if (words := one_line(raw))), ("", ""))
    if origin:
        draft.origin("license", origin)


def _merge_page(page: CleanArticle, draft: Draft) -> None:
    """Take from the page what the feed lacks; its body when it says clearly more than the feed's."""
    refused = any(warning.startswith(("Paywall", "Consent", "Not an article")) for warning in page.warnings)
    for warning in page.warnings:
        draft.warn(warning)
    own = sum(len(block.text) for block in draft.body)
    if page.text and not refused and len(page.text) > own * 1.2:
        short = draft.body
        draft.body = list(page.body)
        draft.origin("body", "page:body")
        draft.repairs += [repair for repair in page.repairs if repair not in draft.repairs]
        draft.related += [card for card in page.related if card.url not in {known.url for known in draft.related}]
        teaser = one_line(" ".join(block.text for block in short if block.type == "paragraph"))
        draft.standfirst = page.standfirst or teaser
        draft.origin("standfirst", "page:description" if page.standfirst else "feed:summary")
        if page.provenance["standfirst"].origin == "text:first-paragraph":
            # The page's own first paragraph goes back to its place: the feed has a summary that may serve better.
            first = Block(type="paragraph", text=page.standfirst, html=escape(page.standfirst, quote=False))
            draft.body.insert(0, first)
            draft.standfirst = teaser
            draft.origin("standfirst", "feed:summary")
    join_dates(page, draft)
    for name in ("title", "byline", "modified", "canonical_url", "license", "lead_image"):
        if not getattr(draft, name) and getattr(page, name):
            setattr(draft, name, getattr(page, name))
            draft.provenance[name] = page.provenance.get(name, Provenance("page"))
            if name == "byline":
                draft.agencies = page.agencies
    if not draft.source.name:
        draft.source = page.source
        draft.origin("source", "page:site-name" if page.source.name else "none")


def _set_lead(entry: ParsedEntry, base: str, draft: Draft) -> None:
    """The first picture that the publisher put with the report; never one that belongs to a related card."""
    taken = {_file(card.image.src) for card in draft.related if card.image}
    in_feed = [image for media in (*entry.media, *entry.enclosures) if (image := _from_media(media, base, draft))]
    in_feed.sort(key=lambda image: -(image.width or 0))
    in_body = [block.image for block in draft.body if block.type == "figure" and block.image]
    stated = [draft.lead_image] if draft.lead_image else []
    for origin, images in (("feed:media", in_feed), ("page:image", stated), ("body:first-figure", in_body[:3])):
        for image in images:
            if _file(image.src) not in taken and may_lead(image):
                draft.lead_image = image
                draft.origin("lead_image", origin)
                _lift_lead(image, draft)
                return
    draft.lead_image = None
    draft.origin("lead_image", "none")


def _file(url: str) -> str:
    """What two sizes of one picture share: the address without its query."""
    return url.partition("?")[0]


def _lift_lead(image: ImageRef, draft: Draft) -> None:
    """When the lead also stands at the top of the body, it moves up with its caption and is not shown twice."""
    for index, block in enumerate(draft.body[:3]):
        if block.type == "figure" and block.image and _file(block.image.src) == _file(image.src):
            draft.lead_image = replace(
                block.image, alt=block.image.alt or image.alt, caption=block.image.caption or image.caption,
                credit=block.image.credit or image.credit,
            )  # fmt: skip
            del draft.body[index]
            return


def _from_media(media: ParsedMedia, base: str, draft: Draft) -> ImageRef | None:
    kind = media.type.partition("/")[0] or media.medium
    looks = media.url.partition("?")[0].lower().endswith((".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif"))
    if kind not in ("image", "") or (kind == "" and not (looks or media.thumbnail)):
        return None
    url = clean_link(media.url, base)
    if not url:
        return None
    caption = mend_line(to_text(media.description or media.title), "images", draft)
    return ImageRef(
        url,
        alt=caption,
        caption=caption,
        credit=mend_line(media.credit, "images", draft),
        width=media.width,
        height=media.height,
    )


def finish(draft: Draft, stated_languages: tuple[tuple[str, str], ...] = ()) -> CleanArticle:
    """The record that a draft has become: language settled, a title made when there is none."""
    draft.body = without_edge_rules(draft.body)
    text = "\n\n".join(part for part in (_moved_standfirst(draft), *_prose(draft.body)) if part)
    settle(stated_languages, text or f"{draft.title} {draft.standfirst}", draft)
    if not draft.title:
        _make_title(draft, text)
    images = [draft.lead_image, *(block.image for block in draft.body)]
    # No report is longer: what is, is an attack or a mistake, and not worth the time.
    quotes = _quotes(draft) if len(text) <= _LONGEST_TEXT else ()
    complete_origins(draft, quotes=bool(quotes), images=any(images))
    return CleanArticle(
        title=draft.title, standfirst=draft.standfirst, byline=draft.byline, language=draft.language,
        published=draft.published, modified=draft.modified, source=draft.source, canonical_url=draft.canonical_url,
        short_links=tuple(dict.fromkeys(draft.short_links)), body=tuple(draft.body), text=text,
        images=tuple(dict.fromkeys(image for image in images if image)), lead_image=draft.lead_image,
        related=tuple(draft.related), quotes=quotes, categories=draft.categories,
        license=draft.license, page=draft.page, repairs=tuple(draft.repairs), warnings=tuple(draft.warnings),
        provenance=draft.provenance, agencies=draft.agencies,
    )  # fmt: skip


def _prose(blocks: list[Block]) -> list[str]:
    """The words of the blocks as they are read from top to bottom: a picture's caption is not among them."""
    return [block.text for block in blocks if block.type != "figure"]


def _quotes(draft: Draft) -> tuple[Quote, ...]:
    """The quotations of the body, and of its first paragraph where that became the standfirst: those in no block."""
    if not (first := _moved_standfirst(draft)):
        return find_quotes(draft.body, draft.language, draft.standfirst)
    found = find_quotes([Block("paragraph", first), *draft.body], draft.language)
    return tuple(replace(quote, block=quote.block - 1 if quote.block else None) for quote in found)


def _moved_standfirst(draft: Draft) -> str:
    origin = draft.provenance.get("standfirst")
    return draft.standfirst if origin is not None and origin.origin == "text:first-paragraph" else ""


def _make_title(draft: Draft, text: str) -> None:
    source = one_line(draft.standfirst or text)
    first = source.split(". ")[0].split()
    if made := " ".join(first[:_TITLE_WORDS]).rstrip(",;:–—- "):
        draft.title = made + ("…" if len(first) > _TITLE_WORDS else "")
        draft.origin("title", "text:first-words", method="inferred", confidence=0.5)
        draft.mend(
            "no-title",
            "title",
            "",
            draft.title,
            "The publisher gave no headline; the first words of the text stand in its place.",
        )
    else:
        draft.title = draft.source.name or draft.canonical_url or "Untitled"
        draft.origin("title", "source" if draft.source.name else "none", method="inferred", confidence=0.1)
        draft.warn("The publisher gave neither a headline nor a text.")
