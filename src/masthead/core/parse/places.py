"""Where feeds often are on a host that names none: candidates to try, one after the other, few and in order."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from masthead.core.parse.platforms import shaped
from masthead.core.urls import absolute

MOST = 8
_USUAL = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml")
# What a page says it was made by, and where such programs put their feed.
_PROGRAMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), path)
    for pattern, path in (
        (r"<meta[^<>]{1,200}generator[^<>]{1,200}WordPress|/wp-content/", "/feed/"),
        (r"<meta[^<>]{1,200}generator[^<>]{1,200}Ghost", "/rss/"),
        (r"<meta[^<>]{1,200}generator[^<>]{1,200}Blogger", "/feeds/posts/default"),
        (r"<meta[^<>]{1,200}generator[^<>]{1,200}Discourse", "/latest.rss"),
        (r"<meta[^<>]{1,200}og:platform[^<>]{1,200}PeerTube", "/feeds/videos.xml"),
        (r"<meta[^<>]{1,200}generator[^<>]{1,200}Hugo", "/index.xml"),
        (r"<meta[^<>]{1,200}generator[^<>]{1,200}Jekyll", "/feed.xml"),
        (r"<meta[^<>]{1,200}generator[^<>]{1,200}Drupal", "/rss.xml"),
        (r"<meta[^<>]{1,200}generator[^<>]{1,200}Joomla", "/?format=feed&type=rss"),
        (r"<meta[^<>]{1,200}generator[^<>]{1,200}Wix", "/blog-feed.xml"),
        (r"<meta[^<>]{1,200}generator[^<>]{1,200}MediaWiki", "/index.php?title=Special:RecentChanges&feed=atom"),
        (r"<meta[^<>]{1,200}generator[^<>]{1,200}DokuWiki", "/feed.php"),
        (r"<meta[^<>]{1,200}generator[^<>]{1,200}Movable Type", "/atom.xml"),
        (r"<meta[^<>]{1,200}generator[^<>]{1,200}Squarespace|static1?\.squarespace\.com", "/?format=rss"),
    )
)
_HEAD = 200_000


def places(url: str, html: str = "") -> tuple[str, ...]:
    """Addresses on the page's host to try for a feed, likeliest first, at most eight; () without an absolute `url`.

    By the shape of the address, by the program that made the page, beside the page's first folder, then the usual.
    """
    if not absolute(url):
        return ()
    folder = urlsplit(absolute(url)).path.split("/")[1]
    in_folder = [f"/{folder}/feed", f"/{folder}/index.xml"] if folder and "." not in folder else []
    by_program = [path for pattern, path in _PROGRAMS if pattern.search(html, 0, _HEAD)]
    wanted = [told.url for told in shaped(url)] + [absolute(path, url) for path in (*by_program, *in_folder, *_USUAL)]
    return tuple(dict.fromkeys(place for place in wanted if place and place != url))[:MOST]
