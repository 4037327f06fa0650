"""Files that nobody ever reads half of, and that are still whole after the power failed."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = ".unfinished-"


def write(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file under another name first, on disk, then give it its own. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def put(finished: Path, target: Path) -> Path:
    """Give a finished file its place, once it is on disk. Returns the target. Raises OSError."""
    _sync(finished)
    finished.replace(target)
    _sync(target.parent)
    return target


@contextmanager
def own_folder(parent: Path) -> Iterator[Path]:
    """A folder in `parent` for what is being made, gone afterwards. Those that killed processes left go first."""
    for old in parent.glob(f"{UNFINISHED}*"):
        _tidy(old)
    folder = Path(tempfile.mkdtemp(dir=parent, prefix=UNFINISHED))
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # Held for as long as this process lives: so others see that the folder is in use.
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(descriptor)
        shutil.rmtree(folder, ignore_errors=True)


def _tidy(folder: Path) -> None:
    """Remove a folder that no living process holds."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        pass
    finally:
        os.close(descriptor)


def _sync(path: Path) -> None:
    """Have a file, or the names in a folder, on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
