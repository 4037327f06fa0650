"""What a page says of itself to machines: JSON-LD (schema.org), OpenGraph, canonical and alternate links.

Everything is made from the records of `pages.types`, so the rights that hold on the page hold here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from masthead.pages import addresses
from masthead.pages.story_types import StoryPage
from masthead.pages.types import ArticlePage, Card, Picture
from masthead.site.outlets import icons
from masthead.site.outlets.text import one_line, web_address

FORMS = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
LONGEST_DESCRIPTION = 300
LISTED = 50
"""So many of the newest reports of a story are listed for machines."""
# The sequences by which text could leave a script element, and the line ends that JSON has and JavaScript had not.
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def json_script(data: Any) -> SafeString:
    """`data` as a JSON-LD script element that no text within it can leave."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


def stated_date(card: Card) -> str | None:
    """The publication date as ISO 8601, no more exact than it is known; None when it is not known to the day."""
    if card.published is None:
        return None
    return f"{card.published:%Y-%m-%d}" if card.precision == "day" else card.published.isoformat()


def publication_date(page: ArticlePage) -> str | None:
    """`stated_date` of its card; None where only the day of a change is known, which is no publication."""
    if page.published is not None and page.published.since_unknown:
        return None
    return stated_date(page.card)


def _organisation() -> dict[str, Any]:
    logo = {"@type": "ImageObject", "url": addresses.absolute(icons.path("icon-512.png")), "width": 512, "height": 512}
    return {
        "@type": "Organization",
        "name": settings.MASTHEAD.site_name,
        "url": addresses.absolute("/"),
        "logo": logo,
    }


def canonical(page: ArticlePage) -> str:
    """The canonical address: the publisher's where its policy lets less than the full text through."""
    return web_address(page.canonical_url) or addresses.absolute(page.card.path)


def news_article(page: ArticlePage) -> dict[str, Any]:
    """A page as schema.org NewsArticle. What is not known is left out."""
    card = page.card
    publisher = {
        "@type": "NewsMediaOrganization",
        "name": one_line(card.source.name),
        "url": web_address(card.source.home_url),
    }
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": one_line(card.title),
        "description": one_line(card.standfirst, LONGEST_DESCRIPTION),
        "url": addresses.absolute(card.path),
        "mainEntityOfPage": canonical(page),
        "inLanguage": card.language,
        "datePublished": publication_date(page),
        "dateModified": card.changed.isoformat() if card.changed else stated_date(card),
        "author": [_author(name, page.agencies) for name in card.byline] or [_filled(publisher)],
        "sourceOrganization": _filled(publisher),
        "publisher": _organisation(),
        "articleSection": card.section.name if card.section else None,
        "image": [addresses.absolute(card.picture.src)] if _photograph(card.picture) and card.picture else None,
        "isBasedOn": web_address(page.original_url),
        "license": web_address(page.licence) if "://" in page.licence else None,
        "isAccessibleForFree": True,
    }
    return _filled(data)


def _author(name: str, agencies: tuple[str, ...]) -> dict[str, str]:
    return {"@type": "Organization" if name in agencies else "Person", "name": one_line(name)}


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, "", [])}


def _photograph(picture: Picture | None) -> bool:
    return picture is not None and not picture.drawn


def _meta(pairs: Iterator[tuple[str, str]]) -> Iterator[SafeString]:
    """OpenGraph's names go into `property`, all others into `name`."""
    for name, content in pairs:
        attribute = "property" if name.startswith(("og:", "article:")) else "name"
        yield format_html('<meta {}="{}" content="{}">', attribute, name, content)


def _picture_meta(picture: Picture | None) -> Iterator[tuple[str, str]]:
    if picture is None or picture.drawn:
        yield "og:image", addresses.absolute(icons.path("icon-512.png"))
        yield "og:image:width", "512"
        yield "og:image:height", "512"
        yield "twitter:card", "summary"
        return
    yield "og:image", addresses.absolute(picture.src)
    yield "og:image:width", str(picture.width)
    yield "og:image:height", str(picture.height)
    if picture.alt:
        yield "og:image:alt", one_line(picture.alt)
    yield "twitter:card", "summary_large_image" if picture.width >= 600 else "summary"


def _article_meta(page: ArticlePage) -> Iterator[tuple[str, str]]:
    card = page.card
    if description := one_line(card.standfirst, LONGEST_DESCRIPTION):
        yield "description", description
        yield "og:description", description
    yield "og:type", "article"
    yield "og:title", one_line(card.title)
    yield "og:url", addresses.absolute(card.path)
    yield "og:site_name", settings.MASTHEAD.site_name
    if published := publication_date(page):
        yield "article:published_time", published
    if card.changed:
        yield "article:modified_time", card.changed.isoformat()
    if card.section:
        yield "article:section", card.section.name
    yield from _picture_meta(card.picture)


def article_head(page: ArticlePage) -> SafeString:
    """All that belongs into the head of an article page: canonical link, description, OpenGraph, JSON-LD."""
    parts = [format_html('<link rel="canonical" href="{}">', canonical(page)), *_meta(_article_meta(page))]
    if page.short_path:
        parts.append(format_html('<link rel="shortlink" href="{}">', addresses.absolute(page.short_path)))
    parts.append(json_script(news_article(page)))
    return mark_safe("\n".join(parts))


