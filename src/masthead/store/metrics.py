"""Numbers for `/metrics`: whoever has one registers how to read it. Prometheus text format 0.0.4."""

from __future__ import annotations

from collections.abc import Callable

Read = Callable[[], float]
_registered: dict[str, tuple[str, str, Read]] = {}


def register(name: str, kind: str, help: str, read: Read) -> None:
    """`kind` is "counter" or "gauge"; a name registered again is replaced."""
    _registered[name] = (kind, help, read)


def text() -> str:
    """All numbers as they are now."""
    lines: list[str] = []
    for name, (kind, help, read) in sorted(_registered.items()):
        lines += [f"# HELP {name} {help}", f"# TYPE {name} {kind}", f"{name} {read():g}"]
    return "\n".join(lines) + "\n" if lines else ""


def labelled(name: str, kind: str, help: str, label: str, values: dict[str, float]) -> str:
    """One number with a label, for what is read from the database at the moment."""
    lines = [f"# HELP {name} {help}", f"# TYPE {name} {kind}"]
    lines += [f'{name}{{{label}="{key}"}} {value:g}' for key, value in sorted(values.items())]
    return "\n".join(lines) + "\n"
