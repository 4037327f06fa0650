"""A disk that forgets, at a power cut, what was not synced: rebuilt from the calls that a process made.

The names of files are a journal: after a cut its first part is there, at least as far as the last sync of anything
that was before the cut. The bytes of a file are those of its last sync, and in the harder half of the cuts
besides any of the 512-byte sectors that were written since, in any order (torn and reordered writes).
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from chaos.trace import Call

SECTOR = 512
Write = tuple[int, bytes] | int
"""Where which bytes were written, or the length that the file was cut or stretched to."""


@dataclass
class _Inode:
    synced: bytearray = field(default_factory=bytearray)
    pending: list[Write] = field(default_factory=list)


@dataclass
class Step:
    """A change of names: `kind` is "make", "move", "remove"; for what else it is, the inode is enough."""

    kind: str
    path: str
    to: str = ""
    inode: _Inode | None = None


class Disk:
    """What lies under `root`. `apply` calls one by one, `cut` the power wherever you like (the disk itself goes on)."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self._first = {
            str(path): _Inode(bytearray(path.read_bytes()))
            for path in root.rglob("*")
            if path.is_file() and not path.name.endswith("-shm")
        }
        self._now = dict(self._first)
        self._journal: list[Step] = []
        self._sure = 0  # steps of the journal that are on disk for certain
        self._positions: dict[tuple[int, int], int] = {}
        self.writes = 0

    def apply(self, call: Call) -> None:
        """Take over what a call did. Calls about other folders change nothing."""
        paths = [path for path in call.paths if self._ours(path)]
        if not paths:
            return
        name = call.name
        if name in ("openat", "creat"):
            self._open(call, paths[-1])
        elif name in ("pwrite64", "write"):
            self._write(call, paths[0])
        elif name == "lseek":
            self._positions[call.process, call.descriptor] = call.result
        elif name in ("ftruncate", "truncate"):
            self._note(paths[0], int(call.arguments.rpartition(",")[2]))
        elif name in ("fsync", "fdatasync"):
            self._sync(paths[0])
        elif name.startswith("rename") and len(call.paths) == 2:
            self._step(Step("move", call.paths[0], call.paths[1]))
        elif name in ("unlink", "unlinkat"):
            self._step(Step("remove", paths[0]))

    def _ours(self, path: str) -> bool:
        return path.startswith(self.root + os.sep) or path == self.root

    def _open(self, call: Call, path: str) -> None:
        flags = call.arguments
        if "O_DIRECTORY" in flags or path.endswith("-shm"):
            return
        if path not in self._now:
            if "O_CREAT" not in flags:
                return
            self._step(Step("make", path, inode=_Inode()))
        elif "O_TRUNC" in flags:
            self._note(path, 0)
        self._positions[call.process, call.result] = 0

    def _write(self, call: Call, path: str) -> None:
        if call.name == "pwrite64":
            at = int(call.arguments.rpartition(",")[2])
        else:
            at = self._positions.get((call.process, call.descriptor), 0)
            self._positions[call.process, call.descriptor] = at + call.result
        self._note(path, (at, call.data[: call.result]))

    def _note(self, path: str, write: Write) -> None:
        if (inode := self._now.get(path)) is not None:
            inode.pending.append(write)
            self.writes += 1

    def _sync(self, path: str) -> None:
        self._sure = len(self._journal)
        if (inode := self._now.get(path)) is not None:
            for write in inode.pending:
                _put(inode.synced, write)
            inode.pending = []

    def _step(self, step: Step) -> None:
        self._journal.append(step)
        _change(self._now, step)

    def cut(self, target: Path, chance: random.Random, *, torn: bool) -> None:
        """Write the disk as it is after a power cut now into `target`, whose content goes."""
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        names = dict(self._first)
        for step in self._journal[: chance.randint(self._sure, len(self._journal))]:
            _change(names, step)
        for path, inode in names.items():
            body = bytearray(inode.synced)
            if torn:
                for write in inode.pending:
                    _put_some(body, write, chance)
            place = target / os.path.relpath(path, self.root)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(body)


def _change(names: dict[str, _Inode], step: Step) -> None:
    if step.kind == "make" and step.inode is not None:
        names[step.path] = step.inode
    elif step.kind == "remove":
        names.pop(step.path, None)
    elif step.kind == "move":
        for path in [path for path in names if path == step.path or path.startswith(step.path + os.sep)]:
            names[step.to + path[len(step.path) :]] = names.pop(path)


def _put(body: bytearray, write: Write) -> None:
    if isinstance(write, int):
        del body[write:]
        body.extend(bytes(write - len(body)))
        return
    at, data = write
    body.extend(bytes(max(0, at - len(body))))
    body[at : at + len(data)] = data


def _put_some(body: bytearray, write: Write, chance: random.Random) -> None:
    """Some of a write, sector by sector; a change of length happened or did not."""
    if isinstance(write, int):
        if chance.random() < 0.5:
            _put(body, write)
        return
    at, data = write
    for begin in range(0, len(data), SECTOR):
        if chance.random() < 0.5:
            _put(body, (at + begin, data[begin : begin + SECTOR]))


def play(disk: Disk, calls: Iterable[Call]) -> None:
    """Apply all calls."""
    for call in calls:
        disk.apply(call)
