"""Workers: whatever a document does to the one that reads it, the others are read, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from masthead.store.workers.pool import Inside, Pool
from masthead.store.workers.run import MODULES
from masthead.store.workers.task import Failed, Task

ECHO = Task("breaking:echo", str, str)
OBEY = Task("breaking:obey", str, str, seconds=0.4)
PROCESS = Task("breaking:process", str, int)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool(2, 200, ("breaking",))
    yield made
    made.close()


def outcomes(pool: Pool | Inside, task: Task[str, str], *texts: str) -> list[str | Failed]:
    return [outcome for _, outcome in pool.stream(task, ((text, text) for text in texts))]


def ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_answers_come_in_the_order_of_the_questions(pool: Pool) -> None:
    found = list(pool.stream(ECHO, ((n, f"text {n} é \x00") for n in range(300))))
    assert found == [(n, f"text {n} é \x00") for n in range(300)]


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("spin", "more than 0.4 s of processor time"),
        ("spin-in-c", "more than 0.4 s of processor time"),
        ("eat", "more than 200 MB of memory"),
        ("segfault", r"ended by SIGSEGV .* \(tried twice\)"),
        ("abort", r"ended by SIGABRT .* \(tried twice\)"),
        ("exit", r"ended with status 3 \(tried twice\)"),
        ("raise", "RecursionError: too deep"),
        ("flood", r"\(tried twice\)"),
        ("lie", "answered what cannot be read"),
    ],
)
def test_a_document_that_breaks_its_worker_fails_alone_and_says_why(pool: Pool, word: str, reason: str) -> None:
    first, broken, last = outcomes(pool, OBEY, "first", word, "last")
    assert (first, last) == ("first", "last")
    assert isinstance(broken, Failed)
    with pytest.raises(Failed, match=reason):
        raise broken


def test_one_that_waits_for_ever_is_stopped_by_the_clock(pool: Pool) -> None:
    first, broken, last = outcomes(pool, Task("breaking:obey", str, str, seconds=0.1), "first", "sleep", "last")
    assert (first, last) == ("first", "last")
    assert str(broken) == "it took more than 1.2 s and was stopped (tried twice)"


def test_thousands_of_good_ones_beside_hostile_ones_come_through(pool: Pool) -> None:
    hostile = {400: "spin", 800: "eat", 1200: "segfault", 1201: "abort", 1600: "exit", 2000: "raise", 2999: "spin-in-c"}
    asked = ((n, hostile.get(n, f"good {n}")) for n in range(3000))
    found = dict(pool.stream(OBEY, asked))
    assert {n for n, outcome in found.items() if isinstance(outcome, Failed)} == set(hostile)
    assert all(found[n] == f"good {n}" for n in range(3000) if n not in hostile)


def test_what_comes_after_a_slow_one_is_read_meanwhile(pool: Pool) -> None:
    asked: list[str] = []

    def questions() -> Iterator[tuple[str, str]]:
        for text in ("spin", *(f"good {n}" for n in range(30))):
            asked.append(text)
            yield text, text

    stream = pool.stream(OBEY, questions())
    key, outcome = next(stream)
    assert key == "spin" and isinstance(outcome, Failed)
    assert len(asked) == 31, "the other worker went on"
    assert len(list(stream)) == 30


def test_workers_are_used_again_and_replaced_when_killed(pool: Pool) -> None:
    def pids() -> set[int]:
        return {pid for _, pid in pool.stream(PROCESS, ((n, "") for n in range(50))) if isinstance(pid, int)}

    first = pids()
    assert len(first) <= 2 and pids() == first
    for pid in first:
        os.kill(pid, signal.SIGKILL)
    later = pids()
    assert later and not later & first
    nursery = pool._nursery
    assert nursery is not None
    nursery._process.kill()
    for pid in later:
        os.kill(pid, signal.SIGKILL)
    assert len(pids()) >= 1, "another nursery was begun"
    assert pool._nursery is not nursery


def test_threads_have_workers_of_their_own(pool: Pool) -> None:
    found: dict[int, list[str | Failed]] = {}

    def ask(n: int) -> None:
        found[n] = outcomes(pool, OBEY, *(["spin"] if n == 0 else []), *(f"{n} {m}" for m in range(40)))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert {n: len(outcomes) for n, outcomes in found.items()} == {0: 41, 1: 40, 2: 40, 3: 40, 4: 40}
    assert len(pool._idle) <= 4


def test_a_caller_that_turns_away_leaves_no_worker_behind(pool: Pool) -> None:
    stream = pool.stream(Task("breaking:obey", str, str, seconds=60.0), [("a", "good"), ("b", "sleep"), ("c", "sleep")])
    assert next(stream) == ("a", "good")
    before = _children()
    stream.close()
    gone = [pid for pid in before if ended(pid)]
    assert gone, "the worker that was busy is not waited for"
    assert len(outcomes(pool, ECHO, "a", "b")) == 2


def _children() -> list[int]:
    """The processes whose nursery is ours."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            parent = Path(f"/proc/{fields[1]}/stat").read_text().rpartition(")")[2].split()
        except (OSError, IndexError):
            continue
        if int(parent[1]) == os.getpid():
            found.append(int(stat.parent.name))
    return found


