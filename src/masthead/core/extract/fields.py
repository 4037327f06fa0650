"""What a page says about its article, settled: title, byline, dates, source, address, categories."""

from __future__ import annotations

import re
from datetime import datetime

from lxml.html import HtmlElement

from masthead.core.dates import Order
from masthead.core.extract.bylines import choose_byline
from masthead.core.extract.date_claims import claims_of
from masthead.core.extract.headline import choose_headline
from masthead.core.extract.page_meta import PageMeta
from masthead.core.extract.publication import settle_modified, settle_published
from masthead.core.extract.visible import read_lines
from masthead.core.repair.draft import Draft
from masthead.core.repair.language import normal_tag
from masthead.core.repair.links import clean_link, is_short_link
from masthead.core.repair.markup import mend_line
from masthead.core.types import SourceRef
from masthead.core.urls import host_of

# Where the site's own name may be that of another: of a network that it belongs to, of a heading over the page.
_LAST_SITES = ("page:json-ld-site", "page:heading-home")


def set_fields(root: HtmlElement, meta: PageMeta, base: str, url: str, seen: datetime, draft: Draft) -> None:
    """Set every field of `draft` that the page's metadata and its visible head state. `base`: for relative links."""
    site, place = _site(meta)
    home = f"https://{host_of(base)}/" if host_of(base) else ""
    draft.source = SourceRef(mend_line(site, "source", draft), home)
    draft.origin("source", place)
    _set_title(meta, base, draft)
    _set_address(meta, url, base, draft)
    lines = read_lines(root)
    choose_byline(root, lines, meta, draft)
    address = url or draft.canonical_url
    if address and not re.search(r"^https?://[^/]+/[^?#]", address):
        # A front page changes all the time: what it states is not when a report was published.
        draft.origin("published", "none")
        draft.origin("modified", "none")
    else:
        dates = claims_of(root, lines, meta, draft.title, address, order_of(meta))
        settle_published(dates, seen, draft)
        settle_modified(dates, seen, draft)
    draft.license = meta.license[0][0] if meta.license else ""
    draft.categories = tuple(dict.fromkeys(meta.keywords))[:20]


def order_of(meta: PageMeta) -> Order | None:
    """Which number of 03/04/2024 is the day where the page's language says so; English without a country does not."""
    for stated, _ in meta.language:
        first, *rest = normal_tag(stated).split("-")
        if not first:
            continue
        region = next((part for part in rest if len(part) == 2 and part.isupper()), "")
        if first != "en":
            return "dmy"
        if region:
            return "mdy" if region in ("US", "PH") else None if region == "CA" else "dmy"
    return None


def _site(meta: PageMeta) -> tuple[str, str]:
    ranked = sorted(meta.site, key=lambda pair: ("og:site_name" not in pair[1], pair[1] in _LAST_SITES))
    return ranked[0] if ranked else ("", "none")


def _set_title(meta: PageMeta, base: str, draft: Draft) -> None:
    chosen, place, agreeing = choose_headline(meta.title, draft.source.name, host_of(base))
    draft.title = mend_line(chosen, "title", draft)
    draft.origin("title", place, confidence=0.95 if agreeing > 1 else 0.8)


def _set_address(meta: PageMeta, url: str, base: str, draft: Draft) -> None:
    for value, place in [*meta.canonical, (url, "page:url")]:
        found = clean_link(value, base)
        # A canonical link to the home page is a mistake of the page's template.
        if found and not is_short_link(found) and re.search(r"https?://[^/]+/[^?#]", found):
            draft.canonical_url = found
            draft.origin("canonical_url", place)
            return
    draft.origin("canonical_url", "none")
