"""Programs that tests start: where they lie."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def program_path(name: str) -> str | None:
    """On the path, or beside this Python, as what pip brought; None when it is missing."""
    return shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
