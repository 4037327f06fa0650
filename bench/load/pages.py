"""Ready pages beside nginx's static files and beside a bare WSGI callable under the same server, on one core.

    python -m load pages [--seconds 3] [--rounds 5] [--markdown FILE]

All are asked in turns, so that what else the machine does meets all. Two rates are told: by the clock, where the
client's core may be what limits, and by the processor time that the server took, which other load changes little.
"nginx keeps" is Masthead behind nginx with the cache of `deploy/nginx`, a second long: for the front page, since
articles are always asked of Masthead. The processor time of both is in it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from load.machine import Rate, fetch, free_port, part_of, started, wait_for, wrk
from serving import FILL, NGINX

MARK = "bench-load-pages"
GRANIAN = ("--interface", "wsgi", "--host", "127.0.0.1", "--no-ws", "--backlog", "1024", "--backpressure", "512")
DEPLOYED = Path(__file__).parents[2] / "deploy" / "nginx"
KEEPS = """
worker_processes 1; daemon off; pid {folder}/keeps.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{ access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder}; keepalive_requests 1000000;
  open_file_cache max=100; sendfile on; tcp_nopush on;
  include {folder}/conf.d/*.conf;
  upstream masthead {{ server 127.0.0.1:{inner}; keepalive 32; }}
  server {{ listen 127.0.0.1:{port}; proxy_http_version 1.1; proxy_set_header Connection "";
    proxy_set_header Host $host; include {deployed}/masthead.d/*.conf;
    location / {{ proxy_pass http://masthead; }} }} }}
"""
Key = tuple[str, str]


def fill(home: Path) -> str:
    """A site of sixty articles; the number of its first. Raises `SystemExit`."""
    known = {**os.environ, "MASTHEAD_HOME": str(home)}
    filled = subprocess.run([sys.executable, "-c", FILL], env=known, capture_output=True, text=True)
    if filled.returncode:
        raise SystemExit(filled.stderr)
    return filled.stdout.split()[-1]


def measure(folder: Path, *, seconds: float, rounds: int, threads: int) -> str:
    """Run it all; the table."""
    cores = sorted(os.sched_getaffinity(0))
    server, client = cores[0], cores[-1]
    pages = {"front page": "/", "article": f"/article/{fill(folder / 'home')}-report-0/"}
    root = folder / "root"
    root.mkdir()
    folder.chmod(0o755)
    with ExitStack() as running:
        ports = {name: free_port() for name in ("nginx", "bare WSGI", "Masthead", "nginx keeps")}
        command = [sys.executable, "-m", "masthead", "--bind", f"127.0.0.1:{ports['Masthead']}"]
        more = {"MASTHEAD_HOME": str(folder / "home"), "MASTHEAD_WEB_THREADS": str(threads)}
        more["MASTHEAD_PROXY_CACHE_SECONDS"] = "1"
        serving = running.enter_context(started(command, core=server, **more))
        wait_for(f"http://127.0.0.1:{ports['Masthead']}/readyz")
        pids = {"Masthead": (part_of(serving, "web"),)}
        urls: dict[Key, str] = {}
        sizes: dict[str, int] = {}
        for page, path in pages.items():
            urls[page, "Masthead"] = f"http://127.0.0.1:{ports['Masthead']}{path}"
            body = fetch(urls[page, "Masthead"])
            name = f"{page.split()[0]}.html"
            (root / name).write_bytes(body)
            sizes[page] = len(body)
            for other in ("nginx", "bare WSGI"):
                urls[page, other] = f"http://127.0.0.1:{ports[other]}/{name}"
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=ports["nginx"]))
        pids["nginx"] = (running.enter_context(started(["nginx", "-c", str(folder / "nginx.conf")], core=server)),)
        keeps = _keeping(folder, ports)
        nginx = running.enter_context(started(["nginx", "-c", str(keeps)], core=server))
        pids["nginx keeps"] = (nginx, *pids["Masthead"])
        urls["front page", "nginx keeps"] = f"http://127.0.0.1:{ports['nginx keeps']}{pages['front page']}"
        granian = [str(Path(sys.executable).with_name("granian")), *GRANIAN, "--port", str(ports["bare WSGI"])]
        bare = {"BENCH_BARE_ROOT": str(root), "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1])])}
        granian += ["--blocking-threads", str(threads), "load.bare:application"]
        pids["bare WSGI"] = (running.enter_context(started(granian, core=server, **bare)),)
        for url in urls.values():
            wait_for(url)
        rates = _rounds(urls, pids, client, seconds, rounds)
    return _table(rates, sizes, threads)


def _keeping(folder: Path, ports: dict[str, int]) -> Path:
    """The configuration of an nginx that keeps pages, as it is shipped."""
    (folder / "conf.d").mkdir()
    shipped = (DEPLOYED / "masthead-cache.conf").read_text()
    (folder / "conf.d" / "cache.conf").write_text(shipped.replace("/var/cache/nginx-masthead", str(folder / "kept")))
    keeps = folder / "keeps.conf"
    given = {"folder": folder, "port": ports["nginx keeps"], "inner": ports["Masthead"], "deployed": DEPLOYED}
    keeps.write_text(KEEPS.format(**given))
    return keeps


def _rounds(
    urls: dict[Key, str], pids: dict[str, tuple[int, ...]], client: int, seconds: float, rounds: int
) -> dict[Key, list[Rate]]:
    rates: dict[Key, list[Rate]] = {key: [] for key in urls}
    for number in range(rounds):
        for key in list(urls)[:: 1 if number % 2 else -1]:
            fetch(urls[key])  # ready, whatever changed meanwhile
            rates[key].append(wrk(urls[key], *pids[key[1]], core=client, seconds=seconds))
    return rates


def _table(rates: dict[Key, list[Rate]], sizes: dict[str, int], threads: int) -> str:
    """The best round of each: what others do on the machine only takes away."""
    lines = [
        f"web_threads {threads}; load of the machine at the end {os.getloadavg()[0]:.1f}; the best and the median of "
        f"{len(next(iter(rates.values())))} rounds each.",
        "",
        "| page | server | a second: best | median | of nginx | a processor second: best | median | of nginx "
        "| of bare |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for page, size in sizes.items():
        names = [name for name in ("nginx", "bare WSGI", "Masthead", "nginx keeps") if (page, name) in rates]
        best = {name: max(r.processor for r in rates[page, name]) for name in names}
        clock = {name: max(r.clock for r in rates[page, name]) for name in names}
        for name in names:
            each = rates[page, name]
            lines.append(
                f"| {page}, {size:,} bytes | {name} | {clock[name]:,.0f} "
                f"| {statistics.median(r.clock for r in each):,.0f} | {clock[name] / clock['nginx']:.2f} "
                f"| {best[name]:,.0f} "
                f"| {statistics.median(r.processor for r in each):,.0f} | {best[name] / best['nginx']:.2f} "
                f"| {best[name] / best['bare WSGI']:.2f} |"
            )
    return "\n".join(lines)
