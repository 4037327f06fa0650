"""`masthead feed`: one request at most, what it brings is used, every refusal is named."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from masthead.cli import _opml
from masthead.cli import feed as module
from masthead.core.parse import opml
from masthead.entries.ingest import ingest
from masthead.entries.models import Entry
from masthead.feeds import claims, client, edit
from masthead.feeds.bulk import subscribe_all
from masthead.feeds.models import Feed, FeedState, Fetch, Source
from masthead.feeds.poll import poll_due
from masthead.feeds.subscribe import Subscribed, Wish, subscribe

ITEM = {"title": "Harbour reopens", "link": "http://gazette.example/harbour", "guid": "g1"}
Run = Callable[..., Result]


@pytest.fixture
def run(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, host_gap=0.0)
    monkeypatch.setattr(module, "ready", lambda: None)

    def invoke(*arguments: str, stdin: str | None = None) -> Result:
        result = CliRunner().invoke(module.command, list(arguments), input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    yield invoke
    client.close()


def page(*links: tuple[str, str]) -> bytes:
    head = "".join(f'<link rel="alternate" type="application/rss+xml" href="{h}" title="{t}">' for h, t in links)
    return f"<!doctype html><html><head><title>Gazette</title>{head}</head><body><p>Hello</p></body></html>".encode()


def test_1_and_15_add_asks_once_and_uses_what_it_got(run: Run, publisher: Any, reply: Any, rss: Any) -> None:
    publisher.on("/feed", reply(body=rss(ITEM), headers=[("ETag", '"1"')]))
    result = run("add", publisher.url(), "--section", "world", "--language", "en")
    assert result.exit_code == 0 and "Subscribed to The Scripted Gazette" in result.stdout
    assert ingest().done == 1
    assert poll_due().done == 0
    assert len(publisher.asked) == 1
    feed = Feed.objects.select_related("source").get()
    assert (feed.etag, feed.section, feed.language) == ('"1"', "world", "en")
    assert feed.source.name == "The Scripted Gazette"
    assert Entry.objects.count() == 1 and Fetch.objects.count() == 1


def test_add_again_is_recognised_without_asking(run: Run, publisher: Any, reply: Any, rss: Any) -> None:
    publisher.on("/feed", reply(body=rss(ITEM)))
    run("add", publisher.url())
    for spelling in (publisher.url(), publisher.url("/feed/"), publisher.url().removeprefix("http://")):
        result = run("add", spelling)
        assert result.exit_code == 0 and "Already subscribed" in result.stdout
    assert Feed.objects.count() == 1 and len(publisher.asked) == 1


def test_a_page_that_names_one_feed(run: Run, publisher: Any, reply: Any) -> None:
    publisher.on("/", reply(body=page(("/news.xml", "News")), headers=[("Content-Type", "text/html")]))
    result = run("add", publisher.url("/"), "--json")
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert (data["url"], data["created"], data["state"]) == (publisher.url("/news.xml"), True, "active")
    assert [asked.path for asked in publisher.asked] == ["/"]


def test_a_page_that_names_several_feeds_and_nobody_to_ask(run: Run, publisher: Any, reply: Any) -> None:
    publisher.on(
        "/", reply(body=page(("/news.xml", "News"), ("/sport.xml", "Sport")), headers=[("Content-Type", "text/html")])
    )
    result = run("add", publisher.url("/"))
    assert result.exit_code == 2
    assert "/news.xml" in result.stderr and "/sport.xml" in result.stderr
    assert not Feed.objects.exists()


def test_a_page_that_names_several_feeds_asks_which(
    run: Run, publisher: Any, reply: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.on(
        "/", reply(body=page(("/news.xml", "News"), ("/sport.xml", "Sport")), headers=[("Content-Type", "text/html")])
    )
    monkeypatch.setattr(module, "_is_asked_in_person", lambda: True)
    result = run("add", publisher.url("/"), stdin="2\n")
    assert result.exit_code == 0
    assert Feed.objects.get().url == publisher.url("/sport.xml")


def three(publisher: Any, reply: Any) -> None:
    links = page(("/news.xml", "News"), ("/sport.xml", "Sport"), ("/arts.xml", "Arts"))
    publisher.on("/", reply(body=links, headers=[("Content-Type", "text/html")]))


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        (["--all"], ["/arts.xml", "/news.xml", "/sport.xml"]),
        (["--pick", "1,3"], ["/arts.xml", "/news.xml"]),
        (["--pick", "2-3"], ["/arts.xml", "/sport.xml"]),
        (["--pick", "SPORT"], ["/sport.xml"]),
    ],
)
def test_several_feeds_are_taken_by_option(
    run: Run, publisher: Any, reply: Any, options: list[str], paths: list[str]
) -> None:
    three(publisher, reply)
    result = run("add", publisher.url("/"), *options)
    assert result.exit_code == 0 and result.stdout.count("Subscribed to") == len(paths)
    assert sorted(Feed.objects.values_list("url", flat=True)) == [publisher.url(path) for path in paths]
    assert len(publisher.asked) == 1


def test_a_pick_that_fits_nothing_takes_nothing(run: Run, publisher: Any, reply: Any) -> None:
    three(publisher, reply)
    for pick in ("4", "0", "3-1", "weather", ","):
        result = run("add", publisher.url("/"), "--pick", pick)
        assert result.exit_code == 2 and publisher.url("/") in result.stderr
    assert not Feed.objects.exists()


def test_offers_say_what_is_subscribed_already(run: Run, publisher: Any, reply: Any) -> None:
    three(publisher, reply)
    run("add", publisher.url("/sport.xml/"), "--no-fetch")
    result = run("add", publisher.url("/"))
    assert f"2. Sport: {publisher.url('/sport.xml')} (subscribed, feed {Feed.objects.get().pk})" in result.stderr
    assert run("add", publisher.url("/"), "--pick", "sport").stdout.startswith("Already subscribed")
    assert Feed.objects.count() == 1


def test_usual_places_are_tried_one_after_the_other_up_to_the_first(
    run: Run, publisher: Any, reply: Any, rss: Any
) -> None:
    html = [("Content-Type", "text/html")]
    publisher.on("/paper/", reply(body=page(), headers=html))
    publisher.on("/paper/feed", reply(body=page(), headers=html))
    publisher.on("/rss", reply(body=rss(ITEM)))
    result = run("add", publisher.url("/paper/"))
    assert result.exit_code == 0 and Feed.objects.get().url == publisher.url("/rss")
    asked = [(asked.method, asked.path) for asked in publisher.asked]
    assert asked == [("GET", path) for path in ("/paper/", "/paper/feed", "/paper/index.xml", "/feed", "/rss")]
    assert publisher.most_under_way == 1
    ingest()
    assert poll_due().done == 0 and len(publisher.asked) == 5, "what the search brought is its first exchange"


@pytest.mark.parametrize("status", [429, 503, 500])
def test_the_search_ends_when_the_server_is_in_trouble(run: Run, publisher: Any, reply: Any, status: int) -> None:
    publisher.on("/", reply(body=page(), headers=[("Content-Type", "text/html")]))
    publisher.on("/feed", reply(status))
    assert run("add", publisher.url("/")).exit_code == 2
    assert [asked.path for asked in publisher.asked] == ["/", "/feed"]


def test_the_search_keeps_the_hosts_gap(run: Run, publisher: Any, reply: Any, settings: Any) -> None:
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, host_gap=0.2)
    publisher.on("/", reply(body=page(), headers=[("Content-Type", "text/html")]))
    run("add", publisher.url("/"))
    starts = [asked.at for asked in publisher.asked]
    assert len(starts) > 3 and all(later - sooner >= 0.19 for sooner, later in pairwise(starts))


def test_a_platforms_address_offers_its_feeds_without_a_request(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(*arguments: object) -> None:
        raise AssertionError("a request was made")

    monkeypatch.setattr("masthead.feeds.probe.fetch_many", fetch)
    result = run("add", "github.com/pilot/pier", "--pick", "tags")
    assert result.exit_code == 0 and Feed.objects.get().url == "https://github.com/pilot/pier/tags.atom"
    assert "Releases" in run("add", "https://github.com/pilot/pier").stderr


@pytest.mark.parametrize(
    "spelling", ["feed:{}", "FEED:{}", "feed://{bare}", "rss:{}", "http://WWW.{bare}#top", "{bare}"]
)
def test_the_schemes_of_feed_readers_and_every_spelling_name_the_same_feed(run: Run, spelling: str) -> None:
    run("add", "http://gazette.example/rss", "--no-fetch")
    address = spelling.format("http://gazette.example/rss", bare="gazette.example/rss")
    assert run("add", address).stdout.startswith("Already subscribed"), address
    assert run("remove", address).exit_code == 0 and not Feed.objects.exists()


def test_a_directorys_record_leads_to_its_feed(run: Run, publisher: Any, reply: Any) -> None:
    record = json.dumps({"results": [{"collectionName": "Talk", "feedUrl": publisher.url("/talk.xml")}]})
    publisher.on("/lookup", reply(body=record.encode(), headers=[("Content-Type", "text/javascript")]))
    assert run("add", publisher.url("/lookup")).exit_code == 0
    assert Feed.objects.get().url == publisher.url("/talk.xml")


def test_a_permanent_move_is_followed_when_subscribing(run: Run, publisher: Any, reply: Any, rss: Any) -> None:
    publisher.on("/old", reply(301, headers=[("Location", "/new")]))
    publisher.on("/new", reply(body=rss(ITEM), headers=[("ETag", '"n"')]))
    run("add", publisher.url("/old"))
    ingest()
    feed = Feed.objects.get()
    assert (feed.url, feed.etag, feed.moved_to) == (publisher.url("/new"), '"n"', "")
    assert run("add", publisher.url("/new")).stdout.startswith("Already subscribed")
    assert len(publisher.asked) == 2, "one request and its redirect"


@pytest.mark.parametrize(
    ("path", "words"),
    [("/404", "answered 404"), ("/empty", "empty body"), ("/plain", "names none"), ("/inside", "169.254.169.254")],
)
def test_what_cannot_be_added_is_named(run: Run, publisher: Any, reply: Any, path: str, words: str) -> None:
    publisher.on("/empty", reply(body=b""))
    publisher.on("/plain", reply(body=page(), headers=[("Content-Type", "text/html")]))
    publisher.on("/inside", reply(302, headers=[("Location", "http://169.254.169.254/")]))
    result = run("add", publisher.url(path))
    assert result.exit_code == 2
    assert path in result.stderr and words in result.stderr
    assert not Feed.objects.exists() and not Source.objects.exists()


def test_some_refused_is_1(run: Run, publisher: Any, reply: Any, rss: Any) -> None:
    publisher.on("/feed", reply(body=rss(ITEM)))
    assert run("add", publisher.url(), publisher.url("/none")).exit_code == 1
    assert run("add", "mailto:someone@gazette.example", "--no-fetch").exit_code == 2


def test_no_fetch_asks_nothing(run: Run, publisher: Any) -> None:
    assert run("add", publisher.url(), "--no-fetch", "--source", "Gazette", "--policy", "full").exit_code == 0
    assert publisher.asked == []
    assert Source.objects.get().policy == "full"


def test_feeds_of_one_publisher_share_their_source(run: Run, publisher: Any, reply: Any, rss: Any) -> None:
    for path in ("/a", "/b"):
        publisher.on(path, reply(body=rss(ITEM)))
        run("add", publisher.url(path))
    run("add", publisher.url("/c"), "--no-fetch", "--source", "the scripted gazette")
    assert Source.objects.count() == 1 and Feed.objects.count() == 3


def test_list_tells_state_and_reason(run: Run, publisher: Any) -> None:
    assert "No feeds yet" in run("list").stderr
    run("add", publisher.url(), "--no-fetch", "--source", "Gazette")
    Feed.objects.update(state=FeedState.GONE, reason="the server answered 410 Gone")
    assert "410 Gone" in run("list").stdout and "410 Gone" in run("list", "--failing").stdout
    data = json.loads(run("list", "--json").stdout)
    assert (data["source"], data["state"]) == ("Gazette", "gone")


def test_remove_loses_nothing(run: Run, publisher: Any, reply: Any, rss: Any) -> None:
    publisher.on("/feed", reply(body=rss(ITEM)))
    run("add", publisher.url())
    run("add", publisher.url("/other"), "--no-fetch", "--source", "Other")
    ingest()
    first, second = Feed.objects.order_by("pk")
    assert run("remove", str(first.pk), publisher.url("/other")).exit_code == 0
    first.refresh_from_db()
    assert first.state == FeedState.PAUSED and "articles stay" in first.reason
    assert not Feed.objects.filter(pk=second.pk).exists() and not Source.objects.filter(name="Other").exists()
    result = run("remove", "999")
    assert result.exit_code == 2 and "no feed '999'" in result.stderr


OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="World"><outline type="rss" text="Gazette" xmlUrl="http://gazette.example/feed" htmlUrl="http://gazette.example/"/>
<outline type="rss" text="Gazette sport" xmlUrl="http://gazette.example/sport" htmlUrl="http://gazette.example/"/></outline>
<outline type="rss" text="Courier" xmlUrl="https://courier.example/rss?a=1&amp;b=2"/>
<outline type="rss" text="Courier again" xmlUrl="http://www.courier.example/rss?a=1&amp;b=2"/>
<outline type="rss" text="Broken" xmlUrl="javascript:alert(1)"/>
</body></opml>"""


