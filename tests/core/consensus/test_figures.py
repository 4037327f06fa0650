"""Figures that are shared, figures that differ, and all that must not be taken for either."""

from __future__ import annotations

import pytest

from masthead.core.consensus import Report, contested, figures, named, read, shared
from masthead.core.consensus.numerals import counts

from .reports import DAM, report


def sides(*reports: Report) -> list[list[tuple[str, tuple[int, ...]]]]:
    return [[(s.words, s.keys) for s in c.sides] for c in contested(figures(read(reports)))]


def agreed(*reports: Report) -> list[tuple[str, tuple[int, ...]]]:
    reading = read(reports)
    return [(f.words, f.keys) for f in shared(figures(reading), reading.sources)]


def test_who_says_three_and_who_says_five() -> None:
    assert sides(*DAM) == [[("three dead", (1, 2)), ("five dead", (3,))]]


def test_what_nobody_disputes_is_agreed() -> None:
    assert agreed(*DAM) == [("Twelve houses", (1, 2))]


def pair(one: str, other: str, language: str = "en") -> tuple[Report, Report]:
    return report(1, one, language=language), report(2, other, language=language)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Flood in Alfeld: 3 dead", "Flood in Alfeld kills many, 5 dead", "en"),
        ("Flut in Alfeld: drei Tote", "Nach der Flut in Alfeld fünf Tote", "de"),
        ("Inondation à Alfeld : trois morts", "Inondation à Alfeld, cinq morts", "fr"),
        ("Inundación en Alfeld: tres muertos", "Cinco muertos en la inundación de Alfeld", "es"),
        ("Наводнение в Альфельде: трое погибших", "Пятеро погибших: наводнение в Альфельде", "ru"),
        ("فيضان ألفيلد: ثلاثة قتلى", "خمسة قتلى في فيضان ألفيلد", "ar"),
        ("Flood in Alfeld: 1.2 million homes dark", "Flood in Alfeld: 2 million homes dark", "en"),
    ],
)
def test_figures_that_differ_in_several_languages(one: str, other: str, language: str) -> None:
    assert len(sides(*pair(one, other, language))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alfeld flood: 3 dead", "Alfeld flood: five injured"),  # not the same thing
        ("Alfeld flood: 3 dead", "Alfeld flood: about 5 dead"),  # not exact
        ("Alfeld flood: 3 dead", "Alfeld flood: at least five dead"),
        ("Alfeld flood: three people killed", "Alfeld flood: five people rescued"),  # people say too little
        ("Alfeld flood after 3 days", "Alfeld flood after 5 days"),  # times
        ("Alfeld flood of May 3 dead serious", "Alfeld flood of 2026 dead serious"),  # dates and years
        ("Alfeld dam costs 3 million euros", "Alfeld dam costs 5 million euros"),  # of what?
        ("Alfeld dam 40 metres high", "Alfeld dam 60 metres wide"),
        ("Ferry in Norwin: 3 dead", "Alfeld flood: 5 dead"),  # another event
        ("Alfeld dam: 3 dead", "Alfeld dam: dead at 5"),
        ("Alfeld win 3-1 dead late", "Alfeld win 5-1 dead late"),  # results
        ("Alfeld flood: 34-year-old dead", "Alfeld flood: 35-year-old dead"),
        ("Alfeld flood: 3 dead", "Alfeld flood: three dead"),  # the same
    ],
)
def test_no_difference_is_claimed(one: str, other: str) -> None:
    assert sides(*pair(one, other)) == []


def test_a_report_that_counts_twice_or_says_more_where_it_is_not_shown_claims_nothing() -> None:
    one = report(1, "Alfeld flood: 3 dead", "Of the flood in Alfeld.")
    twice = report(2, "Alfeld flood: 5 dead", "In Alfeld 3 dead were found in the flood before.")
    assert sides(one, twice) == []
    hidden = report(2, "Alfeld flood: 5 dead", "Alfeld flood.", whole="Alfeld flood. First, 3 dead were found.")
    assert sides(one, hidden) == []
    far = report(
        2, "Alfeld flood: 5 dead", "Alfeld flood.", whole="Alfeld flood. " + "It rains. " * 200 + "So 3 dead came."
    )
    assert sides(one, far) == []
    shown_nowhere = report(2, "Alfeld flood", "Alfeld flood.", whole="Alfeld flood. In Alfeld, 5 dead after the flood.")
    assert sides(one, shown_nowhere) == []


