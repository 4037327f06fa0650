"""Files, folders and zips as pieces: streams that can be opened again, unpacked on the way and never on disk.

Nothing is extracted, so a member's name can lead nowhere. What unpacks to many times its size is refused.
"""

from __future__ import annotations

import gzip
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from masthead.core.archive.types import LeftOut, Refused, Unreadable

# In folders and zips only these are looked at; a file that is named itself may be called anything.
SUFFIXES = (".html", ".htm", ".xhtml", ".mht", ".mhtml", ".txt", ".xml", ".atom", ".rss", ".wxr")
# Real archives unpack to five or ten times their size; a file of one letter repeated reaches a thousand.
_MOST_TIMES = 200
_ALWAYS = 50_000_000
_MOST_MEMBERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """One readable thing. `path`: where it lay in what was named; `size`: its bytes on disk, for the progress."""

    name: str
    path: str
    size: int
    open_raw: Callable[[], IO[bytes]]

    def open(self) -> Stream:
        """The bytes, out of gzip where they are packed. Raises `Unreadable`."""
        try:
            raw = self.open_raw()
        except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise Unreadable(_reason(error)) from error
        return Stream(raw, self.size)


class Stream:
    """A reader whose every fault is `Unreadable`, and which a bomb does not get past. A context manager."""

    def __init__(self, raw: IO[bytes], size: int) -> None:
        self._raw = raw
        self._limit = max(_ALWAYS, size * _MOST_TIMES)
        self._read = 0
        self._source: IO[bytes] = raw
        head = self._some(2)
        if head == b"\x1f\x8b":
            self._source = cast(IO[bytes], gzip.GzipFile(fileobj=cast(IO[bytes], _Joined(head, raw)), mode="rb"))
            head = b""
        self._head = head

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()

    @property
    def position(self) -> int:
        """Bytes read of the file as it is packed; an estimate within a zip."""
        try:
            return self._raw.tell()
        except (OSError, ValueError):
            return self._read

    def read(self, count: int) -> bytes:
        """Up to `count` bytes; b"" at the end. Raises `Unreadable`."""
        head, self._head = self._head[:count], self._head[count:]
        data = head + (self._some(count - len(head)) if len(head) < count else b"")
        self._read += len(data)
        if self._read > self._limit:
            raise Unreadable(f"it unpacks to more than {_MOST_TIMES} times its size, as only a bomb does")
        return data

    def _some(self, count: int) -> bytes:
        try:
            return self._source.read(count)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, ValueError) as error:
            raise Unreadable(_reason(error)) from error


class _Joined:
    """Bytes already read, in front of what follows them."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head, self._rest = head, rest

    def read(self, count: int = -1) -> bytes:
        head, self._head = (self._head, b"") if count < 0 else (self._head[:count], self._head[count:])
        return head or self._rest.read(count)


def _reason(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "it is cut short: the packed data end in the middle"
    if isinstance(error, RuntimeError) and "password" in str(error):
        return "it is encrypted"
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"it cannot be read: {words or type(error).__name__}"


def pieces(path: Path) -> Iterator[Piece | Refused | LeftOut]:
    """The pieces of a file, a folder or a zip, in the order of their names."""
    if path.is_dir():
        yield from _of_folder(path)
    else:
        yield from _of_file(path, path.name, str(path))


def _of_file(path: Path, relative: str, name: str) -> Iterator[Piece | Refused | LeftOut]:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            is_zip = file.read(4) == b"PK\x03\x04"
    except OSError as error:
        yield Refused(name, _reason(error))
        return
    if is_zip:
        yield from _of_zip(path, name)
    else:
        yield Piece(name, relative, size, lambda: path.open("rb"))


def _of_folder(root: Path) -> Iterator[Piece | Refused | LeftOut]:
    for folder, folders, files in os.walk(root):
        stems = {name.rpartition(".")[0] for name in files if name.lower().endswith((".html", ".htm", ".xhtml"))}
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not belongs_to(name, stems))
        for name in sorted(files):
            path = Path(folder) / name
            if name.startswith(".") or path.is_symlink():
                continue
            relative = path.relative_to(root).as_posix()
            if name.lower().endswith(".zip") or is_readable(name):
                yield from _of_file(path, relative, str(path))
            else:
                yield LeftOut(str(path), "other file")


def _of_zip(path: Path, name: str) -> Iterator[Piece | Refused | LeftOut]:
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        yield Refused(name, _reason(error))
        return
    # Not closed here: the pieces read from it, one after the other, as long as there are any.
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > _MOST_MEMBERS:
        yield Refused(name, f"it holds {len(members):,} files; {_MOST_MEMBERS:,} are read")
        return
    stems: dict[str, set[str]] = {}
    for member in members:
        folder, _, file = member.filename.rpartition("/")
        if file.lower().endswith((".html", ".htm", ".xhtml")):
            stems.setdefault(folder, set()).add(file.rpartition(".")[0])
    for member in sorted(members, key=lambda member: member.filename):
        shown = f"{name}!{member.filename}"
        parts = member.filename.split("/")
        beside = any(
            belongs_to(part, stems.get("/".join(parts[:depth]), set())) for depth, part in enumerate(parts[:-1])
        )
        if beside or any(part.startswith(".") for part in parts[:-1] if part not in (".", "..")):
            continue
        if not is_readable(parts[-1]) or parts[0] == "__MACOSX":
            yield LeftOut(shown, "other file")
        elif member.file_size > max(_ALWAYS, member.compress_size * _MOST_TIMES):
            yield Refused(shown, f"it unpacks to more than {_MOST_TIMES} times its size, as only a bomb does")
        else:
            yield Piece(shown, member.filename, member.compress_size, lambda m=member: archive.open(m))  # type: ignore[misc]


def is_readable(name: str) -> bool:
    """Whether a file in a folder or a zip may be a post, by its name."""
    return name.lower().removesuffix(".gz").endswith(SUFFIXES) and not name.startswith(".")


def belongs_to(folder: str, stems: set[str]) -> bool:
    """Whether a folder holds what a browser saved beside a page ("Report_files" beside "Report.html")."""
    return any(
        folder.startswith(stem) and folder[len(stem) : len(stem) + 1] in ("_", "-", ".") for stem in stems if stem
    )
