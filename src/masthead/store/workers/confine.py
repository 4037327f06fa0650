"""What a worker may do. Set once, in the worker, before the first document; nothing of it can be taken back there.

By the kernel: memory (a limit on data, and on address space), processor time and time for each document, no file
written (RLIMIT_FSIZE 0), few descriptors, no core dump. By Python's audit hooks: no connection and no look-up of
names, no program started, no file opened but for reading where Python and its libraries lie. The environment holds no
secret: `pool.py` passes on a few names only.

Not confined: native code of a library that an attacker has taken over could still make system calls that these limits
do not forbid, as the user that runs the pipeline. Whoever wants a wall there runs Masthead in a container. macOS does
not limit address space.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
import zoneinfo
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from masthead.core.characters import words

_DESCRIPTORS = 64
_HEADROOM = 512 * 1024 * 1024  # address space that is reserved and not used: stacks, arenas
_FORBIDDEN = words(
    "socket.connect socket.bind socket.sendto socket.sendmsg socket.getaddrinfo socket.gethostbyname"
    " socket.gethostbyaddr socket.getnameinfo subprocess.Popen os.system os.exec os.fork os.forkpty os.posix_spawn"
    " os.spawn os.kill os.remove os.rename os.rmdir os.mkdir os.link os.symlink os.truncate os.chmod os.chown"
    " pty.spawn sqlite3.connect urllib.Request ftplib.connect smtplib.connect shutil.rmtree"
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def confine(megabytes: int) -> None:
    """Take from this process what reading a document does not need. `megabytes`: memory beyond what it holds now."""
    for number in (signal.SIGALRM, signal.SIGPROF, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    extra = megabytes * 1_000_000
    used = _memory()
    _limit(resource.RLIMIT_DATA, used["VmData"] + extra)
    _limit(resource.RLIMIT_AS, used["VmSize"] + extra + _HEADROOM)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _DESCRIPTORS)
    sys.addaudithook(_hook(_roots()))


def _memory() -> dict[str, int]:
    """Bytes that this process holds now; 0 where the system does not tell."""
    found = {"VmData": 0, "VmSize": 0}
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name in found:
                found[name] = int(value.split()[0]) * 1024
    return found


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    # Some systems know a limit and refuse to set it (RLIMIT_AS on macOS): then it is not there to be had.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(kind, (value, value))


def _roots() -> tuple[str, ...]:
    """Folders that may be read: where Python, its packages and the time zones lie."""
    places: Iterable[str] = (*sys.path, sys.prefix, sys.base_prefix, *zoneinfo.TZPATH)
    return tuple({f"{os.path.realpath(place)}{os.sep}" for place in places if place})


def _hook(roots: tuple[str, ...]) -> Any:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            raise PermissionError(f"a worker may not do this: {event}")
        if event != "open":
            return
        path, mode, flags = arguments
        if isinstance(path, int):
            return
        writes = isinstance(flags, int) and flags & _WRITING
        if writes or (isinstance(mode, str) and set(mode) & set("wax+")):
            raise PermissionError("a worker may not write files")
        if not os.path.realpath(os.fsdecode(path)).startswith(roots):
            raise PermissionError("a worker may not read this file")

    return hook
