"""Dates in the data that a page brings for its own scripts: "publishedAt" of the article on it."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

_KEY = (
    r"(?:first_?|original(?:ly)?_?)?publi(?:sh(?:ed)?|cation)_?(?:date|at|on|time|d|ed)?(?:_?(?:time|at|utc|iso))?|"
    r"date_?published|post_?date|deploy_?(?:dt|date)|pub_?date|display_?date"
)
# The date is looked for first, because few strings are dates and many are keys.
_DATE = re.compile(r"""["'](?P<date>(?:19|20)\d\d[-./]\d\d[-./]\d\d[^"'\\<>]{0,24})\\*["']""")
_BEFORE = re.compile(rf"""(?:^|\W)(?:{_KEY})\\*["']?\s*:\s*\\*$""", re.IGNORECASE)
_NEAR = 4000
_MAX = 3_000_000


def state_dates(root: HtmlElement, headline: str, url: str) -> list[str]:
    """The dates of publication in inline scripts: all when they are one, else those near the article's own words."""
    slug = url.partition("?")[0].rstrip("/").rpartition("/")[2]
    own = [word for word in (slug, headline[:60]) if len(word) >= 12]
    found: list[str] = []
    near: list[str] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "") or not script.text:
            continue
        text = str(script.text)[:_MAX]
        for match in _DATE.finditer(text):
            if _BEFORE.search(text[max(0, match.start() - 60) : match.start()]) is None:
                continue
            found.append(match["date"])
            around = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
            if any(word in around for word in own):
                near.append(match["date"])
            if len(found) > 60:
                break
    if len({date[:10] for date in found}) == 1:
        return found[:1]
    return near[:1] if len({date[:10] for date in near}) == 1 else []
