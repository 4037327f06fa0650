"""Backups: the database, the media and the settings in one `.tar.zst`, with a manifest of their hashes at its end."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import zstandard
from django.conf import settings

from masthead import __version__
from masthead.serve.dump import dump_database
from masthead.serve.home import SETTINGS_FILE, HomeError
from masthead.store import files

SCHEMA = "masthead.backup/1"
MANIFEST = "manifest.json"


class _Hashing:
    """A file that is hashed while it is read, so that the manifest tells what went into the archive."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


def write(home: Path, target: Path, progress: Callable[[int], None] = lambda _: None) -> dict[str, Any]:
    """Write a backup while the site runs; the file appears whole or not at all. Returns the manifest.

    The database is copied first and the pictures after it, so that every picture a row names is in the archive.
    """
    listed: dict[str, dict[str, Any]] = {}
    # The copy of the database in the home, the archive beside its place: neither is left behind by a kill.
    with files.own_folder(home) as folder, files.own_folder(target.absolute().parent) as beside:
        fresh = beside / target.name
        with (
            fresh.open("wb") as raw,
            zstandard.ZstdCompressor(level=6).stream_writer(raw) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
        ):
            database = dump_database(folder / "database")
            _add(tar, database, database.name, listed)
            progress(1)
            for path in content(home):
                _add(tar, path, path.relative_to(home).as_posix(), listed)
                progress(1)
            manifest = {
                "schema": SCHEMA,
                "masthead": __version__,
                "made_at": datetime.now(UTC).isoformat(),
                # Where the pictures are that are not in here.
                "media": settings.MASTHEAD.media,
                "files": listed,
            }
            body = json.dumps(manifest, indent=1).encode()
            header = tarfile.TarInfo(MANIFEST)
            header.size = len(body)
            tar.addfile(header, io.BytesIO(body))
        fresh.chmod(0o600)
        files.put(fresh, target)
    return manifest


def content(home: Path) -> list[Path]:
    """What goes into a backup besides the database. Not the copies of what a bucket holds."""
    media = sorted(path for path in (home / "media").rglob("*") if path.is_file() and not path.name.startswith("."))
    if settings.MASTHEAD.media:
        media = []
    return [*([home / SETTINGS_FILE] if (home / SETTINGS_FILE).is_file() else []), *media]


def _add(tar: tarfile.TarFile, path: Path, name: str, files: dict[str, dict[str, Any]]) -> None:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return  # a picture that was tidied away since the folder was listed
    with file:
        header = tar.gettarinfo(arcname=name, fileobj=file)
        hashing = _Hashing(file)
        tar.addfile(header, hashing)
        files[name] = {"sha256": hashing.digest.hexdigest(), "size": header.size}


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack a backup into an empty folder and check every hash. Raises `HomeError` naming what does not fit."""
    try:
        with (
            source.open("rb") as raw,
            zstandard.ZstdDecompressor().stream_reader(raw) as unpacked,
            tarfile.open(fileobj=unpacked, mode="r|") as tar,
        ):
            for member in tar:
                _take_out(tar, member, folder)
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, tarfile.TarError, zstandard.ZstdError, ValueError) as error:
        raise HomeError(f"{source} is not a whole backup of Masthead: {error}") from error
    if manifest.get("schema") != SCHEMA:
        raise HomeError(f"{source} is not a backup that this Masthead reads: {manifest.get('schema')}")
    for name, wanted in manifest["files"].items():
        path = folder / name
        if not path.is_file() or _digest(path) != wanted["sha256"]:
            raise HomeError(f"{source} is damaged: {name} is not as it was written")
    (folder / MANIFEST).unlink()
    return manifest


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """One file; a backup holds nothing else. `extractall` has filters from Python 3.11.4 on, but Debian 12 has 3.11.2.

    Raises `HomeError` for what is no plain file or would lie outside.
    """
    name = PurePosixPath(member.name)
    if not member.isreg() or name.is_absolute() or ".." in name.parts:
        raise HomeError(f"{member.name} is no file of a backup")
    path = folder / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    packed = tar.extractfile(member)
    assert packed is not None
    with packed, path.open("xb") as file:
        shutil.copyfileobj(packed, file)
    path.chmod(member.mode & 0o644 | 0o600)
    os.utime(path, (member.mtime, member.mtime))


def put_in_place(unpacked: Path, home: Path) -> Path | None:
    """Make the unpacked folder the home; a home that was there is kept beside it. Returns where."""
    aside = None
    if home.exists():
        aside = home.with_name(f"{home.name}-before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        key = home / "secret_key"
        if key.is_file():
            shutil.copy2(key, unpacked / "secret_key")
        home.rename(aside)
    unpacked.rename(home)
    return aside


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
