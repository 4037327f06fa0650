"""The rows of the table: each measure reads its set once with every program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from statistics import fmean

from correctness import bag, corpora, days, names, quotations, rouge, shingles, speed
from correctness.corpora import Case
from correctness.readers import Reader, Reading, read
from damaged import score_damaged
from quotes import score_quotes


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: figures by the name of the program. `share`: from 0 to 1; else a count or a rate."""

    measure: str
    figures: Mapping[str, float]
    share: bool = True


@dataclass(slots=True)
class Run:
    """What one run compares. `step` is called after each page (a progress bar)."""

    root: Path
    readers: Sequence[Reader]
    limit: int | None
    step: Callable[[], None]
    sizes: dict[str, int] = field(default_factory=dict)
    pages: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    _read: dict[str, list[tuple[Case, dict[str, Reading | None]]]] = field(default_factory=dict)

    def read(self, name: str) -> list[tuple[Case, dict[str, Reading | None]]]:
        """Every page of a set as each program reads it; read once, whichever measures ask."""
        if name not in self._read:
            self._read[name] = list(self._readings(name))
            self.sizes[name] = len(self._read[name])
        return self._read[name]

    def _readings(self, name: str) -> Iterator[tuple[Case, dict[str, Reading | None]]]:
        for case in islice(SETS[name](self.root), self.limit):
            html = case.html()
            yield case, {reader.name: read(reader, html, case.url) for reader in self.readers}
            self.step()

    def of(self, name: str, part: str) -> Iterator[tuple[str, list[tuple[Case, Reading]]]]:
        """(program, its readings of a set), for the programs that look for `part` of a page at all."""
        found = self.read(name)
        for reader in self.readers:
            mine = [(case, readings[reader.name] or Reading("", "", (), "")) for case, readings in found]
            if any(getattr(reading, part) for _, reading in mine):
                yield reader.name, mine


SETS: dict[str, Callable[[Path], Iterator[Case]]] = {
    "scrapinghub-aeb": corpora.scrapinghub,
    "wcxb": corpora.wcxb,
    "fundus-evaluation": corpora.fundus_evaluation,
    "fundus-tests": corpora.fundus_tests,
}


@cache
def size(name: str, root: Path) -> int:
    """The number of pages in a set; 0 where it is not there."""
    try:
        return sum(1 for _ in SETS[name](root))
    except OSError:
        return 0


def body_shingles(run: Run) -> Iterable[Row]:
    """scrapinghub-aeb, F1 over runs of four words."""
    figures = {}
    for name, readings in run.of("scrapinghub-aeb", "text"):
        scores = [(case, shingles.page_score(reading.text or "", case.body)) for case, reading in readings]
        figures[name] = shingles.f1([score for _, score in scores])
        _note(run, f"aeb {name}", ((case, (score[0] or 0) + (score[1] or 0)) for case, score in scores))
    yield Row("scrapinghub-aeb, F1", figures)


def body_words(run: Run) -> Iterable[Row]:
    """wcxb, F1 over words."""
    figures = {}
    for name, readings in run.of("wcxb", "text"):
        scores = [(case, bag.word_f1(reading.text or "", case.body)) for case, reading in readings]
        figures[name] = fmean(score for _, score in scores)
        _note(run, f"wcxb {name}", scores)
    yield Row("wcxb articles, word F1", figures)


def body_rouge(run: Run) -> Iterable[Row]:
    """fundus-evaluation, ROUGE-LSum."""
    figures = {}
    for name, readings in run.of("fundus-evaluation", "text"):
        scores = [(case, rouge.rouge_lsum(reading.text or "", case.paragraphs)) for case, reading in readings]
        figures[name] = fmean(score for _, score in scores)
        _note(run, f"rouge {name}", scores)
    yield Row("fundus-evaluation, ROUGE-LSum", figures)


def publication_day(run: Run) -> Iterable[Row]:
    """wcxb and fundus-tests, the day of publication."""
    for set_name in ("wcxb", "fundus-tests"):
        right, wrong, unknown, made_up = {}, {}, {}, {}
        for name, readings in run.of(set_name, "day"):
            dated = [(case, reading) for case, reading in readings if case.day]
            right[name] = sum(reading.day == case.day for case, reading in dated) / max(1, len(dated))
            wrong[name] = sum(bool(reading.day) and reading.day != case.day for case, reading in dated)
            unknown[name] = sum(bool(reading.day) for case, reading in readings if not case.day)
            given = ((case, reading.day) for case, reading in readings if reading.day and reading.day != case.day)
            made_up[name] = sum(days.invented(day, case.html()) for case, day in given)
            _note(run, f"{set_name} day {name}", ((case, float(reading.day == case.day)) for case, reading in dated))
        yield Row(f"{set_name}, publication day", right)
        yield Row(f"{set_name}, another day (pages)", wrong, share=False)
        if any(unknown.values()):
            yield Row(f"{set_name}, a day where none was written down (pages)", unknown, share=False)
        yield Row(f"{set_name}, a day that stands nowhere on the page (pages)", made_up, share=False)


def title_and_author(run: Run) -> Iterable[Row]:
    """fundus-tests, headline and any author."""
    titles, authors = {}, {}
    for name, readings in run.of("fundus-tests", "title"):
        scores = [(case, names.same_title(reading.title or "", case.title)) for case, reading in readings if case.title]
        titles[name] = fmean(score for _, score in scores)
        _note(run, f"title {name}", scores)
    for name, readings in run.of("fundus-tests", "authors"):
        scores = [
            (case, names.any_author(reading.authors or (), case.authors)) for case, reading in readings if case.authors
        ]
        authors[name] = fmean(score for _, score in scores)
        _note(run, f"author {name}", scores)
    yield Row("fundus-tests, title", titles)
    yield Row("fundus-tests, any author", authors)


def direct_quotations(run: Run) -> Iterable[Row]:
    """PolNeAR, direct quotations and their speakers."""
    documents = list(islice(corpora.polnear(run.root), run.limit))
    run.sizes["polnear"] = len(documents)
    ours = quotations.score(documents)
    plain = quotations.score(documents, simple=True)
    simple = "a regular expression"
    pieces = score_quotes(run.root, run.limit)["readers"]
    for measure in ("span", "precision", "speaker"):
        figures = {"masthead": pieces["masthead"]["all"][measure], simple: pieces["regular expression"]["all"][measure]}
        yield Row(f"polnear, each run of quoted words, {measure}", figures)
    yield Row("polnear, all words of an attribution in one", {"masthead": ours["span"], simple: plain["span"]})


def own_damaged(run: Run) -> Iterable[Row]:
    """The own damaged set (`tests/damaged`): cases of which every expected value came out."""
    counts = score_damaged()
    run.sizes["own damaged set"] = counts["all"]
    yield Row("own damaged set, cases passed", {"masthead": counts["passed"] / max(1, counts["all"])})


def rate(run: Run) -> Iterable[Row]:
    """Pages per second on one core, beside trafilatura."""
    pages = [case.html() for case in islice(corpora.wcxb(run.root), 0, None, 8)][: run.limit or 100]
    run.sizes["pages timed"] = len(pages)
    ours, theirs = speed.pages_per_second(pages)
    yield Row("pages per second, one core", {"masthead": ours, "trafilatura": theirs}, share=False)
    yield Row("the same, trafilatura as 1", {"masthead": ours / theirs, "trafilatura": 1.0})


def _note(run: Run, name: str, scores: Iterable[tuple[Case, float]]) -> None:
    run.pages[name] = [(case.name, round(float(score), 4)) for case, score in scores]


# By the name that --only takes: the sets a measure reads, and the measure.
MEASURES: dict[str, tuple[tuple[str, ...], Callable[[Run], Iterable[Row]]]] = {
    "shingles": (("scrapinghub-aeb",), body_shingles),
    "words": (("wcxb",), body_words),
    "rouge": (("fundus-evaluation",), body_rouge),
    "days": (("wcxb", "fundus-tests"), publication_day),
    "names": (("fundus-tests",), title_and_author),
    "quotations": ((), direct_quotations),
    "damaged": ((), own_damaged),
    "speed": ((), rate),
}
