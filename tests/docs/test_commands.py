"""Every command of the documentation is run, page by page, each page in an empty folder.

`$ ` lines of ```console blocks are the commands. What this test cannot run on every machine is listed in `EXPLAINED`
with the reason; a command that is neither run nor listed fails. `news.example` is served on loopback here.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

# Pattern -> why it is not run here, and what runs it instead.
EXPLAINED = {
    r"make (run|test|check|audit|sbom|chaos|bench|docs|screenshots)\b": "runs this suite, or a server; CI calls make",
    r"podman ": "needs a base image from a registry; tests/deploy has the file read by hadolint",
    r"python3 -m venv|.*pip install": "the wheel test installs Masthead into an empty folder",
}

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Harbour Gazette</title><link>http://news.example/</link>
<description>News of the quay</description><item><title>Ferry returns to the northern line</title>
<link>http://news.example/ferry</link><guid>http://news.example/ferry</guid>
<pubDate>Mon, 02 Nov 2026 08:00:00 GMT</pubDate><description>&lt;p&gt;The ferry sailed again on Monday after repairs
that took three weeks.&lt;/p&gt;</description></item></channel></rss>"""


def commands(page: Path) -> list[str]:
    """The commands of a page in their order."""
    blocks = re.findall(r"^```console\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    return [re.sub(r"\s+# .*$", "", line[2:]) for line in lines]


def explained(command: str) -> bool:
    return any(re.match(pattern, command) for pattern in EXPLAINED)


def words_of(command: str) -> list[str]:
    """The words of a command, without the settings in front of it."""
    words = shlex.split(command)
    while "=" in words[0]:
        words = words[1:]
    return words


def is_server(words: list[str]) -> bool:
    """Whether a command stays in the foreground: bare `masthead`, `serve`, `demo`."""
    rest = [word for word in words[1:] if not word.startswith("-") and ":" not in word]
    return words[0].endswith("masthead") and "--version" not in words and rest in ([], ["serve"], ["demo"])


@pytest.fixture
def publisher() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = FEED.encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://news.localhost:{server.server_port}/"
    server.shutdown()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[bytes], seconds: float = 90) -> None:
    """Until the server answers. Fails when it ended or does not come up."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    pytest.fail(f"{address} did not answer within {seconds} s")


def test_every_command_is_run_or_explained():
    found = [command for page in PAGES for command in commands(page)]
    assert len(found) > 15
    for command in found:
        name = words_of(command)[0].removeprefix(".venv/bin/")
        assert explained(command) or name in ("masthead", "curl"), f"nobody runs: {command}"


@pytest.mark.parametrize("page", [p for p in PAGES if any(not explained(c) for c in commands(p))], ids=lambda p: p.name)
def test_commands_of_a_page(page: Path, tmp_path: Path, publisher: str):
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    (tmp_path / "password.txt").write_text("a long pass phrase for ada\n")
    (tmp_path / "page.html").write_text(
        "<html><head><title>Quay</title></head><body><p>The quay is open.</p></body></html>"
    )
    (tmp_path / "feed.xml").write_text(FEED)
    (tmp_path / "articles.jsonl").write_text(
        '{"id": "1", "title": "Ferry returns", "text": "It sailed.", "published": "2026-11-02", "source": "a"}\n'
    )
    (tmp_path / "subscriptions.opml").write_text(
        f'<opml version="2.0"><body><outline type="rss" text="Quay" xmlUrl="{publisher}other.xml"/></body></opml>'
    )
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("MASTHEAD_", "DATABASE_URL", "DJANGO_"))},
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "MASTHEAD_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8",
        "MASTHEAD_HOST_GAP": "0",
    }
    servers: list[subprocess.Popen[bytes]] = []
    try:
        run_all(page, tmp_path, environment, publisher, port, address, servers)
    finally:
        for server in servers:
            server.send_signal(signal.SIGTERM)
        codes = [server.wait(20) for server in servers]
    assert all(code == 0 for code in codes), f"a server did not stop cleanly: {codes}"


def run_all(page, folder, environment, publisher, port, address, servers) -> None:
    """Run the commands of a page in turn; servers go on in the background until the page is done."""
    if any("curl" in command for command in commands(page)) and not shutil.which("curl"):
        pytest.fail("curl is missing: apt-get install curl")
    wanted = commands(page)
    if any(command.startswith("curl") for command in wanted) and not any(is_server(words_of(c)) for c in wanted):
        wanted = ["masthead --bind 127.0.0.1:8000", *wanted]
    for command in wanted:
        if explained(command):
            continue
        command = command.replace("https://news.example/", publisher).replace("127.0.0.1:8000", f"127.0.0.1:{port}")
        command = command.replace(".venv/bin/", "")
        words = words_of(command)
        if is_server(words):
            words += [] if "--bind" in words else ["--bind", f"127.0.0.1:{port}"]
            process = subprocess.Popen(words, cwd=folder, env=environment, stderr=subprocess.DEVNULL)
            servers.append(process)
            wait_for(address, process)
            continue
        done = subprocess.run(
            command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=180
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
