"""Logs: lines for people on a terminal, JSON otherwise; one event is one line, whatever a feed wrote into it."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

# What could end a line, move the cursor or colour a terminal, or turn the reading direction round.
_ACTS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BEFORE = "    | "


def shown(text: str) -> str:
    """A text whose control characters are shown as escapes."""
    return _ACTS.sub(lambda found: ascii(found[0])[1:-1], text)


class HumanFormatter(logging.Formatter):
    """`12:30:01 WARNING feeds.poll: ...`; control characters are shown as escapes.

    Tracebacks keep their lines, each behind a bar, so that what a feed wrote into an error cannot pass for an event.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = shown(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        return _barred(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:
        return _barred(stack_info)


def _barred(text: str) -> str:
    return "\n".join(_BEFORE + shown(line) for line in text.split("\n"))


def on_terminal() -> bool:
    """Whether somebody is reading stderr."""
    return sys.stderr is not None and sys.stderr.isatty()


def configuration(form: str, level: str, *, terminal: bool, process: str = "") -> dict[str, Any]:
    """The `LOGGING` setting. `form`: "human", "json" or "auto"; `process` names the process in each JSON line."""
    human = form == "human" or (form == "auto" and terminal)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "human": {
                "()": "masthead.store.logs.HumanFormatter",
                "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
                "datefmt": "%H:%M:%S",
            },
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
                "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
                "timestamp": False,
                "datefmt": "%Y-%m-%dT%H:%M:%S%z",
                "static_fields": {"process": process} if process else {},
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "human" if human else "json"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.request": {"handlers": [], "propagate": True, "level": "ERROR"},
            "django.server": {"handlers": [], "propagate": True},
            "_granian": {"handlers": [], "propagate": True, "level": "WARNING"},
            "granian.access": {"handlers": [], "propagate": True},
        },
    }
