"""Words, signatures, copies; the grouper in memory; `masthead inspect stories`."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from masthead.cli.inspect_stories import command
from masthead.core import signing, similar
from masthead.core.grouper import Grouper
from masthead.core.grouping import WINDOW

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAM = "The old dam above the town of Alfeld broke on Monday morning and hundreds of people fled from the flood."
QUAKE = "An earthquake of magnitude {} shook the coast of {} on {}. {} people were hurt when houses fell in {}."


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The U.S. dams' walls", "en", ["the", "us", "dam", "wall"]),
        ("Die Häuser brannten", "de", ["die", "haus", "brannt"]),
        ("Плотина прорвана", "ru", ["плотин", "прорва"]),
        ("大坝决堤", "zh", ["大坝", "坝决", "决堤"]),
        ("ダム崩壊", "ja", ["ダム", "ム崩", "崩壊"]),
        ("G7 meets in 2026", "en", ["g7", "meet", "in", "2026"]),
        ("", "en", []),
        ("!!! ...", "xx", []),
    ],
)
def test_tokens(text: str, language: str, expected: list[str]) -> None:
    assert similar.tokens(text, language) == expected


def test_a_signature_has_length_one_and_prefers_rare_words() -> None:
    counts = signing.count("Dam breaks", DAM, "en")
    terms = signing.sign(counts, {"hundr": 900, "peopl": 900, "dam": 2}, 1000).terms
    assert abs(similar.similarity(terms, terms) - 1) < 0.01
    assert terms["dam"] > terms["hundr"]
    assert "the" not in terms
    assert similar.similarity(terms, {}) == 0


def test_copies_are_told_from_reports_of_the_same_event() -> None:
    wire = " ".join(DAM.replace("hundreds", f"hundreds and {n}") for n in range(6))
    edited = wire.replace("Monday morning", "Monday") + " (Reuters)"
    other = "Rescuers searched through the night for people missing below the broken dam near Alfeld, the mayor said."
    assert similar.overlap(similar.sketch(wire, "en"), similar.sketch(wire, "en")) == 1
    assert similar.overlap(similar.sketch(wire, "en"), similar.sketch(edited, "en")) > 0.3
    assert similar.overlap(similar.sketch(wire, "en"), similar.sketch(other, "en")) < 0.1
    assert similar.sketch("Too short to prove anything.", "en") == ()


def test_follow_ups_join_and_other_events_do_not() -> None:
    grouper = Grouper("en")
    for n in range(30):  # what else there is to read that day
        grouper.add(
            f"Item{n} of council{n}", f"The council{n} of town{n} spoke about item{n} and road{n} on Monday.", NOON
        )
    dam = grouper.add("Dam breaks above Alfeld", DAM, NOON).story
    follow = grouper.add(
        "Alfeld: search for missing after dam breaks", DAM.replace("hundreds", "many"), NOON + timedelta(days=1)
    )
    assert follow.story == dam
    chile = grouper.add("Quake shakes Chile", QUAKE.format("6.1", "Chile", "Monday", "Ten", "Arica"), NOON).story
    japan = grouper.add(
        "Quake shakes Japan", QUAKE.format("5.4", "Japan", "Tuesday", "Two", "Sendai"), NOON + timedelta(days=1)
    )
    assert chile != dam
    assert japan.story != dam


UNRELATED = {
    "en": (
        "The council said on Monday that it will not be able to open the new library in "
        "the spring, because the roof has to be made again.",
        "The ferry that was to go to the island at the end of the week has been put off, "
        "the company said, until there is less wind.",
        "It was in the last minute of the match that the visitors, who had been behind "
        "all the time, made it two to two.",
        "The price of bread has gone up again, and with it that of flour, which the "
        "mills say they cannot get for less.",
    ),
    "de": (
        "Der Rat hat am Montag gesagt, dass die neue Bibliothek im Frühjahr nicht öffnen "
        "kann, weil das Dach noch einmal gemacht werden muss.",
        "Die Fähre, die am Ende der Woche auf die Insel fahren sollte, ist nach Angaben "
        "der Reederei verschoben worden, bis der Wind nachlässt.",
        "Erst in der letzten Minute des Spiels haben die Gäste, die die ganze Zeit "
        "zurücklagen, den Ausgleich zum zwei zu zwei gemacht.",
    ),
    "ru": (
        "В понедельник совет сообщил, что новая библиотека весной не откроется, потому что крышу нужно делать заново.",
        "Паром, который должен был пойти на остров в конце недели, по словам компании, отложен, пока не стихнет ветер.",
        "Только на последней минуте матча гости, которые всё время проигрывали, сравняли счёт и ушли с двумя мячами.",
    ),
    "zh": ("市议会周一表示新图书馆春季无法开放。", "开往海岛的渡轮因大风推迟出发。", "客队在比赛最后一分钟扳平比分。"),
}


@pytest.mark.parametrize("language", UNRELATED)
def test_a_young_site_does_not_merge_for_everyday_words(language: str) -> None:
    grouper = Grouper(language)
    texts = UNRELATED[language]
    assert len({grouper.add(text[:40], text, NOON).story for text in texts}) == len(texts)


def test_last_years_edition_is_another_story() -> None:
    grouper = Grouper("en")
    first = grouper.add("Alfeld marathon won by Okoro", "Okoro won the Alfeld marathon in pouring rain.", NOON)
    later = grouper.add(
        "Alfeld marathon won by Okoro", "Okoro won the Alfeld marathon in pouring rain.", NOON + 2 * WINDOW
    )
    assert first.story != later.story


def test_memory_follows_the_window() -> None:
    grouper = Grouper("en")
    for n in range(4000):
        grouper.add(f"word{n} thing{n}", f"The word{n} met thing{n} at place{n}.", NOON + n * timedelta(hours=1))
    hours = 3 * WINDOW / timedelta(hours=1)
    assert len(grouper._peers) <= hours + 1000
    assert len(grouper._members) <= hours + 1000


def run(tmp_path: Path, lines: list[str]) -> tuple[int, list[dict[str, Any]]]:
    path = tmp_path / "reports.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    result = CliRunner().invoke(command, [str(path)])
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_inspect_prints_a_story_for_each_line_in_order(tmp_path: Path) -> None:
    rows = [
        {"id": "b", "title": "Alfeld dam breaks", "text": DAM, "published": "2026-05-04T13:00:00Z", "source": "B"},
        {"id": "x", "title": "Bank raises rates", "text": "The central bank raised rates.", "published": None},
        {"id": "a", "title": "Dam breaks above Alfeld", "text": DAM, "published": "2026-05-04T12:00:00"},
        {
            "id": 7,
            "title": "Damm bei Alfeld bricht",
            "text": "Der Damm über Alfeld ist am Montag gebrochen.",
            "language": "de",
        },
    ]
    code, answers = run(tmp_path, [json.dumps(row) for row in rows])
    assert code == 0
    assert [a["id"] for a in answers] == ["b", "x", "a", 7]
    assert [a["story"] for a in answers] == [1, 2, 1, 3]


def test_inspect_names_the_lines_it_cannot_use(tmp_path: Path) -> None:
    good = json.dumps({"id": 1, "title": "T", "text": "x"})
    code, answers = run(
        tmp_path, [good, "{", "[]", '{"title": "no id"}', '{"id": 2}', '{"id": 3, "title": "T", "published": "May"}']
    )
    assert code == 1
    assert answers[0] == {"id": 1, "story": 1}
    assert [a["line"] for a in answers[1:]] == [2, 3, 4, 5, 6]
    assert "published" in answers[-1]["error"] or "May" in answers[-1]["error"]


def test_inspect_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert CliRunner().invoke(command, [str(tmp_path / "none")]).exit_code == 2
    (tmp_path / "latin").write_bytes(b"\xff\xfe\xfa")
    assert CliRunner().invoke(command, [str(tmp_path / "latin")]).exit_code == 2


def bcubed(gold: list[Any], found: list[Any]) -> float:
    """B-cubed F1 (Bagga and Baldwin 1998)."""
    of_gold, of_found = defaultdict(set), defaultdict(set)
    for n, (one, other) in enumerate(zip(gold, found, strict=True)):
        of_gold[one].add(n)
        of_found[other].add(n)
    both = [len(of_gold[g] & of_found[f]) for g, f in zip(gold, found, strict=True)]
    precision = sum(b / len(of_found[f]) for b, f in zip(both, found, strict=True)) / len(gold)
    recall = sum(b / len(of_gold[g]) for b, g in zip(both, gold, strict=True)) / len(gold)
    return 2 * precision * recall / (precision + recall)


@pytest.mark.corpora
@pytest.mark.parametrize(("name", "least"), [("handpicked", 0.8), ("wikinews", 0.77), ("wikinews_medium", 0.9)])
def test_grouping_of_real_news(name: str, least: float) -> None:
    """As `masthead inspect stories` does it: with the evidence of all reports. docs/stories.md has the figures."""
    import os

    path = Path(os.environ["MASTHEAD_CORPORA"]) / "galaxy-wikinews" / f"{name}.json"
    reports = []
    for number, event in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        for article in event["articles"]:
            stated = article.get("published") or article["created_at"]
            text = str(stated["$date"] if isinstance(stated, dict) else stated)
            at = datetime.fromisoformat(text[:19].replace("T", " ")).replace(tzinfo=UTC)
            reports.append((at, article["title"] or "", article["text"] or "", number))
    grouper = Grouper("en")
    reports.sort(key=lambda r: r[0])
    for _, title, text, _ in reports:
        grouper.learn(title, text)
    for at, title, text, _ in reports:
        grouper.add(title, text, at)
    grouper.settle()
    found = [grouper.story_of(number) for number in range(1, len(reports) + 1)]
    assert bcubed([r[3] for r in reports], found) >= least


def test_one_shared_name_is_no_event() -> None:
    """A town's match and its harvest share its name, rare as it is, and nothing else."""
    noon = datetime(2026, 11, 2, 12, tzinfo=UTC)
    grouper = Grouper("en")
    match = grouper.add("Quellmark win by a late goal", "A header in the last minute settled it at the stadium.", noon)
    harvest = grouper.add("Quellmark dates harvest is rich", "Growers picked 92,000 tonnes after cool nights.", noon)
    report = grouper.add("Late goal: Quellmark win", "A header settled the match in the last minute.", noon)
    assert harvest.story != match.story and report.story == match.story
