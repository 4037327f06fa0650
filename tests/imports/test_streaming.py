"""A file of any size is read in the memory that one post takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

READ = """
import resource, sys
from pathlib import Path
from masthead.core.archive import Library, Post, Wanted, pieces, prepare, read
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
library, posts, comments = Library(), 0, 0
for piece in pieces(Path(sys.argv[1])):
    prepare(piece, library)
    for one in read(piece, library, Wanted()):
        posts += isinstance(one, Post)
        comments += one.comments
print(posts, comments, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.slow
def test_a_large_export_takes_little_memory(tmp_path: Path, wxr: ModuleType) -> None:
    thread = "".join(wxr.comment(number) for number in range(1500))
    with (tmp_path / "x.xml").open("w") as file:
        file.write(wxr.HEAD)
        for number in range(1, 401):
            file.write(wxr.item(number, extra=thread))
        file.write(wxr.TAIL)
    assert (tmp_path / "x.xml").stat().st_size > 130_000_000
    done = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path / "x.xml")], capture_output=True, text=True, check=True
    )
    posts, comments, kilobytes = map(int, done.stdout.split())
    assert (posts, comments) == (400, 600_000)
    assert kilobytes < 40_000
