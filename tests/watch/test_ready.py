"""`/healthz` and `/readyz`: what is ready, what is not, and that it is said."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from masthead.store.models import Heartbeat
from masthead.watch import ready

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "_migrated_until", 0.0)


def beat(step: str, minutes: float) -> None:
    at = timezone.now() - timedelta(minutes=minutes)
    Heartbeat.objects.update_or_create(step=step, defaults={"started_at": at, "finished_at": at})


def asked(path: str = "/readyz") -> tuple[int, str]:
    answer = Client().get(path)
    assert answer["Content-Type"].startswith("text/plain") and "no-store" in answer["Cache-Control"]
    return answer.status_code, answer.content.decode()


def test_all_is_well() -> None:
    beat("poll", 1)
    beat("clean", 12)
    assert asked() == (200, "database: ok\nmigrations: ok\npipeline: ok\n")


def test_a_pipeline_that_never_ran_stands_still_or_is_stuck_is_named() -> None:
    assert asked() == (503, "database: ok\nmigrations: ok\npipeline: has not run yet\n")
    beat("poll", 7)
    beat("clean", 9)
    assert asked() == (503, "database: ok\nmigrations: ok\npipeline: no step has run for 7 minutes\n")
    beat("poll", 1)
    beat("clean", 45)
    assert asked() == (503, "database: ok\nmigrations: ok\npipeline: has not run clean for 45 minutes\n")


def test_a_balancer_can_ask_for_pages_alone() -> None:
    assert asked("/readyz?pages") == (200, "database: ok\nmigrations: ok\n")


def test_a_broker_that_is_away_is_told_and_turns_nobody_away(settings: Any) -> None:
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, broker="redis://127.0.0.1:1/0")
    beat("poll", 1)
    beat("wake", 1)
    assert asked() == (200, "database: ok\nmigrations: ok\nbroker: ok\npipeline: ok\n")
    Heartbeat.objects.filter(step="wake").update(error="refused by inner.example")
    status, said = asked()
    assert status == 200 and "broker: does not answer; the work is done without it\n" in said


def test_a_pending_migration_is_named() -> None:
    beat("poll", 1)
    newest = MigrationRecorder(connection).migration_qs.filter(app="delivery").order_by("-id").first()
    assert newest is not None
    newest.delete()
    status, said = asked()
    assert status == 503 and "migrations: 1 pending\n" in said


def test_a_database_that_does_not_answer_is_named_and_the_process_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise OperationalError("password=secret of host inner.example")

    monkeypatch.setattr(connection, "cursor", broken)
    assert asked() == (503, "database: does not answer\n")
    assert asked("/healthz") == (200, "ok\n")
