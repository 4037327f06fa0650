"""XML that means harm, each document in a process of its own in which every file and socket is written down."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

WATCHED = Path(__file__).parents[2] / "hooks" / "watched.py"
BODY = "<rss version='2.0'><channel><title>{}</title><item><title>x</title></item></channel></rss>"
SECRET = "the words of a file on this machine"
LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
BOMBS = {
    "billion laughs": f"<!DOCTYPE rss [<!ENTITY l0 'lol'>{LAUGHS}]>" + BODY.format("&l9;"),
    "laughs in an attribute": f"<!DOCTYPE rss [<!ENTITY l0 'lol'>{LAUGHS}]>" + BODY.format("<b c='&l9;'/>"),
    "quadratic": f"<!DOCTYPE rss [<!ENTITY a '{'B' * 50_000}'>]>" + BODY.format("&a;" * 50_000),
    "cyclic": "<!DOCTYPE rss [<!ENTITY a '&b;'><!ENTITY b '&a;'>]>" + BODY.format("&a;"),
    "external file": "<!DOCTYPE rss [<!ENTITY e SYSTEM 'file://{secret}'>]>" + BODY.format("[&e;]"),
    "external address": "<!DOCTYPE rss [<!ENTITY e SYSTEM 'http://127.0.0.1:9/x'>]>" + BODY.format("[&e;]"),
    "external dtd": "<!DOCTYPE rss SYSTEM 'file://{secret}'>" + BODY.format("t"),
    "public dtd": "<!DOCTYPE rss PUBLIC '-//N//RSS 0.91//en' 'http://127.0.0.1:9/rss.dtd'>" + BODY.format("t"),
    "parameter entity": "<!DOCTYPE rss [<!ENTITY % p SYSTEM 'file://{secret}'> %p;]>" + BODY.format("t"),
    "xinclude": BODY.format(
        "<x:include xmlns:x='http://www.w3.org/2001/XInclude' parse='text' href='file://{secret}'/>"
    ),
    "stylesheet": "<?xml version='1.0'?><?xml-stylesheet type='text/xsl' href='file://{secret}'?>" + BODY.format("t"),
    "schema": "<rss xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
    " xsi:noNamespaceSchemaLocation='file://{secret}'><channel><title>t</title></channel></rss>",
    "utf-16": f"<?xml version='1.0' encoding='utf-16'?><!DOCTYPE rss [<!ENTITY l0 'lol'>{LAUGHS}]>"
    + BODY.format("&l9;"),
}


def read(*paths: Path) -> list[dict[str, Any]]:
    """What reading each document did."""
    command = [sys.executable, str(WATCHED), "read", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def check(record: dict[str, Any]) -> None:
    """No file, no socket, no secret; little time and memory."""
    assert record["events"] == [], record["file"]
    assert SECRET not in record["found"]
    assert record["seconds"] < 1.0, record["file"]
    assert record["grown"] < 100_000_000, record["file"]


def _write(folder: Path) -> list[Path]:
    """The bombs as files, all of which point at a secret file beside them."""
    (folder / "secret").write_text(SECRET)
    paths = [folder / f"{name}.xml" for name in BOMBS]
    for path, (name, text) in zip(paths, BOMBS.items(), strict=True):
        whole = text.replace("{secret}", str(folder / "secret"))
        path.write_bytes(whole.encode("utf-16" if name == "utf-16" else "utf-8"))
    return paths


def test_a_bomb_opens_nothing_and_costs_little(tmp_path: Path) -> None:
    records = read(*_write(tmp_path))
    assert len(records) == len(BOMBS)
    for record in records:
        check(record)


def test_the_watch_sees_what_is_opened(tmp_path: Path) -> None:
    lines = [
        "import socket, sys, watched",
        "sys.addaudithook(watched.hook)",
        "watched.WATCHING.append(1)",
        "open('/etc/hostname')",
        "socket.socket().connect_ex(('127.0.0.1', 9))",
        "print(watched.EVENTS)",
    ]
    code = "\n".join(lines)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=WATCHED.parent)
    assert "/etc/hostname" in done.stdout and "socket.connect" in done.stdout


@pytest.mark.corpora
def test_bombs_of_the_corpus_open_nothing_and_cost_little() -> None:
    files = sorted((Path(os.environ["MASTHEAD_CORPORA"]) / "xml-bombs").rglob("*.x*"))
    assert len(files) > 5
    for record in read(*files):
        check(record)


@pytest.mark.service("strace")
def test_native_code_opens_nothing_either(tmp_path: Path) -> None:
    """Audit hooks see what Python does; this sees what the parser's own code asks of the system."""
    log = tmp_path / "calls"
    command = ["strace", "-f", "-o", str(log), "-e", "trace=%file,%network", sys.executable, str(WATCHED), "read"]
    subprocess.run([*command, *map(str, _write(tmp_path))], capture_output=True, timeout=300, check=True)
    parts = log.read_text(errors="replace").split("/watch-begins-here")[1:]
    assert len(parts) == len(BOMBS)
    for name, part in zip(BOMBS, parts, strict=True):
        between = part.partition("/watch-ends-here")[0].splitlines()[1:-1]
        opened = [call for call in between if re.search(r"\b(open|openat|openat2|socket|connect|sendto)\(", call)]
        assert opened == [], name
