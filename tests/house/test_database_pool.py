"""`database_pool` on a real PostgreSQL: shared, bounded, given back, mended; what a reader sees when none is free."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg_pool
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, close_old_connections, connection, connections
from django.test.client import RequestFactory

from masthead.pages.cache import PageCache
from masthead.store import database

BOUND = 2
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no pool"),
]


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Gives the threads of this process a pool from now on; the test's own connection is none of it."""
    now = connections.settings["default"]

    def begin(size: int, waits: float = 30.0) -> None:
        monkeypatch.setattr(database, "WAITS", waits)
        url = f"postgresql:///{now['NAME']}?user={now['USER']}&host={now['HOST']}"
        made = database.configuration(url, tmp_path, size)
        changed = {name: made[name] for name in ("CONN_MAX_AGE", "CONN_HEALTH_CHECKS")}
        options = {**now["OPTIONS"], "pool": made["OPTIONS"]["pool"]}
        monkeypatch.setitem(connections.settings, "default", {**now, **changed, "OPTIONS": options})

    yield begin
    if (made := _pools().pop("default", None)) is not None:
        made.close()


def _pools() -> dict[str, psycopg_pool.ConnectionPool[Any]]:
    return connection._connection_pools  # type: ignore[no-any-return]


def numbers() -> dict[str, int]:
    return _pools()["default"].get_stats()


def backend(seconds: float = 0.0) -> int:
    """The server's process of this thread's connection, which is then given back as after a request."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), pg_sleep(%s)", [seconds])
        pid = int(cursor.fetchone()[0])
    close_old_connections()
    return pid


def beside(work: Callable[[], Any]) -> Any:
    """What another thread finds."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(work).result(60)


@contextmanager
def used_up() -> Iterator[None]:
    """Another thread has a connection of the pool, and keeps it."""
    has, may_end = threading.Event(), threading.Event()

    def keep() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        has.set()
        may_end.wait(60)
        connections.close_all()

    thread = threading.Thread(target=keep)
    thread.start()
    assert has.wait(30)
    try:
        yield
    finally:
        may_end.set()
        thread.join(30)


def test_more_threads_than_connections_share_them_and_give_them_back(pool: Callable[..., None]) -> None:
    pool(BOUND)
    with ThreadPoolExecutor(8) as threads:
        pids = list(threads.map(lambda _: backend(0.01), range(80)))
        # While the threads still live: none of them sits on a connection.
        told = numbers()
    assert 1 <= len(set(pids)) <= BOUND
    assert told["requests_num"] >= 80 and told["pool_max"] == BOUND
    assert told["pool_size"] == told["pool_available"] <= BOUND and told["requests_waiting"] == 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE state = 'idle') FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        there, idle = cursor.fetchone()
    assert there == idle <= BOUND


def test_connections_that_the_server_ended_are_replaced_before_anybody_has_them(pool: Callable[..., None]) -> None:
    pool(BOUND)
    with ThreadPoolExecutor(BOUND) as threads:
        before = set(threads.map(lambda _: backend(0.2), range(BOUND)))
    assert len(before) == BOUND
    _terminate(before)
    with ThreadPoolExecutor(BOUND) as threads:
        after = set(threads.map(lambda _: backend(0.2), range(BOUND)))
    assert len(after) == BOUND and not after & before


def test_a_connection_that_is_ended_while_it_is_used_costs_one_question(pool: Callable[..., None]) -> None:
    pool(1)

    def work() -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [mine] = cursor.fetchone()
            _terminate_from_outside(mine)
            with pytest.raises(OperationalError):
                cursor.execute("SELECT 1")
        close_old_connections()
        return mine, backend()

    lost, new = beside(work)
    assert lost != new and numbers()["pool_size"] == 1


def test_a_reader_who_gets_no_connection_is_told_to_come_again_and_ready_pages_go_on(pool: Callable[..., None]) -> None:
    pool(1, waits=0.5)
    cache = PageCache(get_wsgi_application(), limit=1_000_000)

    def asked(path: str) -> SimpleNamespace:
        return beside(lambda: _asked(cache, path))

    assert asked("/").status == "200 OK"
    with used_up():
        assert asked("/").status == "200 OK"
        busy = asked("/latest/")
        assert busy.status == "503 Service Unavailable" and busy.headers["Retry-After"] == "5"
        assert b"The fault is ours" in busy.body and "no-store" in busy.headers["Cache-Control"]
        with pytest.raises(OperationalError, match="get a connection after"):
            beside(backend)
    assert asked("/latest/").status == "200 OK"
    assert numbers()["requests_errors"] == 2


def _asked(cache: PageCache, path: str) -> SimpleNamespace:
    told: list[Any] = []
    environ = RequestFactory().get(path, headers={"host": "testserver"}).environ
    body = cache(environ, lambda status, headers, *_: told.extend((status, dict(headers))))
    found = SimpleNamespace(status=told[0], headers=told[1], body=b"".join(body))
    if hasattr(body, "close"):
        body.close()
    connections.close_all()
    return found


def _terminate(pids: set[int]) -> None:
    with connection.cursor() as cursor:
        for pid in pids:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def _terminate_from_outside(pid: int) -> None:
    """By a connection of its own: this thread's is the one that ends."""
    import psycopg

    now = connections.settings["default"]
    with psycopg.connect(
        dbname=now["NAME"], user=now["USER"], host=now["HOST"], port=now["PORT"] or None, autocommit=True
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
