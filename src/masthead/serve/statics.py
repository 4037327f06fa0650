"""Static files gathered into the home, with hashed names and compressed copies, whenever they have changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from masthead import __version__

_STAMP = "collected"


def collect(home: Path) -> None:
    """Bring `home/static` up to date. A second or two after an upgrade, nothing otherwise."""
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path} {storage.size(path)} {storage.get_modified_time(path)}\n".encode())
    stamp = home / "static" / _STAMP
    if stamp.is_file() and stamp.read_text(encoding="ascii") == digest.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest.hexdigest(), encoding="ascii")
