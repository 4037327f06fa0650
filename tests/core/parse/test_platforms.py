"""Feeds that an address tells by a platform's public rule, and where to try when nothing is told."""

from __future__ import annotations

import pytest
from tests.growth import assert_linear

from masthead.core.parse import discover
from masthead.core.parse.places import MOST, places
from masthead.core.parse.platforms import hosted, shaped

CHANNEL = "UCabcdefghijklmnopqrstuv"
TUBE = "https://www.youtube.com/feeds/videos.xml"


@pytest.mark.parametrize(
    ("page", "feeds"),
    [
        (f"https://www.youtube.com/channel/{CHANNEL}", [f"{TUBE}?channel_id={CHANNEL}"]),
        (f"m.youtube.com/channel/{CHANNEL}/videos?view=0", [f"{TUBE}?channel_id={CHANNEL}"]),
        ("https://www.youtube.com/playlist?list=PLabcdefghijk", [f"{TUBE}?playlist_id=PLabcdefghijk"]),
        ("https://www.youtube.com/watch?v=xyz&list=PLabcdefghijk", [f"{TUBE}?playlist_id=PLabcdefghijk"]),
        ("https://www.youtube.com/user/HarbourTV", [f"{TUBE}?user=HarbourTV"]),
        ("https://www.youtube.com/@harbour", []),
        ("https://vimeo.com/channels/harbour", ["https://vimeo.com/channels/harbour/videos/rss"]),
        ("https://vimeo.com/harbourtv", ["https://vimeo.com/harbourtv/videos/rss"]),
        ("https://vimeo.com/12345", []),
        ("https://odysee.com/@harbour:1", ["https://odysee.com/$/rss/@harbour:1"]),
        (
            "https://podcasts.apple.com/at/podcast/harbour-talk/id0123456789?l=en",
            ["https://itunes.apple.com/lookup?id=0123456789&entity=podcast"],
        ),
        ("https://www.reddit.com/r/harbours/", ["https://www.reddit.com/r/harbours/.rss"]),
        ("https://old.reddit.com/user/pilot", ["https://old.reddit.com/user/pilot/.rss"]),
        ("https://www.reddit.com/r/harbours/top/?t=day", ["https://www.reddit.com/r/harbours/top/.rss"]),
        ("https://www.reddit.com/r/a/comments/1x/the_pier/", ["https://www.reddit.com/r/a/comments/1x/the_pier/.rss"]),
        (
            "https://github.com/pilot/pier",
            [f"https://github.com/pilot/pier/{kind}.atom" for kind in ("releases", "tags", "commits")],
        ),
        ("https://github.com/pilot/pier.git", [
            f"https://github.com/pilot/pier/{kind}.atom" for kind in ("releases", "tags", "commits")
        ]),
        ("https://github.com/pilot/pier/releases/tag/v1", ["https://github.com/pilot/pier/releases.atom"]),
        ("https://github.com/pilot/pier/tags", ["https://github.com/pilot/pier/tags.atom"]),
        ("https://github.com/pilot/pier/commits/main", ["https://github.com/pilot/pier/commits/main.atom"]),
        ("https://github.com/pilot/pier/discussions", ["https://github.com/pilot/pier/discussions.atom"]),
        ("https://github.com/pilot", ["https://github.com/pilot.atom"]),
        ("https://github.com/topics/harbour", []),
        ("https://gist.github.com/pilot", ["https://gist.github.com/pilot.atom"]),
        (
            "https://gitlab.com/pilots/sub/pier",
            [
                "https://gitlab.com/pilots/sub/pier/-/releases.atom",
                "https://gitlab.com/pilots/sub/pier/-/tags?format=atom",
                "https://gitlab.com/pilots/sub/pier.atom",
            ],
        ),
        ("https://gitlab.com/p/pier/-/tags", ["https://gitlab.com/p/pier/-/tags?format=atom"]),
        ("https://gitlab.com/p/pier/-/releases", ["https://gitlab.com/p/pier/-/releases.atom"]),
        ("https://gitlab.com/p/pier/-/commits/main", ["https://gitlab.com/p/pier/-/commits/main?format=atom"]),
        (
            "https://codeberg.org/pilot/pier",
            ["https://codeberg.org/pilot/pier/releases.rss", "https://codeberg.org/pilot/pier.rss"],
        ),
        ("https://codeberg.org/pilot", ["https://codeberg.org/pilot.rss"]),
        ("https://git.sr.ht/~pilot/pier/tree", ["https://git.sr.ht/~pilot/pier/log/rss.xml"]),
        ("https://sourceforge.net/projects/pier/files/", ["https://sourceforge.net/projects/pier/rss"]),
        ("https://pypi.org/project/pier/", ["https://pypi.org/rss/project/pier/releases.xml"]),
        ("https://news.ycombinator.com/", ["https://news.ycombinator.com/rss"]),
        ("https://lobste.rs/t/ships", ["https://lobste.rs/t/ships.rss"]),
        ("https://stackoverflow.com/questions/tagged/ships", ["https://stackoverflow.com/feeds/tag/ships"]),
        ("https://boats.stackexchange.com/questions/7/why", ["https://boats.stackexchange.com/feeds/question/7"]),
        ("https://stackoverflow.com/users/12/pilot", ["https://stackoverflow.com/feeds/user/12"]),
        ("https://superuser.com/questions", ["https://superuser.com/feeds"]),
        ("https://bsky.app/profile/harbour.example", ["https://bsky.app/profile/harbour.example/rss"]),
        ("https://medium.com/@pilot", ["https://medium.com/feed/@pilot"]),
        ("https://medium.com/tag/ships/latest", ["https://medium.com/feed/tag/ships"]),
        ("https://pilot.medium.com/about", ["https://pilot.medium.com/feed"]),
        ("https://harbour.substack.com/p/one", ["https://harbour.substack.com/feed"]),
        ("https://substack.com/@harbour", ["https://harbour.substack.com/feed"]),
        ("https://harbour.blogspot.com/2026/11/a.html", ["https://harbour.blogspot.com/feeds/posts/default"]),
        ("https://harbour.blogspot.co.at/search/label/Pier", ["https://harbour.blogspot.co.at/feeds/posts/default/-/Pier"]),
        ("https://harbour.tumblr.com/post/1", ["https://harbour.tumblr.com/rss"]),
        ("https://harbour.tumblr.com/tagged/pier", ["https://harbour.tumblr.com/tagged/pier/rss"]),
        ("https://www.tumblr.com/harbour/123/one", ["https://harbour.tumblr.com/rss"]),
        ("https://harbour.wordpress.com/2026/11/25/one/", ["https://harbour.wordpress.com/feed/"]),
        ("https://harbour.wordpress.com/category/pier/", ["https://harbour.wordpress.com/category/pier/feed/"]),
        ("https://harbour.livejournal.com/1.html", ["https://harbour.livejournal.com/data/rss"]),
        ("https://dev.to/t/ships", ["https://dev.to/feed/tag/ships"]),
        ("https://dev.to/pilot", ["https://dev.to/feed/pilot"]),
        ("https://buttondown.com/harbour/archive/", ["https://buttondown.com/harbour/rss"]),
        ("https://note.com/harbour", ["https://note.com/harbour/rss"]),
        ("https://letterboxd.com/pilot/", ["https://letterboxd.com/pilot/rss/"]),
        ("https://arxiv.org/list/cs.XX/recent", ["https://rss.arxiv.org/rss/cs.XX"]),
        ("https://store.steampowered.com/app/99/Pier/", ["https://store.steampowered.com/feeds/news/app/99/"]),
        (
            "https://www.flickr.com/photos/1234@N00/",
            ["https://www.flickr.com/services/feeds/photos_public.gne?id=1234@N00"],
        ),
        (
            "https://en.wikipedia.org/wiki/Pier_(ship)",
            ["https://en.wikipedia.org/w/index.php?title=Pier_(ship)&action=history&feed=atom"],
        ),
        ("https://paper.example/@pilot", []),
        ("https://youtube.com.paper.example/user/x", []),
        ("not an address", []),
    ],
)  # fmt: skip
def test_a_platforms_rule_tells_the_feed_without_a_request(page: str, feeds: list[str]) -> None:
    page = page if "://" in page or " " in page else f"https://{page}"
    assert [told.url for told in hosted(page)] == feeds


