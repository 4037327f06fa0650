"""The damaged set: invented items, pages and pasted texts, each with one kind of damage and what must come of it.

    python bench/damaged.py [--faults]

The cases stand in `tests/damaged/*.toml`, a file a class; `tests/damaged/README.md` describes their form. Texts that
are whole and must not be touched are a class of their own, as are the things that only look like damage.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from masthead.core.extract import extract_page
from masthead.core.parse import parse_feed
from masthead.core.repair import EntryContext, clean_entry, clean_text
from masthead.core.types import CleanArticle

CASES = Path(__file__).parents[1] / "tests" / "damaged"
# When every case was received, unless it says otherwise.
SEEN = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
_ITEM = (
    ("title", "title"), ("link", "link"), ("guid", "guid"), ("date", "pubDate"), ("author", "dc:creator"),
    ("summary", "description"), ("content", "content:encoded"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One input and what is expected of it. `kind`: "item", "feed", "page" or "text"."""

    group: str
    name: str
    language: str
    kind: str
    given: Any
    expect: Mapping[str, Any]
    url: str = ""
    encoding: str = "utf-8"
    content_type: str = ""
    channel: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    behind: str = ""

    @property
    def id(self) -> str:
        """What a test is called after."""
        return f"{self.group}-{self.name}-{self.language}"


def cases() -> list[Case]:
    """All cases, one for each language that a case stands for."""
    prose = tomllib.loads((CASES / "prose.toml").read_text("utf-8"))
    found = []
    for path in sorted(CASES.glob("*.toml")):
        if path.name != "prose.toml":
            for raw in tomllib.loads(path.read_text("utf-8"))["case"]:
                found += list(_expanded(path.stem, raw, prose))
    return found


def _expanded(group: str, raw: dict[str, Any], prose: dict[str, dict[str, str]]) -> Iterator[Case]:
    """A case for each language in `words`, or the one of `language`; `{p1}` and the like stand for words."""
    for language, words in (raw.get("words") or {raw["language"]: {}}).items():
        filled = _filled(raw, {**prose[language], **_filled(words, prose[language])})
        kind = next(name for name in ("item", "feed", "page", "text") if name in raw)
        yield Case(
            group, raw["name"], language, kind, filled[kind], filled["expect"], filled.get("url", ""),
            filled.get("encoding", "utf-8"), filled.get("content_type", ""), filled.get("channel", {}),
            filled.get("source", ""), filled.get("behind", ""),
        )  # fmt: skip


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return re.sub(r"\{([a-z]\w*)\}", lambda found: _word(found, words), value)
    if isinstance(value, list):
        return [_filled(item, words) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, words) for key, item in value.items() if key != "words"}
    return value


def _word(found: re.Match[str], words: Mapping[str, str]) -> str:
    word = words.get(found[1])
    return found[0] if word is None else word


def cleaned(case: Case) -> CleanArticle:
    """What Masthead makes of a case, by the same way that live items take."""
    if case.kind == "text":
        return clean_text(case.given, case.url, SEEN)
    data = (_feed_of(case) if case.kind == "item" else case.given).encode(case.encoding)
    if case.kind == "page":
        return extract_page(data, case.url, case.content_type, seen=SEEN)
    feed = parse_feed(data, content_type=case.content_type, url=case.url)
    context = EntryContext(
        feed_url=case.url, feed_title=feed.title, feed_link=feed.link, feed_language=feed.language,
        feed_format=feed.format, source_name=case.source,
    )  # fmt: skip
    page = extract_page(case.behind.encode(), feed.entries[0].link, seen=SEEN) if case.behind else None
    return clean_entry(feed.entries[0], context, page, SEEN)


def _feed_of(case: Case) -> str:
    """An RSS document around the one item of a case, whose values are escaped once, as they should be."""
    channel = {"title": "Harbour Courier", "link": "https://harbour.example/", **case.channel}
    parts = [f"<{name}>{escape(value)}</{name}>" for name, value in channel.items()]
    item = {"title": "A report", "link": "https://harbour.example/news/report", **case.given}
    parts.append("<item>")
    parts += [f"<{tag}>{escape(item[name])}</{tag}>" for name, tag in _ITEM if item.get(name)]
    parts.append(item.get("more", "") + "</item>")
    spaces = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    )
    declared = f'<?xml version="1.0" encoding="{case.encoding}"?>'
    return f'{declared}<rss version="2.0" {spaces}><channel>{"".join(parts)}</channel></rss>'


