"""Reads the sample newsroom's text files: plain text that a person can write and proofread.

A file holds the reports of one publisher. A report begins with a line of six fields and its headline, then
come options (`name: value`), a blank line and the text, whose first paragraph is the standfirst:

    === ferry-pier | 5h | city | harbour dusk | ferry-pier | Ines Calloway
    Ferry pier reopens a week early
    caption: The pier on Tuesday morning.

    The standfirst.

    A paragraph, with a link to [another report](ferry-fares).

    ## A subhead
    - a list item
    > Words that were said. -- Who said them
    | a table | of two columns |

The second field says when the report came out: `5h`, `2d3h` before the newsroom opened, `2021-12-03T00:15` in
the zone of the publisher, `undated`, or `later 7`, the seventh to come while one watches. `=== ~ferry-pier |
later 8` is a revision: `replace: old => new` options, and paragraphs to add at the end.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from typing import Literal

PieceKind = Literal["paragraph", "heading", "quote", "list", "table"]

_HEAD = re.compile(r"^=== +(?P<fields>.+)$", re.M)
_OPTION = re.compile(r"^([a-z]+): (.+)$")
_COPY = re.compile(r"^(?P<report>[\w-]+/[\w-]+)(?: (?P<first>\d+)-(?P<last>\d+))?$")


class TextError(ValueError):
    """A text file that cannot be read; the message names the report and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of text. `items`: the lines of a list, or the rows of a table with cells parted by `|`."""

    kind: PieceKind
    text: str = ""
    items: tuple[str, ...] = ()
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One report of one publisher, as its file has it. `copy_of` names the wire report whose text it takes over."""

    publisher: str
    slug: str
    title: str
    when: str
    section: str = ""
    scene: str = ""
    event: str = ""
    author: str = ""
    caption: str = ""
    credit: str = ""
    standfirst: str = ""
    body: tuple[Piece, ...] = ()
    damage: frozenset[str] = frozenset()
    related: str = ""
    copy_of: str = ""
    copy_range: tuple[int, int] = (1, 99)
    replacements: tuple[tuple[str, str], ...] = field(default=())

    @property
    def key(self) -> str:
        """Its name within the newsroom: `publisher/slug`."""
        return f"{self.publisher}/{self.slug}"

    @property
    def is_revision(self) -> bool:
        return self.slug.startswith("~")

    @property
    def place_in_queue(self) -> int | None:
        """Its number among those that come later, or None when it is out from the start."""
        return int(self.when.split()[1]) if self.when.startswith("later ") else None


def read_reports(text: str, publisher: str) -> tuple[Report, ...]:
    """The reports of a file. Raises `TextError` for one that is not as the module's text says."""
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)][: len(heads)]
    return tuple(
        _report(head["fields"], text[head.end() : end].strip("\n"), publisher)
        for head, end in zip(heads, ends, strict=True)
    )


def _report(fields: str, rest: str, publisher: str) -> Report:
    values = [value.strip() for value in fields.split("|")]
    slug = values[0]
    names = ("slug", "when", "section", "scene", "event", "author")
    if len(values) != 2 and len(values) != len(names):
        raise TextError(f"{publisher}/{slug}: {len(values)} fields, wanted {', '.join(names)}")
    lines = rest.split("\n")
    title, lines = lines[0].strip(), lines[1:]
    options: list[tuple[str, str]] = []
    while lines and (option := _OPTION.match(lines[0])):
        options.append((option[1], option[2].strip()))
        lines = lines[1:]
    standfirst, body = _split("\n".join(lines), revision=slug.startswith("~"))
    report = Report(publisher, slug, title, values[1], standfirst=standfirst, body=body)
    if len(values) > 2:
        section, scene, event, author = values[2:]
        report = dataclasses.replace(report, section=section, scene=scene, event=event, author=author)
    return _with_options(report, options)


def _with_options(report: Report, options: list[tuple[str, str]]) -> Report:
    for name, value in options:
        match name:
            case "damage":
                report = dataclasses.replace(report, damage=frozenset(value.split()))
            case "copy":
                parts = _COPY.match(value)
                if not parts:
                    raise TextError(f"{report.key}: copy: {value!r} is not `publisher/slug first-last`")
                span = (int(parts["first"]), int(parts["last"])) if parts["first"] else (1, 99)
                report = dataclasses.replace(report, copy_of=parts["report"], copy_range=span)
            case "replace":
                old, arrow, new = value.partition(" => ")
                if not arrow:
                    raise TextError(f"{report.key}: replace: {value!r} has no ` => `")
                report = dataclasses.replace(report, replacements=(*report.replacements, (old, new)))
            case "caption":
                report = dataclasses.replace(report, caption=value)
            case "credit":
                report = dataclasses.replace(report, credit=value)
            case "related":
                report = dataclasses.replace(report, related=value)
            case _:
                raise TextError(f"{report.key}: no such option: {name}")
    return report


def _split(text: str, *, revision: bool) -> tuple[str, tuple[Piece, ...]]:
    """The standfirst and the body. A revision has no standfirst of its own."""
    pieces = tuple(_pieces(text))
    if revision or not pieces or pieces[0].kind != "paragraph":
        return "", pieces
    return pieces[0].text, pieces[1:]


def _pieces(text: str) -> list[Piece]:
    found: list[Piece] = []
    for chunk in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in chunk.split("\n") if line.strip()]
        while lines:
            taken, piece = _piece(lines)
            found.append(piece)
            lines = lines[taken:]
    return found


def _piece(lines: list[str]) -> tuple[int, Piece]:
    """The block that begins at the first line, and of how many lines it is made."""
    first = lines[0]
    if first.startswith("## "):
        return 1, Piece("heading", first[3:])
    if first.startswith("> "):
        words, _, cite = first[2:].partition(" -- ")
        return 1, Piece("quote", words.strip(), cite=cite.strip())
    kind: PieceKind
    for mark, kind in (("- ", "list"), ("| ", "table")):
        if first.startswith(mark):
            run = _run(lines, mark)
            items = tuple(line[2:].rstrip(" |") for line in lines[:run])
            return run, Piece(kind, items=items)
    run = next((n for n, line in enumerate(lines) if n and line.startswith(("## ", "> ", "- ", "| "))), len(lines))
    return run, Piece("paragraph", " ".join(lines[:run]))


def _run(lines: list[str], mark: str) -> int:
    return next((n for n, line in enumerate(lines) if not line.startswith(mark)), len(lines))
