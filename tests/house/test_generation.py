"""The change counter: seen by other processes at once, by other machines through the row."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import transaction

from masthead.store import generation
from masthead.store.models import Generation

OTHER_PROCESS = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "masthead.settings"
django.setup()
from masthead.store import generation
print(*generation.current(), flush=True)
input()
print(*generation.current(), flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_soft_and_hard_are_counted_apart() -> None:
    soft, hard = generation.current()
    generation.bump()
    assert generation.current() == (soft + 1, hard)
    generation.bump(hard=True)
    assert generation.current() == (soft + 1, hard + 1)
    row = Generation.objects.get(pk=1)
    assert row.soft >= 1 and row.hard >= 1


@pytest.mark.django_db(transaction=True)
def test_a_bump_takes_effect_when_the_transaction_is_committed_and_never_when_it_is_not() -> None:
    before = generation.current()
    with transaction.atomic():
        generation.bump()
        assert generation.current() == before
    after = generation.current()
    assert after == (before[0] + 1, before[1])
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        generation.bump(hard=True)
        raise ZeroDivisionError
    assert generation.current() == after


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_a_bump_at_once() -> None:
    environment = {**os.environ, "MASTHEAD_HOME": str(settings.MASTHEAD.home)}
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdin and other.stdout
    with other:
        assert tuple(map(int, other.stdout.readline().split())) == generation.current()
        generation.bump(hard=True)
        other.stdin.write("\n")
        other.stdin.flush()
        assert tuple(map(int, other.stdout.readline().split())) == generation.current()


@pytest.mark.django_db(transaction=True)
def test_what_another_machine_counted_is_taken_over_once() -> None:
    generation.bump()
    soft, hard = generation.current()
    row = Generation.objects.get(pk=1)
    row.hard += 3
    row.save()
    assert generation.current() == (soft, hard)
    generation.refresh()
    assert generation.current() == (soft, hard + 1)
    generation.refresh()
    assert generation.current() == (soft, hard + 1)


@pytest.mark.django_db(transaction=True)
def test_a_wiped_row_hides_no_later_bump() -> None:
    generation.bump()
    Generation.objects.all().delete()
    before = generation.current()
    generation.bump()
    assert generation.current() > before
