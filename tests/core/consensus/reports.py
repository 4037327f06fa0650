"""Invented reports for the tests of consensus."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from masthead.core.consensus import Report

MORNING = datetime(2026, 5, 4, 6, tzinfo=UTC)


def report(key: int, title: str, text: str = "", language: str = "en", *, source: int = 0, whole: str = "") -> Report:
    """A report of publisher `source` (`key` where none is named), an hour after the one before it."""
    return Report(key, source or key, title, text, whole or text, language, MORNING + timedelta(hours=key))


DAM = (
    report(
        1,
        "Dam breaks above Alfeld, three dead",
        "The old dam above the town of Alfeld broke on Monday night. Three people died in the flood, said Mayor Anna "
        "Berg. Twelve houses were destroyed in the valley.",
    ),
    report(
        2,
        "Three dead as dam bursts in Alfeld",
        "Three people died when the dam at Alfeld burst, Mayor Anna Berg told reporters. The flood destroyed twelve "
        "houses in the lower town.",
    ),
    report(
        3,
        "Catastrophe in Alfeld: five dead after dam breaks",
        "Five people died in the flood after the old dam broke above Alfeld. Anna Berg spoke of a catastrophe. Rescue "
        "teams from Norwin search the valley.",
    ),
    report(
        4,
        "Alfeld dam: Berg orders inquiry",
        "Anna Berg has ordered an inquiry into why the old dam above Alfeld broke.",
    ),
)
