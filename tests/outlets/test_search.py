"""Search: what is found, in which order, and what is said when nothing is."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from masthead.articles.models import Article
from masthead.articles.search import index, reindex_all, remove, search
from masthead.articles.search.query import parse

pytestmark = pytest.mark.django_db

WEIRD = [
    '"',
    '""',
    '"""',
    "'",
    "(",
    ")",
    "*",
    "-",
    "--",
    "OR",
    "OR OR",
    "AND",
    "NOT",
    "NEAR(a b)",
    "title:fire",
    "{title}:x",
    "^fire",
    "a*b*",
    "*fire",
    "fire*",
    "-fire",
    '-"fire',
    "fire -",
    "fire OR",
    "OR fire",
    ":*",
    "fire & smoke",
    "fire | x",
    "!fire",
    "fire <-> smoke",
    "\\",
    "\\'",
    "fire\\",
    "'; DROP TABLE articles_search; --",
    "%s %(x)s %%",
    "\x00fire\x00",
    "\ud800",
    "🔥",
    "...",
    "x" * 5000,
    "word " * 500,
    '"' * 301,
    "a" * 299 + '"',
    "ﬁre",
    "\u202efire",
    "fire’s",
    "U.S.",
    "state-of-the-art",
    "fire)(",
    "fire\n\nsmoke",
    "OR -fire",
    "- fire",
    '"fire" OR "',
    "+fire",
    "fire:3",
    "fire:*A",
]


@pytest.mark.parametrize(
    ("typed", "wanted", "excluded"),
    [
        ("fire smoke", [["fire"], ["smoke"]], []),
        ('"great fire" city', [["great fire"], ["city"]], []),
        ("fire OR flood city", [["fire", "flood"], ["city"]], []),
        ('fire -smoke -"two words"', [["fire"]], ["smoke", "two words"]),
        ("fire AND smoke", [["fire"], ["smoke"]], []),
        ("“great fire”", [["great fire"]], []),
        ("OR fire OR", [["fire"]], []),
    ],
)
def test_reads_what_is_typed(typed: str, wanted: list[list[str]], excluded: list[str]) -> None:
    query = parse(typed)
    assert [[term.text for term in group] for group in query.wanted] == wanted
    assert [term.text for term in query.excluded] == excluded
    assert query.notes == ()


def test_a_query_is_written_as_it_is_read() -> None:
    for typed in ['fire "great flood" -"x y" -z a OR b pre*', "fire", '"OR"']:
        assert parse(parse(typed).typed()) == parse(typed)


def test_words_phrases_exclusion_alternatives_beginnings(make_article) -> None:
    fire = make_article("Great fire in the harbour", "Nobody was hurt.").pk
    flood = make_article("Flood in the harbour", "A great many were hurt by fire.").pk
    calm = make_article("A calm day", "Nothing at all.").pk
    found = lambda typed: set(search(typed).ids)  # noqa: E731
    assert found("harbour fire") == {fire, flood}
    assert found('"great fire"') == {fire}
    assert found("harbour -flood") == {fire}
    assert found('harbour -"great fire"') == {flood}
    assert found("calm OR flood") == {calm, flood}
    assert found("harb*") == {fire, flood}
    assert found("HARBOUR") == {fire, flood}
    assert found("fire calm") == set()


def test_headline_weighs_more_than_standfirst_and_text(make_article) -> None:
    text = make_article("One", "The election is near. Nothing else is.").pk
    standfirst = make_article("Two", "Something else is.", standfirst="The election is near.").pk
    title = make_article("The election", "Something else is near.").pk
    assert search("election").ids == (title, standfirst, text)


def test_accents_do_not_matter(make_article) -> None:
    article = make_article("Café in Zürich", "Über allem.", language="de").pk
    for typed in ("cafe", "café", "CAFÉ", "zurich", "Zürich", "uber", "caf*"):
        assert search(typed).ids == (article,), typed


def test_words_that_a_parser_could_take_for_something_else(make_article) -> None:
    article = make_article("x", "The harbour/port of <Hamburg> 2019-20 and example.com and C\\D").pk
    for typed in ("harbour", "port", "hamburg", "2019", "20", "example.com", "harbour/port", "2019-20"):
        assert search(typed).ids == (article,), typed


