"""The API: what it says is true to its description, within rights, paged without gaps, and its errors are told."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from masthead.api import openapi
from masthead.articles.models import Article
from masthead.articles.queries import visible, visible_by_source
from masthead.core.types import Block, Evidence, Provenance, RelatedCard, Repair
from masthead.feeds.models import SourceIcon
from masthead.pages.models import Placement, Section
from masthead.stories.models import Member, Story

pytestmark = pytest.mark.django_db
SNAPSHOT = Path(__file__).with_name("openapi.json")
KINDS: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


def conforms(data: Any, schema: dict[str, Any], where: str = "$") -> list[str]:
    """What of `data` is not as `schema` says (the part of JSON Schema that our description uses)."""
    if "$ref" in schema:
        return conforms(data, openapi.schemas()[schema["$ref"].rpartition("/")[2]], where)
    wrong = [fault for part in schema.get("allOf", ()) for fault in conforms(data, part, where)]
    if (choices := schema.get("oneOf")) and all(conforms(data, choice, where) for choice in choices):
        wrong.append(f"{where}: {data!r} is none of the choices")
    if "enum" in schema and data not in schema["enum"]:
        wrong.append(f"{where}: {data!r} is not in {schema['enum']}")
    if kinds := schema.get("type"):
        named = [kinds] if isinstance(kinds, str) else kinds
        types = tuple(KINDS[kind] for kind in named if kind in KINDS) + ((int, float) if "number" in named else ())
        if not isinstance(data, types) or (isinstance(data, bool) and bool not in types):
            return [*wrong, f"{where}: {data!r} is no {kinds}"]
    if isinstance(data, dict):
        properties = schema.get("properties", {})
        wrong += [f"{where}: {name} is missing" for name in schema.get("required", ()) if name not in data]
        for name, value in data.items():
            other = schema.get("additionalProperties")
            wrong += conforms(value, properties.get(name) or other or {}, f"{where}.{name}")
    if isinstance(data, list):
        wrong += [
            fault for n, item in enumerate(data) for fault in conforms(item, schema.get("items", {}), f"{where}[{n}]")
        ]
    return wrong


def undescribed(data: Any, schema: dict[str, Any]) -> set[str]:
    """Names in an object that its schema does not have."""
    if "$ref" in schema:
        return undescribed(data, openapi.schemas()[schema["$ref"].rpartition("/")[2]])
    known = set(schema.get("properties", {}))
    for part in schema.get("allOf", ()):
        known |= set(data) - undescribed(data, part)
    return set(data) - known


def get(client: Client, path: str, schema: str, **query: Any) -> Any:
    answer = client.get(f"/api/v1/{path}", query)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert answer["Access-Control-Allow-Origin"] == "*" and not answer.cookies
    data = json.loads(answer.content)
    assert conforms(data, {"$ref": f"#/components/schemas/{schema}"}) == []
    assert undescribed(data, {"$ref": f"#/components/schemas/{schema}"}) == set()
    return data


@pytest.fixture
def filled(make_article, make_source) -> dict[str, Article]:
    """An article of every kind, in a section and a story."""
    section = Section.objects.create(slug="world", name="World", names={"de": "Welt"})
    long = "Opening words. " + "Filler stands here in between. " * 60 + "Lastword."
    record = {
        "related": (RelatedCard("Read more", "Other", "https://e.example/other"),),
        "repairs": (
            Repair("leaked-markup", "body", "Lastword <span>", "Lastword", "Tags were shown as text."),
            Repair("title-case", "title", "A TITLE", "A title", "Shouting."),
        ),
        "provenance": {"title": Provenance("feed:title", evidence=(Evidence("x", "y", "z"),))},
    }
    made = {
        policy: make_article(f"Fire {policy}", long, source=make_source(policy=policy), record=record, standfirst="S.")
        for policy in ("full", "excerpt", "link")
    }
    made["undated"] = make_article("Fire undated", at=None, language="")
    story = Story.objects.create(
        slug="s", title="S", articles=2, sources=2, first_at=made["full"].sort_at, last_at=made["link"].sort_at
    )
    for article in made.values():
        Placement.objects.create(article=article, section=section, language="en", at=article.sort_at)
    for policy in ("full", "link"):
        Member.objects.create(story=story, article=made[policy], at=made[policy].sort_at)
    return made


def test_every_answer_is_as_described(client: Client, filled: dict[str, Article]) -> None:
    listed = get(client, "articles", "ArticleList")
    assert {row["id"] for row in listed["articles"]} == {article.pk for article in filled.values()}
    for article in filled.values():
        assert get(client, f"articles/{article.pk}", "Article")["id"] == article.pk
    story = get(client, f"stories/{Story.objects.get().pk}", "Story")
    assert [row["id"] for row in story["reports"]] == [filled["full"].pk, filled["link"].pk]
    SourceIcon.objects.create(source=filled["full"].source, files=[{"side": 64, "path": "icons/aa/a-64.webp"}])
    icons = {row["id"]: row["icon"] for row in get(client, "sources", "SourceList")["sources"]}
    assert icons.pop(filled["full"].source_id) == "http://testserver/media/icons/aa/a-64.webp"
    assert list(icons.values()) == [None, None]
    assert get(client, "sections", "SectionList")["sections"][0]["url"] == "http://testserver/section/world/"
    found = get(client, "search", "SearchResult", q="lastword")
    assert [row["id"] for row in found["articles"]] == [filled["full"].pk] and "<mark>" in found["articles"][0][
        "snippet_html"
    ]
    assert get(client, "popular", "Popular")["articles"]


def test_sources_are_paged_for_those_who_want_it(client: Client, make_source) -> None:
    names = sorted(make_source().name for _ in range(5))
    whole = get(client, "sources", "SourceList")
    assert [row["name"] for row in whole["sources"]] == names and whole["next"] is None
    answer, seen = get(client, "sources", "SourceList", limit=2), []
    while True:
        seen.append([row["name"] for row in answer["sources"]])
        if answer["next"] is None:
            break
        answer = client.get(answer["next"].removeprefix("http://testserver")).json()
    assert seen == [names[:2], names[2:4], names[4:]]
    assert client.get("/api/v1/sources?limit=1001").status_code == 400
    assert get(client, "sources", "SourceList", page=9) == {"sources": [], "next": None}


def test_rights_hold_in_every_field(client: Client, filled: dict[str, Article]) -> None:
    full = client.get(f"/api/v1/articles/{filled['full'].pk}").content.decode()
    assert "Lastword." in full and "Lastword <span>" in full
    for policy in ("excerpt", "link"):
        answer = client.get(f"/api/v1/articles/{filled[policy].pk}")
        assert b"Lastword" not in answer.content
        data = json.loads(answer.content)
        assert data["policy"] == policy and data["truncated"]
        assert data["canonical_url"] == data["original_url"] == filled[policy].canonical_url
        mended = {mend["field"]: mend for mend in data["repairs"]}
        assert mended["body"] == {"code": "leaked-markup", "field": "body", "why": "Tags were shown as text."}
    assert json.loads(answer.content)["body"] == [] and json.loads(answer.content)["standfirst"] == ""


def test_lists_are_paged_without_gaps(client: Client, make_article) -> None:
    same = datetime(2026, 11, 20, tzinfo=UTC)
    made = [make_article(f"N {n}", at=same + timedelta(hours=n // 3)).pk for n in range(11)]
    seen: list[int] = []
    url: str | None = "http://testserver/api/v1/articles?limit=4"
    answers = 0
    while url:
        answer = client.get(url.removeprefix("http://testserver"))
        data = json.loads(answer.content)
        assert answer.headers.get("Link", "") == (f'<{data["next"]}>; rel="next"' if data["next"] else "")
        seen += [row["id"] for row in data["articles"]]
        url = data["next"]
        answers += 1
        make_article(f"New {answers}", at=same + timedelta(days=1))  # what arrives meanwhile shifts nothing
    assert answers == 3 and seen == sorted(made, reverse=True)


def test_filters(client: Client, filled: dict[str, Article], make_article) -> None:
    german = make_article("Feuer", language="de-AT", at=datetime(2026, 11, 22, 9, tzinfo=UTC)).pk
    ids = lambda **query: [row["id"] for row in get(client, "articles", "ArticleList", **query)["articles"]]  # noqa: E731
    assert ids(language="de") == [german] == ids(since="2026-11-22") == ids(since="2026-11-22T09:00:00Z")
    assert german not in ids(until="2026-11-21") and german in ids(until="2026-11-22")
    assert ids(since="2026-11-22T11:00:00+02:00") == [german] and ids(since="2026-11-22T09:00:01Z") == []
    assert german not in ids(section="world") and len(ids(section="world")) == 4
    assert ids(source=filled["link"].source.slug) == [filled["link"].pk]
    assert ids(source="none") == ids(section="none") == []
    assert len(ids(edition="en")) == 5
    assert len(ids(limit="1")) == 1
    found = get(client, "search", "SearchResult", q="fire", limit=1, source=filled["full"].source.slug)
    assert found["total"] == 2 and f"source={filled['full'].source.slug}" in found["next"]
    second = json.loads(client.get(found["next"].removeprefix("http://testserver")).content)
    assert second["next"] is None and second["articles"][0]["id"] != found["articles"][0]["id"]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("articles?limit=0", 400, "limit"),
        ("articles?limit=101", 400, "1 to 100"),
        ("articles?limit=x", 400, "limit"),
        ("articles?limit=%D9%A3", 400, "limit"),
        ("articles?since=yesterday", 400, "2026-11-24"),
        ("articles?since=2026-13-45", 400, "since"),
        ("articles?since=2026-11-24T00:00:00", 400, "zone"),
        ("articles?since=0001-01-01", 400, "since"),
        ("articles?until=9999-12-31", 400, "until"),
        ("articles?since=0001-01-01T00:00:00%2B14:00", 400, "since"),
        ("search?q=x&until=9999-12-31", 400, "until"),
        ("articles?cursor=abc", 400, "cursor"),
        ("articles?cursor=OTk5OS0xMi0zMVQyMzo1OTo1OS0xNDowMC8x", 400, "cursor"),
        ("articles?cursor=MjAyNi0xMS0yNFQwMDowMDowMC8x", 400, "cursor"),
        ("articles?edition=xx", 400, "one of en"),
        ("articles?colour=red", 400, "colour"),
        ("articles?source=%00", 400, "NUL"),
        ("articles?section=" + "x" * 500, 400, "400 characters"),
        ("search", 400, "q is required"),
        ("search?q=%20", 400, "q is required"),
        ("search?q=x&page=1001", 400, "page"),
        ("articles/999999", 404, "no article 999999"),
        ("articles/99999999999999999999999", 404, ""),
        ("stories/1", 404, "no story 1"),
        ("articles/", 404, "openapi"),
        ("nonsense", 404, "openapi"),
        ("", 404, "openapi"),
    ],
)
def test_errors_name_the_thing_and_the_cure(client: Client, path: str, status: int, said: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == status and answer["Content-Type"] == "application/problem+json"
    data = json.loads(answer.content)
    assert conforms(data, {"$ref": "#/components/schemas/Problem"}) == []
    assert data["status"] == status and said in data["detail"]
    assert answer["Access-Control-Allow-Origin"] == "*" and answer["Cache-Control"] == "no-store"


def test_what_was_taken_down_says_why(client: Client, filled: dict[str, Article]) -> None:
    pk = filled["full"].pk
    Article.objects.filter(pk=pk).update(state="withdrawn", state_reason="Court order")
    answer = client.get(f"/api/v1/articles/{pk}")
    assert answer.status_code == 410 and json.loads(answer.content)["reason"] == "Court order"
    assert pk not in [row["id"] for row in get(client, "articles", "ArticleList")["articles"]]
    Article.objects.filter(pk=pk).update(state="held")
    assert client.get(f"/api/v1/articles/{pk}").status_code == 404


def test_a_merged_story_leads_on(client: Client, filled: dict[str, Article]) -> None:
    story = Story.objects.get()
    old = Story.objects.create(slug="o", title="O", merged_into=story, first_at=story.first_at, last_at=story.last_at)
    answer = client.get(f"/api/v1/stories/{old.pk}")
    assert answer.status_code == 301 and answer["Location"] == f"http://testserver/api/v1/stories/{story.pk}"


def test_conditional_get_and_cors(client: Client, filled: dict[str, Article]) -> None:
    first = client.get("/api/v1/articles")
    assert client.get("/api/v1/articles", headers={"if-none-match": first["ETag"]}).status_code == 304
    before = client.options("/api/v1/articles", headers={"origin": "https://e.example"})
    assert before.status_code == 204 and "GET" in before["Access-Control-Allow-Methods"]
    assert client.head("/api/v1/articles").status_code == 200
    refused = client.post("/api/v1/articles", {"x": 1})
    assert refused.status_code == 405 and refused["Allow"] == "GET, HEAD, OPTIONS"


def test_a_failure_of_ours_is_a_problem_too(client: Client, monkeypatch) -> None:
    from masthead.pages import compose

    monkeypatch.setattr(compose, "sources", lambda: 1 / 0)
    answer = client.get("/api/v1/sources")
    assert answer.status_code == 500 and b"division" not in answer.content
    assert json.loads(answer.content)["status"] == 500


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "a\u202eb", "javascript:alert(1)", "</script>", "\x07", "%0d%0a"]
)
def test_hostile_text_stays_text(client: Client, make_article, make_source, text: str) -> None:
    source = make_source(text, home_url=text, licence=text, description=text)
    article = make_article(
        text,
        text,
        source=source,
        standfirst=text,
        byline=[text],
        canonical_url=text,
        blocks=(Block("embed", text=text, url=text, title=text),),
        record={"related": (RelatedCard(text, text, text),)},
    )
    answer = client.get(f"/api/v1/articles/{article.pk}")
    data = get(client, f"articles/{article.pk}", "Article")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert data["original_url"] is None and data["source"]["home_url"] is None
    assert all(row["url"] is None for row in data["related"])
    assert all("url" not in block for block in data["body"])


def test_queries_do_not_grow(client: Client, filled: dict[str, Article], make_article) -> None:
    counts = []
    for _ in range(2):
        for path in (
            "articles?limit=100",
            "sources",
            "sections",
            "search?q=fire",
            "popular",
            f"articles/{filled['full'].pk}",
        ):
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/api/v1/{path}")
            counts.append(len(queries))
        for number in range(30):
            make_article(f"Fire {number}")
    assert counts[:6] == counts[6:] and max(counts) <= 20


def plans(asked: CaptureQueriesContext) -> list[str]:
    """How SQLite goes about these queries; PostgreSQL's plans change with its statistics."""
    found = []
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            found.append(str(cursor.fetchall()))
    return found


