"""Who comes and what is true of them: requests of which each is a reading, or something else with its reason."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

BROWSERS = [
    f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36"
    for system in ("X11; Linux x86_64", "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7")
    for version in range(120, 140)
] + ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"]
AGENTS = {
    "crawler": [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.0; +https://openai.com/gptbot)",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
        "curl/8.5.0",
    ],
    "preview": ["facebookexternalhit/1.1", "Twitterbot/1.0", "WhatsApp/2.23.20.0 A", "TelegramBot (like TwitterBot)"],
    "monitor": ["Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", "kube-probe/1.29"],
    "program": ["MyScript 1.0", "NewsWidget/3"],
    "no-agent": [""],
}
# Of a thousand requests. What is left, 600, are readings.
SHARES = {
    "crawler": 90, "repeat": 90, "preview": 50, "prefetch": 45, "prerender": 30, "head": 25, "monitor": 25,
    "program": 10, "no-agent": 5, "forged": 14, "desk": 8, "range": 6, "error": 2,
}  # fmt: skip
READINGS = 1000 - sum(SHARES.values())
USES = 20
"""Of the readings, so many are uses of a short link."""
COUNTED, SILENT = "/api/bench/counted", "/api/bench/silent"
"""Where a server is told to count what it answers from now on, or to tell nobody (`readers.switched_site`)."""
SHARED = 5
"""Of the readings, so many come to each of the processes at the same time."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `address`: of the reader; `forged`: what its peer claims without right."""

    path: str
    address: str
    agent: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Truth:
    """What has to stand in the tables afterwards."""

    views: Counter[int] = field(default_factory=Counter)
    uses: Counter[int] = field(default_factory=Counter)
    excluded: Counter[str] = field(default_factory=Counter)

    def add(self, other: Truth) -> None:
        self.views.update(other.views)
        self.uses.update(other.uses)
        self.excluded.update(other.excluded)

    @property
    def requests(self) -> int:
        return self.views.total() + self.uses.total() + self.excluded.total()


def address(number: int) -> str:
    """An address of its own for each number, in 10.0.0.0/8."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def block(
    seed: int, first: int, size: int, process: int, articles: dict[int, tuple[str, str]]
) -> tuple[list[Ask], Truth]:
    """`size` requests and what is true of them. Readers `first` to `first + size` are new; `articles`: path and code.

    The shared readings of a block are the same for all processes: the first process says that they are readings, the
    others that they are repeats; which of them comes first does not matter to the sum.
    """
    chance, together = random.Random(f"{seed}:{process}"), random.Random(seed)
    truth, asks = Truth(), []
    keys = sorted(articles)
    for number in range(size * SHARED // 1000):
        key = together.choice(keys)
        asks.append(Ask(articles[key][0], f"172.16.{seed >> 8 & 255}.{seed & 255}", f"{BROWSERS[0]} n{number}"))
        if process == 0:
            truth.views[key] += 1
        else:
            truth.excluded["repeat"] += 1
    kinds = list(_kinds(size))
    chance.shuffle(kinds)
    read: list[Ask] = []
    for number, kind in enumerate(kinds):
        key = chance.choice(keys)
        path, code = articles[key]
        ask = Ask(path, address(first + number), chance.choice(BROWSERS))
        if kind == "use":
            ask = Ask(f"/s/{code}", ask.address, ask.agent)
            truth.uses[key] += 1
        elif kind == "read":
            truth.views[key] += 1
        elif kind == "repeat" and read:
            ask = chance.choice(read[-200:])
            truth.excluded[kind] += 1
        elif kind == "repeat":
            truth.views[key] += 1
        else:
            ask = _other(kind, ask, chance)
            truth.excluded[kind] += 1
        if kind in ("read", "use"):
            read.append(ask)
        asks.append(ask)
    return asks, truth


def _kinds(size: int) -> Iterator[str]:
    left = size - size * SHARED // 1000
    for kind, share in {**SHARES, "use": USES}.items():
        for _ in range(size * share // 1000):
            left -= 1
            yield kind
    for _ in range(left):
        yield "read"


def _other(kind: str, ask: Ask, chance: random.Random) -> Ask:
    """The same request as something that is no reading."""
    if kind in AGENTS:
        return Ask(ask.path, ask.address, chance.choice(AGENTS[kind]))
    if kind == "head":
        return Ask(ask.path, ask.address, ask.agent, "HEAD")
    if kind == "error":
        return Ask("/article/999999999-gone/", ask.address, ask.agent)
    headers = {
        "prefetch": chance.choice([("Sec-Purpose", "prefetch"), ("Purpose", "prefetch"), ("X-Moz", "prefetch")]),
        "prerender": ("Sec-Purpose", "prefetch;prerender"),
        "range": ("Range", "bytes=0-499"),
        "desk": ("Cookie", "masthead=abcdef"),
        "forged": ("X-Forwarded-For", "203.0.113.9"),
    }
    return Ask(ask.path, ask.address, ask.agent, headers=(headers[kind],))
