"""The copy that Litestream keeps of a site's database, made while it is written, read back as it was."""

from __future__ import annotations

import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.programs import program_path

LITESTREAM = program_path("litestream") or ""
DEPLOY = Path(__file__).parents[2] / "deploy"

pytestmark = pytest.mark.service("litestream")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database as Masthead's backend opens it: through the gate, in WAL, every commit synced."""
    from masthead.store.sqlite3.gate import GatedConnection

    connection = sqlite3.connect(tmp_path / "masthead.sqlite3", factory=GatedConnection, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE report (id INTEGER PRIMARY KEY, words TEXT)")
    yield connection
    connection.close()


def test_a_site_is_restored_from_the_copy_after_everything_is_gone(
    tmp_path: Path, database: sqlite3.Connection
) -> None:
    copy, settings = tmp_path / "copy", tmp_path / "litestream.yml"
    shipped = (DEPLOY / "litestream.yml").read_text()
    place = shipped.index("    replica:")
    settings.write_text(
        shipped[:place].replace("/var/lib/masthead", str(tmp_path))
        + f"    replica:\n      type: file\n      path: {copy}\n      sync-interval: 200ms\n"
    )
    with (tmp_path / "log").open("w") as log:
        running = subprocess.Popen([LITESTREAM, "replicate", "-config", str(settings)], stdout=log, stderr=log)
    try:
        for number in range(400):
            database.execute("BEGIN IMMEDIATE")
            database.executemany(
                "INSERT INTO report (words) VALUES (?)", [(f"report {number}.{n} " + "x" * 500,) for n in range(10)]
            )
            database.execute("COMMIT")
            time.sleep(0.005)
        assert running.poll() is None, (tmp_path / "log").read_text()[-500:]
        running.terminate()  # it sends what is left
        assert running.wait(30) == 0, (tmp_path / "log").read_text()[-500:]
    finally:
        running.kill()
        running.wait()
    written = database.execute("SELECT count(*), sum(length(words)) FROM report").fetchone()
    database.close()
    for path in tmp_path.glob("masthead.sqlite3*"):
        path.unlink()
    restored = tmp_path / "restored.sqlite3"
    subprocess.run([LITESTREAM, "restore", "-o", str(restored), f"file://{copy}"], check=True, timeout=60)
    with sqlite3.connect(restored) as again:
        assert again.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert again.execute("SELECT count(*), sum(length(words)) FROM report").fetchone() == written
