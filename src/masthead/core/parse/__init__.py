"""Bytes to feeds. `parse_feed` reads one, `discover` finds those of a page, `opml` reads and writes lists of them."""

from masthead.core.parse.discover import FoundFeed, discover, looks_like_feed
from masthead.core.parse.errors import NotAFeed
from masthead.core.parse.feed import parse_feed

__all__ = ["FoundFeed", "NotAFeed", "discover", "looks_like_feed", "parse_feed"]
