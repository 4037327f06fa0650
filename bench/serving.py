"""Requests per second of the front page and an article, from the cache and made anew, beside nginx with the same bytes.

    python bench/serving.py [--seconds 3]

One run, one core for the server (the first) and one for wrk (the last). Makes a site of its own in a temporary home,
with articles from the demo newsroom's models, and ends all that it started.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{ access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder}; default_type text/html; keepalive_requests 1000000;
  open_file_cache max=100; sendfile on; tcp_nopush on;
  server {{ listen 127.0.0.1:{port}; root {folder}/root; }} }}
"""

FILL = """
import hashlib
from django.utils import timezone
from datetime import timedelta
from masthead.cli import ready
ready()
from masthead.core.records import to_builtins
from masthead.core.types import Block, CleanArticle
from masthead.articles.models import Article, Revision
from masthead.entries.models import Entry
from masthead.feeds.models import Feed, Source
now = timezone.now()
for number in range(60):
    known = {"name": f"Source {number % 6}", "policy": "full"}
    source, _ = Source.objects.get_or_create(slug=f"s{number % 6}", defaults=known)
    feed, _ = Feed.objects.get_or_create(url=f"http://s{number % 6}.localhost/feed", defaults={"source": source})
    at = now - timedelta(minutes=7 * number)
    entry = Entry.objects.create(
        feed=feed, source=source, key=str(number), first_seen_at=at, last_seen_at=at, cleaned_version=1)
    text = "The council met on Tuesday and heard from those who live by the river. " * 6
    document = CleanArticle(title=f"Report {number} of the river", body=tuple(
        Block(type="paragraph", text=text, html=f"<p>{text}</p>") for _ in range(12)))
    article = Article.objects.create(
        entry=entry, source=source, slug=f"report-{number}", title=document.title, standfirst=text[:140],
        language="en", first_seen_at=at, published_at=at, published_precision="second", sort_at=at, word_count=900)
    article.revision = Revision.objects.create(article=article, number=1, made_at=at, document=to_builtins(document),
        digest=hashlib.sha256(text.encode()).hexdigest())
    article.save()
print(Article.objects.order_by("id").values_list("id", flat=True)[0])
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return bytes(answer.read())


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 90
    while True:
        try:
            fetch(url)
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@contextmanager
def started(command: list[str], core: int, **more: str) -> Iterator[None]:
    """The program on one core, for the time of the block."""
    process = subprocess.Popen(
        ["taskset", "-c", str(core), *command],
        env={**os.environ, **more},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def wrk(url: str, core: int, seconds: int) -> float:
    """Requests per second, the median of three."""
    rates = []
    for _ in range(3):
        command = ["taskset", "-c", str(core), "wrk", "-t1", "-c32", f"-d{seconds}s", url]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in out:
            raise SystemExit(f"{url} did not answer 200 throughout:\n{out}")
        rates.append(float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]))  # type: ignore[index]
    return sorted(rates)[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=3, help="length of each of the three measurements of a row")
    seconds = parser.parse_args().seconds
    for program in ("nginx", "wrk", "taskset"):
        if shutil.which(program) is None:
            raise SystemExit(f"bench/serving.py needs {program}: apt-get install nginx-light wrk util-linux")
    cores = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="masthead-bench-") as name:
        measure(Path(name), cores[0], cores[-1], seconds)


def measure(folder: Path, server: int, client: int, seconds: int) -> None:
    home = {"MASTHEAD_HOME": str(folder / "home")}
    filled = subprocess.run([sys.executable, "-c", FILL], env={**os.environ, **home}, capture_output=True, text=True)
    if filled.returncode:
        raise SystemExit(filled.stderr)
    pk = filled.stdout.split()[-1]
    pages = {"front page": "/", "article": f"/article/{pk}-report-0/"}
    rates: dict[tuple[str, str], float] = {}
    sizes: dict[str, int] = {}
    bodies: dict[str, bytes] = {}
    for kind, more in (("cached", {}), ("made anew", {"MASTHEAD_CACHE_MEGABYTES": "0"})):
        port = free_port()
        command = [sys.executable, "-m", "masthead", "--bind", f"127.0.0.1:{port}"]
        with started(command, server, **home, **more):
            wait_for(f"http://127.0.0.1:{port}/readyz")
            time.sleep(3)  # the pipeline comes to rest
            for page, path in pages.items():
                url = f"http://127.0.0.1:{port}{path}"
                bodies[page] = fetch(url)
                sizes[page] = len(bodies[page])
                rates[page, kind] = wrk(url, client, seconds)
    (folder / "root").mkdir()
    folder.chmod(0o755)
    port = free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    for page, body in bodies.items():
        (folder / "root" / f"{page.split()[0]}.html").write_bytes(body)
    with started(["nginx", "-c", str(folder / "nginx.conf")], server):
        wait_for(f"http://127.0.0.1:{port}/front.html")
        for page in pages:
            rates[page, "nginx"] = wrk(f"http://127.0.0.1:{port}/{page.split()[0]}.html", client, seconds)
    print(f"{'page':<12}{'bytes':>9}{'nginx/s':>10}{'cached/s':>10}{'ratio':>7}{'anew/s':>9}{'ms each':>9}")
    for page in pages:
        cached, anew, nginx = (rates[page, kind] for kind in ("cached", "made anew", "nginx"))
        print(
            f"{page:<12}{sizes[page]:>9}{nginx:>10.0f}{cached:>10.0f}{cached / nginx:>7.2f}"
            f"{anew:>9.0f}{1000 / anew:>9.1f}"
        )


if __name__ == "__main__":
    main()