def test_several_feeds_of_one_page_have_names() -> None:
    assert [told.title for told in hosted("https://github.com/pilot/pier")] == ["Releases", "Tags", "Commits"]
    assert hosted("https://github.com/pilot/pier/commits/next/a")[0].title == "Commits to next/a"


@pytest.mark.parametrize(
    ("page", "feeds"),
    [
        ("/@pilot", ["/@pilot.rss"]),
        ("/@pilot/with_replies", ["/@pilot.rss"]),
        ("/users/pilot", ["/users/pilot.rss", "/users/pilot.atom"]),
        ("/c/ships/12", ["/c/ships/12.rss"]),
        ("/t/the-pier/345/6", ["/t/the-pier/345.rss"]),
        ("/latest", ["/latest.rss"]),
        (
            "/c/ships@else.example",
            ["/feeds/c/ships@else.example.xml", "/feeds/videos.xml?videoChannelName=ships@else.example"],
        ),
        ("/a/pilot/videos", ["/feeds/videos.xml?accountName=pilot"]),
        ("/u/pilot", ["/feeds/u/pilot.xml", "/u/pilot/activity.rss"]),
        ("/videos/local", ["/feeds/videos.xml"]),
        ("/g/sub/p/-/tags", ["/g/sub/p/-/tags?format=atom"]),
        ("/g/p/-/releases", ["/g/p/-/releases.atom"]),
        ("/g/p/-/commits/main", ["/g/p/-/commits/main?format=atom"]),
        ("/news/category/pier/", ["/news/category/pier/feed/"]),
        ("/author/pilot", ["/author/pilot/feed/"]),
        ("/blog/?cat=7", ["/blog/?cat=7&feed=rss2"]),
        ("/2026/11/25/one", []),
    ],
)
def test_the_shape_of_an_address_gives_candidates(page: str, feeds: list[str]) -> None:
    assert [told.url.removeprefix("https://paper.example") for told in shaped(f"https://paper.example{page}")] == feeds


