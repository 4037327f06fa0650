"""Logs: lines for people on a terminal, JSON otherwise; one event is one line, whatever a feed wrote into it."""

from __future__ import annotations

import logging
import sys
from typing import Any


class HumanFormatter(logging.Formatter):
    """`12:30:01 WARNING feeds.poll: ...`; line breaks within a message are shown as escapes, tracebacks are kept."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = record.message.replace("\r", "\\r").replace("\n", "\\n")
        return super().formatMessage(record)


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
