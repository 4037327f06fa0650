"""One batch: packs printed, every outlet asked and judged, the pages opened in Chromium; a finding is narrowed down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from attack import browser, judge, lists, outlets, press
from attack.packs import Pack, Pair

# Marks of places in the body of a report.
BODY = frozenset("hpcqkldor")


@dataclass
class Result:
    """What became of a batch. `marks`: by outlet, how many payload x field were seen there."""

    articles: int = 0
    answers: int = 0
    opened: int = 0
    marks: dict[str, int] = field(default_factory=dict)
    fields: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)


class Press:
    """A site of its own and a browser that stay up over many batches; each batch is taken back."""

    def __init__(self, *, chromium: bool) -> None:
        self.canary, self.shelf = browser.Canary(), browser.Shelf()
        self.window: browser.Window | None = None
        if chromium:
            rules = f"--host-resolver-rules={self.shelf.rule},{self.canary.rule}"
            self.window = browser.Window(f"http://{judge.OWN_HOST}", [rules])

    def run(self, packs: Sequence[Pack]) -> Result:
        with _taken_back():
            seen, result = self._ask(packs)
        result.faults = list(seen.faults)
        if self.window is not None:
            result.faults += self._open(seen, result)
        return result

    def run_list(self, packs: Sequence[Pack]) -> Result:
        """The same with a stranger's list of feeds in place of feeds."""
        from masthead.articles.models import Article

        with _taken_back():
            client, _ = _operator()
            said = lists.take_in(lists.opml([pair for pack in packs for pair in pack]))
            lists.bring_reports()
            seen = outlets.Seen()
            lists.ask(client.get, said, seen)
            result = Result(Article.objects.count(), seen.answers)
        result.faults, result.marks = list(seen.faults), {f"list: {name}": len(m) for name, m in seen.marks.items()}
        arrived = {int(number) for found in seen.marks.values() for number, _ in found}
        result.missing = [pair.number for pack in packs for pair in pack if pair.number not in arrived]
        if self.window is not None:
            result.faults += self._open(seen, result)
        return result

    def _ask(self, packs: Sequence[Pack]) -> tuple[outlets.Seen, Result]:
        from masthead.accounts.models import Login
        from masthead.articles.models import Article

        client, user = _operator()
        things = press.print_news(packs)
        things |= {"user": user.pk, "login": Login.objects.get(user=user).pk}
        articles = list(Article.objects.values_list("pk", flat=True))
        seen = outlets.Seen()
        outlets.ask(client.get, outlets.everything(things, articles), seen)
        outlets.told(articles, seen)
        every = set().union(*seen.marks.values())
        letters: dict[str, set[str]] = {}
        for number, letter in every:
            letters.setdefault(number, set()).add(letter)
        result = Result(len(articles), seen.answers, 0, {name: len(found) for name, found in seen.marks.items()})
        for _, letter in every:
            result.fields[letter] = result.fields.get(letter, 0) + 1
        for pack in packs:
            for pair in pack:
                arrived = letters.get(str(pair.number), set())
                if "t" not in arrived or not arrived & BODY:
                    result.missing.append(pair.number)
        return seen, result

    def _open(self, seen: outlets.Seen, result: Result) -> list[str]:
        """Everything of readers that holds a payload, as a page; markup of feeds and of the API as pages of others."""
        assert self.window is not None
        self.shelf.pages = {path: answer for path, answer in seen.shelf.items() if _holds(path, answer)}
        known, before = len(self.window.opened.faults), self.window.opened.pages
        self.window.open(sorted(self.shelf.pages))
        result.opened = self.window.opened.pages - before
        found = self.window.opened.faults[known:]
        hits, self.canary.hits[:] = [*self.canary.hits], []
        return [*found, *(f"the canary was asked for {path}" for path in hits)]

    def narrow(self, packs: Sequence[Pack]) -> list[tuple[Pair, list[str]]]:
        """The payloads that make findings, halved down to single ones; empty where only their company does."""
        found = self.run(packs).faults
        every = [pair for pack in packs for pair in pack]
        if not found or len(every) == 1:
            return [(every[0], found)] if found else []
        half = len(packs) // 2
        parts: list[Sequence[Pack]] = [packs[:half], packs[half:]]
        if len(packs) == 1:
            half = len(every) // 2
            parts = [[every[:half]], [every[half:]]]
        return [one for part in parts for one in self.narrow(part)]

    def close(self) -> None:
        if self.window is not None:
            self.window.close()
        self.shelf.close()
        self.canary.close()


def _operator() -> tuple[Any, Any]:
    from django.test import Client

    from masthead.accounts.models import Role, User

    client = Client(raise_request_exception=False)
    user = User.objects.create_user(username="op", role=Role.OPERATOR, is_staff=True, is_superuser=True)
    client.force_login(user)
    return client, user


def _holds(path: str, answer: tuple[str, bytes]) -> bool:
    kind, body = answer
    one_alone = not path.startswith("/desk/") and not path.endswith("/changes/")
    return kind.startswith("text/html") and b"zq" in body and one_alone


@contextmanager
def _taken_back() -> Iterator[Any]:
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)