def _links(article: CleanArticle) -> list[str]:
    html = " ".join("".join(block.items) or block.html for block in article.body)
    return [url.replace("&amp;", "&") for url in re.findall(r'<a [^>]*href="([^"]*)"', html)]


def _date(article: CleanArticle, name: str) -> Any:
    return getattr(article.published, name) if article.published else ""


# What a case may expect: the name of the key, and how its value is read off the article.
READERS: dict[str, Callable[[CleanArticle], Any]] = {
    "title": lambda article: article.title,
    "standfirst": lambda article: article.standfirst,
    "byline": lambda article: list(article.byline),
    "language": lambda article: article.language,
    "source": lambda article: article.source.name,
    "source_url": lambda article: article.source.url,
    "canonical": lambda article: article.canonical_url,
    "short_links": lambda article: list(article.short_links),
    "text": lambda article: article.text.split("\n\n") if article.text else [],
    "blocks": lambda article: [block.type for block in article.body],
    "links": _links,
    "related": lambda article: [[card.label, card.title, card.url] for card in article.related],
    "related_images": lambda article: [card.image.src if card.image else "" for card in article.related],
    "images": lambda article: [image.src for image in article.images],
    "embeds": lambda article: [block.url for block in article.body if block.type == "embed"],
    "alts": lambda article: [image.alt for image in article.images],
    "captions": lambda article: [image.caption for image in article.images],
    "credits": lambda article: [image.credit for image in article.images],
    "cites": lambda article: [block.cite for block in article.body if block.type == "quote"],
    "lead": lambda article: article.lead_image.src if article.lead_image else "",
    "published": lambda article: _date(article, "value"),
    "precision": lambda article: _date(article, "precision"),
    "method": lambda article: _date(article, "method"),
    "zone": lambda article: _date(article, "zone") or "",
    "earliest": lambda article: _date(article, "earliest"),
    "latest": lambda article: _date(article, "latest"),
    "raw": lambda article: _date(article, "raw"),
    "modified": lambda article: article.modified.value if article.modified else "",
    "categories": lambda article: list(article.categories),
    "warnings": lambda article: [warning.split()[0].rstrip(":") for warning in article.warnings],
}  # fmt: skip


def faults(case: Case, article: CleanArticle) -> list[str]:
    """What is not as the case expects, as sentences; empty when all is right."""
    found = []
    for key, wanted in case.expect.items():
        if key == "repairs":
            codes = {repair.code for repair in article.repairs}
            found += [f"no repair {code!r} in {sorted(codes)}" for code in wanted if code not in codes]
        elif key == "unrepaired":
            # Nothing mended; or, as a list, none of these.
            codes = {repair.code for repair in article.repairs if wanted is True or repair.code in wanted}
            found += [f"repair {code!r} where nothing was damaged" for code in sorted(codes)]
        elif key in ("holds", "lacks"):
            shown = f"{article.title}\n{article.standfirst}\n{article.text}\n{[block.html for block in article.body]}"
            found += [f"{key} {words!r}: {shown!r}" for words in wanted if (words in shown) != (key == "holds")]
        elif (value := READERS[key](article)) != wanted:
            found.append(f"{key}: {value!r}, expected {wanted!r}")
    return found


def score_damaged() -> dict[str, Any]:
    """How many cases pass: {"passed", "all", "classes": {name: [passed, all]}, "languages": likewise, "faults"}."""
    classes: dict[str, Counter[bool]] = {}
    languages: dict[str, Counter[bool]] = {}
    failed: dict[str, list[str]] = {}
    for case in cases():
        wrong = faults(case, cleaned(case))
        classes.setdefault(case.group, Counter())[not wrong] += 1
        languages.setdefault(case.language, Counter())[not wrong] += 1
        if wrong:
            failed[case.id] = wrong
    return {
        "passed": sum(counted[True] for counted in classes.values()),
        "all": sum(counted.total() for counted in classes.values()),
        "classes": {name: [counted[True], counted.total()] for name, counted in classes.items()},
        "languages": {name: [counted[True], counted.total()] for name, counted in languages.items()},
        "faults": failed,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", action="store_true", help="say what is wrong in the cases that fail")
    options = parser.parse_args()
    score = score_damaged()
    if options.faults:
        for name, wrong in score["faults"].items():
            print(name, *wrong, sep="\n    ")
    for kind in ("classes", "languages"):
        for name, (passed, of) in score[kind].items():
            print(f"{name:12} {passed:4} / {of}")
    print(f"{'all':12} {score['passed']:4} / {score['all']}")
    raise SystemExit(0 if score["passed"] == score["all"] else 1)


if __name__ == "__main__":
    main()
