"""What has been tried, a line of JSON for each batch: a run that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import masthead
from attack.batch import Result
from attack.packs import Pack, Pair, packed

PER_BATCH = 20
PER_LIST = 100


def plan(pairs: Sequence[Pair]) -> list[list[Pack]]:
    """Batches of packs."""
    return _batches(packed(pairs))


def again(pairs: Sequence[Pair], done: dict[str, Result]) -> list[list[Pack]]:
    """Those whose marks were lost in company, each alone, in batches."""
    lost = {number for result in done.values() for number in result.missing}
    return _batches([[pair] for pair in pairs if pair.number in lost])


def lists(pairs: Sequence[Pair]) -> list[list[Pack]]:
    """Batches for lists of feeds: a line holds one payload."""
    return _batches([[pair] for pair in pairs], PER_LIST)


def _batches(packs: Sequence[Pack], size: int = PER_BATCH) -> list[list[Pack]]:
    return [[*packs[start : start + size]] for start in range(0, len(packs), size)]


def program() -> str:
    """A digest of everything that makes or judges an answer: results of another program do not count."""
    made = hashlib.sha256()
    for folder in (Path(masthead.__file__).parent, Path(__file__).parent):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".html", ".xml", ".json", ".txt"):
                made.update(path.read_bytes())
    return made.hexdigest()


def key(batch: Iterable[Pack], of: str) -> str:
    texts = [[(pair.number, pair.payload, pair.times) for pair in pack] for pack in batch]
    return hashlib.sha256((of + json.dumps(texts)).encode("utf-8", "surrogatepass")).hexdigest()[:20]


def write(journal: Path, name: str, result: Result) -> None:
    with journal.open("a", encoding="utf-8", errors="replace") as file:
        file.write(json.dumps({"key": name, **asdict(result)}) + "\n")


def read(journal: Path) -> dict[str, Result]:
    """Results by key. A line that was cut off is tried again."""
    found: dict[str, Result] = {}
    if journal.exists():
        for line in journal.read_text(encoding="utf-8").splitlines():
            try:
                fields = json.loads(line)
                name = fields.pop("key")
                found[name] = Result(**fields)
            except (ValueError, TypeError, KeyError):
                continue
    return found
