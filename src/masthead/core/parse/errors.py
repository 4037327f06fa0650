"""The one error that reading a feed may raise."""

from __future__ import annotations


class NotAFeed(ValueError):
    """The bytes are no feed; `str(error)` says what they are instead, in a sentence for people.

    `feeds` are the feeds that the document names when it is a web page (absolute addresses).
    """

    def __init__(self, reason: str, feeds: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.feeds = feeds
