"""What a hostile document makes its worker do. Loaded by workers alone; each function is a task."""

from __future__ import annotations

import faulthandler
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

from masthead.articles import make as making
from masthead.articles import raster
from masthead.core import icons as finding
from masthead.entries import read as reading
from masthead.feeds.icons import raster as icons
from masthead.store.workers import wire

_HOARD: list[bytes] = []


def echo(text: str) -> str:
    return text


def obey(text: str) -> str:
    """Do what the text says, else give it back."""
    word = text.partition(" ")[0]
    if word == "spin":
        while True:
            pass
    elif word == "spin-in-c":
        re.match(r"(a+)+$", "a" * 60 + "b")
    elif word == "sleep":
        time.sleep(10_000)
    elif word == "eat":
        while True:
            _HOARD.append(bytes(10_000_000))
    elif word == "segfault":
        faulthandler._sigsegv()  # type: ignore[attr-defined]
    elif word == "abort":
        os.abort()
    elif word == "exit":
        os._exit(3)
    elif word == "raise":
        raise RecursionError("too deep")
    elif word == "flood":
        # As one that was taken over might: an answer that never ends, on every descriptor there is.
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, wire.HEAD.pack(2**60) + b"x" * 100)
            except OSError:
                continue
        time.sleep(10_000)
    elif word == "lie":
        return 5  # type: ignore[return-value]
    return text


def process(text: str) -> int:
    return os.getpid()


def modules(text: str) -> list[str]:
    return sorted(sys.modules)


def environment(text: str) -> dict[str, str]:
    return dict(os.environ)


def attempts(folder: str) -> dict[str, str]:
    """What a worker may not do, tried."""

    def tried(action: object) -> str:
        try:
            action()  # type: ignore[operator]
        except Exception as error:
            return type(error).__name__
        return "done"

    tries = {
        "write": lambda: Path(folder, "written").write_text("x"),
        "append": lambda: Path(folder, "there").open("a").close(),
        "low-level write": lambda: os.open(f"{folder}/written", os.O_WRONLY | os.O_CREAT),
        "read": lambda: Path("/etc/passwd").read_text(),
        "read home": lambda: Path(folder, "there").read_text(),
        "climb": lambda: Path(sys.prefix, "../../../../../../../../etc/passwd").read_text(),
        "remove": lambda: Path(folder, "there").unlink(),
        "connect": lambda: socket.create_connection(("127.0.0.1", 9)),
        "look up": lambda: socket.getaddrinfo("localhost", 80),
        "run": lambda: subprocess.run(["/bin/true"], check=True),
        "fork": os.fork,
        "more memory": lambda: __import__("resource").setrlimit(2, (2**40, 2**40)),
        "descriptors": lambda: [socket.socketpair() for _ in range(200)],
    }
    return {name: tried(action) for name, action in tries.items()}


def read(body: reading.Body) -> reading.Reading:
    for line in body.body.split(b"\n"):
        if line.startswith(b"<!-- do "):
            obey(line[8:-3].decode())
    return reading.read(body)


def make(material: making.Material) -> making.Making:
    title = str(material.record.get("title") or "")
    if title.startswith("do "):
        obey(title[3:])
    return making.make(material)


def encode(raw: raster.Raw) -> raster.Encoded:
    if raw.data.startswith(b"do "):
        obey(raw.data[3:].decode())
    return raster.encode(raw)


def stamp(text: str) -> float:
    """When it was done."""
    return time.time()


def encode_icon(raw: icons.Raw) -> icons.Encoded:
    if raw.data.startswith(b"do "):
        obey(raw.data[3:].decode())
    return icons.encode(raw)


def declared(page: finding.Page) -> finding.Offers:
    if page.body.startswith(b"do "):
        obey(page.body[3:].decode())
    return finding.declared(page)
