"""What an import tells: counts, what was healed, what could not be; for people and as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

SCHEMA = "masthead.import/1"
_SAMPLES = 3
_MOST_NAMED = 1000


@dataclass(slots=True)
class Kind:
    """One kind of repair, or of what could not be repaired: how often, why, and some cases."""

    count: int = 0
    why: str = ""
    samples: list[dict[str, str]] = field(default_factory=list)

    def add(self, why: str, sample: dict[str, str]) -> None:
        """One more."""
        self.count += 1
        self.why = self.why or why
        if len(self.samples) < _SAMPLES:
            self.samples.append(sample)


@dataclass(slots=True)
class Report:
    """All that is told of one import. `refused`: (where, reason) of what should have become an article."""

    files: list[str] = field(default_factory=list)
    dry_run: bool = False
    new: int = 0
    changed: int = 0
    known: int = 0
    articles: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[str, str]] = field(default_factory=list)
    comments: int = 0
    pictures: int = 0
    addresses: int = 0
    taken: list[str] = field(default_factory=list)
    sources: Counter[str] = field(default_factory=Counter)
    healed: dict[str, Kind] = field(default_factory=dict)
    not_healed: dict[str, Kind] = field(default_factory=dict)

    @property
    def anything(self) -> bool:
        """Whether anything was read that an import is for."""
        read = self.new + self.changed + self.known
        return bool(read or any(count for reason, count in self.left_out.items() if reason != "other file"))

    def heal(self, title: str, repairs: list[dict[str, Any]], warnings: list[str]) -> None:
        """Enter what the cleaning of one article recorded."""
        self.articles += 1
        for repair in repairs:
            sample = {"title": title, "field": repair["field"], "before": repair["before"], "after": repair["after"]}
            self.healed.setdefault(repair["code"], Kind()).add(repair["why"], sample)
        for warning in warnings:
            # What follows a colon is the case; what stands before it is the kind.
            kind = warning.partition(":")[0]
            self.not_healed.setdefault(kind, Kind()).add(warning, {"title": title, "warning": warning})


def as_json(report: Report) -> dict[str, Any]:
    """The report as `--json` prints it (schema masthead.import/1)."""
    return {
        "schema": SCHEMA,
        "files": report.files,
        "dry_run": report.dry_run,
        "new": report.new,
        "changed": report.changed,
        "known": report.known,
        "articles": report.articles,
        "left_out": dict(report.left_out),
        "refused": [{"where": where, "reason": reason} for where, reason in report.refused[:_MOST_NAMED]],
        "refused_count": len(report.refused),
        "comments": report.comments,
        "pictures_wanted": report.pictures,
        "old_addresses": report.addresses,
        "addresses_taken": report.taken[:_MOST_NAMED],
        "sources": dict(report.sources),
        "healed": {code: asdict(kind) for code, kind in sorted(report.healed.items())},
        "not_healed": [{"kind": name, **asdict(kind)} for name, kind in sorted(report.not_healed.items())],
    }


def as_text(report: Report) -> str:
    """The report as a table."""
    left = ", ".join(f"{count} {reason}" for reason, count in report.left_out.most_common())
    rows = [
        ("new", report.new, ", ".join(f"{name} ({count})" for name, count in report.sources.most_common(5))),
        ("changed", report.changed, ""),
        ("known already", report.known, ""),
        ("left out", report.left_out.total(), left),
        ("refused", len(report.refused), "each is named above" if report.refused else ""),
        ("comments dropped", report.comments, ""),
        ("pictures wanted", report.pictures, "the running site fetches them" if report.pictures else ""),
        ("old addresses", report.addresses, "they lead to the articles here" if report.addresses else ""),
        ("addresses taken", len(report.taken), ", ".join(report.taken[:5])),
    ]
    lines = ["Dry run: nothing was written."] if report.dry_run else []
    lines += [f"{name:<18}{count:>9,}  {note}".rstrip() for name, count, note in rows if count or name == "new"]
    lines += _table("Healed", report.healed)
    lines += _table("Not healed", report.not_healed)
    return "\n".join(lines) + "\n"


def _table(heading: str, kinds: dict[str, Kind]) -> list[str]:
    lines = ["", heading] if kinds else []
    for name, kind in sorted(kinds.items(), key=lambda pair: -pair[1].count):
        why = kind.why if kind.why != name else ""
        lines.append(f"  {_short(name, 60):<22}{kind.count:>7,}  {_short(why, 160)}".rstrip())
        for sample in kind.samples[:1]:
            case = (
                f": {_short(sample['before'], 50)!r} -> {_short(sample['after'], 50)!r}" if "before" in sample else ""
            )
            lines.append(f"      {_short(sample['title'], 60)}{case}")
    return lines


def _short(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
