"""Where the site's database is, from now on: `database_url` in masthead.toml."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from masthead.serve.home import SETTINGS_FILE, HomeError
from masthead.store.database import SQLITE_FILE

_LINE = re.compile(r"^#?[ \t]*database_url[ \t]*=.*$", re.MULTILINE)


def by_environment() -> bool:
    """Whether the environment says where the database is; then the file has no say."""
    return "DATABASE_URL" in os.environ


def switch(home: Path, to: str) -> None:
    """Write the setting; the rest of the file stays as it is. Raises `HomeError` where the environment rules."""
    if by_environment():
        raise HomeError("DATABASE_URL is set in the environment, which wins over masthead.toml: change it there")
    path = home / SETTINGS_FILE
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    url = "" if to.partition(":")[0] == "sqlite" else to
    line = f"database_url = {json.dumps(url)}" if url else '# database_url = ""'
    found = _LINE.search(text)
    text = text[: found.start()] + line + text[found.end() :] if found else f"{line}\n{text}"
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="utf-8")
    fresh.rename(path)


def put_aside(home: Path) -> Path:
    """Give the SQLite file that was moved from another name, so that nobody takes it for the site by mistake."""
    file = home / SQLITE_FILE
    aside = file.with_name(f"{SQLITE_FILE}.moved")
    number = 1
    while aside.exists():
        number += 1
        aside = file.with_name(f"{SQLITE_FILE}.moved-{number}")
    file.rename(aside)
    for suffix in ("-wal", "-shm", "-gate", "-turn"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    return aside


def told(to: str) -> str:
    """What an operator has to do by hand."""
    if to.partition(":")[0] == "sqlite":
        return "Now unset DATABASE_URL, or take database_url out of masthead.toml, and start `masthead`."
    return f"Now set DATABASE_URL, or database_url in masthead.toml, to {hidden(to)} and start `masthead`."


def hidden(url: str) -> str:
    """An address without its password."""
    return re.sub(r"(?<=://)([^/@:]*):[^@]*@", r"\1:***@", url)
