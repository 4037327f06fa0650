"""No process outlives the one that started it, not even one that was still starting when that was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from masthead.store.lifeline import PARENT

CHILD = "import time; from masthead.store import lifeline; lifeline.die_with_parent(); time.sleep(60)"


def _child(parent: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CHILD], env={**os.environ, PARENT: str(parent)})


def test_a_child_whose_parent_was_gone_before_it_could_look_ends() -> None:
    gone = subprocess.Popen([sys.executable, "-c", "pass"])
    gone.wait()
    child = _child(gone.pid)
    try:
        assert child.wait(30) == -signal.SIGTERM
    finally:
        child.kill()
        child.wait()


def test_a_child_lives_as_long_as_its_parent() -> None:
    child = _child(os.getpid())
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(2)
    finally:
        child.kill()
        child.wait()