def test_large_documents_pass_both_ways(pool: Pool) -> None:
    big = "x" * 15_000_000
    assert outcomes(pool, ECHO, big, "small", big) == [big, "small", big]


def test_a_large_document_has_more_time() -> None:
    assert OBEY.limits(1000) == (0.4, pytest.approx(4.8))
    assert OBEY.limits(5_000_000)[0] == pytest.approx(2.0)


def test_a_worker_can_reach_nothing(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("secret")
    [(_, found)] = pool.stream(Task("breaking:attempts", str, dict[str, str]), [(0, str(tmp_path))])
    assert isinstance(found, dict)
    assert {name for name, result in found.items() if result == "done"} == set()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there"]


def test_a_worker_knows_no_secret_and_no_django(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://anna:secret@host/name")
    monkeypatch.setenv("MASTHEAD_SECRET_KEY", "secret")
    house = Pool(1, 200, MODULES)
    try:
        [(_, names)] = house.stream(Task("breaking:modules", str, list[str]), [(0, "")])
        [(_, environment)] = house.stream(Task("breaking:environment", str, dict[str, str]), [(0, "")])
    finally:
        house.close()
    assert isinstance(names, list) and isinstance(environment, dict)
    assert not {"django", "sqlite3", "psycopg", "masthead.settings"} & set(names)
    assert "secret" not in repr(environment)


PARENT = """
import sys
from masthead.store.workers.pool import Pool
from masthead.store.workers.task import Task
pool = Pool(2, 200, ("breaking",))
pids = [pid for _, pid in pool.stream(Task("breaking:process", str, int), ((n, "") for n in range(40)))]
print(pool._nursery._process.pid, *sorted(set(pids)), flush=True)
if sys.argv[1] == "busy":
    list(pool.stream(Task("breaking:obey", str, str, seconds=60.0), [(1, "spin-in-c"), (2, "spin")]))
sys.stdin.read()
"""


@pytest.mark.parametrize("how", ["idle", "busy"])
def test_workers_die_with_their_parent_however_it_dies(how: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None and parent.stdin is not None
    pids = [int(word) for word in parent.stdout.readline().split()]
    assert len(pids) >= 2
    if how == "busy":
        time.sleep(0.5)
    assert not any(ended(pid) for pid in pids)
    parent.kill()
    parent.wait(10)
    assert wait_for(lambda: all(ended(pid) for pid in pids), 5.0)
    parent.stdin.close()
    parent.stdout.close()


def test_a_nursery_that_is_still_importing_dies_with_its_parent_too() -> None:
    code = "from masthead.store.workers.pool import Pool; import time; pool = Pool(1, 200, ('slow_to_load',))\n"
    code += "pool.prepare(); print(pool._nursery._process.pid, flush=True); time.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert wait_for(lambda: b"slow_to_load" in Path(f"/proc/{pid}/cmdline").read_bytes())
    time.sleep(1.0)
    assert not ended(pid)
    parent.kill()
    parent.wait(10)
    assert wait_for(lambda: ended(pid), 5.0)
    parent.stdout.close()


def test_signals_that_stop_the_pipeline_let_a_document_be_finished(pool: Pool) -> None:
    """A service manager stops every process of a service at once: what is under way still comes through."""
    stream = pool.stream(ECHO, ((n, str(n)) for n in range(20)))
    assert next(stream) == (0, "0")
    assert pool._nursery is not None
    for pid in (pool._nursery._process.pid, *_children()):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            os.kill(pid, number)
    assert [key for key, _ in stream] == list(range(1, 20))


def test_workers_go_on_while_the_caller_is_at_something_else(pool: Pool) -> None:
    done = 0

    def asked() -> Iterator[tuple[int, str]]:
        for n in range(10):
            yield n, f"{n}"

    stream = pool.stream(Task("breaking:stamp", str, float), asked())
    first = next(stream)[1]
    time.sleep(0.5)
    paused = time.time()
    for _, when in stream:
        assert isinstance(when, float) and isinstance(first, float)
        done += when < paused - 0.1
    # Those that followed were done while nobody asked for them.
    assert done == 9


def test_only_the_caller_reads_what_is_asked(pool: Pool) -> None:
    """So that it may come out of a database, whose connections belong to threads."""
    threads: set[int] = set()

    def asked() -> Iterator[tuple[int, str]]:
        for n in range(100):
            threads.add(threading.get_ident())
            yield n, "x"

    assert len(list(pool.stream(ECHO, asked()))) == 100
    assert threads == {threading.get_ident()}


def test_what_reading_the_asked_raises_reaches_the_caller_and_leaves_no_thread(pool: Pool) -> None:
    def asked() -> Iterator[tuple[int, str]]:
        yield 1, "x"
        raise ValueError("the database is gone")

    with pytest.raises(ValueError, match="the database is gone"):
        list(pool.stream(ECHO, asked()))
    assert not [thread for thread in threading.enumerate() if thread.name == "workers"]
    assert outcomes(pool, ECHO, "again") == ["again"]


def test_without_workers_the_same_comes_out() -> None:
    sys.path.insert(0, str(Path(__file__).parents[1] / "hooks"))
    try:
        good, broken = outcomes(Inside(), OBEY, "good", "raise")
    finally:
        sys.path.pop(0)
    assert good == "good" and isinstance(broken, Failed) and str(broken) == "RecursionError: too deep"
