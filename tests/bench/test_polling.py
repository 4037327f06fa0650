"""The server and the report of `make bench-poll`, on a few feeds."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from masthead.core.parse import parse_feed
from polling import documents, report, server
from polling.measure import Round, run
from polling.programs import Newsboat


def test_a_changed_feed_has_one_new_item_and_lost_its_oldest() -> None:
    before, after = (
        [entry.id for entry in parse_feed(documents.document(40, changed=changed), url="", content_type="").entries]
        for changed in (False, True)
    )
    assert len(before) == len(set(before)) == documents.ITEMS
    assert after[1:] == before[:-1] and after[0] not in before


async def test_the_server_answers_conditionally_packs_and_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "FEEDS", 2)
    state = server.prepare()
    here = await asyncio.get_running_loop().create_server(lambda: server.Publisher(state), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*here.sockets[0].getsockname())

    async def ask(more: str = "", path: str = documents.path_of(0)) -> tuple[bytes, bytes]:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: a\r\n{more}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.partition(b"Content-Length: ")[2].split(b"\r\n")[0]
        return head, await reader.readexactly(int(length or 0))

    head, body = await ask()
    assert head.startswith(b"HTTP/1.1 200") and body == documents.document(0, changed=False)
    head, packed = await ask("Accept-Encoding: br, gzip\r\n")
    assert b"Content-Encoding: gzip" in head and len(packed) < len(body) / 2
    condition = 'If-None-Match: "0-1"\r\n'
    assert (await ask(condition))[0].startswith(b"HTTP/1.1 304")
    await ask(path="/control/3")
    assert (await ask(condition))[0].startswith(b"HTTP/1.1 200"), "every twentieth has changed in round 3"
    assert (await ask('If-None-Match: "1-1"\r\n', documents.path_of(1)))[0].startswith(b"HTTP/1.1 304")
    assert (state.counts.requests, state.counts.full, state.counts.unchanged) == (2, 1, 1)
    writer.close()
    here.close()


def test_a_run_is_measured_and_ended_at_its_limit(tmp_path: Path) -> None:
    wall, cpu, memory, why = run([sys.executable, "-c", "sum(range(3_000_000))"], {}, tmp_path / "log", 60)
    assert wall > 0 and cpu > 0 and memory > 1 and why == ""
    assert "boom" in run([sys.executable, "-c", "raise SystemExit('boom')"], {}, tmp_path / "log", 60)[3]
    assert "ended after" in run([sys.executable, "-c", "import time; time.sleep(60)"], {}, tmp_path / "log", 0.5)[3]


def test_the_report_stands_between_its_marks(tmp_path: Path) -> None:
    seen = {"requests": 10, "full": 10, "unchanged": 0, "received": 1, "sent": 2, "connections": 3, "most_at_a_host": 1}
    program = Newsboat(tmp_path)
    text = report.table(
        ["A", "B"], [(program, [Round(2.0, 1.0, 5.0, seen, 40), Round(5.0, 1.0, 5.0, seen, 60)])], [], 9
    )
    assert "| newsboat | 5 | 20 | 2.0 | 1.0 | 10 |" in text and "| newsboat | 2 | 4 | 5.0 |" in text
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- x -->\nold\n<!-- /x -->\nafter\n")
    report.put(page, "x", "new")
    assert page.read_text().split() == ["before", "<!--", "x", "-->", "new", "<!--", "/x", "-->", "after"]
