"""The records of `pages.types` as the API prints them: absolute addresses, ISO dates, null where nothing is known.

A field here is a promise to clients: add fields, never rename them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from masthead.core.records import to_builtins
from masthead.core.types import Repair
from masthead.core.urls import absolute as web_address
from masthead.pages import addresses
from masthead.pages.story_types import FigureView, StoryPage
from masthead.pages.types import (
    ArticlePage,
    BlockView,
    Card,
    Picture,
    RelatedView,
    SectionView,
    SourceLine,
    SourceView,
    StoryView,
)

# Fields whose repairs quote the body: where not all of it may be shown, what stood there may not either.
_OF_THE_BODY = ("body", "text", "standfirst", "quotes", "related", "images")


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def api_url(kind: str, pk: int) -> str:
    """The address of a record in this API."""
    return addresses.absolute(f"/api/v1/{kind}/{pk}")


def source(view: SourceView) -> dict[str, Any]:
    return {
        "id": view.id,
        "slug": view.slug,
        "name": view.name,
        "url": addresses.absolute(view.path),
        "home_url": web_address(view.home_url) or None,
        "description": view.description,
        "country": view.country or None,
        "language": view.language or None,
        "ownership": view.ownership or None,
        "policy": view.policy,
        "licence": view.licence or None,
        "icon": addresses.absolute(view.icon.large) if view.icon else None,
    }


def source_line(line: SourceLine) -> dict[str, Any]:
    return {
        **source(line.source),
        "articles": line.articles,
        "newest": _iso(line.newest),
        "healthy": line.healthy,
        "state": line.state or None,
    }


def section(view: SectionView) -> dict[str, Any]:
    return {"slug": view.slug, "name": view.name, "url": addresses.absolute(view.path)}


def story_link(view: StoryView) -> dict[str, Any]:
    return {
        "id": view.id,
        "title": view.title,
        "url": addresses.absolute(view.path),
        "api_url": api_url("stories", view.id),
        "articles": view.articles,
        "sources": view.sources,
    }


def picture(view: Picture | None) -> dict[str, Any] | None:
    """Our copies of a picture; None where there is but our own drawing."""
    if view is None or view.drawn:
        return None
    files = [
        {"url": addresses.absolute(file.path), "width": file.width, "height": file.height, "type": file.type}
        for file in view.files
    ]
    return {
        "url": addresses.absolute(view.src),
        "width": view.width,
        "height": view.height,
        "alt": view.alt,
        "caption": view.caption,
        "credit": view.credit,
        "files": files,
    }


def card(view: Card) -> dict[str, Any]:
    """An article in a list."""
    published = view.published
    if published is not None and view.precision == "day":
        stated: str | None = f"{published:%Y-%m-%d}"
    else:
        stated = _iso(published)
    return {
        "id": view.id,
        "url": addresses.absolute(view.path),
        "api_url": api_url("articles", view.id),
        "title": view.title,
        "standfirst": view.standfirst,
        "language": view.language or None,
        "direction": view.direction,
        "byline": list(view.byline),
        "published": stated,
        "published_precision": view.precision or None,
        "first_seen": view.first_seen.isoformat(),
        "changed": _iso(view.changed),
        "source": {"id": view.source.id, "slug": view.source.slug, "name": view.source.name},
        "section": section(view.section) if view.section else None,
        "story": story_link(view.story) if view.story else None,
        "picture": picture(view.picture),
    }


def found(view: Card) -> dict[str, Any]:
    """An article among the results of a search. `<mark>` is the only element of the snippet."""
    return {**card(view), "snippet_html": view.snippet_html}


def block(view: BlockView) -> dict[str, Any]:
    """A block of the body; what its type does not have is left out."""
    data = {
        "type": view.type,
        "text": view.text,
        "html": view.html,
        "level": view.level if view.type == "heading" else None,
        "ordered": view.ordered if view.type == "list" else None,
        "items": list(view.items),
        "cite": view.cite,
        "picture": picture(view.picture),
        "url": web_address(view.url),
        "title": view.title,
    }
    return {name: value for name, value in data.items() if value not in (None, "", [])}


def related(view: RelatedView) -> dict[str, Any]:
    return {
        "label": view.card.label,
        "title": view.card.title,
        "url": addresses.absolute(view.path) if view.path else web_address(view.card.url) or None,
        "url_method": view.card.url_method,
        "held": bool(view.path),
        "picture": picture(view.picture),
    }


def repair(mend: Repair, policy: str) -> dict[str, Any]:
    """A mend, without the words that it changed where the source's policy does not let them be shown."""
    data: dict[str, Any] = to_builtins(mend)
    if policy != "full" and mend.field.partition("[")[0].partition(".")[0] in _OF_THE_BODY:
        return {name: data[name] for name in ("code", "field", "why")}
    return data


def article(page: ArticlePage) -> dict[str, Any]:
    """A whole article, as far as its source's policy permits, with what was repaired and how sure we are."""
    return {
        **card(page.card),
        "source": source(page.card.source),
        "canonical_url": page.canonical_url,
        "original_url": web_address(page.original_url) or None,
        "short_url": addresses.absolute(page.short_path) if page.short_path else None,
        "policy": page.policy,
        "truncated": page.truncated,
        "licence": page.licence or None,
        "dates": {"published": to_builtins(page.published), "modified": to_builtins(page.modified)},
        "body": [block(view) for view in page.blocks],
        "related": [related(view) for view in page.related],
        "quotes": to_builtins(page.quotes),
        "provenance": to_builtins(page.provenance),
        "repairs": [repair(mend, page.policy) for mend in page.repairs],
        "warnings": list(page.warnings),
        "revisions": page.revisions,
        "gone": _iso(page.gone),
        "more_on_story": [card(view) for view in page.more_on_story],
    }


def story(page: StoryPage) -> dict[str, Any]:
    """A story with its reports, oldest first; `copies` are those that carry the same text as a report.

    All words are the reports' own; reports are named by the numbers of their articles.
    """
    return {
        **story_link(page.story),
        "language": page.language or None,
        "direction": page.direction,
        "lead": page.lead.id,
        "changed": _iso(page.changed_at),
        "summary": [{"text": line.text, "article": line.card.id, "borne_out_by": line.borne} for line in page.summary],
        "first": {"articles": _ids(page.first.cards), "at": page.first.at.isoformat(), "open": page.first.open}
        if page.first
        else None,
        "sources_compared": page.compared,
        "names": [{"name": name.name, "sources": name.sources} for name in page.names],
        "figures": [_figure(figure) for figure in page.figures],
        "differing_figures": [[_figure(side) for side in sides] for sides in page.contests],
        "quotes": [
            {
                "speaker": speaker.name,
                "said": [{"text": said.text, "articles": _ids(said.cards)} for said in speaker.said],
            }
            for speaker in page.speakers
        ],
        "course": [
            {"at": moment.at.isoformat(), "kind": moment.kind, "article": moment.card.id, "fields": list(moment.fields)}
            for moment in page.timeline
        ],
        "related": [story_link(view.story) for view in page.related if view.story],
        "reports": [
            {**card(view), "copies": [card(copy) for copy in page.copies.get(view.id, ())]} for view in page.reports
        ],
        "reports_left_out": page.left_out,
    }


def _ids(cards: tuple[Card, ...]) -> list[int]:
    return [view.id for view in cards]


def _figure(figure: FigureView) -> dict[str, Any]:
    return {"words": figure.words, "articles": _ids(figure.cards)}
