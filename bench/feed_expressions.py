"""The expressions of feedparser's own test files, held against masthead.feed/1 and against feedparser.

Which cases count is a rule: an expression is taken apart at its `and`s; parts that read only `bozo` or `encoding` (what
a parser thinks of a document, not what it read) drop out; each part that remains must compare fields that
masthead.feed/1 has (`FIELDS`). A case with a part that reads anything else does not count, for either side.

How values are compared, again for both sides: text as one line of words; HTML after both passed one sanitiser; dates as
moments; addresses and numbers as they are.
"""

from __future__ import annotations

import ast
import calendar
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser

from masthead.cli.inspect_feed import feed_record
from masthead.core.dates import instant
from masthead.core.parse import NotAFeed, parse_feed
from masthead.core.parse.decode import decode
from masthead.core.parse.node import words_of
from masthead.core.sanitize import sanitize
from masthead.core.urls import absolute

HERE = "http://127.0.0.1:8097/"
_EXPECT = re.compile(r"Expect:\s*(.*)")
_HEADER = re.compile(r"Header:\s*([\w-]+):\s*(.*)")
Record = dict[str, Any]


class Incomparable(Exception):
    """The expression reads what masthead.feed/1 has no field for."""


def _at(values: list[Any], place: int) -> Any:
    return values[place] if place < len(values) else {}


def _author(value: Record, _: int) -> str:
    one = _at(value.get("authors", []), 0)
    name, email = one.get("name", ""), one.get("email", "")
    return f"{name} ({email})" if name and email else name or email


def _format(value: Record, _: int) -> str:
    """ "rss-2.0" as feedparser says it: rss20."""
    return str(value.get("format", "")).replace("-", "").replace(".", "")


@dataclass(frozen=True)
class Field:
    """How one of feedparser's fields is read from our record (`place`: the first index in its path)."""

    kind: str
    get: Callable[[Record, int], Any]


def _either(kind: str, *names: str) -> Field:
    """feedparser gives one for the other: content as the summary of an entry that has none; dc:date as an update."""
    return Field(kind, lambda value, _: next((value[name] for name in names if value.get(name)), None))


def _own(kind: str, name: str) -> Field:
    return Field(kind, lambda value, _: value.get(name))


def _listed(kind: str, many: str, name: str = "") -> Field:
    def get(value: Record, place: int) -> Any:
        one = _at(value.get(many, []), place)
        return one.get(name) if name else one or ""

    return Field(kind, get)


def _source(name: str) -> Field:
    return Field("text", lambda value, _: (value.get("source") or {}).get(name))


_THUMBNAIL = Field(
    "same", lambda value, place: _at([one for one in value["media"] if one["thumbnail"]], place).get("url")
)
# feedparser's path, numbers left out -> ours. "version" and what begins with "feed." are read from the whole record.
FIELDS: dict[str, Field] = {
    "version": Field("version", _format),
    **{f"feed.{name}": _own("text", "title") for name in ("title", "title_detail.value")},
    **{
        f"feed.{name}": _own("text", "description")
        for name in ("description", "subtitle", "tagline", "subtitle_detail.value", "tagline_detail.value")
    },
    "feed.link": _own("same", "link"),
    "feed.language": _own("same", "language"),
    "feed.updated": _own("moment", "updated"),
    "feed.updated_parsed": _own("moment", "updated"),
    **{
        f"feed.{name}": _own("text", "license")
        for name in ("copyright", "rights", "license", "copyright_detail.value", "rights_detail.value")
    },
    **{f"feed.{name}": _own("same", "image") for name in ("image.href", "image.url")},
    **{f"entries.{name}": _own("text", "title") for name in ("title", "title_detail.value")},
    **{f"entries.{name}": _own("same", "id") for name in ("id", "guid")},
    "entries.link": _own("same", "link"),
    **{
        f"entries.{name}": _either("html", "summary_html", "content_html")
        for name in ("summary", "description", "summary_detail.value")
    },
    "entries.content.value": _own("html", "content_html"),
    **{f"entries.{name}": _own("moment", "published") for name in ("published", "published_parsed")},
    **{f"entries.{name}": _either("moment", "updated", "published") for name in ("updated", "updated_parsed")},
    "entries.author": Field("text", _author),
    **{
        f"entries.{many}.{name}": _listed(kind, "authors", ours)
        for many in ("authors", "author_detail")
        for name, kind, ours in (
            ("name", "text", "name"),
            ("email", "same", "email"),
            ("url", "same", "url"),
            ("href", "same", "url"),
        )
    },
    "entries.tags.term": _listed("text", "categories"),
    "entries.category": _listed("text", "categories"),
    **{f"entries.enclosures.{name}": _listed("same", "enclosures", "url") for name in ("url", "href")},
    "entries.enclosures.type": _listed("same", "enclosures", "type"),
    "entries.enclosures.length": _listed("number", "enclosures", "length"),
    "entries.media_thumbnail.url": _THUMBNAIL,
    "entries.image.href": _THUMBNAIL,
    **{
        f"entries.{name}": _own("text", "license") for name in ("license", "rights", "copyright", "rights_detail.value")
    },
    "entries.comments": _own("same", "comments"),
    **{f"entries.source.{name}": _source("title") for name in ("title", "title_detail.value")},
    "entries.source.link": _source("url"),
}
_UNCOUNTED = frozenset(("bozo", "encoding"))


