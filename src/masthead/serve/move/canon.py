"""Rows as they are, whatever the database: values of Python, and one encoding of them to be hashed.

A table's hash is the sum of its rows' hashes, so that it does not depend on the order in which a database gives them
(collations sort texts differently). JSON is compared as JSON: neither the order of keys nor how a number is written
counts, because PostgreSQL keeps neither.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from django.db.models import Field

REPLACEMENT = "\ufffd"
_ENCODE = msgspec.json.Encoder(order="sorted")
_WHOLE = 2**256


class CannotMove(ValueError):
    """A column or value that no rule here covers; the message names it."""


def _number(text: str) -> int | float:
    """A JSON number that is not written as a whole one: 1.0, 1e22 and what PostgreSQL makes of them are the same."""
    value = float(text)
    return int(value) if value.is_integer() else value


_DECODE = msgspec.json.Decoder(float_hook=_number)


def _parsed(text: str) -> Any:
    try:
        return _DECODE.decode(text)
    except msgspec.DecodeError:
        # Halves of pairs ("\ud800"), NaN, whole numbers of any length: the standard library reads what it wrote itself.
        return json.loads(text, parse_float=_number)


def _whole_text(value: Any) -> Any:
    """Parsed JSON with every character that PostgreSQL refuses replaced."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): _whole_text(one) for key, one in value.items()}
    return [_whole_text(one) for one in value] if isinstance(value, list) else value


def clean(text: str) -> str:
    """`text` with NUL and halves of pairs, which PostgreSQL cannot hold, replaced by the sign for it."""
    if "\0" in text:
        text = text.replace("\0", REPLACEMENT)
    return text if text.isascii() else "".join(REPLACEMENT if "\ud800" <= c <= "\udfff" else c for c in text)


def storable(text: str) -> bool:
    """Whether PostgreSQL takes this text, or this JSON text, as it is. Rarely wrong on the side of doubt."""
    return "\0" not in text and "\\u" not in text


def mended(value: Any, kind: str) -> Any:
    """A text or JSON value that PostgreSQL takes: the same, if it is one already."""
    if kind == "text":
        return value if "\0" not in value else clean(value)
    if storable(value):
        return value
    parsed = json.loads(value)
    whole = _whole_text(parsed)
    return value if whole == parsed else json.dumps(whole)


def kind_of(field: Field[Any, Any]) -> str:
    """ "whole", "truth", "real", "text", "json", "instant", "day" or "bytes". Raises `CannotMove` for another type."""
    target: Any = field
    while target.remote_field is not None:
        target = target.target_field
    kind = _KINDS.get(target.get_internal_type())
    if kind is None:
        raise CannotMove(f"{field.model._meta.db_table}.{field.column} is a {target.get_internal_type()}")
    return kind


_WHOLE_NUMBERS = (
    "AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField",
    "PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField",
)  # fmt: skip
_TEXTS = ("CharField", "TextField", "SlugField", "URLField", "EmailField", "FileField")
_KINDS = {
    **dict.fromkeys(_WHOLE_NUMBERS, "whole"),
    **dict.fromkeys(_TEXTS, "text"),
    "BooleanField": "truth",
    "FloatField": "real",
    "JSONField": "json",
    "DateTimeField": "instant",
    "DateField": "day",
    "BinaryField": "bytes",
}


def _instant(value: Any) -> datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    assert isinstance(value, datetime)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_READ: dict[str, Callable[[Any], Any]] = {
    "truth": bool,
    "real": float,
    "instant": _instant,
    "day": lambda value: date.fromisoformat(value) if isinstance(value, str) else value,
    "bytes": bytes,
}


class Reader:
    """Makes values of Python of a table's rows as either database gives them."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self._some = [(place, _READ[kind]) for place, kind in enumerate(kinds) if kind in _READ]

    def __call__(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, read in self._some:
            if values[place] is not None:
                values[place] = read(values[place])
        return values


class Digest:
    """The hash of a table, row by row; and how many rows."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self._json = [place for place, kind in enumerate(kinds) if kind == "json"]
        self._sum = 0
        self.rows = 0

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Count in rows as `Reader` makes them."""
        for row in rows:
            values = row
            if self._json:
                values = list(row)
                for place in self._json:
                    if values[place] is not None:
                        values[place] = _parsed(values[place])
            self._sum += int.from_bytes(hashlib.sha256(_encoded(values)).digest())
            self.rows += 1

    def hex(self) -> str:
        """64 hexadecimal digits."""
        return f"{self._sum % _WHOLE:064x}"


def _encoded(values: Sequence[Any]) -> bytes:
    try:
        return _ENCODE.encode(values)
    except (UnicodeEncodeError, OverflowError):
        # What msgspec does not write: halves of pairs, in JSON that SQLite holds as it was escaped.
        return json.dumps(values, sort_keys=True, default=str).encode()
