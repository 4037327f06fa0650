"""Whose headline stands over a story, what a headline says alone, and the sentences that sum it up."""

from __future__ import annotations

import pytest

from masthead.core.consensus import apart, headline, read, summary
from masthead.core.consensus.sentences import sentences

from .reports import DAM, report


def test_the_headline_is_the_one_that_others_bear_out() -> None:
    odd = report(9, "What the mayor's gardener saw that night", "A gardener tells of his roses and of the dam.")
    assert headline(read((*DAM, odd)), 9) in (1, 2, 3)


def test_the_leads_headline_stays_while_none_is_clearly_better() -> None:
    alike = report(8, "Above Alfeld dam breaks: three dead, says Berg", DAM[0].text)
    assert [headline(read((*DAM, alike)), lead) for lead in (1, 8)] == [1, 8]
    two = read(DAM[:2])
    assert [headline(two, lead) for lead in (1, 2)] == [1, 2]


def test_a_cut_headline_leads_only_where_it_is_the_lead_of_two() -> None:
    cut = report(8, "Dam breaks above Alfeld, three dead, houses destroyed …", DAM[0].text)
    assert headline(read((*DAM, cut)), 8) != 8


def test_words_of_one_headline_alone_are_named() -> None:
    assert apart(read((*DAM[:3], report(4, "Alfeld dam: 720 men", DAM[3].text)))).get(4) is None
    assert apart(read(DAM)) == {2: ("bursts",), 3: ("Catastrophe",), 4: ("inquiry",)}


def test_words_that_another_report_has_in_what_is_not_shown_are_not_alone() -> None:
    hidden = report(5, "Dam breaks above Alfeld", "The dam broke.", whole="The dam broke. It was a catastrophe.")
    assert 3 not in apart(read((*DAM, hidden)))
    far = report(5, "Dam breaks above Alfeld", whole="It rains. " * 200 + "All those catastrophes!")
    assert 3 not in apart(read((*DAM, far)))


def test_a_headline_told_in_another_way_proves_nothing() -> None:
    other = report(5, "Gates opened, warnings ignored, engineers silent", "Of the dam in Alfeld.")
    assert 5 not in apart(read((*DAM, other)))
    unknown = [report(n, t, language="tlh") for n, t in enumerate(("nuq Daq ghaH", "nuq Daq jIH", "nuq Daq maH"), 1)]
    assert apart(read(unknown)) == {}


def test_a_summary_quotes_sentences_that_others_bear_out_one_of_each_publisher() -> None:
    found = summary(read(DAM))
    texts = {r.key: r.text for r in DAM}
    assert found
    assert all(line.text in texts[line.key] for line in found)
    assert all(line.borne and line.key not in line.borne for line in found)
    assert len({line.key for line in found}) == len(found)


def test_a_sentence_with_a_contested_figure_is_not_taken() -> None:
    told = summary(read(DAM[:3]))
    assert any("people died" in line.text for line in told)
    careful = summary(read(DAM[:3]), [("peopl", "die")])
    assert careful
    assert not any("people died" in line.text for line in careful)


def test_nothing_is_summed_up_where_nothing_is_shared() -> None:
    strangers = (
        report(1, "Ferry sinks", "A ferry sank off the coast near the lighthouse at dawn on Sunday."),
        report(2, "Rates held", "The central bank has left its lending rate where it was in spring."),
    )
    assert summary(read(strangers)) == ()
    assert summary(read(DAM[:1])) == ()
    again = report(9, "Dam broke", DAM[0].text, source=1)
    assert summary(read((DAM[0], again))) == ()


def test_what_was_cut_is_not_quoted() -> None:
    cut = [
        report(n, "Dam breaks in Alfeld", "The old dam above the town of Alfeld broke on Monday…") for n in (1, 2, 3)
    ]
    assert summary(read(cut)) == ()


def test_nothing_is_said_twice() -> None:
    text = "The old dam above the town of Alfeld broke on Monday night after heavy rain{}."
    alike = [report(n, "Dam breaks", text.format(more)) for n, more in enumerate(("", ", says Berg", " and snow"), 1)]
    assert len(summary(read(alike))) == 1


def test_a_sentence_that_leans_on_another_is_not_quoted() -> None:
    leaning = [
        report(n, "Dam breaks", f"But the old dam above the town of Alfeld broke on Monday night, says {who}.")
        for n, who in enumerate(("Berg", "Holt", "Lind"), 1)
    ]
    assert summary(read(leaning)) == ()


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("de", ("Der alte Staudamm oberhalb von Alfeld ist in der Nacht gebrochen.",
                "In Alfeld ist der alte Staudamm gebrochen, das Wasser flutete die Unterstadt.",
                "Der Staudamm von Alfeld ist gebrochen, teilte die Feuerwehr mit.")),
        ("ru", ("Старая плотина над городом Альфельд прорвалась в ночь на понедельник.",
                "Плотина в Альфельде прорвалась ночью, вода затопила нижний город Альфельд.",
                "Прорвалась плотина над городом Альфельд, сообщили спасатели.")),
        ("ar", ("انهار السد القديم فوق بلدة ألفيلد ليلة الاثنين وغمرت المياه البلدة.",
                "غمرت المياه بلدة ألفيلد بعد انهيار السد القديم ليلة الاثنين.",
                "قال رجال الإنقاذ إن السد القديم فوق ألفيلد انهار وغمرت المياه الوادي.")),
    ],
)  # fmt: skip
def test_summaries_in_other_languages(language: str, texts: tuple[str, ...]) -> None:
    found = summary(read(report(n, "", text, language) for n, text in enumerate(texts, 1)))
    assert found
    assert all(line.text == texts[line.key - 1] for line in found)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Dr. Berg spoke. She left.", ["Dr. Berg spoke.", "She left."]),
        ("It happened in the U.S. Senate. Nobody saw it.", ["It happened in the U.S. Senate.", "Nobody saw it."]),
        ("Am 3. Mai kam J. Berg. Er blieb.", ["Am 3. Mai kam J. Berg.", "Er blieb."]),
        ("“Who?” he asked. Nobody knew!", ["“Who?” he asked.", "Nobody knew!"]),
        ("من رأى؟ لا أحد.", ["من رأى؟", "لا أحد."]),
        ("Eins\nzwei. Drei", ["Eins", "zwei.", "Drei"]),
        ("大坝决堤。三人死亡。", ["大坝决堤。", "三人死亡。"]),
        ("", []),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts
