"""Sections: what the operator decides of publishers' categories; what the words of a report decide instead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from masthead.accounts.models import Act
from masthead.core.sectioning import FEWEST_REPORTS, WORDS, Profile, Sample, classify, learn
from masthead.feeds.models import Source
from masthead.pages import mapping
from masthead.pages.arrange import arrange
from masthead.pages.models import CategoryRule, Placement, Section, SectionWords
from masthead.pages.sections import Directory

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
WORDS_OF = {
    "sport": [
        "striker",
        "penalty",
        "league",
        "goalkeeper",
        "stadium",
        "coach",
        "midfielder",
        "referee",
        "tournament",
        "relegation",
    ],
    "science": [
        "telescope",
        "enzyme",
        "galaxy",
        "fossil",
        "laboratory",
        "physicist",
        "genome",
        "particle",
        "orbit",
        "molecule",
    ],
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def settle() -> None:
    while arrange().more:
        pass


def headline(section: str, random: Random) -> str:
    return " ".join(["On Monday", *random.sample(WORDS_OF[section], 4), "again", f"n{random.randrange(10**6)}"])


def teach(newsroom: Any, reports: int = FEWEST_REPORTS + 5) -> None:
    """Reports of two sections, filed there by several publishers."""
    random = Random(7)
    for n in range(reports):
        for section in WORDS_OF:
            newsroom.article(headline(section, random), source=f"P{n % 4}", categories=[section.title()])
    settle()


def samples(reports: int = 60, sources: int = 4) -> list[Sample]:
    random = Random(3)
    return [
        Sample(section, n % sources, frozenset(headline(section, random).split()))
        for n in range(reports)
        for section in WORDS_OF
    ]


def test_words_at_home_in_a_section_decide_and_are_the_evidence() -> None:
    verdict = classify(["the", "striker", "penalty", "referee", "unheard"], learn(samples()))
    assert verdict is not None
    assert verdict.section == "sport"
    assert set(verdict.evidence) == {"striker", "penalty", "referee"}


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["striker", "penalty"],
        ["striker", "penalty", "referee", "enzyme", "galaxy", "fossil"],
        ["Monday", "again", "On"],
        ["unheard", "of", "words"],
    ],
)
def test_what_is_not_clear_is_not_decided(words: list[str]) -> None:
    assert classify(words, learn(samples())) is None


def test_a_young_site_decides_nothing_by_words() -> None:
    assert classify(WORDS_OF["sport"], learn(samples(FEWEST_REPORTS - 1))) is None
    assert classify(WORDS_OF["sport"], Profile()) is None
    only = [s for s in samples() if s.section == "sport"]
    assert classify(WORDS_OF["sport"], learn(only)) is None


def test_the_furniture_of_one_publisher_teaches_nothing() -> None:
    signed = [Sample(s.section, s.source, s.words | {"courier", "desk", "digest"}) for s in samples() if s.source == 1]
    others = [s for s in samples() if s.source != 1]
    assert not {"courier", "desk", "digest"} & learn([*signed, *others]).words.keys()


@given(
    st.lists(
        st.builds(
            Sample,
            st.sampled_from(["a", "b", "c"]),
            st.integers(1, 4),
            st.frozensets(st.sampled_from("abcdefghij"), max_size=5),
        ),
        max_size=200,
    ),
    st.frozensets(st.sampled_from("abcdefghijxyz")),
    st.randoms(),
)
def test_learning_knows_no_order_and_a_verdict_has_its_evidence(
    seen: list[Sample], words: frozenset[str], r: Any
) -> None:
    profile = learn(seen)
    shuffled = list(seen)
    r.shuffle(shuffled)
    assert learn(shuffled) == profile
    assert len(profile.words) <= WORDS
    verdict = classify(words, profile)
    if verdict is not None:
        assert len(verdict.evidence) >= 3
        assert set(verdict.evidence) <= words
        assert profile.reports[verdict.section] >= FEWEST_REPORTS


def test_a_report_without_a_section_goes_by_its_words_and_says_so(newsroom: Any) -> None:
    teach(newsroom)
    plain = newsroom.article("The referee, a penalty and one striker: what the coach saw", source="New")
    vague = newsroom.article("What happened at the weekend", source="New")
    settle()
    placed = Placement.objects.select_related("section").get(article=plain)
    assert (placed.section.slug, placed.origin) == ("sport", "text")
    assert {"referee", "penalty", "striker"} <= set(placed.evidence.split(", "))
    assert Placement.objects.get(article=vague).origin == "default"
    assert SectionWords.objects.count() == 1
    page = Client().get("/about/front/").content.decode()
    assert "by its words, since its publisher names no section that is known here" in page


def test_words_never_go_before_what_anybody_stated(newsroom: Any) -> None:
    teach(newsroom)
    text = "Striker, referee, penalty, coach"
    newsroom.source("Fed", section="culture")
    by_feed = newsroom.article(text, source="Fed")
    by_category = newsroom.article(text, source="Filed", categories=["Politics"])
    settle()
    assert Placement.objects.get(article=by_feed).section.slug == "culture"
    assert Placement.objects.get(article=by_category).section.slug == "politics"


def test_a_category_is_mapped_for_all_for_one_source_and_taken_back(newsroom: Any) -> None:
    one = newsroom.article(source="A", categories=["Pitchside"])
    other = newsroom.article(source="B", categories=["pitchside"])
    by_hand = newsroom.article(source="A", categories=["Pitchside"])
    settle()
    culture = Section.objects.get(slug="culture")
    Placement.objects.filter(article=by_hand).update(origin="editor", section=culture)

    def where() -> list[str]:
        settle()
        rows = Placement.objects.filter(article__in=[one.pk, other.pk, by_hand.pk]).order_by("article_id")
        return list(rows.values_list("section__slug", flat=True))

    assert where() == ["news", "news", "culture"]
    sport, world = Section.objects.get(slug="sport"), Section.objects.get(slug="world")
    assert mapping.lead("Pitchside", sport) == 2
    assert where() == ["sport", "sport", "culture"]
    mapping.lead("Pitchside", world, Source.objects.get(name="B"))
    assert where() == ["sport", "world", "culture"]
    mapping.lead("Pitchside", None)
    assert where() == ["news", "world", "culture"]
    assert "Pitchside" not in Section.objects.get(slug="sport").matches
    mapping.let_go("Pitchside", Source.objects.get(name="B"))
    mapping.let_go("Pitchside")
    assert where() == ["news", "news", "culture"]
    assert not CategoryRule.objects.exists()


def test_an_editors_mapping_goes_before_the_name_of_a_section(newsroom: Any) -> None:
    Directory.read()
    mapping.lead("Sport", Section.objects.get(slug="culture"))
    found = Directory.read().find("", ["SPORT"])
    assert (found.section.slug, found.origin) == ("culture", "category")


def test_what_came_in_is_listed_unknown_first_with_a_suggestion(newsroom: Any) -> None:
    for n in range(4):
        newsroom.article(source=f"S{n}", categories=["Youth football", "Sport"])
    newsroom.article(source="S1", categories=["Gossip", "Top stories"])
    newsroom.article(source="S2", categories=["Top stories"])
    settle()
    mapping.lead("Top stories", None)
    found = {entry.label: entry for entry in mapping.seen()}
    assert [e.label for e in mapping.seen()] == ["Youth football", "Gossip", "Sport", "Top stories"]
    youth = found["Youth football"]
    assert (youth.articles, len(youth.sources), youth.leads_to) == (4, 4, None)
    assert youth.suggested is not None
    assert youth.suggested.slug == "sport"
    assert found["Gossip"].suggested is None
    assert found["Top stories"].decided
    assert [e.label for e in mapping.seen(Source.objects.get(name="S2"))] == ["Youth football", "Sport", "Top stories"]


def test_the_desk_maps_a_category_with_one_click(newsroom: Any, admin_client: Client) -> None:
    article = newsroom.article(categories=["Pitch & side"])
    settle()
    page = admin_client.get(reverse("desk:categories")).content.decode()
    assert "Pitch &amp; side" in page
    assert '<button class="second" name="section" value="sport">' in page
    answer = admin_client.post(reverse("desk:lead"), {"category": "Pitch & side", "section": "sport"}, follow=True)
    assert "1 articles of late are placed anew" in answer.content.decode()
    settle()
    assert Placement.objects.get(article=article).evidence == "Pitch & side"
    assert Act.objects.filter(verb="mapped category").count() == 1
    source = Source.objects.get()
    for choice in ("-", "?"):
        admin_client.post(reverse("desk:lead"), {"category": "Pitch & side", "section": choice, "source": source.pk})
        assert CategoryRule.objects.filter(source=source).exists() == (choice == "-")
    for bad in (
        {"category": "", "section": "sport"},
        {"category": "x", "section": "nope"},
        {"category": "...", "section": "-"},
    ):
        assert admin_client.post(reverse("desk:lead"), bad).status_code == 302
    assert not CategoryRule.objects.exists()


def test_the_number_of_queries_does_not_grow_with_what_came_in(
    newsroom: Any, admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(60):
        newsroom.article(source=f"S{n % 9}", categories=[f"C{n}"])
    settle()
    with django_assert_max_num_queries(16):
        admin_client.get(reverse("desk:categories"))