def test_snippets_mark_and_escape(make_article) -> None:
    article = make_article("x", 'Before <script>alert("fire")</script> & fire after.\n\nMore.').pk
    snippet = search("fire").snippets[article]
    assert "<mark>fire</mark>" in snippet
    assert set(re.findall(r"<[^>]*>", snippet)) == {"<mark>", "</mark>"}
    assert "&lt;script&gt;" in snippet
    assert 'alert("fire")' in re.sub(r"</?mark>", "", html.unescape(snippet))


def test_marks_cannot_be_forged(make_article) -> None:
    article = make_article("x", "evil \x02b\x03 fire").pk
    assert search("fire").snippets[article].count("<mark>") == 1


TYPED = st.lists(
    st.one_of(st.sampled_from([*WEIRD[:40], "fire", "smoke", "-", "*", '"', " "]), st.text(max_size=12)), max_size=8
).map("".join)


@given(TYPED)
def test_any_query_reads_back_as_itself(typed: str) -> None:
    query = parse(typed)
    again = parse(query.typed())
    if len(query.typed()) <= 300:
        assert (again.wanted, again.excluded) == (query.wanted, query.excluded)
    assert query.usable or query.notes or not typed.strip()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=TYPED)
def test_any_query_is_answered(db, typed: str) -> None:
    result = search(typed, since=date(2026, 1, 1))
    assert result.ids == () and (result.help or not typed.strip())


@pytest.mark.parametrize("typed", WEIRD)
def test_nothing_typed_is_an_error(make_article, typed: str) -> None:
    make_article("Fire and smoke", "The fire's smoke is state-of-the-art in the U.S.")
    result = search(typed)
    assert result.ids or result.help or not typed.strip()
    for suggestion in result.suggestions:
        assert search(suggestion).ids


def test_help_names_what_was_wrong(make_article) -> None:
    make_article("Fire", "x")
    assert "quotation mark" in search('"fire').help
    assert "too long" in search("fire " * 100).help
    assert "leave out" in search("-fire").help
    assert "no word" in search("OR ...").help
    assert search("").help == "" and search("fire").help == ""


def test_spelling_is_corrected_from_the_index(make_article) -> None:
    for _ in range(3):
        make_article("Parliament votes on the harbour", "x")
    for typed, wanted in [("parlament", "parliament"), ("harbor votes", "harbour votes"), ("paliament", "parliament")]:
        assert wanted in search(typed).suggestions


def test_suggestions_find_something_and_leak_nothing(make_article, make_source) -> None:
    make_article("Zirconium shortage", "x", source=make_source(policy="link"), state="held")
    make_article("Zebra", "Zirkonia hidden by rights", source=make_source(policy="link"))
    result = search("zircomium")
    assert result.suggestions == () and result.help
    assert search("zirkomia").suggestions == ()


def test_too_narrow_filters_are_named(make_article, make_source) -> None:
    other = make_source("Other", slug="other")
    make_article("Fire", "x", source=make_source())
    result = search("fire", source=other.slug)
    assert result.ids == () and "1 article" in result.help and result.suggestions == ()


def test_filters(make_article, make_source) -> None:
    alpha, beta = make_source(slug="alpha"), make_source(slug="beta")
    day = datetime(2026, 11, 10, 23, 30, tzinfo=UTC)
    one = make_article("Fire one", "x", source=alpha, language="en-GB", at=day).pk
    two = make_article("Fire two", "x", source=beta, language="de", at=day + timedelta(days=1)).pk
    found = lambda **filters: set(search("fire", **filters).ids)  # noqa: E731
    assert found(source="alpha") == {one} == found(source=alpha.pk)
    assert found(language="en") == {one} and found(language="de") == {two}
    assert found(since=date(2026, 11, 11)) == {two}
    assert found(until=date(2026, 11, 10)) == {one}
    assert found(since=date(2026, 11, 10), until=date(2026, 11, 11)) == {one, two}
    assert found(within=Article.objects.filter(pk=two).values("pk")) == {two}
    assert found(within=Article.objects.none().values("pk")) == set()


