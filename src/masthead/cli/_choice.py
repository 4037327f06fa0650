"""Which of several feeds that a page names: by option, or by asking whoever sits at the terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import click

from masthead.feeds.offers import Offer
from masthead.feeds.subscribe import NotSubscribed


@dataclass(frozen=True, slots=True)
class Choice:
    """`pick`: numbers from 1, or words of a title or address, parted by commas; `ask`: somebody sits there."""

    pick: str = ""
    take_all: bool = False
    ask: bool = False

    def of(self, url: str, offers: Sequence[Offer]) -> list[Offer]:
        """The feeds to take. Raises `NotSubscribed` when a pick fits nothing, or there is nobody to ask."""
        if self.take_all:
            return list(offers)
        lines = [_line(number, offer) for number, offer in enumerate(offers, 1)]
        if self.pick:
            return _picked(self.pick, url, offers)
        if len(offers) == 1:
            return list(offers)
        if not self.ask:
            listed = "\n  ".join(lines)
            raise NotSubscribed(
                f"{url} names {len(offers)} feeds; say which with --pick or --all, or give its address:\n  {listed}"
            )
        click.echo(f"{url} names {len(offers)} feeds:", err=True)
        for line in lines:
            click.echo(f"  {line}", err=True)
        answer: str = click.prompt("Which (numbers such as 1,3, or all)", default="1", err=True)
        return list(offers) if answer.strip().lower() == "all" else _picked(answer, url, offers)


def _line(number: int, offer: Offer) -> str:
    known = f" (subscribed, feed {offer.known})" if offer.known else ""
    return f"{number}. {offer.title or 'untitled'}: {offer.url}{known}"


def _picked(pick: str, url: str, offers: Sequence[Offer]) -> list[Offer]:
    """Each part of `pick` as a number, a range of numbers, or words that a title or address holds."""
    chosen: dict[str, Offer] = {}
    for part in filter(None, (part.strip() for part in pick.split(","))):
        numbers = re.fullmatch(r"(\d{1,3})(?:-(\d{1,3}))?", part)
        if numbers:
            first, last = int(numbers[1]), int(numbers[2] or numbers[1])
            found = list(offers[first - 1 : last]) if 1 <= first <= last <= len(offers) else []
        else:
            found = [offer for offer in offers if part.casefold() in f"{offer.title} {offer.url}".casefold()]
        if not found:
            raise NotSubscribed(f"{url}: no feed {part!r} among the {len(offers)} that it names")
        chosen |= {offer.url: offer for offer in found}
    if not chosen:
        raise NotSubscribed(f"{url} names {len(offers)} feeds, and none was chosen")
    return list(chosen.values())
