"""Which program cleans: another fingerprint may make another article of the same original."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# The libraries whose behaviour shows in an article.
_LIBRARIES = ("ftfy", "lxml", "nh3", "py3langid", "trafilatura")


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """SHA-256 over the modules of `core` and the versions of the libraries that it cleans with, in hexadecimal."""
    found = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*.py")):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for name in _LIBRARIES:
        try:
            found.update(f"{name} {version(name)}\n".encode())
        except PackageNotFoundError:
            continue
    return found.hexdigest()
