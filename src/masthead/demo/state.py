"""What the sample newsroom remembers between starts: its port, when it opened, and what has come out since."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from masthead.demo.publishers import HOST, PortInUse

FILE = "newsroom.json"
FIRST_PORT = 8900


@dataclass(frozen=True, slots=True)
class State:
    """`releases`: when each report of the queue came out, oldest first."""

    port: int
    opened: datetime
    releases: tuple[datetime, ...] = ()


def read(home: Path) -> State | None:
    """The state of a home, None when it has none. Raises `ValueError` naming a file that cannot be read."""
    path = home / FILE
    if not path.is_file():
        return None
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return State(
            port=int(values["port"]),
            opened=datetime.fromisoformat(values["opened"]),
            releases=tuple(datetime.fromisoformat(at) for at in values["releases"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} cannot be read ({error}): delete {home} to begin anew") from error


def write(home: Path, state: State) -> None:
    """Keep the state, whole or not at all."""
    path = home / FILE
    part = path.with_suffix(f".{os.getpid()}.part")
    values = {
        "port": state.port,
        "opened": state.opened.isoformat(),
        "releases": [at.isoformat() for at in state.releases],
    }
    part.write_text(json.dumps(values), encoding="utf-8")
    part.replace(path)


def ready(home: Path, port: int = 0) -> State:
    """The state to start with: the home's own, or a new one with a port that is free. Raises `PortInUse`.

    The port is part of every address that the site has read, so a home keeps the one it began with.
    """
    state = read(home)
    if state is None:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = State(port or _free(), datetime.now(UTC).replace(microsecond=0))
        check(state.port)
        write(home, state)
        return state
    check(state.port)
    return state


def check(port: int) -> None:
    """Raise `PortInUse` when another program listens on a port."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
    except OSError as error:
        raise PortInUse(
            f"the sample newsroom's port {port} cannot be had ({error.strerror}): stop what uses it, "
            "or set MASTHEAD_HOME to a new folder"
        ) from error


def _free() -> int:
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        try:
            check(port)
        except PortInUse:
            continue
        return port
    raise PortInUse(f"no port from {FIRST_PORT} to {FIRST_PORT + 99} is free for the sample newsroom")
