"""Records to JSON and back: the one place that knows how `core.types` are stored and printed."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from masthead.core.types import CleanArticle

ARTICLE_SCHEMA = "masthead.article/1"
FEED_SCHEMA = "masthead.feed/1"

Record = TypeVar("Record")


def to_builtins(record: object) -> Any:
    """A record as dicts, lists, strings, numbers and None, ready for `json.dumps` or a JSONField."""
    return msgspec.to_builtins(record)


def from_builtins(data: Any, kind: type[Record]) -> Record:
    """The record that `to_builtins` came from. Raises `msgspec.ValidationError`, naming the path, when it is not one.

    Keys that this version does not know are ignored, so that an older program reads a newer archive.
    """
    return msgspec.convert(data, kind)


def article_from_json(data: Any) -> CleanArticle:
    """A stored `Revision.document` as a record."""
    return from_builtins(data, CleanArticle)
