"""Numbers for `/metrics`: whoever has one registers how to read it. Prometheus text format 0.0.4.

A `Tally` counts by label, a `Timing` keeps a histogram of seconds. Both are cheap and safe for threads.
"""

from __future__ import annotations

import bisect
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

SUM = "sum"
"""Among the values of a histogram: the sum of all, beside the number up to each bound."""
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

Values = Mapping[str, float]
Read = Callable[[], float | Values]


@dataclass(frozen=True, slots=True)
class Family:
    """One number, by the values of its label; `label` is empty when there is but one, under the key "".

    `kind`: "counter", "gauge" or "histogram" (label "le", and `SUM`).
    """

    name: str
    kind: str
    help: str
    label: str
    values: dict[str, float]


_registered: dict[str, tuple[str, str, str, Read]] = {}


def register(name: str, kind: str, help: str, read: Read, *, label: str = "") -> None:
    """`read` gives a number, or with a `label` numbers by its values. A name registered again is replaced."""
    _registered[name] = (kind, help, label, read)


def collect() -> list[Family]:
    """All numbers of this process as they are now, by name."""
    return [family(name, kind, help, read(), label) for name, (kind, help, label, read) in sorted(_registered.items())]


def family(name: str, kind: str, help: str, values: float | Values, label: str = "") -> Family:
    """A number, or numbers by the values of `label`."""
    return Family(name, kind, help, label, dict(values) if isinstance(values, Mapping) else {"": float(values)})


def text(families: Iterable[Family]) -> str:
    """The families as Prometheus reads them."""
    lines: list[str] = []
    for one in families:
        lines += [f"# HELP {one.name} {_escape(one.help)}", f"# TYPE {one.name} {one.kind}"]
        lines += _histogram(one) if one.kind == "histogram" else map(_sample(one), sorted(one.values))
    return "\n".join(lines) + "\n" if lines else ""


def _sample(one: Family) -> Callable[[str], str]:
    def line(key: str) -> str:
        named = f'{{{one.label}="{_escape(key, quoted=True)}"}}' if one.label else ""
        return f"{one.name}{named} {_number(one.values[key])}"

    return line


def _histogram(one: Family) -> list[str]:
    counts = {key: value for key, value in one.values.items() if key != SUM}
    lines = [f'{one.name}_bucket{{le="{key}"}} {_number(counts[key])}' for key in sorted(counts, key=float)]
    lines.append(f"{one.name}_sum {_number(one.values.get(SUM, 0.0))}")
    return [*lines, f"{one.name}_count {_number(counts.get('+Inf', 0.0))}"]


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))


def _escape(words: str, *, quoted: bool = False) -> str:
    words = words.replace("\\", "\\\\").replace("\n", "\\n")
    return words.replace('"', '\\"') if quoted else words


class Tally:
    """Counts by the values of one label, and registers itself."""

    def __init__(self, name: str, help: str, label: str) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, float] = {}
        register(name, "counter", help, self.read, label=label)

    def count(self, key: str, by: float = 1) -> None:
        with self._lock:
            self._counts[key] = self._counts.get(key, 0) + by

    def read(self) -> dict[str, float]:
        with self._lock:
            return dict(self._counts)


class Timing:
    """A histogram of seconds, and registers itself."""

    def __init__(self, name: str, help: str, bounds: tuple[float, ...] = BOUNDS) -> None:
        self._lock = threading.Lock()
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0
        register(name, "histogram", help, self.read, label="le")

    def took(self, seconds: float) -> None:
        """Note one."""
        with self._lock:
            self._counts[bisect.bisect_left(self._bounds, seconds)] += 1
            self._sum += seconds

    def read(self) -> dict[str, float]:
        """The number up to each bound, cumulated, and `SUM`."""
        with self._lock:
            counts, total = list(self._counts), self._sum
        values: dict[str, float] = {}
        passed = 0
        for bound, count in zip((*map(str, self._bounds), "+Inf"), counts, strict=True):
            passed += count
            values[bound] = passed
        return {**values, SUM: total}
