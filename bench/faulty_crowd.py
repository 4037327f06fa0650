"""How much 30 % of faulty feeds, faulty in all 28 ways, slow the healthy ones. One run, one table.

    PYTHONPATH=src python bench/faulty_crowd.py [--feeds 1000] [--delay 0.1] [--repeat 5]

The same feeds are asked twice: in the first crowd all behave, in the second three of ten are faulty. What is compared
are the same seven of ten, which behave in both: when each was there, counted from the start. First the fetcher alone,
`--repeat` times in turn, of which the best counts (a busy machine makes any of them slow); then the whole poller with a
database of its own, for two rounds, because in the second the poller knows who failed. Servers stand in processes of
their own and answer after `--delay` seconds, as distance would make them. Nothing is asserted; figures depend on the
machine, and the poller's on how fast its disk is.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).parents[1]
NAMES = ("nxdomain", "servfail", "slow-dns", "rebinding")
WAYS = {"fetch": "fetcher alone", "first": "poller, first round", "second": "poller, second round"}
Told = list[tuple[int, str, str, str]]


def faulty(number: int) -> bool:
    """Three of ten."""
    return number % 10 < 3


def serve(feeds: int, delay: float, broken: bool) -> None:
    """Be the publishers: print every feed's number, host, address and fault, until the standard input ends."""
    from tests.poll.faultserver import FAULTS, FaultServer

    server = FaultServer(delay)
    kinds = list(FAULTS.values())
    told: Told = []
    count = 0
    for number in range(feeds):
        fault = kinds[count % len(kinds)] if faulty(number) else None
        count += faulty(number)
        site = server.site(f"n{number}", fault)
        if fault is not None and broken and fault.name not in NAMES:
            fault.do(site)
        told.append((number, site.host, site.url, fault.name if fault else ""))
    print(json.dumps(told), flush=True)
    sys.stdin.read()
    server.close()


def resolve(told: Told, broken: bool) -> SimpleNamespace:
    """Answer names as the faults want it, in this process; tells what makes names that hang stop."""
    from tests.poll.faultserver import FAULTS

    from masthead.core.fetch import connect

    world = SimpleNamespace(names={}, stopped=threading.Event())
    for _, host, _, kind in told:
        if broken and kind in NAMES:
            FAULTS[kind].do(SimpleNamespace(server=world, host=host))  # type: ignore[arg-type]

    def look_up(host: str, port: int, family: int) -> list[tuple[int, str]]:
        return [(2, address) for address in world.names.get(host, lambda: ["127.0.0.1"])()]

    connect.look_up = look_up
    return world


class Watch:
    """When each healthy feed was there, and how much was in use, from now on."""

    def __init__(self, told: Told) -> None:
        import psutil

        self.healthy = {url for number, _, url, _ in told if not faulty(number)}
        self._me, self._began, self._work = psutil.Process(), time.monotonic(), time.process_time()
        self._cpu = 0.0
        self.done: list[float] = []
        self._threads = self._sockets = 0

    def note(self, result: Any) -> None:
        """A result came and was dealt with."""
        if result.url in self.healthy and (result.ok or result.not_modified):
            self.done.append(time.monotonic() - self._began)
            self._cpu = time.process_time() - self._work
        if len(self.done) % 20 == 0:
            self._threads = max(self._threads, self._me.num_threads())
            self._sockets = max(self._sockets, len(self._me.net_connections("tcp")))

    def end(self) -> dict[str, Any]:
        """The figures. `cpu`: seconds until the last healthy feed."""
        with Path("/proc/self/status").open() as status:
            peak = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
        figures = {"threads": self._threads, "sockets": self._sockets, "cpu": round(self._cpu, 2), "peak": peak}
        return {"done": sorted(self.done), **figures}


def fetch(told: Told, watch: Watch) -> dict[str, Any]:
    """The fetcher alone, until the last healthy feed is there."""
    from tests.poll.faultserver import trusting

    from masthead.core.fetch import Client, ClientOptions, FetchRequest

    async def run() -> None:
        all_there = asyncio.Event()
        async with Client(ClientOptions("Masthead/bench", ("127.0.0.1/32",), gap=0.0), tls=trusting()) as client:

            async def one(url: str) -> None:
                watch.note(await client.fetch(FetchRequest(url)))
                if len(watch.done) == len(watch.healthy):
                    all_there.set()

            tasks = [asyncio.create_task(one(url)) for _, _, url, _ in told]
            await all_there.wait()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())
    return {"fetch": watch.end()}