def test_a_publisher_is_one_witness_and_its_newest_report_counts() -> None:
    early = report(1, "Alfeld flood: 3 dead", source=7)
    late = report(2, "Alfeld flood: 5 dead", source=7)
    other = report(3, "Flood in Alfeld: 5 dead", source=8)
    assert sides(early, late, other) == []
    assert agreed(early, late, other) == [("5 dead", (2, 3))]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("40,000 homes", "en", 40000), ("1.200 Häuser", "de", 1200), ("1 200 maisons", "fr", 1200),
        ("2,5 Millionen Haushalte", "de", 2.5e6), ("3 тыс. домов", "ru", 3000), ("٥ منازل", "ar", 5),
        ("1.2 million homes", "en", 1.2e6),
    ],
)  # fmt: skip
def test_numbers_as_each_language_writes_them(text: str, language: str, value: float) -> None:
    assert [count.value for count in counts(text, language)] == [value]


@pytest.mark.parametrize(
    "text",
    ["1.200 homes", "3 200 homes", "10:05 trains", "G7 states", "5% rise", "one of them", "29 people and wounded dogs"],
)
def test_numbers_that_are_not_certain_or_count_nothing(text: str) -> None:
    assert list(counts(text, "en")) == []
    assert list(counts("5 houses", "tlh")) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("höchster Stand seit 24 Jahren", "de"), ("nach 24 Tagen", "de"), ("240 световых лет", "ru"),
        ("240 light years", "en"), ("в течение 5 месяцев", "ru"), ("hace 24 años", "es"), ("منذ 24 عاما", "ar"),
    ],
)  # fmt: skip
def test_times_in_any_case_count_nothing(text: str, language: str) -> None:
    assert list(counts(text, language)) == []


def test_an_adjective_takes_its_noun_along() -> None:
    assert [c.words for c in counts("12 verletzte Menschen, 3 tot", "de")] == ["12 verletzte Menschen"]
    assert [c.words for c in counts("12 деревянных домов и трое погибших", "ru")] == [
        "12 деревянных домов", "трое погибших"
    ]  # fmt: skip


def test_names_that_most_give() -> None:
    assert [(n.name, len(n.keys)) for n in named(read(DAM))] == [("Alfeld", 4), ("Anna Berg", 4)]
    assert named(read(DAM[:2])) == ()


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (("He met Omar al-Haddad.", "Then Omar al-Haddad left.", "Was it Omar al-Haddad?"), ["Omar al-Haddad"]),
        (("An envoy of the United Nations came.",) * 3, ["United Nations"]),
        (("Seen by Syrian and Israeli envoys.",) * 3, []),
        (("In Norwin's Harbour.", "At the Harbour.", "By the Harbour."), ["Harbour"]),
        (("A fire in Norwin.", "Now Norwin burns.", "Yes: Norwin."), ["Norwin"]),
    ],
)
def test_names_of_many_kinds(texts: tuple[str, ...], names: list[str]) -> None:
    assert [n.name for n in named(read(report(n, "", text) for n, text in enumerate(texts, 1)))] == names


def test_the_beginnings_of_longer_nouns_are_not_compared() -> None:
    guards = report(1, "Alfeld flood: two security guards hurt")
    officials = report(2, "Alfeld flood: four security officials hurt")
    assert sides(guards, officials) == []
    assert agreed(guards, report(2, "Alfeld flood: two security officials hurt")) == []
    assert agreed(guards, report(2, "Two security guards hurt in Alfeld")) == [("two security guards", (1, 2))]
    assert agreed(report(1, "Four Syrian soldiers freed"), report(2, "Four Syrian soldiers free")) == [
        ("Four Syrian soldiers", (1, 2))
    ]


def test_german_nouns_are_no_names() -> None:
    texts = ("Gestern kam die Feuerwehr mit Anna Berg.", "Dann half die Feuerwehr, sagt Anna Berg.", "Auch Anna Berg.")
    found = named(read(report(n, "", text, "de") for n, text in enumerate(texts, 1)))
    assert [n.name for n in found] == ["Anna Berg"]


def test_days_and_first_words_are_no_names() -> None:
    texts = [f"Rescue came on Monday in {month}." for month in ("May", "May", "May")]
    assert named(read(report(n, "", text) for n, text in enumerate(texts, 1))) == ()
