"""One program's run: wall time, CPU time and memory as the kernel counts them, and what the server saw."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from polling.server import CONTROL


@dataclass(frozen=True, slots=True)
class Round:
    """What one round took. `wall` and `cpu` in seconds, the start of the program included; `memory` in MB at its peak.

    `failed`: the end of what it said, when its exit status was not 0.
    """

    wall: float
    cpu: float
    memory: float
    seen: Mapping[str, int]
    items: int = 0
    failed: str = ""


def control(port: int, round_number: int) -> dict[str, int]:
    """Set the server's round; what it counted until now."""
    connection = http.client.HTTPConnection(CONTROL, port, timeout=30)
    connection.request("GET", f"/control/{round_number}")
    counted: dict[str, int] = json.loads(connection.getresponse().read())
    connection.close()
    return counted


def run(
    command: Sequence[str], environment: Mapping[str, str], log: Path, limit: float
) -> tuple[float, float, float, str]:
    """Run a program to its end, or end it after `limit` seconds. Wall, CPU, peak memory in MB, and why it failed."""
    began = time.monotonic()
    with log.open("wb") as said:
        child = subprocess.Popen(command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        stopped = False
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - began > limit and not stopped:
                child.kill()
                stopped = True
            time.sleep(0.01)
    child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - began
    why = ""
    if child.returncode:
        last = log.read_text(errors="replace").strip().splitlines()[-1:] or [""]
        why = f"ended after {limit:.0f} s" if stopped else f"exit status {child.returncode}: {last[0][:200]}"
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, why