@pytest.mark.parametrize(
    ("head", "first"),
    [
        ('<meta name="generator" content="WordPress 6.8">', "/feed/"),
        ('<script src="/wp-content/themes/a.js"></script>', "/feed/"),
        ('<meta name="generator" content="Ghost 5">', "/rss/"),
        ("<meta content='blogger' name='generator'/><meta name=generator content=Blogger>", "/feeds/posts/default"),
        ('<meta name="generator" content="Discourse 3.3">', "/latest.rss"),
        ('<meta property="og:platform" content="PeerTube">', "/feeds/videos.xml"),
        ('<meta name="generator" content="Hugo 0.150">', "/index.xml"),
        ('<meta name="generator" content="Jekyll v4">', "/feed.xml"),
        ('<meta name="Generator" content="Drupal 11">', "/rss.xml"),
        ('<meta name="generator" content="Joomla! - Open">', "/?format=feed&type=rss"),
        ('<meta name="generator" content="Wix.com Website Builder">', "/blog-feed.xml"),
        ('<meta name="generator" content="MediaWiki 1.44">', "/index.php?title=Special:RecentChanges&feed=atom"),
        ('<meta name="generator" content="DokuWiki">', "/feed.php"),
        ('<meta name="generator" content="Movable Type 8">', "/atom.xml"),
        ('<link href="https://static1.squarespace.com/a.css">', "/?format=rss"),
        ("", "/feed"),
    ],
)
def test_the_program_that_made_a_page_tells_where_to_try_first(head: str, first: str) -> None:
    assert places("https://paper.example/", f"<html><head>{head}</head>")[0] == f"https://paper.example{first}"


def test_places_are_few_on_the_pages_host_and_none_twice() -> None:
    found = places("https://paper.example:8443/blog/2026/one", '<meta name="generator" content="WordPress"/>')
    assert found[:3] == tuple(
        f"https://paper.example:8443{path}" for path in ("/feed/", "/blog/feed", "/blog/index.xml")
    )
    assert len(found) == len(set(found)) == MOST
    assert all(place.startswith("https://paper.example:8443/") for place in found)
    assert places("", "<html>") == () == places("mailto:a@paper.example")


def test_a_hostile_page_costs_no_more_than_a_moment() -> None:
    page = "https://paper.example/"
    assert_linear(lambda text: places(page, text), "<meta generator" * 20_000)
    assert_linear(lambda text: discover(text, page, guess=True), "<a href=https://a.example/=http" * 20_000)
    assert_linear(lambda text: hosted(f"https://www.youtube.com/watch?{text}"), "list=&" * 6000)
