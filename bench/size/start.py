"""How long a site takes from the command to its first page: by the clock, and processor time of all its processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

PATIENCE = 120
_TICK = os.sysconf("SC_CLK_TCK")


def start(home: Path, url: str) -> tuple[float, float]:
    """Seconds by the clock and of the processor until a front page came. The site is stopped again."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "MASTHEAD_HOME": str(home), "DATABASE_URL": url}
    with (home / "start.log").open("ab") as log:
        began = time.monotonic()
        command = [sys.executable, "-m", "masthead", "serve", "--bind", f"127.0.0.1:{port}"]
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        try:
            _wait(port, process)
            return time.monotonic() - began, sum(map(_processor, _family(process.pid)))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as answer:
                if answer.status == 200 and answer.read():
                    return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    raise SystemExit(f"no page came within {PATIENCE} s")


def _family(pid: int) -> Iterator[int]:
    """A process and what it started, as far as it lives."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _family(int(child))


def _processor(pid: int) -> float:
    """Seconds that a process worked, with its children that ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # it ended meanwhile
    return sum(map(int, fields[11:15])) / _TICK