def test_every_line_of_an_opml_is_imported_or_reported(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.opml"
    file.write_text(OPML)
    result = run("import", str(file))
    assert result.exit_code == 1
    assert "3 imported, 1 already there, 1 refused" in result.stderr
    assert "mine.opml:6:" in result.stderr and "javascript:alert(1)" in result.stderr
    assert set(Feed.objects.values_list("url", flat=True)) == {
        "http://gazette.example/feed", "http://gazette.example/sport", "https://courier.example/rss?a=1&b=2",
    }  # fmt: skip
    assert Source.objects.count() == 2
    assert Feed.objects.get(url="http://gazette.example/feed").section == "world"
    assert run("import", str(file), "--json").stdout.count('"known"') == 4


def test_export_can_be_imported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.opml").write_text(OPML)
    run("import", str(tmp_path / "a.opml"))
    before = set(Feed.objects.values_list("url", "section", "source__name"))
    assert run("export", str(tmp_path / "b.opml")).exit_code == 0
    Feed.objects.all().delete()
    Source.objects.all().delete()
    assert run("import", str(tmp_path / "b.opml")).exit_code == 0
    assert set(Feed.objects.values_list("url", "section", "source__name")) == before


NESTED = """<opml version="2.0"><body><outline text="World"><outline text="Europe"><outline text="North">
<outline type="rss" text="Gazette" xmlUrl="http://gazette.example/feed"/></outline></outline></outline></body></opml>"""


def test_an_export_keeps_nesting_and_settings(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.opml").write_text(NESTED)
    run("import", str(tmp_path / "a.opml"))
    feed = Feed.objects.get()
    feed.full_text, feed.source.policy, feed.source.name = "off", "link", "The Gazette of the Harbour"
    feed.save()
    feed.source.save()
    run("export", str(tmp_path / "b.opml"))
    Source.objects.all().delete()
    assert run("import", str(tmp_path / "b.opml")).exit_code == 0
    again = Feed.objects.select_related("source").get()
    assert (again.title, again.section, again.full_text) == ("Gazette", "world", "off")
    assert (again.source.name, again.source.policy) == ("The Gazette of the Harbour", "link")
    listed = opml.read((tmp_path / "b.opml").read_bytes()).feeds[0]
    assert listed.folders == ("World", "Europe", "North")
    Feed.objects.update(section="sport")
    run("export", str(tmp_path / "c.opml"))
    assert opml.read((tmp_path / "c.opml").read_bytes()).feeds[0].folders == ("sport",), "an editor moved it"


def test_an_export_keeps_what_is_paused_with_its_reason(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.opml").write_text(OPML)
    run("import", str(tmp_path / "a.opml"))
    first, second, *others = Feed.objects.order_by("pk")
    edit.pause([first.pk], 'libel suit: "Harbour" & co. <pending>')
    edit.pause([second.pk])
    before = set(Feed.objects.values_list("url", "state", "reason"))
    assert len({state for _, state, _ in before}) == 2 and others
    run("export", str(tmp_path / "b.opml"))
    Source.objects.all().delete()
    assert run("import", str(tmp_path / "b.opml")).exit_code == 0
    assert set(Feed.objects.values_list("url", "state", "reason")) == before
    assert {feed.state for feed in claims.due(timezone.now())} == {FeedState.ACTIVE}, "nobody asks for them"
    edit.poll_soon([Feed.objects.get(url=first.url).pk])
    run("import", str(tmp_path / "b.opml"))
    assert Feed.objects.get(url=first.url).state == FeedState.ACTIVE, "what is there already, a list does not pause"


def test_one_feed_may_begin_paused(db: None) -> None:
    feed = subscribe(Wish("http://gazette.example/feed", paused="not before the election")).feed
    assert (feed.state, feed.reason) == (FeedState.PAUSED, "not before the election")
    other = '<opml><body><outline xmlUrl="http://b.example/f" masthead:state="{}"/></body></opml>'
    for state, kept in (("gone", FeedState.ACTIVE), ("PAUSED", FeedState.ACTIVE), ("paused", FeedState.PAUSED)):
        [line] = opml.read(other.format(state).encode()).feeds
        [done] = subscribe_all([_opml._wish(line, "", _opml.Counts(), rights=False)])
        assert isinstance(done, Subscribed) and done.feed.state == kept
        done.feed.delete()


def test_a_list_may_lessen_rights_and_not_widen_them(run: Run, tmp_path: Path) -> None:
    lines = "".join(
        f'<outline type="rss" text="{p}" xmlUrl="http://{p}.example/f" masthead:policy="{p}"/>'
        for p in ("full", "excerpt", "nonsense")
    )
    (tmp_path / "a.opml").write_text(f'<opml xmlns:masthead="urn:masthead:opml"><body>{lines}</body></opml>')
    result = run("import", str(tmp_path / "a.opml"))
    assert result.exit_code == 0 and "1 publishers whose full text" in result.stderr
    assert dict(Source.objects.values_list("name", "policy")) == {"full": "", "excerpt": "excerpt", "nonsense": ""}
    Source.objects.all().delete()
    run("import", str(tmp_path / "a.opml"), "--rights")
    assert Source.objects.get(name="full").policy == "full"


def test_duplicates_of_a_list_are_told_and_are_no_failure(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("http://a.example/f\nhttp://www.a.example/f/\nhttp://a.example/f\n")
    result = run("import", str(tmp_path / "list.txt"), "--json")
    assert result.exit_code == 0 and "1 imported, 2 already there, 0 refused" in result.stderr
    assert "list.txt:3: http://a.example/f is in the list already" in result.stderr
    assert sorted(json.loads(line)["state"] for line in result.stdout.splitlines()) == ["imported", "known", "known"]


def test_many_lines_cost_few_statements_and_get_what_one_would(
    run: Run, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    lines = [
        f'<outline type="rss" text="Same name" xmlUrl="http://h{n}.example/f" htmlUrl="http://h{n // 2}.example/"/>'
        for n in range(400)
    ]
    (tmp_path / "many.opml").write_text(f"<opml><body>{''.join(lines)}</body></opml>")
    with django_assert_max_num_queries(25):
        assert run("import", str(tmp_path / "many.opml")).exit_code == 0
    assert Feed.objects.count() == 400 and Source.objects.count() == 200
    assert len(set(Source.objects.values_list("slug", flat=True))) == 200
    assert set(Feed.objects.values_list("host", flat=True)) == {f"h{n}.example" for n in range(400)}
    assert "already there" in run("import", str(tmp_path / "many.opml")).stderr and Feed.objects.count() == 400


def test_files_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    assert run("import", str(tmp_path / "none.opml")).exit_code == 2
    (tmp_path / "noise.opml").write_bytes(bytes(range(256)))
    result = run("import", str(tmp_path / "noise.opml"))
    assert result.exit_code == 2 and "noise.opml" in result.stderr


def test_export_to_stdout_is_the_bytes_alone(run: Run, publisher: Any) -> None:
    run("add", publisher.url(), "--no-fetch", "--source", "Zürcher Blatt")
    result = run("export")
    assert result.stdout_bytes.startswith(b"<?xml") and "Zürcher Blatt".encode() in result.stdout_bytes
