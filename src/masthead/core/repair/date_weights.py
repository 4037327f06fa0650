"""How much each place that may hold a date of publication says: the one table by which disagreement is settled."""

from __future__ import annotations

# How often, alone, a place is right, between 0 and 1. The order is what counts: a labelled date that readers see is the
# newsroom's own word; then structured data of the article; then other metadata; then what only stands where a date
# usually stands. Claims of one day strengthen each other: together they weigh 1 - the product of their doubts.
WEIGHTS = {
    "visible:modified": 0.92,  # "Updated 3 May 2024" near the headline: only ever of a change
    "visible:published": 0.92,  # "Published 3 May 2024" near the headline
    "page:json-ld": 0.90,
    "page:meta:article:published_time": 0.88,
    "page:time-pubdate": 0.85,
    "page:microdata": 0.85,
    "page:meta": 0.80,  # any other meta element named as a date of publication
    "page:data-pubdate": 0.80,
    "feed:published": 0.80,  # a feed's word for its entry: often the last change, or the time of fetching it
    "page:json-ld-page": 0.75,  # the date of a page with an author
    "visible:published-below": 0.70,  # labelled, but far from the headline
    "visible:dateline": 0.70,  # "ELMWICK, June 3, 2025 (EWP) -": the first words of a report by wire
    "visible:modified-below": 0.70,
    "visible:head-marked": 0.66,  # unlabelled near the headline, in an element named as a date's
    "url:day": 0.62,  # /2024/05/03/
    "visible:head": 0.60,
    "page:meta:date": 0.60,  # "date" and Dublin Core's may be the page's or the file's
    "visible:byline": 0.55,  # unlabelled and below, but right behind the author's name
    "page:script": 0.55,  # "publishedAt" in the page's own data
    "page:json-ld-created": 0.50,
    "page:created": 0.50,
    "visible:beside": 0.46,  # near the headline, but in a block such as an aside
    "visible:only": 0.46,  # unlabelled and anywhere, but the one date on the page
    "visible:sentence": 0.45,  # near the headline, behind other words
    "visible:assumed": 0.45,  # 03/04/2024, read by the page's language
    "page:json-ld-bare": 0.44,  # the date of a page without one: not enough alone
    "url:month": 0.25,  # /2024/05/: never enough alone
    "visible:body": 0.20,  # unlabelled below: never enough alone
}
# A day with less than this is not taken.
ENOUGH = 0.45
# How sure a day is that is concluded from a visible "Updated" alone, where a page states no publication at all: about
# two in three of such pages are given that day by those who read them.
FROM_CHANGE = 0.5
# Where a day has a place above this, the places below it do not give its value, however much they state.
TRUSTED = 0.5
# What is left of a weight: of an unlabelled date on the day of a stated change, where the page names other days too;
# of what machines state, where readers see an earlier day by the headline.
CHANGED, MOVED = 0.5, 0.6
_WEAK_META = ("date", "dc.date", "dcterms.date", "citation_date", "dc.date.issued")


def weight_of(place: str) -> float:
    """The weight of a place by the longest name in the table that it begins with."""
    if place.removeprefix("page:meta:") in _WEAK_META:
        return WEIGHTS["page:meta:date"]
    known = [name for name in WEIGHTS if place == name or place.startswith(f"{name}:")]
    return WEIGHTS[max(known, key=len)] if known else 0.0
