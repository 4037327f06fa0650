"""Reads documents, or asks for addresses, while every file opened and every socket used is written down.

    python watched.py read FILE...      python watched.py fetch < ADDRESSES

Prints one JSON object a document: seconds, growth of memory in bytes, and the events of Python's audit hooks. Under
strace, system calls stand between two calls that ask for BEGIN and END.
"""

from __future__ import annotations

import asyncio
import codecs
import json
import sys
import time
from pathlib import Path
from typing import Any

BEGIN, END = Path("/watch-begins-here"), Path("/watch-ends-here")
EVENTS: list[str] = []
WATCHING: list[bool] = []


def hook(event: str, arguments: tuple[Any, ...]) -> None:
    if WATCHING and (event == "open" or event.startswith(("socket.", "subprocess.", "urllib.", "os.exec", "os.fork"))):
        EVENTS.append(f"{event} {arguments[0] if event == 'open' else arguments[1:]!r}"[:200])


def everything(body: bytes) -> str:
    from masthead.core.extract import extract_page
    from masthead.core.parse import NotAFeed, discover, opml, parse_feed

    try:
        found = repr(parse_feed(body, url="https://paper.example/feed"))
    except NotAFeed as error:
        found = str(error)
    found += repr((discover(body, "https://paper.example/"), opml.read(body)))
    return found + repr(extract_page(body, "https://paper.example/"))


def read(path: str) -> dict[str, Any]:
    body = Path(path).read_bytes()
    Path("/proc/self/clear_refs").write_text("5")  # the peak of memory begins anew
    memory = _memory("VmRSS")
    BEGIN.exists()
    WATCHING.append(True)
    began = time.process_time()
    found = everything(body)
    seconds = time.process_time() - began
    WATCHING.clear()
    END.exists()
    grown = _memory("VmHWM") - memory
    return {"file": path, "seconds": seconds, "grown": grown, "events": list(EVENTS), "found": found[:20_000]}


def _memory(name: str) -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024


def warm() -> None:
    """Everything that is read once in the life of a process is read now: models, tables, encodings."""
    from masthead.articles import make
    from masthead.entries import read as reading

    make.warm()
    reading.warm()
    for name in ("utf_16", "utf_16_le", "utf_16_be", "utf_32", "cp1252", "latin_1"):
        codecs.lookup(name)
    everything(b"<html><body><p>Words of a page.</p></body></html>")
    everything(b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel><title>&a;</title></channel></rss>")


async def fetch(urls: list[str]) -> list[dict[str, Any]]:
    from masthead.core.fetch import Client, ClientOptions, FetchRequest

    async with Client(ClientOptions("Masthead/test", gap=0.0, deadline=5.0)) as client:
        found = []
        for url in urls:
            EVENTS.clear()
            WATCHING.append(True)
            result = await client.fetch(FetchRequest(url))
            WATCHING.clear()
            connects = [event for event in EVENTS if event.startswith(("socket.connect", "socket.sendto"))]
            found.append({"url": url, "error": result.error, "detail": result.error_detail, "connects": connects})
        return found


def main() -> None:
    sys.addaudithook(hook)
    if sys.argv[1] == "read":
        warm()
        for path in sys.argv[2:]:
            EVENTS.clear()
            print(json.dumps(read(path)))
    else:
        for record in asyncio.run(fetch(json.load(sys.stdin))):
            print(json.dumps(record))


if __name__ == "__main__":
    main()