def poll(told: Told) -> dict[str, Any]:
    """The poller: subscribes, polls two rounds."""
    from masthead.cli import ready

    ready()
    from django.core.management import call_command
    from tests.poll.faultserver import trusting

    from masthead.core.fetch import Client
    from masthead.entries.ingest import ingest
    from masthead.feeds import client
    from masthead.feeds import poll as module
    from masthead.feeds.models import Feed
    from masthead.feeds.subscribe import Wish, subscribe

    call_command("migrate", verbosity=0)
    client.Client = functools.partial(Client, tls=trusting())  # type: ignore[misc,assignment]
    for _, _, url, _ in told:
        subscribe(Wish(url))
    record_all = module.record_all
    figures: dict[str, Any] = {}
    for round_ in ("first", "second"):
        watch = Watch(told)

        def recorded(pairs: Any, watch: Watch = watch) -> list[bool]:
            good = record_all(pairs)
            for _, result in pairs:
                watch.note(result)
            return good

        module.record_all = recorded
        module.poll_due()
        figures[round_] = watch.end()
        while ingest().more:
            pass
        Feed.objects.filter(state="active").update(due_at=None, not_before=None)
    return figures


def child(role: str, told: str, broken: bool) -> dict[str, Any]:
    """One measurement in a process, home and database of its own."""
    command = [sys.executable, __file__, "--be", role, *(["--broken"] if broken else [])]
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            command, env=_environment(home), input=told, text=True, check=True, stdout=subprocess.PIPE
        )
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _environment(home: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MASTHEAD_", "DATABASE_"))}
    return kept | {
        "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
        "MASTHEAD_HOME": home,
        "MASTHEAD_ALLOW_PRIVATE_ADDRESSES": "127.0.0.1/32",
        # All publishers stand at one address here, as they would not: what spreads requests to one is not measured.
        "MASTHEAD_ADDRESS_GAP": "0",
        "MASTHEAD_BASE_URL": "http://news.example",
        "DJANGO_SETTINGS_MODULE": "masthead.settings",
    }


def measure(options: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """All figures of the crowd in which all are well, and of the other one."""
    command = [
        sys.executable,
        __file__,
        "--be",
        "servers",
        "--feeds",
        str(options.feeds),
        "--delay",
        str(options.delay),
    ]
    servers = [
        subprocess.Popen(
            [*command, *extra], env=_environment(""), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for extra in ((), ("--broken",))
    ]
    try:
        told = [server.stdout.readline() for server in servers if server.stdout is not None]
        runs = [[child("fetcher", told[ill], bool(ill)) for ill in (0, 1)] for _ in range(options.repeat)]
        best = [min((run[ill] for run in runs), key=lambda run: run["fetch"]["done"][-1]) for ill in (0, 1)]
        well, ill = ({**best[at], **child("poller", told[at], bool(at))} for at in (0, 1))
    finally:
        for server in servers:
            if server.stdin is not None:
                server.stdin.close()
            server.wait()
    return well, ill


def table(well: dict[str, Any], ill: dict[str, Any]) -> None:
    """Both crowds side by side."""
    row = "{:<42}{:>12}{:>12}{:>10}"
    print(row.format("", "all well", "30 % faulty", "slower"))
    for way, words in WAYS.items():
        one, two = well[way], ill[way]
        print(row.format(f"{words}: healthy feeds read", len(one["done"]), len(two["done"]), ""))
        for name, at in (
            ("half of them after, s", 0.5),
            ("95 % of them after, s", 0.95),
            ("all of them after, s", 1.0),
        ):
            before, after = (it["done"][max(0, round(at * len(it["done"])) - 1)] for it in (one, two))
            print(row.format(f"  {name}", f"{before:.2f}", f"{after:.2f}", f"{100 * (after / before - 1):+.1f} %"))
        for name, key in (("CPU until then, s", "cpu"), ("threads at most", "threads"), ("sockets at most", "sockets")):
            print(row.format(f"  {name}", one[key], two[key], ""))
        print(row.format("  peak memory, MB", one["peak"], two["peak"], ""))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1000, help="feeds of each crowd, each on a host of its own")
    parser.add_argument("--delay", type=float, default=0.1, help="seconds before every good answer")
    parser.add_argument("--repeat", type=int, default=5, help="how often the fetcher alone is measured")
    parser.add_argument("--broken", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--be", choices=("servers", "fetcher", "poller"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.be == "servers":
        serve(options.feeds, options.delay, options.broken)
    elif options.be:
        told = [tuple(one) for one in json.loads(sys.stdin.readline())]
        world = resolve(told, options.broken)
        print(json.dumps(fetch(told, Watch(told)) if options.be == "fetcher" else poll(told)), flush=True)
        world.stopped.set()
        os._exit(0)  # names that hang are not waited for
    else:
        table(*measure(options))


if __name__ == "__main__":
    main()
