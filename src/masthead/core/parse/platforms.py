"""Feeds that an address alone tells: the public address rules of platforms on which many publish.

One row a rule. A rule of a platform's own host is certain of the platform, and costs no request; a rule by shape (a
program that anybody may run on a host of their own) gives candidates that have to be tried.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from masthead.core.urls import absolute

_STACKS = r"(?:[\w-]+\.stackexchange|stackoverflow|[\w-]+\.stackoverflow|superuser|serverfault|askubuntu|mathoverflow)"


@dataclass(frozen=True, slots=True)
class _Rule:
    """`page` is matched against "host/path?query" (no "www.", "m." or "mobile." before the host, no slash at the end).

    `feeds` are (address, words) with the groups of the match in braces; `{at}` is the page's scheme and authority.
    """

    page: re.Pattern[str]
    feeds: tuple[tuple[str, str], ...]


def _rule(page: str, *feeds: tuple[str, str] | str) -> _Rule:
    pairs = tuple((feed, "") if isinstance(feed, str) else feed for feed in feeds)
    return _Rule(re.compile(page, re.IGNORECASE), pairs)


_TUBE = "https://www.youtube.com/feeds/videos.xml"
_CODE = "https://github.com/{owner}/{name}"
_LAB = "https://gitlab.com/{path}"

# The first rule that fits is the one: the special before the general. `\Z` closes what only that page is.
_HOSTED: tuple[_Rule, ...] = (
    _rule(r"youtube\.com/channel/(?P<id>UC[\w-]{22})(?:[/?]|\Z)", _TUBE + "?channel_id={id}"),
    _rule(r"youtube\.com/(?:playlist|watch)\?(?:.*&)?list=(?P<id>[\w-]{10,})", _TUBE + "?playlist_id={id}"),
    _rule(r"youtube\.com/user/(?P<id>[\w.-]+)", _TUBE + "?user={id}"),
    _rule(r"vimeo\.com/channels/(?P<id>[\w-]+)", "https://vimeo.com/channels/{id}/videos/rss"),
    _rule(r"vimeo\.com/(?P<id>(?!\d+\Z|channels\b|groups\b|watch\b)[\w-]+)\Z", "https://vimeo.com/{id}/videos/rss"),
    _rule(r"odysee\.com/(?P<id>@[^/?]+)\Z", "https://odysee.com/$/rss/{id}"),
    _rule(r"podcasts\.apple\.com/(?:.*/)?id(?P<id>\d+)", "https://itunes.apple.com/lookup?id={id}&entity=podcast"),
    _rule(r"(?:old\.|new\.)?reddit\.com\Z", "{at}/.rss"),
    _rule(
        r"(?:old\.|new\.)?reddit\.com/(?P<path>(?:r|user|u|domain)/[^/?]+(?:/(?:comments/[^?]+|new|top|rising))?)/?(?:\?|\Z)",
        "{at}/{path}/.rss",
    ),
    _rule(r"gist\.github\.com/(?P<id>[\w-]+)\Z", "https://gist.github.com/{id}.atom"),
    _rule(r"github\.com/(?P<owner>[\w-]+)/(?P<name>[\w.-]+)/releases(?:/|\Z)", (_CODE + "/releases.atom", "Releases")),
    _rule(r"github\.com/(?P<owner>[\w-]+)/(?P<name>[\w.-]+)/tags\Z", (_CODE + "/tags.atom", "Tags")),
    _rule(
        r"github\.com/(?P<owner>[\w-]+)/(?P<name>[\w.-]+)/(?:commits|tree)/(?P<branch>[^?]+)\Z",
        (_CODE + "/commits/{branch}.atom", "Commits to {branch}"),
    ),
    _rule(r"github\.com/(?P<owner>[\w-]+)/(?P<name>[\w.-]+)/discussions\Z", _CODE + "/discussions.atom"),
    _rule(
        r"github\.com/(?!(?:orgs|topics|sponsors|features|settings|marketplace|explore|search)/)"
        r"(?P<owner>[\w-]+)/(?P<name>[\w.-]+?)(?:\.git)?\Z",
        (_CODE + "/releases.atom", "Releases"),
        (_CODE + "/tags.atom", "Tags"),
        (_CODE + "/commits.atom", "Commits"),
    ),
    _rule(
        r"github\.com/(?!(?:explore|topics|features|trending)\Z)(?P<owner>[\w-]+)\Z", "https://github.com/{owner}.atom"
    ),
    _rule(r"gitlab\.com/(?P<path>[\w./-]+?)/-/tags", (_LAB + "/-/tags?format=atom", "Tags")),
    _rule(r"gitlab\.com/(?P<path>[\w./-]+?)/-/releases", (_LAB + "/-/releases.atom", "Releases")),
    _rule(
        r"gitlab\.com/(?P<path>[\w./-]+?)/-/(?:commits|tree)/(?P<branch>[^?]+)\Z",
        (_LAB + "/-/commits/{branch}?format=atom", "Commits to {branch}"),
    ),
    _rule(
        r"gitlab\.com/(?P<path>[\w.-]+/[\w./-]+)\Z",
        (_LAB + "/-/releases.atom", "Releases"),
        (_LAB + "/-/tags?format=atom", "Tags"),
        (_LAB + ".atom", "Activity"),
    ),
    _rule(
        r"codeberg\.org/(?P<path>[\w.-]+/[\w.-]+)\Z",
        ("https://codeberg.org/{path}/releases.rss", "Releases"),
        ("https://codeberg.org/{path}.rss", "Activity"),
    ),
    _rule(r"codeberg\.org/(?P<path>[\w.-]+)\Z", "https://codeberg.org/{path}.rss"),
    _rule(r"git\.sr\.ht/(?P<path>~[\w-]+/[\w.-]+)", "https://git.sr.ht/{path}/log/rss.xml"),
    _rule(r"sourceforge\.net/projects/(?P<id>[\w-]+)", "https://sourceforge.net/projects/{id}/rss"),
    _rule(r"pypi\.org/project/(?P<id>[\w.-]+)", "https://pypi.org/rss/project/{id}/releases.xml"),
    _rule(r"news\.ycombinator\.com(?:/news)?\Z", "https://news.ycombinator.com/rss"),
    _rule(r"lobste\.rs/t/(?P<id>[\w,-]+)", "https://lobste.rs/t/{id}.rss"),
    _rule(_STACKS + r"\.(?:com|net)/questions/tagged/(?P<id>[^/?]+)", "{at}/feeds/tag/{id}"),
    _rule(_STACKS + r"\.(?:com|net)/questions/(?P<id>\d+)", "{at}/feeds/question/{id}"),
    _rule(_STACKS + r"\.(?:com|net)/users/(?P<id>\d+)", "{at}/feeds/user/{id}"),
    _rule(_STACKS + r"\.(?:com|net)(?:/questions)?\Z", "{at}/feeds"),
    _rule(r"bsky\.app/profile/(?P<id>[\w.:-]+)\Z", "https://bsky.app/profile/{id}/rss"),
    _rule(r"medium\.com/tag/(?P<id>[\w-]+)", "https://medium.com/feed/tag/{id}"),
    _rule(r"medium\.com/(?P<id>@?[\w.-]+)\Z", "https://medium.com/feed/{id}"),
    _rule(r"(?P<id>[\w-]+)\.medium\.com(?:/|\Z)", "https://{id}.medium.com/feed"),
    _rule(r"(?P<id>[\w-]+)\.substack\.com(?:/|\Z)", "https://{id}.substack.com/feed"),
    _rule(r"substack\.com/@(?P<id>[\w-]+)\Z", "https://{id}.substack.com/feed"),
    _rule(
        r"(?P<blog>[\w-]+\.blogspot\.[a-z.]+)/search/label/(?P<id>[^/?]+)",
        "https://{blog}/feeds/posts/default/-/{id}",
    ),
    _rule(r"(?P<blog>[\w-]+\.blogspot\.[a-z.]+)(?:/|\Z)", "https://{blog}/feeds/posts/default"),
    _rule(r"(?P<blog>(?!www\.)[\w-]+)\.tumblr\.com/tagged/(?P<id>[^/?]+)", "https://{blog}.tumblr.com/tagged/{id}/rss"),
    _rule(r"(?P<blog>(?!www\.)[\w-]+)\.tumblr\.com(?:/|\Z)", "https://{blog}.tumblr.com/rss"),
    _rule(
        r"tumblr\.com/(?:blog/(?:view/)?)?(?P<blog>(?!tagged\b|explore\b|search\b)[\w-]+)",
        "https://{blog}.tumblr.com/rss",
    ),
    _rule(r"(?P<blog>[\w-]+\.wordpress\.com)/(?P<path>(?:category|author|tag)/[^?]+)\Z", "https://{blog}/{path}/feed/"),
    _rule(r"(?P<blog>[\w-]+\.wordpress\.com)(?:/|\Z)", "https://{blog}/feed/"),
    _rule(r"(?P<blog>[\w-]+)\.livejournal\.com(?:/|\Z)", "https://{blog}.livejournal.com/data/rss"),
    _rule(r"dev\.to/t/(?P<id>[\w-]+)", "https://dev.to/feed/tag/{id}"),
    _rule(r"dev\.to/(?P<id>[\w-]+)\Z", "https://dev.to/feed/{id}"),
    _rule(r"buttondown\.(?:com|email)/(?P<id>[\w.-]+)(?:/archive)?\Z", "https://buttondown.com/{id}/rss"),
    _rule(r"note\.com/(?P<id>[\w-]+)\Z", "https://note.com/{id}/rss"),
    _rule(r"letterboxd\.com/(?P<id>[\w-]+)\Z", "https://letterboxd.com/{id}/rss/"),
    _rule(r"arxiv\.org/list/(?P<id>[\w.-]+)", "https://rss.arxiv.org/rss/{id}"),
    _rule(
        r"store\.steampowered\.com/(?:app|news/app)/(?P<id>\d+)", "https://store.steampowered.com/feeds/news/app/{id}/"
    ),
    _rule(
        r"flickr\.com/(?:photos|people)/(?P<id>\d+@N\d+)",
        "https://www.flickr.com/services/feeds/photos_public.gne?id={id}",
    ),
    _rule(
        r"(?P<wiki>[\w-]+\.(?:m\.)?(?:wikipedia|wikinews|wikibooks|wiktionary)\.org)/wiki/(?P<id>[^?]+)\Z",
        ("https://{wiki}/w/index.php?title={id}&action=history&feed=atom", "Changes of this page"),
    ),
)

# Programs that anybody may run: the shape of the path tells which it may be.
_SHAPES: tuple[_Rule, ...] = (
    _rule(r"[^/]+/(?P<id>@[\w.]+)(?:/(?:with_replies|media))?\Z", ("{at}/{id}.rss", "Mastodon")),
    _rule(r"[^/]+/users/(?P<id>[\w.]+)\Z", ("{at}/users/{id}.rss", "Mastodon"), ("{at}/users/{id}.atom", "Pixelfed")),
    _rule(r"[^/]+/tags/(?P<id>[\w]+)\Z", ("{at}/tags/{id}.rss", "Mastodon"), ("{at}/tags/{id}/index.xml", "")),
    _rule(r"[^/]+/(?P<path>t/[^/?]+/\d+)(?:/\d+)?\Z", ("{at}/{path}.rss", "Discourse")),
    _rule(r"[^/]+/(?P<path>c/(?:[^/?]+/)+\d+)\Z", ("{at}/{path}.rss", "Discourse")),
    _rule(r"[^/]+/(?P<path>latest|top|categories/latest|tag/[^/?]+)\Z", ("{at}/{path}.rss", "Discourse")),
    _rule(
        r"[^/]+/c/(?P<id>[\w.@-]+)(?:/videos|/video-playlists)?\Z",
        ("{at}/feeds/c/{id}.xml", "Lemmy"),
        ("{at}/feeds/videos.xml?videoChannelName={id}", "PeerTube"),
    ),
    _rule(
        r"[^/]+/(?:a|accounts)/(?P<id>[\w.@-]+)(?:/video-channels|/videos)?\Z",
        ("{at}/feeds/videos.xml?accountName={id}", "PeerTube"),
    ),
    _rule(r"[^/]+/u/(?P<id>[\w.@-]+)\Z", ("{at}/feeds/u/{id}.xml", "Lemmy"), ("{at}/u/{id}/activity.rss", "Discourse")),
    _rule(r"[^/]+/communities\Z", ("{at}/feeds/local.xml", "Lemmy")),
    _rule(r"[^/]+/videos/(?:local|recently-added|trending)\Z", ("{at}/feeds/videos.xml", "PeerTube")),
    _rule(r"[^/]+/(?P<path>(?:[\w.-]+/)+[\w.-]+)/-/tags", ("{at}/{path}/-/tags?format=atom", "GitLab")),
    _rule(r"[^/]+/(?P<path>(?:[\w.-]+/)+[\w.-]+)/-/releases", ("{at}/{path}/-/releases.atom", "GitLab")),
    _rule(
        r"[^/]+/(?P<path>(?:[\w.-]+/)+[\w.-]+)/-/(?:commits|tree)/(?P<branch>[^?]+)\Z",
        ("{at}/{path}/-/commits/{branch}?format=atom", "GitLab"),
    ),
    _rule(
        r"[^/]+/(?P<path>(?:[^?]+/)?(?:category|author|tag|topics?|section)/[^?]+)\Z",
        ("{at}/{path}/feed/", "WordPress"),
    ),
    _rule(
        r"[^/]+(?P<path>/[^?]*)?\?(?P<query>(?:cat|author|tag|p)=[\w-]+)\Z",
        ("{at}{path}/?{query}&feed=rss2", "WordPress"),
    ),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A feed that an address tells: its own address, and what it is in words ("" when there is only one)."""

    url: str
    title: str = ""


def hosted(url: str) -> tuple[Told, ...]:
    """The feeds of a page on a known platform, by the platform's public rule; () when no rule fits. No request."""
    return _apply(_HOSTED, url)


def shaped(url: str) -> tuple[Told, ...]:
    """Addresses at which a program that uses paths like this one would have its feed. They have to be tried."""
    return () if hosted(url) else _apply(_SHAPES, url)


def _apply(rules: tuple[_Rule, ...], url: str) -> tuple[Told, ...]:
    parts = urlsplit(absolute(url))
    if not parts.netloc:
        return ()
    place = re.sub(r"^(?:www|m|mobile)\.", "", parts.netloc)
    place += parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    for rule in rules:
        if found := rule.page.match(place):
            groups = {name: value or "" for name, value in found.groupdict().items()}
            groups = {"at": f"{parts.scheme}://{parts.netloc}", **groups}
            return tuple(Told(absolute(feed.format(**groups)), words.format(**groups)) for feed, words in rule.feeds)
    return ()