def test_reports_of_sources_are_counted_in_indexes(client: Client, make_article, make_source) -> None:
    """Held, taken down and embargoed ones are not counted; of a source without an embargo no row is read for it."""
    sources = [make_source(), make_source(embargo_minutes=60)]
    for source in sources:
        made = [make_article(f"Fire {n}", source=source) for n in range(7)]
        for row, state in zip(made, ("held", "withdrawn"), strict=False):
            row.state = state
            row.save()
    for row, hours in ((made[2], 1), (made[3], -1), (made[0], 1)):
        row.embargo_until = timezone.now() + timedelta(hours=hours)
        row.save()
    told = {row["id"]: row["articles"] for row in get(client, "sources", "SourceList")["sources"]}
    assert [told[source.pk] for source in sources] == [5, 4]
    with CaptureQueriesContext(connection) as asked:
        assert visible_by_source(sources[:1]) == {sources[0].pk: 5}
    if connection.vendor == "sqlite":
        held, rest = plans(asked)
        assert "COVERING INDEX" in rest and "article_held" in held, (held, rest)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's plans change with its statistics")
def test_lists_of_the_newest_read_no_more_than_they_show(make_article) -> None:
    """They go along an index in the order of time: no other condition may tempt the database to sort all there are."""
    rows = [make_article(f"Fire {n}") for n in range(3)]
    newest = {
        "article_newest": visible().order_by("-sort_at", "-pk"),
        "article_by_source": visible().filter(source=rows[0].source).order_by("-sort_at", "-pk"),
    }
    for index, found in newest.items():
        with CaptureQueriesContext(connection) as asked:
            list(found[:30])
        [plan] = plans(asked)
        assert index in plan and "TEMP B-TREE" not in plan, plan


def test_the_description_is_as_agreed(client: Client) -> None:
    """A change of the API is a change of this file: write it anew with the description that the test prints."""
    data = json.loads(client.get("/api/v1/openapi.json").content)
    text = json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    assert text == SNAPSHOT.read_text(encoding="utf-8"), text
    names = set(data["components"]["schemas"])
    used = {part.split('"')[0] for part in json.dumps(data).split("#/components/schemas/")[1:]}
    assert used == names
