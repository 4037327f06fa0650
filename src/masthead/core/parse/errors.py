"""The one error that reading a feed may raise."""

from __future__ import annotations


class NotAFeed(ValueError):
    """The bytes are no feed; `str(error)` says what they are instead, in a sentence for people.

    `is_page`: it is a web page; `feeds` are the feeds that it names then (absolute addresses).
    """

    def __init__(self, reason: str, feeds: tuple[str, ...] = (), *, is_page: bool = False) -> None:
        super().__init__(reason)
        self.feeds = feeds
        self.is_page = is_page
