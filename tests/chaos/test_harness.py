"""The harness can fail: it notices what is lost, doubled, or not on disk."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from chaos import check, power, press, report
from chaos.disk import Disk
from chaos.result import Result
from chaos.trace import Call, read

ONE, OTHER = press.marker(0, 1, 0), press.marker(0, 1, 1)


def _rows(entries: list[str], articles: list[str]) -> Callable[[str], list[tuple[str]]]:
    def rows(statement: str) -> list[tuple[str]]:
        if "FROM entries_entryversion WHERE" in statement:
            return [(f'{{"title": "About {word}", "guid": "{word}"}}',) for word in entries]
        return [(f"About {word}",) for word in articles] if statement.startswith("SELECT title") else []

    return rows


def test_what_is_lost_or_doubled_is_noticed() -> None:
    assert check.hold(_rows([ONE], []), {ONE}, settled=False).entries == {ONE: 1}
    with pytest.raises(check.Broken, match="1 acknowledged entries are missing"):
        check.hold(_rows([ONE], [ONE]), {ONE, OTHER}, settled=False)
    with pytest.raises(check.Broken, match="1 acknowledged articles are missing"):
        check.hold(_rows([ONE], []), {ONE}, settled=True)
    with pytest.raises(check.Broken, match="1 entries are there twice"):
        check.hold(_rows([OTHER, OTHER], []), (), settled=False)
    with pytest.raises(check.Broken, match="1 articles are there twice"):
        check.hold(_rows([OTHER], [OTHER, OTHER]), (), settled=False)


def test_a_database_that_is_damaged_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE line (text TEXT)")
        database.executemany("INSERT INTO line VALUES (?)", [("x" * 900,)] * 200)
        database.execute("CREATE INDEX line_text ON line (text)")
    database.close()
    body = bytearray(path.read_bytes())
    body[20 * 4096 : 20 * 4096 + 200] = bytes(200)
    path.write_bytes(body)
    with pytest.raises(check.Broken):
        check.hold_sqlite(path, ())


def test_an_edition_gives_way_only_to_a_request_that_names_it() -> None:
    here = press.Press(1, 1)
    try:
        status, etag, _ = here.answer("127.0.0.2:80", "")
        assert status == 200 and here.answer("127.0.0.2:80", '"0-7"')[1] == etag and not here.acknowledged()
        _, second, _ = here.answer("127.0.0.2:80", etag)
        assert second != etag and here.acknowledged() == {press.marker(0, 0, 0), press.marker(0, 0, 1)}
        here.moving = False
        assert here.answer("127.0.0.2:80", second)[0] == 304
    finally:
        here.close()


def _call(name: str, *paths: str, result: int = 3, data: bytes = b"", arguments: str = "") -> Call:
    return Call(name, result, 1, 3, paths, data, arguments)


def _left(disk: Disk, target: Path, *, torn: bool = False, seed: int = 1) -> dict[str, bytes]:
    disk.cut(target, random.Random(seed), torn=torn)
    return {path.name: path.read_bytes() for path in target.rglob("*") if path.is_file()}


def test_a_disk_keeps_what_was_synced_and_may_lose_the_rest(tmp_path: Path) -> None:
    root, after = tmp_path / "home", tmp_path / "after"
    root.mkdir()
    (root / "old").write_bytes(b"old")
    disk, new = Disk(root), f"{root}/new"
    disk.apply(_call("openat", new, arguments="AT_FDCWD, , O_RDWR|O_CREAT, 0600"))
    disk.apply(_call("pwrite64", new, result=2048, data=b"a" * 2048, arguments="3<>, , 2048, 0"))
    assert {frozenset(_left(disk, after, seed=seed)) for seed in range(20)} == {
        frozenset({"old"}), frozenset({"old", "new"}),
    }  # fmt: skip
    assert _left(disk, after, seed=1).get("new", b"") == b""
    torn = {_left(disk, after, torn=True, seed=seed).get("new", b"") for seed in range(40)}
    assert len(torn) > 5 and all(set(body) <= {0, 97} for body in torn)
    disk.apply(_call("fdatasync", new))
    disk.apply(_call("pwrite64", new, result=2, data=b"bb", arguments="3<>, , 2, 0"))
    assert _left(disk, after) == {"old": b"old", "new": b"a" * 2048}
    disk.apply(_call("rename", new, f"{root}/old"))
    assert {frozenset(_left(disk, after, seed=seed)) for seed in range(20)} == {
        frozenset({"old"}), frozenset({"old", "new"}),
    }  # fmt: skip
    disk.apply(_call("fsync", str(root)))
    assert _left(disk, after) == {"old": b"a" * 2048}


def test_a_trace_is_read_with_the_calls_of_several_threads_between_each_other(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    trace.write_text(
        r"""7 openat(AT_FDCWD, "\x2f\x61", O_RDWR|O_CREAT, 0600) = 3<\x2f\x61>
7 pwrite64(3<\x2f\x61>, "\x68\x69", 2, 4096 <unfinished ...>
8 fsync(4<\x2f\x62>) = -1 EIO (Input/output error) (INJECTED)
8 rename("\x2f\x61", "\x2f\x62") = 0
7 <... pwrite64 resumed>) = 2
"""
    )
    calls = list(read(trace))
    assert [(call.name, call.paths, call.data) for call in calls] == [
        ("openat", ("/a",), b""),
        ("rename", ("/a", "/b"), b""),
        ("pwrite64", ("/a",), b"hi"),
    ]


@pytest.mark.service("strace")
def test_commits_that_do_not_wait_for_the_disk_are_noticed(tmp_path: Path) -> None:
    result = power.ingest(tmp_path, 30, 1, job="careless")
    assert any("missing" in broken or "integrity" in broken or "cannot be read" in broken for broken in result.broken)


def test_parts_of_a_long_round_come_into_one_table(tmp_path: Path) -> None:
    lines = tmp_path / "parts.jsonl"
    whole = [
        Result("kill", rounds=3, hits=2, recovery=1.5),
        Result("power", rounds=1, hits=1),
        Result("kill", rounds=4, hits=4, recovery=0.5, broken=["round 2: lost"]),
    ]
    lines.write_text("".join(json.dumps(asdict(part)) + "\n" for part in whole))
    page = tmp_path / "page.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.put(page, report.table(report.parts([lines]), "in parts"))
    told = page.read_text()
    assert told.startswith("before\n") and told.endswith("\nafter\n") and "old" not in told
    assert "| kill | 7 (6) | **no: 1 broken** | 0 | – | – | 1.5 s |" in told
    assert "| power | 1 (1) | all |" in told and "- **kill**: round 2: lost" in told
