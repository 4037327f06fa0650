"""An invented stream of news with its known truth: several languages, hard negatives, copies, follow-ups, late reports.

Every name is made of syllables; the sentences stand in stories_stream.toml. Events of one kind share their sentences,
so that they differ by place, people, numbers and day alone: that is what makes them hard to keep apart. `endless`
makes a cheap stream of any length, for measuring what a report costs.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
DAYS = 16
SENTENCES: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
LANGUAGES = {"en": 14, "de": 12, "es": 12}
"""How many sources write in each language."""
SYLLABLES = (
    *("ba", "bel", "bor", "cal", "den", "dor", "el", "far", "gan", "ger", "hol", "in", "kal", "kes", "lan"),
    *("lor", "mar", "men", "nor", "ol", "pan", "quel", "ros", "sel", "tam", "tor", "ul", "var", "wen", "zan"),
)
ONE_OFFS = ("quake", "fire", "deal", "court")


@dataclass(frozen=True, slots=True)
class Report:
    """One article of the stream. `event`: the truth. `copy`: whether it carries another report's text."""

    event: str
    title: str
    text: str
    source: str
    language: str
    at: datetime
    arrived: datetime
    kind: str
    copy: bool = False


class Maker:
    """Makes events and their reports from one random seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.events = 0
        self.towns = [self.word() for _ in range(150)]
        self.regions = [self.word() + "ia" for _ in range(12)]

    def word(self, syllables: int = 0) -> str:
        return "".join(self.random.choices(SYLLABLES, k=syllables or self.random.randint(2, 3))).capitalize()

    def slots(self, language: str, at: datetime, **given: str) -> dict[str, str]:
        """What fills the sentences of one event."""
        r = self.random
        own = {name: r.choice(values) for name, values in SENTENCES["words"][language].items()}
        dead = r.randint(3, 90)
        made = {
            "place": r.choice(self.towns), "region": r.choice(self.regions), "team": self.word(), "rival": self.word(),
            "person": f"{self.word(2)} {self.word()}", "player": self.word(3), "firm": self.word() + " AG",
            "firm2": self.word() + " & Co", "bourse": r.choice(self.towns), "n": str(dead),
            "n2": str(dead + r.randint(1, 30)), "mag": f"{r.randint(4, 7)}.{r.randint(0, 9)}",
            "m": str(r.randint(2, 39)), "k": str(r.randint(5, 950)), "year": str(at.year),
            "score": f"{r.randint(1, 5)}-{r.randint(0, 4)}", "day": SENTENCES[language]["days"][at.weekday()],
        }  # fmt: skip
        return made | own | given

    def write(self, language: str, kind: str, slots: dict[str, str], later: bool = False) -> tuple[str, str]:
        """Headline and text of one report, in words that no other has quite so."""
        r, told = self.random, SENTENCES[language][kind]
        if later:
            title, *openings = told["later"]
        else:
            title, openings = r.choice(told["headlines"]), [r.choice(told["openings"])]
        own = " ".join([self.word(), *(self.word().lower() for _ in range(r.randint(6, 14)))])
        rest = [*r.sample(told["more"], min(len(told["more"]), r.randint(2, 4))), own + "."]
        r.shuffle(rest)
        return title.format(**slots), " ".join([*openings, *rest]).format(**slots)

    def event(self, language: str, kind: str, at: datetime, slots: dict[str, str], most: int) -> Iterator[Report]:
        """The reports of one event: the first ones, copies of a wire report, follow-ups, one that comes late."""
        r = self.random
        self.events += 1
        name = f"{kind}-{self.events}"
        sources = [f"{language}-{n}.example" for n in range(LANGUAGES[language])]
        r.shuffle(sources)
        followers = sources[:2]
        for number in range(min(most, len(sources) - 5, 1 + int(r.expovariate(0.45)))):
            title, text = self.write(language, kind, slots)
            published = at + timedelta(minutes=r.randint(0, 600) if number else 0)
            late = timedelta(hours=r.randint(20, 60)) if number and r.random() < 0.06 else timedelta()
            yield Report(name, title, text, sources.pop(), language, published, published + late, kind)
            if number == 0 and most > 2 and r.random() < 0.35:
                yield from self._copies(name, title, text, sources, language, published, kind)
        if SENTENCES[language][kind]["later"] and most > 2:
            for day in range(1, 1 + r.choice((0, 1, 1))):
                then = at + timedelta(days=day, hours=r.randint(1, 8))
                named = slots | {"day": SENTENCES[language]["days"][then.weekday()]}
                title, text = self.write(language, kind, named, later=True)
                yield Report(name, title, text, r.choice(followers), language, then, then, kind)

    def _copies(
        self, name: str, title: str, text: str, sources: list[str], language: str, at: datetime, kind: str
    ) -> Iterator[Report]:
        r = self.random
        for _ in range(min(len(sources), r.randint(1, 3))):
            then = at + timedelta(minutes=r.randint(5, 300))
            own = r.choice((title, title, self.word() + ": " + title))
            cut = text if r.random() < 0.5 else text.rsplit(". ", 1)[0] + "."
            signed = f"({self.word().upper()}) {cut}" if r.random() < 0.5 else cut
            yield Report(name, own, signed, sources.pop(), language, then, then, kind, copy=True)


def stream(size: int = 2000, seed: int = 7) -> list[Report]:
    """`size` reports in the order of their arrival."""
    maker = Maker(seed)
    found = [*_columns(maker), *_season(maker), *_races(maker)]
    while len(found) < size:
        language = maker.random.choices(list(LANGUAGES), weights=list(LANGUAGES.values()))[0]
        kind = maker.random.choice([k for k in ONE_OFFS if k in SENTENCES[language]])
        at = START + timedelta(minutes=maker.random.randint(0, DAYS * 1440))
        found += maker.event(language, kind, at, maker.slots(language, at), most=9)
    return sorted(found[:size], key=lambda r: (r.arrived, r.source))


def _columns(maker: Maker) -> Iterator[Report]:
    """Weather by one source each and the reports of two stock exchanges by some, every day: each day another event."""
    for language in ("en", "de"):
        for column in range(3):
            place = maker.towns[column]
            for day in range(DAYS):
                at = START + timedelta(days=day)
                name = f"weather-{language}-{column}-{day}"
                title, text = maker.write(language, "weather", maker.slots(language, at, place=place))
                yield Report(name, title, text, f"{language}-{column}.example", language, at, at, "weather")
    for language in LANGUAGES:
        bourse = maker.towns[10]
        for day in range(DAYS):
            at = START + timedelta(days=day, hours=12)
            yield from maker.event(language, "market", at, maker.slots(language, at, bourse=bourse), most=2)


def _season(maker: Maker) -> Iterator[Report]:
    """Matches: every team plays every third or fourth day, each time another rival."""
    for language in LANGUAGES:
        teams = [maker.word() for _ in range(8)]
        for day in range(1, DAYS, 4):
            maker.random.shuffle(teams)
            for one, other in zip(teams[::2], teams[1::2], strict=True):
                at = START + timedelta(days=day, hours=14)
                yield from maker.event(language, "match", at, maker.slots(language, at, team=one, rival=other), most=6)


def _races(maker: Maker) -> Iterator[Report]:
    """Marathons, and what an archive brings of last year's."""
    for number in range(6):
        place, at = maker.towns[20 + number], START + timedelta(days=2 * number, hours=10)
        yield from maker.event("en", "race", at, maker.slots("en", at, place=place), most=5)
        then = at - timedelta(days=364)
        for old in maker.event("en", "race", then, maker.slots("en", then, place=place), most=2):
            yield Report(old.event, old.title, old.text, old.source, "en", old.at, at + timedelta(hours=3), "race")


def endless(size: int, a_day: int = 1500, seed: int = 3) -> Iterator[tuple[str, str, str, datetime]]:
    """`size` cheap reports (title, text, source, time) of a site that takes `a_day`: words by Zipf, events of few."""
    r = random.Random(seed)
    common = ["w" + "".join(r.choices(SYLLABLES, k=3)) for _ in range(30_000)]
    running: list[tuple[list[str], list[str]]] = []
    for number in range(size):
        at = START + timedelta(days=number / a_day)
        if not running or r.random() < 0.4:
            names = ["N" + "".join(r.choices(SYLLABLES, k=4)) for _ in range(6)]
            running.append((names, [common[int(30_000 ** r.random()) - 1] for _ in range(20)]))
            del running[:-60]
        names, topic = running[-1 - int(r.random() ** 3 * len(running))]
        words = [*r.choices(names, k=12), *r.choices(topic, k=20)]
        words += [common[int(30_000 ** r.random()) - 1] for _ in range(40)]
        r.shuffle(words)
        title = " ".join([r.choice(names), *r.sample(topic, 3), r.choice(names), common[int(30_000 ** r.random()) - 1]])
        yield title, " ".join(words), f"source-{r.randint(1, 300)}.example", at
