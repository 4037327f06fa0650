"""`masthead serve`: the home made ready, the port checked, web and pipeline supervised.

`masthead demo` is the same with more parts: it sets `MASTHEAD_HOME` and its other settings in `os.environ`, then calls
`run(bind, extra=[Part("publishers", "masthead.demo.server:main", {...})])` before anything else has set Django up.
"""

from __future__ import annotations

import fcntl
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from masthead import __version__
from masthead.cluster.check import check
from masthead.options import ADDRESS_FILE, OptionError, load
from masthead.serve import home, statics
from masthead.serve.home import HomeError
from masthead.serve.supervisor import Part, Supervisor
from masthead.store import numbers

LOCK_FILE = "serve.lock"


def run(
    bind: str = "", *, extra: Sequence[Part] = (), prepare: Callable[[], None] | None = None, note: str = ""
) -> None:
    """Serve until stopped. Raises `HomeError` when it cannot start; nothing is left behind then.

    `bind`: HOST:PORT (IPv6 in brackets); empty: the setting `bind`. `extra`: further processes, started with the web
    and the pipeline and stopped with them. `prepare` runs once the database is there and before any process starts
    (the models may be imported in it). `note`: a line to print below the address.
    """
    try:
        options = load()
    except OptionError as error:
        raise HomeError(str(error)) from error
    if options.broker:
        try:
            check(options)
        except OptionError as error:
            raise HomeError(str(error)) from error
    host, port = parse_bind(bind or options.bind)
    check_port(host, port)
    home.make(options.home)
    with alone(options.home):
        address = _address(host, port)
        (options.home / ADDRESS_FILE).write_text(address + "\n", encoding="ascii")
        os.environ["MASTHEAD_BIND"] = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        options = home.open_site(upgrade=True)
        statics.collect(options.home)
        numbers.forget(options.home)
        if prepare is not None:
            prepare()
        pipeline = "masthead.serve.waking:main" if options.broker else "masthead.pipeline:main"
        parts = [Part("web", "masthead.serve.web:main"), Part("pipeline", pipeline), *extra]
        if options.web_workers > 1:
            parts.append(Part("count", "masthead.serve.count:main"))
        lines = _greeting(options.base_url or address, options.home, note)
        _close_database()
        Supervisor(parts).run(lambda stopping: _announce(host, port, lines, stopping))


def parse_bind(bind: str) -> tuple[str, int]:
    """HOST and PORT. Raises `HomeError`."""
    host, colon, port = bind.rpartition(":")
    if not colon or not port.isdigit() or not 0 < int(port) < 65536:
        raise HomeError(f"{bind!r} is no address to listen on: HOST:PORT is wanted, such as 127.0.0.1:8000")
    return host.strip("[]") or "0.0.0.0", int(port)  # noqa: S104


def check_port(host: str, port: int) -> None:
    """Raise `HomeError` when nothing can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen(1)
    except OSError as error:
        raise HomeError(
            f"cannot listen on {host} port {port} ({error.strerror}): stop what uses it, or choose another with --bind"
        ) from error


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One `serve` for a home, or one move of its database. The lock lives as long as this process."""
    with (folder / LOCK_FILE).open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise HomeError(f"the home {folder} is being served already (process {lock.read().strip()})") from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _address(host: str, port: int) -> str:
    name = "localhost" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104
    return f"http://{name}:{port}"


def _greeting(address: str, folder: Path, note: str) -> list[str]:
    from masthead.accounts.models import User

    lines = [f"Masthead {__version__} is at {address}/  (desk: {address}/desk/, home: {folder})"]
    if not User.objects.exists():
        lines.append("Nobody can log in yet: masthead user add NAME --role chief")
    return lines + ([note] if note else [])


def _close_database() -> None:
    from django.db import connections

    connections.close_all()


def _announce(host: str, port: int, lines: list[str], stopping: threading.Event) -> None:
    """Print the greeting once the web process listens."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    while not stopping.is_set():
        try:
            socket.create_connection((target, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
            continue
        click.echo("\n".join(lines))
        return
