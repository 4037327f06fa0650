"""What a process really did to its files, in order, as the kernel was asked: written down by strace."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "openat,creat,pwrite64,write,lseek,ftruncate,truncate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,mkdir,"
    "mkdirat,rmdir,sendto"
)
# One call of one thread, whole; calls that another thread's came in between of are put together first.
_LINE = re.compile(r"^(\d+)\s+(.*)$")
_CALL = re.compile(r"^(\w+)\((.*)\)\s+=\s+(-?\d+)")
_FILE = re.compile(r"^(\d+)<([^>]*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True)
class Call:
    """Name and result of a system call; the `paths` that it names, in order; `data` that it wrote.

    `process` and `descriptor` tell whose file position moves.
    """

    name: str
    result: int
    process: int
    descriptor: int
    paths: tuple[str, ...]
    data: bytes
    arguments: str


def attach(pid: int, target: Path, *, calls: str = CALLS, inject: str = "") -> subprocess.Popen[bytes]:
    """Trace a process that stopped itself, and all that it starts, and let it go on. `inject`: as strace has it."""
    command = ["strace", "-f", "-y", "-q", "-s", "1000000", "-xx", "-e", f"trace={calls}", "-o", str(target)]
    if inject:
        command += ["-e", f"inject={inject}"]
    _stopped(pid)
    tracer = subprocess.Popen([*command, "-p", str(pid)], stderr=subprocess.PIPE)
    while _tracer(pid) == 0:
        if tracer.poll() is not None:
            assert tracer.stderr is not None
            raise RuntimeError(f"strace cannot attach: {tracer.stderr.read().decode()}")
        time.sleep(0.01)
    os.kill(pid, signal.SIGCONT)
    return tracer


def _status(pid: int, name: str) -> str:
    text = Path(f"/proc/{pid}/status").read_text()
    return next(line.partition(":")[2].strip() for line in text.splitlines() if line.startswith(name))


def _stopped(pid: int) -> None:
    while not _status(pid, "State").startswith(("T", "t")):
        time.sleep(0.005)


def _tracer(pid: int) -> int:
    return int(_status(pid, "TracerPid"))


def read(path: Path) -> Iterator[Call]:
    """The calls of a trace that did not fail, in the order in which they ended (sends: in which they began)."""
    begun: dict[str, str] = {}
    with path.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            if (split := _LINE.match(line)) is None:
                continue
            process, text = split[1], split[2]
            if text.endswith("<unfinished ...>"):
                begun[process] = text.removesuffix("<unfinished ...>").rstrip()
                continue
            if text.startswith("<... ") and process in begun:
                text = begun.pop(process) + text.partition(" resumed>")[2]
            if (call := _call(int(process), text)) is not None:
                yield call


def _call(process: int, text: str) -> Call | None:
    if (found := _CALL.match(text)) is None or int(found[3]) < 0:
        return None
    arguments = found[2]
    file = _FILE.match(arguments)
    texts = [bytes.fromhex(hexed.replace("\\x", "")) for hexed in _TEXT.findall(arguments)]
    data = b""
    if found[1] in ("pwrite64", "write", "sendto"):
        data = texts[0] if texts else b""
        paths = (_path(file[2]),) if file else ()
    elif texts:
        paths = tuple(os.fsdecode(one) for one in texts)
    else:
        paths = (_path(file[2]),) if file else ()
    rest = _TEXT.sub("", arguments)
    return Call(found[1], int(found[3]), process, int(file[1]) if file else -1, paths, data, rest)


def _path(text: str) -> str:
    """The path behind a descriptor, which strace writes in hexadecimal as well."""
    if text.startswith("\\x"):
        text = os.fsdecode(bytes.fromhex(text.replace("\\x", "")))
    return text