@dataclass(frozen=True)
class Reading:
    """One side's result: `get` gives the value at a path of names and numbers, None when there is none."""

    get: Callable[[list[str | int]], Any]


def ours(record: Record) -> Reading:
    def get(path: list[str | int]) -> Any:
        numbers = [part for part in path if isinstance(part, int)]
        found = FIELDS[_key(path)]
        if path[0] != "entries":
            return found.get(record, numbers[0] if numbers else 0)
        entry = _at(record["entries"], numbers[0] if numbers else 0)
        return found.get(entry, numbers[1] if len(numbers) > 1 else 0) if entry else None

    return Reading(get)


def theirs(data: Any) -> Reading:
    def get(path: list[str | int]) -> Any:
        value = data
        try:
            for part in path:
                value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
        return value

    return Reading(get)


def _key(path: list[str | int]) -> str:
    return ".".join(part for part in path if isinstance(part, str))


def path_of(node: ast.expr) -> list[str | int]:
    """`entries[0]['title']` as ["entries", 0, "title"]. Raises `Incomparable`."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        return [*path_of(node.value), node.attr]
    if isinstance(node, ast.Subscript):
        part = node.slice
        if isinstance(part, ast.Constant) and isinstance(part.value, str | int):
            return [*path_of(node.value), part.value]
    raise Incomparable(ast.unparse(node))


def same(kind: str, value: Any, wanted: Any) -> bool:
    """Whether a value is what the test wants."""
    if kind == "moment":
        return _moment(value) is not None and _moment(value) == _moment(wanted)
    if kind == "number":
        return str(value or "") == str(wanted or "")
    value, wanted = str(value or ""), str(wanted or "")
    if kind == "version":  # which of two firms wrote RSS 0.91 ("u", "n") shows in nothing that is read
        return value.rstrip("un") == wanted.rstrip("un")
    if kind == "same":
        return value.strip() == wanted.strip() or (bool(absolute(value)) and absolute(value) == absolute(wanted))
    if kind == "html":
        return _html(value) == _html(wanted)
    return not _words(value).isdisjoint(_words(wanted))


def _moment(value: Any) -> datetime | None:
    if isinstance(value, tuple):
        return datetime.fromtimestamp(calendar.timegm(value), UTC) if len(value) >= 6 else None
    stated = instant(str(value)) if value else None
    return datetime.fromisoformat(stated) if stated else None


def _html(value: str) -> str:
    """Sanitised, blanks folded, without a lone `div` around it (RFC 4287 3.1.1.3: it is not part of the content)."""
    found = " ".join(sanitize(value, HERE).split())
    inner = re.fullmatch(r"<div>((?:(?!</?div).)*)</div>", found)
    return inner[1].strip() if inner else found


def _words(value: str) -> set[str]:
    """A line of text, as it stands and as the HTML that it may be (our text fields are text, feedparser's are HTML)."""
    return {" ".join(value.split()), plain(value)}


def plain(value: str) -> str:
    """Text for comparing: markup and blanks do not count."""
    return " ".join(words_of(value).split())


def check(node: ast.expr, reading: Reading) -> bool | None:
    """What an expression says of a reading; None: nothing that counts. Raises `Incomparable`."""
    if isinstance(node, ast.BoolOp):
        found = [part for part in (check(value, reading) for value in node.values) if part is not None]
        if not found:
            return None
        return all(found) if isinstance(node.op, ast.And) else any(found)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = check(node.operand, reading)
        return None if inner is None else not inner
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq | ast.NotEq):
        path = path_of(node.left)
        if path[0] in _UNCOUNTED:
            return None
        if _key(path) not in FIELDS:
            raise Incomparable(_key(path))
        try:
            wanted = ast.literal_eval(node.comparators[0])
        except ValueError:
            raise Incomparable(ast.unparse(node)) from None
        agrees = same(FIELDS[_key(path)].kind, reading.get(path), wanted)
        return agrees if isinstance(node.ops[0], ast.Eq) else not agrees
    if path_of(node)[0] in _UNCOUNTED:
        return None
    raise Incomparable(ast.unparse(node))


