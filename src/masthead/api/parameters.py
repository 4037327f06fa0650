"""What may stand in the query of a request: read strictly, and described in the OpenAPI document."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from http import HTTPStatus
from typing import Any, Literal

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from masthead.api.problem import Problem

LONGEST = 400


@dataclass(frozen=True, slots=True)
class Parameter:
    """One name in the query. `instant`: a date (whole days in the site's zone) or an RFC 3339 date-time."""

    name: str
    description: str
    kind: Literal["text", "integer", "instant", "edition", "cursor"] = "text"
    required: bool = False
    default: Any = None
    lowest: int = 1
    highest: int = 100
    choices: tuple[str, ...] = ()

    def schema(self) -> dict[str, Any]:
        """The parameter's JSON schema."""
        match self.kind:
            case "integer":
                bounds = {"minimum": self.lowest, "maximum": self.highest}
                return {"type": "integer", **bounds, "default": self.default}
            case "instant":
                return {"type": "string", "examples": ["2026-11-24", "2026-11-24T06:00:00Z"]}
        if self.choices:
            return {"type": "string", "enum": list(self.choices), "default": self.default}
        return {"type": "string", "maxLength": LONGEST}

    def read(self, text: str) -> Any:
        """The value. Raises `Problem` (400) that names the parameter, the value and what is wanted."""
        match self.kind:
            case "integer":
                return self._integer(text)
            case "instant":
                return self._instant(text)
            case "edition":
                if text not in settings.MASTHEAD.all_editions:
                    raise self.wrong(text, f"one of {', '.join(settings.MASTHEAD.all_editions)}")
            case "cursor":
                return self._cursor(text)
        if self.choices and text not in self.choices:
            raise self.wrong(text[:40], f"one of {', '.join(self.choices)}")
        if len(text) > LONGEST or "\x00" in text:
            raise self.wrong(text[:40], f"at most {LONGEST} characters, none of them NUL")
        return text

    def wrong(self, text: str, wanted: str) -> Problem:
        return Problem(
            HTTPStatus.BAD_REQUEST, f"{self.name}={text!r} cannot be used: {wanted} is wanted", parameter=self.name
        )

    def _integer(self, text: str) -> int:
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
        if not self.lowest <= number <= self.highest:
            raise self.wrong(text, f"a number from {self.lowest} to {self.highest}")
        return number

    def _instant(self, text: str) -> date | datetime:
        wanted = "a date (2026-11-24) or a date and time with zone (2026-11-24T06:00:00Z)"
        try:
            # In a query a plus sign that was not encoded arrives as a blank.
            at = date.fromisoformat(text) if len(text) == 10 else parse_datetime(text.replace(" ", "+"))
        except ValueError as error:
            raise self.wrong(text, wanted) from error
        if at is None or not _reckoned(at):
            raise self.wrong(text, wanted)
        return at

    def _cursor(self, text: str) -> tuple[datetime, int]:
        try:
            stamp, _, pk = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)).decode().partition("/")
            at = datetime.fromisoformat(stamp)
            if not _reckoned(at) or not 0 < int(pk) < 2**63:
                raise ValueError("not of our making")
            return at, int(pk)
        except (ValueError, binascii.Error, OverflowError) as error:
            raise self.wrong(text[:40], "the cursor of an earlier answer's `next`") from error


def _reckoned(at: date) -> bool:
    """Whether it is a day or an instant (with its zone) that every zone and both databases can reckon with."""
    return 1000 < at.year < 9000 and not (isinstance(at, datetime) and timezone.is_naive(at))


def cursor(at: datetime, pk: int) -> str:
    """Where a list goes on after the article that stands at `at` with the id `pk`. Opaque to clients."""
    return base64.urlsafe_b64encode(f"{at.astimezone(UTC).isoformat()}/{pk}".encode()).decode().rstrip("=")


def first_instant(day: date | datetime) -> datetime:
    """The beginning of a day in the site's zone; an instant as it is."""
    if isinstance(day, datetime):
        return day
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def read(parameters: tuple[Parameter, ...], query: Mapping[str, str]) -> dict[str, Any]:
    """All parameters of a request by name, defaults filled in. Raises `Problem` for a wrong or unknown one."""
    if unknown := sorted(set(query) - {parameter.name for parameter in parameters}):
        known = ", ".join(parameter.name for parameter in parameters) or "none"
        raise Problem(HTTPStatus.BAD_REQUEST, f"no such parameter: {unknown[0][:40]!r} (known: {known})")
    values = {}
    for parameter in parameters:
        text = query.get(parameter.name, "").strip()
        if not text and parameter.required:
            raise Problem(HTTPStatus.BAD_REQUEST, f"{parameter.name} is required", parameter=parameter.name)
        values[parameter.name] = parameter.read(text) if text else parameter.default
    return values
