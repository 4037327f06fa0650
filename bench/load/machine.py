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


def wrk(url: str, pid: int, *, core: int, seconds: float, connections: int = 32, accept: str = "") -> Rate:
    """One measurement. Raises `SystemExit` when not all was answered well."""
    command = ["taskset", "-c", str(core), "wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s"]
    if accept:
        command += ["-H", f"Accept-Encoding: {accept}"]
    before = processor(pid)
    out = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    spent = processor(pid) - before
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit(f"{url} did not answer 200 throughout:\n{out}")
    requests = int(re.search(r"(\d+) requests in", out)[1])  # type: ignore[index]
    return Rate(float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]), requests / max(spent, 1 / TICK))  # type: ignore[index]