@dataclass
class Score:
    """Of one group of cases."""

    files: int = 0
    cases: int = 0
    ours: int = 0
    theirs: int = 0
    wrong: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def group_of(path: Path, folder: Path) -> str:
    """feedparser's folders; of the well-formed ones, those whose cases are HTML to sanitise stand apart."""
    parts = path.relative_to(folder).parts
    return "/".join(parts[:2]) if parts[:2] == ("wellformed", "sanitize") else parts[0]


def score(folder: Path) -> dict[str, Score]:
    """Every file below `folder` by group."""
    found: dict[str, Score] = {}
    for path in sorted(folder.rglob("*.xml")):
        group = found.setdefault(group_of(path, folder), Score())
        group.files += 1
        body = path.read_bytes()
        text = decode(body).text[:5000]
        said = _EXPECT.search(text)
        if said is None:
            group.left_out["no expression"] += 1
            continue
        _case(group, str(path.relative_to(folder)), body, said[1].strip(), dict(_headers(text)))
    return found


def _headers(text: str) -> list[tuple[str, str]]:
    return [(name.lower(), value.strip()) for name, value in _HEADER.findall(text)]


def _case(group: Score, name: str, body: bytes, expression: str, headers: dict[str, str]) -> None:
    kind = headers.get("content-type", "application/xml")
    # What a document's Content-Location names is where it is from; a caller of parse_feed passes that.
    url = re.sub(r"^(?!https?:)/?", HERE, headers.get("content-location", ""))
    try:
        tree = ast.parse(expression, mode="eval").body
        record = feed_record(parse_feed(body, url=url, content_type=kind), name)
    except SyntaxError:
        group.left_out["not an expression"] += 1
        return
    except NotAFeed:
        record = {"entries": []}
    try:
        right = check(tree, ours(record))
        if right is None:
            group.left_out["only bozo or encoding"] += 1
            return
    except Incomparable as why:
        group.left_out[str(why)] += 1
        return
    data = feedparser.parse(body, response_headers={"content-type": kind, "content-location": url})
    group.cases += 1
    group.ours += right
    group.theirs += bool(check(tree, theirs(data)))
    if not right:
        group.wrong.append(f"{name}: {expression}")


def report(scores: dict[str, Score], show: int) -> list[str]:
    """Rows of the table; with `show`, what was wrong and what was left out for want of a field."""
    for name, one in scores.items():
        for line in one.wrong[:show]:
            print(f"  wrong: {line[:240]}")
        if show:
            print(f"  left out of {name}: {json.dumps(dict(one.left_out.most_common()))[:3000]}")
    rows = []
    for name, one in scores.items():
        rows.append(f"feedparser {name} | {one.cases} of {one.files} | {one.ours} | {one.theirs}")
    return rows
