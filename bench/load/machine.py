"""Processes of a bench: started on a core, watched in their processor time, memory and handles, and ended."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from load.client import AGENT

TICK = os.sysconf("SC_CLK_TCK")
PROGRAMS = {"nginx": "nginx-light", "wrk": "wrk", "taskset": "util-linux"}


def wanted() -> None:
    """Say what is missing, and how to install it. Raises `SystemExit`."""
    missing = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if missing:
        raise SystemExit(f"this bench needs programs that are not here: apt-get install {' '.join(missing)}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str, **headers: str) -> bytes:
    """The body. Raises `OSError` for anything but 2xx."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
        return bytes(answer.read())


def wait_for(url: str, seconds: float = 120) -> None:
    """Until it answers."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            fetch(url)
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@contextmanager
def started(command: list[str], *, core: int | None = None, log: Path | None = None, **more: str) -> Iterator[int]:
    """The program, on one core if named, for the time of the block; its process number."""
    pinned = ["taskset", "-c", str(core)] if core is not None else []
    with (log or Path(os.devnull)).open("ab") as out:
        process = subprocess.Popen([*pinned, *command], env={**os.environ, **more}, stdout=out, stderr=out)
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(25)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def family(pid: int) -> list[psutil.Process]:
    """The process and all that come from it."""
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    return []


def part_of(pid: int, name: str) -> int:
    """The process of a running `masthead serve` that has this name."""
    for process in family(pid):
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if "masthead.serve.child" in (line := process.cmdline()) and name in line:
                return process.pid
    raise SystemExit(f"no process {name!r} was started by {pid}")


def processor(pid: int) -> float:
    """Seconds of processor time that a process and its children have taken. Children that ended are not in it."""
    total = 0.0
    for process in family(pid):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return total


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second by the clock, and a second of the server's processor time."""

    clock: float
    processor: float


def wrk(
    url: str, *pids: int, core: int, seconds: float, connections: int = 32, script: Path | None = None, size: int = 0
) -> Rate:
    """One measurement; `pids` and their children are the server.

    Raises `SystemExit` when not all was answered well, or with less than `size` bytes.
    """
    pinned = ["taskset", "-c", str(core), "wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s"]
    pinned += ["--timeout", "30s", "-H", f"User-Agent: {AGENT}", *(["-s", str(script)] if script else [])]
    before = sum(map(processor, pids))
    out = subprocess.run([*pinned, url], capture_output=True, text=True, check=True).stdout
    spent = sum(map(processor, pids)) - before
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit(f"{url} did not answer 200 throughout:\n{out}")
    told = re.search(r"(\d+) requests in \S+ ([\d.]+)([KMG]?)B read\s+Requests/sec:\s+([\d.]+)", out)
    assert told is not None, out
    requests = int(told[1])
    read = float(told[2]) * {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}[told[3]]
    if read < 0.98 * size * requests:
        raise SystemExit(f"{url} answered less than the {size} bytes of its page:\n{out}")
    return Rate(float(told[4]), requests / max(spent, 1 / TICK))
