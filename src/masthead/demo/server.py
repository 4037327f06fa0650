"""The process of the sample newsroom: serves the publishers and lets new reports come out while one watches."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from masthead.demo import press, state
from masthead.demo.hosts import Newsroom
from masthead.demo.publishers import listen
from masthead.demo.timeline import Timeline
from masthead.options import load

LIVELY = (20.0, 40.0)
"""Seconds between two prepared reports."""
QUIET = (150.0, 270.0)
"""Seconds between two notices, once all prepared reports are out."""

log = logging.getLogger(__name__)


def main() -> None:
    """Serve until SIGTERM. The home is the site's; its state says which port and what is out."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s newsroom: %(message)s")
    asyncio.run(serve(load().home))


async def serve(home: Path) -> None:
    """Serve the newsroom of a home until this process is told to stop."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    found = state.ready(home)
    newsroom = Newsroom(Timeline(press.load(), found.opened, found.releases), home / "newsroom-pictures")
    runner = await listen(newsroom, found.port)
    try:
        await _issue(newsroom.timeline, home, found, stopping)
    finally:
        await runner.cleanup()


async def _issue(timeline: Timeline, home: Path, found: state.State, stopping: asyncio.Event) -> None:
    """Let one report after the other come out, and remember it."""
    draw = Random(os.getpid())  # noqa: S311
    while not stopping.is_set():
        pace = LIVELY if len(timeline.releases) < len(timeline.press.queue) else QUIET
        try:
            await asyncio.wait_for(stopping.wait(), draw.uniform(*pace))
        except TimeoutError:
            timeline.release(datetime.now(UTC))
            state.write(home, dataclasses.replace(found, releases=timeline.releases))
            log.debug("report %d is out", len(timeline.releases))
