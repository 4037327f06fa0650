"""Items and bytes as they are stored: records that every database takes, bytes compressed."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import msgspec
import zstandard

from masthead.core.records import from_builtins, to_builtins
from masthead.core.types import ParsedEntry, ParsedFeed

# A document is read so far; no newspaper's feed comes near it.
MOST_ITEMS = 10_000
# An original may not unpack to more than this.
_MOST_BYTES = 64_000_000


_packers = threading.local()


def pack(data: bytes) -> bytes:
    """Bytes as they are stored."""
    try:
        packer: zstandard.ZstdCompressor = _packers.one
    except AttributeError:
        packer = _packers.one = zstandard.ZstdCompressor(level=3)
    return packer.compress(data)


def unpack(data: bytes | memoryview) -> bytes:
    """Bytes as they were received. Raises `ValueError` when what is stored is damaged."""
    try:
        return zstandard.decompress(bytes(data), max_output_size=_MOST_BYTES)
    except zstandard.ZstdError as error:
        raise ValueError(f"the stored bytes are damaged: {error}") from error


def _clean(value: Any) -> Any:
    """Without NUL and lone surrogates, which PostgreSQL does not store."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


def storable(entry: ParsedEntry) -> ParsedEntry:
    """The item as every database takes it; its bytes are as they were."""
    record = entry_record(entry)
    try:
        # Told from its JSON whether anything is to be done at all: a lone surrogate has none, a NUL is an escape.
        if b"\\u0000" not in msgspec.json.encode(record):
            return entry
    except UnicodeEncodeError:
        pass
    cleaned = from_builtins(_clean(record), ParsedEntry)
    return replace(cleaned, original=entry.original)


def storable_feed(parsed: ParsedFeed) -> ParsedFeed:
    """The feed with its first `MOST_ITEMS` items, as every database takes it."""
    head = from_builtins(_clean(to_builtins(replace(parsed, entries=()))), ParsedFeed)
    return replace(head, entries=tuple(storable(entry) for entry in parsed.entries[:MOST_ITEMS]))


def entry_record(entry: ParsedEntry) -> dict[str, Any]:
    """A storable item as `EntryVersion.record`."""
    # The bytes stay bytes on the way, so that nobody writes them out in letters only to drop them.
    record: dict[str, Any] = msgspec.to_builtins(entry, builtin_types=(bytes,))
    del record["original"]
    return record


def record_text(entry: ParsedEntry) -> str:
    """`entry_record` as JSON."""
    return json_text(entry_record(entry))


def entry_from_text(text: str) -> ParsedEntry:
    """The item that `record_text` came from, without its bytes."""
    return msgspec.json.decode(text, type=ParsedEntry)


def json_text(value: Any) -> str:
    """A storable value as the JSON that a `JSONField` holds."""
    return msgspec.json.encode(value).decode()


def entry_from_record(record: dict[str, Any]) -> ParsedEntry:
    """A stored `EntryVersion.record` as an item, without its bytes."""
    return from_builtins(record, ParsedEntry)


def feed_context(parsed: ParsedFeed, url: str) -> dict[str, Any]:
    """What the feed says of itself, as `EntryVersion.context`."""
    context: dict[str, Any] = _clean(
        {
            "title": parsed.title,
            "link": parsed.link,
            "language": parsed.language,
            "format": parsed.format,
            "licence": parsed.license,
            "url": url,
        }
    )
    return context
