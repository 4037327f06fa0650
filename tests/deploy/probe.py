"""Run in the place of Masthead under its unit: what the unit's directives leave one able to do, as JSON in the home."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
NEW_USER_NAMESPACE, LINUX32, TRACE_ME = 0x10000000, 8, 0


def tried(what: Callable[[], object]) -> str:
    """`done`, or the name of the error."""
    try:
        what()
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "done"


def called(function: str, *arguments: int) -> str:
    """The same of a call of the C library."""
    ctypes.set_errno(0)
    return errno.errorcode[ctypes.get_errno()] if getattr(LIBC, function)(*arguments) == -1 else "done"


def main() -> None:
    home = Path(sys.argv[1])
    mine = home / "probe.file"
    mine.write_text("")
    told = {
        "read only": [
            path for path in ("/", "/etc", "/usr", "/opt/masthead", "/var/log", str(home))
            if os.statvfs(path).f_flag & os.ST_RDONLY
        ],
        "homes": tried(lambda: next(Path("/home").iterdir(), None)),
        "devices": [name for name in ("disk-of-the-machine", "null") if Path("/dev", name).exists()],
        "temporary": Path("/tmp/of-another").exists(),
        "first process": Path("/proc/1/status").exists(),
        "packets": tried(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)),
        "loopback": tried(lambda: socket.socket().close()),
        "user namespace": called("unshare", NEW_USER_NAMESPACE),
        "personality": called("personality", LINUX32),
        "debugging": called("ptrace", TRACE_ME, 0, 0, 0),
        "set-user-id": tried(lambda: mine.chmod(0o4755)),
        "nicer": tried(lambda: os.nice(5)),
        "umask": oct(os.umask(0o077)),
        "files": os.sysconf("SC_OPEN_MAX"),
        "other users": len(Path("/proc/self/uid_map").read_text().splitlines()),
        "rights": [line for line in Path("/proc/self/status").read_text().splitlines()
                   if line.startswith(("CapEff", "CapBnd", "NoNewPrivs", "Seccomp:"))],
    }  # fmt: skip
    (home / "probe.new").write_text(json.dumps(told))
    (home / "probe.new").rename(home / "probe.json")


if __name__ == "__main__":
    main()