def story_list(page: StoryPage) -> dict[str, Any]:
    """A story as schema.org CollectionPage: its reports in order, each with its publisher."""
    reports = [
        _filled(
            {
                "@type": "NewsArticle",
                "headline": one_line(card.title),
                "url": addresses.absolute(card.path),
                "datePublished": stated_date(card),
                "inLanguage": card.language,
                "publisher": {"@type": "NewsMediaOrganization", "name": one_line(card.source.name)},
            }
        )
        for card in page.reports[-LISTED:]
    ]
    items = [{"@type": "ListItem", "position": n, "item": item} for n, item in enumerate(reports, 1)]
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "name": one_line(page.story.title),
        "description": story_description(page),
        "url": addresses.absolute(page.story.path),
        "inLanguage": page.language,
        "dateModified": page.changed_at.isoformat() if page.changed_at else None,
        "publisher": _organisation(),
        "image": [addresses.absolute(page.lead.picture.src)]
        if page.lead.picture and _photograph(page.lead.picture)
        else None,
        "mainEntity": {
            "@type": "ItemList",
            "itemListOrder": "https://schema.org/ItemListOrderAscending",
            "numberOfItems": len(items),
            "itemListElement": items,
        },
    }
    return _filled(data)


def story_description(page: StoryPage) -> str:
    """A story in a line or two: a sentence of its reports, or the standfirst of the report to begin with."""
    return one_line(page.summary[0].text if page.summary else page.lead.standfirst, LONGEST_DESCRIPTION)


def story_head(page: StoryPage) -> SafeString:
    """All that belongs into the head of a story page: what other pages have, and its reports as a list (JSON-LD)."""
    head = page_head(page.story.path, page.story.title, description=story_description(page), picture=page.lead.picture)
    return mark_safe(f"{head}\n{json_script(story_list(page))}")


def feed_links(path: str, title: str) -> SafeString:
    """Links to the feeds of the list page at `path`."""
    return mark_safe(
        "\n".join(
            format_html(
                '<link rel="alternate" type="{}" title="{}" href="{}">', kind, title, addresses.feed(path, form)
            )
            for form, kind in FORMS.items()
        )
    )


def edition_links(path: str, edition: str) -> SafeString:
    """hreflang links to the same page in every edition; nothing where there is one edition only."""
    editions = settings.MASTHEAD.all_editions
    if len(editions) < 2:
        return SafeString()
    bare = path.removeprefix(addresses.edition_prefix(edition))
    links = [(code, addresses.absolute(addresses.edition_prefix(code) + bare)) for code in editions]
    links.append(("x-default", addresses.absolute(bare)))
    return mark_safe(
        "\n".join(format_html('<link rel="alternate" hreflang="{}" href="{}">', code, url) for code, url in links)
    )


def page_head(
    path: str,
    title: str = "",
    *,
    description: str = "",
    edition: str = "",
    feeds: bool = False,
    editions: bool = False,
    picture: Picture | None = None,
) -> SafeString:
    """What belongs into the head of any other page at `path` (with or without percent-encoding).

    `feeds`: the page is a list with feeds of its own (those of a front page are named by `site_head`).
    `editions`: it stands in every edition.
    """
    path = iri_to_uri(path)
    title = one_line(title) or settings.MASTHEAD.site_name
    description = one_line(description, LONGEST_DESCRIPTION)

    def pairs() -> Iterator[tuple[str, str]]:
        if description:
            yield "description", description
            yield "og:description", description
        yield "og:type", "website"
        yield "og:title", title
        yield "og:url", addresses.absolute(path)
        yield "og:site_name", settings.MASTHEAD.site_name
        yield from _picture_meta(picture)

    parts = [format_html('<link rel="canonical" href="{}">', addresses.absolute(path)), *_meta(pairs())]
    if feeds and path != addresses.front(edition):
        parts.append(feed_links(path, title))
    if editions and (links := edition_links(path, edition)):
        parts.append(links)
    return mark_safe("\n".join(parts))


def site_head(edition: str = "") -> SafeString:
    """What every page carries: icons, manifest, search description, and the feeds of its edition's front page."""
    name = settings.MASTHEAD.site_name
    return mark_safe(
        "\n".join(
            [
                format_html('<link rel="icon" href="{}" sizes="32x32">', icons.path("favicon.ico")),
                format_html('<link rel="icon" href="{}" type="image/svg+xml">', icons.path("icon.svg")),
                format_html('<link rel="apple-touch-icon" href="{}">', icons.path("apple-touch-icon.png")),
                '<link rel="manifest" href="/site.webmanifest">',
                format_html(
                    '<link rel="search" type="application/opensearchdescription+xml" title="{}" href="{}">',
                    name,
                    f"{addresses.edition_prefix(edition)}/opensearch.xml",
                ),
                feed_links(addresses.front(edition), name),
            ]
        )
    )