def test_only_what_rights_permit_is_searched(make_article, make_source) -> None:
    long = "Beginning of it. " + "Filler words stand here. " * 40 + "Secretword at the end."
    full = make_article("Full report", long, source=make_source(policy="full")).pk
    excerpt = make_article("Excerpt report", long, source=make_source(policy="excerpt")).pk
    link = make_article("Link report", long, source=make_source(policy="link"), standfirst="Standword.").pk
    assert set(search("report").ids) == {full, excerpt, link}
    assert set(search("secretword").ids) == {full}
    assert set(search("beginning").ids) == {full, excerpt}
    assert search("standword").ids == ()
    assert search("report", per_page=1, page=9).total == 3


def test_only_visible_articles_are_found(make_article, time_machine) -> None:
    time_machine.move_to(datetime(2026, 11, 20, 12, tzinfo=UTC))
    make_article("Fire held", "x", state="held")
    make_article("Fire withdrawn", "x", state="withdrawn")
    later = make_article("Fire embargoed", "x", embargo_until=datetime(2026, 11, 20, 13, tzinfo=UTC)).pk
    assert search("fire").ids == ()
    time_machine.move_to(datetime(2026, 11, 20, 13, 0, 1, tzinfo=UTC))
    assert search("fire").ids == (later,)


def test_index_follows_changes_and_policy(make_article, make_source) -> None:
    source = make_source()
    article = make_article("Old words", "Bodyword", source=source)
    Article.objects.filter(pk=article.pk).update(title="New letters")
    index([article.pk, article.pk, 10**9])
    assert search("old").ids == () and search("letters").ids == (article.pk,)
    assert "Bodyword" in search("letters").snippets[article.pk]
    source.policy = "link"
    source.save()
    assert search("letters").snippets == {}, "no text is shown under terms that hold no more"
    assert reindex_all(source.pk) == 1
    assert search("bodyword").ids == () and search("letters").ids == (article.pk,)
    remove([article.pk])
    assert search("letters").ids == ()
    assert reindex_all() == 1
    assert search("letters").ids == (article.pk,)


def test_paging_covers_everything_once(make_article) -> None:
    every = {make_article(f"Fire {number}", "x").pk for number in range(7)}
    pages = [search("fire", page=page, per_page=3) for page in (1, 2, 3, 4)]
    assert [len(page.ids) for page in pages] == [3, 3, 1, 0]
    assert {pk for page in pages for pk in page.ids} == every
    assert {page.total for page in pages} == {7}


def test_queries_do_not_grow(make_article) -> None:
    make_article("Fire", "x")
    with CaptureQueriesContext(
        connection,
    ) as few:
        search("fire")
    for number in range(30):
        make_article(f"Fire {number}", "x")
    with CaptureQueriesContext(connection) as many:
        search("fire")
    assert len(many) == len(few) == 4


def test_inflected_forms_where_the_database_knows_them(make_article) -> None:
    running = make_article("Running mates", "x").pk
    found = search("run", edition="en").ids
    assert found == ((running,) if connection.vendor == "postgresql" else ())
    assert search("run*", edition="en").ids == (running,)


def test_the_command_makes_the_index_anew(make_article) -> None:
    from io import StringIO

    from django.core.management import CommandError, call_command

    article = make_article("Fire", "x")
    remove([article.pk])
    out = StringIO()
    call_command("reindex", source=article.source.slug, stdout=out)
    assert out.getvalue() == "1 articles indexed\n" and search("fire").ids == (article.pk,)
    with pytest.raises(CommandError, match="no source has the slug 'none'"):
        call_command("reindex", source="none")


def test_making_it_anew_sweeps_out_what_is_gone(make_article) -> None:
    from masthead.articles.search.backend import backend
    from masthead.articles.search.document import Document

    reindex_all()  # of what tests with real commits left
    article = make_article("Fire", "x")
    backend().write([Document(10**9, "Orphan", "", "", "en", "")])
    assert backend().neighbours("orphans") == [("orphan", 1)]
    reindex_all()
    assert backend().neighbours("orphans") == [] and search("fire").ids == (article.pk,)


def test_the_ends_of_the_calendar(make_article) -> None:
    article = make_article("Fire", "x").pk
    assert search("fire", since=date.min, until=date.max).ids == (article,)
    assert search("fire", since=date.max).ids == () == search("fire", until=date.min).ids


def test_strange_words_in_a_phrase(make_article) -> None:
    make_article("Fire", "x")
    for typed in ('"fire \U0010ffff\U0010ffff\U0010ffff"', '"fire \ud7ff\ud7ff\ud7ff x"', '"fire ☃☃☃☃"'):
        search(typed)
