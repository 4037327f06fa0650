"""The publishers' servers, seen by a plain HTTP client and by feedparser."""

from __future__ import annotations

import gzip
import http.client
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import feedparser
import pytest

from masthead.demo import damage, publishers
from masthead.demo.publishers import Handle, PortInUse


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Handle]:
    handle = publishers.start(picture_width=320)
    yield handle
    handle.stop()


def ask(handle: Handle, host: str, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", handle.port, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers={"Host": f"{host}.localhost:{handle.port}", **named})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body


def test_feeds_are_well_formed_and_hold_160_items(newsroom: Handle) -> None:
    seen = 0
    for publisher in newsroom.newsroom.press.publishers.values():
        status, headers, body = ask(newsroom, publisher.key, publisher.feed_path)
        assert status == 200
        if publisher.format == "json":
            seen += len(json.loads(body)["items"])
            continue
        parsed = feedparser.parse(body, response_headers={"content-type": headers["Content-Type"]})
        assert not parsed.bozo, (publisher.key, parsed.bozo_exception)
        assert parsed.feed.title == publisher.name
        seen += len(parsed.entries)
    assert seen >= 158
    assert len({p.format for p in newsroom.newsroom.press.publishers.values()}) == 4
    assert len({p.language for p in newsroom.newsroom.press.publishers.values()}) == 6


def test_validators(newsroom: Handle) -> None:
    status, headers, _ = ask(newsroom, "npb", "/news/atom.xml")
    assert status == 200
    assert ask(newsroom, "npb", "/news/atom.xml", If_None_Match=headers["ETag"])[0] == 304
    assert ask(newsroom, "npb", "/news/atom.xml", If_Modified_Since=headers["Last-Modified"])[0] == 304
    stale = {"If_None_Match": '"other"', "If_Modified_Since": headers["Last-Modified"]}
    assert ask(newsroom, "npb", "/news/atom.xml", **stale)[0] == 200


def test_gzip_only_when_asked_for(newsroom: Handle) -> None:
    plain = ask(newsroom, "npb", "/news/atom.xml")
    packed = ask(newsroom, "npb", "/news/atom.xml", Accept_Encoding="gzip")
    assert plain[1]["Content-Encoding"] is None
    assert packed[1]["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed[2]) == plain[2]


def test_moved_ended_missing_and_unknown(newsroom: Handle) -> None:
    moved = ask(newsroom, "tagblatt", "/nachrichten.xml")
    assert (moved[0], moved[1]["Location"]) == (301, newsroom.base("tagblatt") + "/rss/alles.atom")
    assert ask(newsroom, "marcador", "/feed")[0] == 302
    assert ask(newsroom, "record", "/rss/classifieds.xml")[0] == 410
    assert ask(newsroom, "record", "/sport/rovers-draw")[0] == 404
    assert ask(newsroom, "record", "/sport/no-such")[0] == 404
    assert ask(newsroom, "nobody", "/")[0] == 421


def test_every_fourth_answer_of_the_busy_feed_is_503() -> None:
    handle = publishers.start()
    try:
        answers = [ask(handle, "ledger", "/wire/index.rdf") for _ in range(4)]
        assert [answer[0] for answer in answers] == [200, 200, 200, 503]
        assert int(answers[3][1]["Retry-After"]) > 0
    finally:
        handle.stop()


def test_short_link_leads_to_the_page(newsroom: Handle) -> None:
    report = newsroom.newsroom.press.reports["relay/accord-2021"]
    short = newsroom.newsroom.desk("relay").short(report)
    status, headers, _ = ask(newsroom, "sht", "/" + short.rpartition("/")[2])
    assert (status, headers["Location"]) == (302, newsroom.base("relay") + "/world/accord-2021")


def test_picture_is_a_jpeg_of_the_width(newsroom: Handle) -> None:
    status, headers, body = ask(newsroom, "npb", "/media/320/glacier-retreat.jpg")
    assert (status, headers["Content-Type"], body[:2]) == (200, "image/jpeg", b"\xff\xd8")


def test_weather_answers_as_open_meteo_does(newsroom: Handle) -> None:
    query = "latitude=45.65&longitude=13.77&current=temperature_2m,weather_code"
    status, _, body = ask(newsroom, "weather", f"/v1/forecast?{query}")
    answer = json.loads(body)
    assert status == 200
    assert -30 < answer["current"]["temperature_2m"] < 45
    assert answer["current_units"]["temperature_2m"] == "°C"
    assert datetime.fromisoformat(answer["current"]["time"]).replace(tzinfo=UTC) <= datetime.now(UTC)
    assert ask(newsroom, "weather", "/v1/forecast?longitude=13")[0] == 400


def test_releases_bring_new_items_and_revisions() -> None:
    handle = publishers.start()
    try:
        press = handle.newsroom.press
        before = sum(len(handle.timeline.of(key)) for key in press.publishers)
        for _ in range(len(press.queue) + 7):
            handle.release()
        after = sum(len(handle.timeline.of(key)) for key in press.publishers)
        revisions = sum(report.is_revision for report in press.queue)
        assert revisions >= 3
        assert after == before + len(press.queue) - revisions + 7
        revised = handle.timeline.find("record", "harbour-deal")
        assert revised is not None
        assert "421 to 137" in revised.report.standfirst
    finally:
        handle.stop()


def test_a_port_in_use_is_said() -> None:
    handle = publishers.start()
    try:
        with pytest.raises(PortInUse, match=str(handle.port)):
            publishers.start(handle.port)
    finally:
        handle.stop()


def test_every_kind_of_damage_is_carried(newsroom: Handle) -> None:
    for kind in damage.KINDS:
        assert damage.carriers(kind, newsroom.newsroom.press), kind


def test_damage_named_in_texts_exists(newsroom: Handle) -> None:
    for report in newsroom.newsroom.press.reports.values():
        assert damage.kinds_of(report, newsroom.newsroom.press) <= set(damage.KINDS), report.key


def test_publishers_have_icons_of_their_own_but_one(newsroom: Handle) -> None:
    seen = set()
    for key, publisher in newsroom.newsroom.press.publishers.items():
        status, headers, body = ask(newsroom, key, "/favicon.ico")
        page = ask(newsroom, key, "/")[2]
        if not publisher.mark:
            assert status == 404 and b'rel="icon"' not in page
            continue
        assert (status, headers["Content-Type"], body[:4]) == (200, "image/x-icon", b"\0\0\1\0")
        assert ask(newsroom, key, "/icon.png")[2].startswith(b"\x89PNG") and b'rel="apple-touch-icon"' in page
        seen.add(body)
    assert len(seen) == len(newsroom.newsroom.press.publishers) - 1
