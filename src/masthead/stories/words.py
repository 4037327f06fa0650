"""How common words are: what the table says, and what a run of grouping has counted besides and not yet written."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import F

from masthead.core import grouping
from masthead.stories.models import Term

LENGTH = 80
"""Longer words are counted by their beginning."""
_REPORTS = ""
"""Under this word stands how many reports were counted."""


class Words:
    """The words of one run, which alone has the turn to count. What a kill loses is the count of some words."""

    def __init__(self) -> None:
        self._read: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._new: defaultdict[str, Tally[str]] = defaultdict(Tally)

    def known(self, language: str, terms: Iterable[str]) -> tuple[dict[str, int], int]:
        """In how many reports each of `terms` occurred, and how many reports were counted. One query at most."""
        wanted = {term[:LENGTH] for term in terms} | {_REPORTS}
        read, new = self._read[language], self._new[language]
        if unread := wanted - read.keys():
            found = dict(Term.objects.filter(language=language, term__in=unread).values_list("term", "reports"))
            read.update((term, found.get(term, 0)) for term in unread)
        known = {term: read[term] + new[term] for term in wanted}
        return known, known.pop(_REPORTS)

    def count(self, language: str, terms: Iterable[str]) -> None:
        """Count the words of one more report."""
        self._new[language].update({term[:LENGTH] for term in terms} | {_REPORTS})

    def write(self) -> None:
        """Add what was counted to the table; from some number of reports on, all counts of a language are halved."""
        new, self._new = self._new, defaultdict(Tally)
        self._read.clear()
        for language, terms in new.items():
            with transaction.atomic():
                _add(language, terms)
                _forget(language)


def _add(language: str, terms: Tally[str]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO stories_term (language, term, reports) VALUES (%s, %s, %s)"
            " ON CONFLICT (language, term) DO UPDATE SET reports = stories_term.reports + excluded.reports",
            [(language, term, number) for term, number in sorted(terms.items())],
        )


def _forget(language: str) -> None:
    """What was counted long ago counts half."""
    rows = Term.objects.filter(language=language)
    if (rows.filter(term=_REPORTS).values_list("reports", flat=True).first() or 0) > grouping.REMEMBERED:
        rows.update(reports=F("reports") / 2)
        rows.filter(reports=0).delete()
