"""`masthead poll --once`: one round, told in numbers, trouble named."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from masthead.articles.models import Article
from masthead.cli import poll as module
from masthead.feeds import client
from masthead.feeds.subscribe import Wish, subscribe

Run = Callable[..., Result]


@pytest.fixture
def run(transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, host_gap=0.0)
    monkeypatch.setattr(module, "ready", lambda: None)

    def invoke(*arguments: str) -> Result:
        result = CliRunner().invoke(module.command, list(arguments))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    yield invoke
    client.close()


def test_a_round_makes_articles_and_is_not_repeated(run: Run, publisher: Any, reply: Any, rss: Any) -> None:
    words = "The harbour of the old town was closed for three weeks after the storm. " * 12
    items = [
        {"title": f"Harbour report {n}", "guid": f"g{n}", "link": publisher.url(f"/{n}"), "description": words}
        for n in range(3)
    ]
    publisher.on("/feed", reply(body=rss(*items), headers=[("ETag", '"1"')]))
    feed = subscribe(Wish(publisher.url(), full_text="off")).feed
    result = run("--once", "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert (told["polled"], told["new"], told["troubles"], told["finished"]) == (1, 3, [], True)
    assert Article.objects.filter(source=feed.source).count() == 3
    again = json.loads(run("--once", "--json").stdout)
    assert (again["polled"], again["new"]) == (0, 0)
    assert len(publisher.asked_for("/feed")) == 1


def test_trouble_is_named_and_ends_with_1(run: Run, publisher: Any, reply: Any) -> None:
    publisher.on("/feed", reply(503))
    subscribe(Wish(publisher.url()))
    result = run("--once")
    assert result.exit_code == 1
    assert publisher.url() in result.stderr and "503" in result.stderr
    assert "1 in trouble" in result.stdout


def test_json_needs_once(run: Run) -> None:
    assert run("--json").exit_code == 2
