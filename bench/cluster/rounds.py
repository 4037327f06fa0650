"""Rounds: a crowd of workers of which one is killed again and again, and how fast so many workers are."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cluster.services import wait_for
from cluster.shares import Shares
from cluster.site import Held, Machine, Papers, Site

SETTLES = 3.0
"""Seconds in which the children of workers that have just started get ready."""


@dataclass(frozen=True)
class Told:
    """What came of a round. `seconds` until all was there; `shares`: processor time by part."""

    held: Held
    expected: int
    kills: int
    seconds: float
    seen: dict[str, Any]
    shares: dict[str, float]

    @property
    def whole(self) -> bool:
        """Nothing lost, nothing twice, nothing left over."""
        rest = (self.held.doubled, self.held.homeless, self.held.unread, self.held.waiting)
        return self.held.entries == self.held.articles == self.expected and not any(rest)


def killing(
    site: Site,
    papers: Papers,
    *,
    workers: int = 4,
    every: float = 3.0,
    editions: int = 2,
    least: int = 3,
    most: int = 1_000_000,
    limit: float = 600.0,
    seed: int = 1,
    broker: int = 0,
    tell: Callable[[str], None] = lambda _: None,
) -> Told:
    """Publish edition after edition while one worker after the other is killed (SIGKILL) and another started.

    Only one that is at work is killed, every few seconds: `every`, or what a start takes on this machine just now, lest
    hardly anybody is ever at work. An edition counts as read when all its items are articles of stories; the last
    one comes after `least` kills at the earliest. After `most` kills the rest is done in peace. `broker`: its process.
    """
    chance, began, numbers = random.Random(seed), time.monotonic(), itertools.count()
    crew = [site.worker(next(numbers)) for _ in range(workers)]
    shares = Shares(site, papers, crew, broker)
    kills, edition, since, next_word = 0, 1, "", began
    next_kill: float | None = None
    try:
        while time.monotonic() - began < limit:
            time.sleep(0.25)
            now = time.monotonic()
            articles, placed = site.reached()
            if articles == placed >= papers.feeds * papers.items * edition:
                if edition == editions:
                    break
                if edition < editions - 1 or kills >= least:
                    edition += 1
                    papers.edition(edition)
                    since = site.now()
            if edition > 1:
                # As if the time passed faster: whoever was not asked since the edition came is due.
                site.due(since)
            if now >= next_word:
                tell(f"{now - began:5.0f} s, edition {edition}, {kills} kills: {site.held()}")
                next_word = now + 10
            there = site.at_work()
            working = [place for place, machine in enumerate(crew) if machine.process.pid in there]
            if next_kill is None and len(working) == workers:
                # All of them started at once: one by itself takes half of that, or less.
                every = max(every, (now - began) / 2)
                tell(f"the start of all took {now - began:.1f} s; a kill every {every:.1f} s")
                next_kill = now + every
            if next_kill is not None and now >= next_kill and working and kills < most:
                place = chance.choice(working)
                crew[place].kill()
                crew[place] = site.worker(next(numbers))
                kills, next_kill = kills + 1, now + every
        expected, seconds = papers.feeds * papers.items * editions, time.monotonic() - began
        took = shares.told()
        _rest(site)
        return Told(site.held(), expected, kills, seconds, papers.edition(edition), took)
    finally:
        _end(crew)


def pace(site: Site, papers: Papers, workers: int, limit: float = 900.0, broker: int = 0) -> Told:
    """How long so many workers, all there already, take for one edition, until the last article is in its story."""
    site.silence()
    crew = [site.worker(number) for number in range(workers)]
    expected = papers.feeds * papers.items
    try:
        wait_for(lambda: len(site.at_work()) == workers, 120, "all workers there")
        time.sleep(SETTLES)
        shares, began = Shares(site, papers, crew, broker), time.monotonic()
        site.due()
        while (now := time.monotonic()) - began < limit and site.reached() != (expected, expected):
            time.sleep(0.2)
        took = shares.told()
        _rest(site)
        return Told(site.held(), expected, 0, now - began, papers.edition(1), took)
    finally:
        _end(crew)


def _rest(site: Site, limit: float = 30.0) -> None:
    """Wait until nothing waits any more."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        held = site.held()
        if not (held.unread or held.waiting or held.homeless):
            return
        time.sleep(0.25)


def _end(crew: list[Machine]) -> None:
    for machine in crew:
        machine.kill()
