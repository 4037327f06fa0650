"""A home for one kind of fault: its environment, and the program that its rounds are forked from."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
KEPT = ("MASTHEAD", "DATABASE", "DJANGO")


def environment(home: Path, **more: str) -> dict[str, str]:
    """A site on loopback without gaps or floor between requests, its documents read inside the process."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(KEPT)}
    paths = [str(ROOT / "src"), str(ROOT / "bench"), kept.get("PYTHONPATH", "")]
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "OPENBLAS_NUM_THREADS": "1",
        "MASTHEAD_HOME": str(home),
        "MASTHEAD_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8",
        "MASTHEAD_BASE_URL": "http://127.0.0.1",
        "MASTHEAD_SITE_NAME": "The Courier of Chaos",
        "MASTHEAD_SECRET_KEY": "known to everybody, and long enough to please every check",
        "MASTHEAD_HOST_GAP": "0",
        "MASTHEAD_ADDRESS_GAP": "0",
        # Of real sites an hour and ten minutes: a feed whose poller was killed waits for the longer of the two.
        "MASTHEAD_POLL_FLOOR": "1",
        "MASTHEAD_LEASE": "10",
        "MASTHEAD_WORKERS": "0",
        "MASTHEAD_LOG_LEVEL": "error",
        **more,
    }


class House:
    """`house.start(job)` forks a process for a job, `house.wait(pid)` gives its exit status (below 0: a signal)."""

    def __init__(self, home: Path, **more: str) -> None:
        self.home = home
        self.environment = environment(home, **more)
        self.log = home.with_suffix(".log")
        home.mkdir(parents=True, exist_ok=True)
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "chaos.zygote"],
            env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log.open("a"), text=True,
        )  # fmt: skip

    def _order(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._zygote.stdin is not None and self._zygote.stdout is not None
        self._zygote.stdin.write(json.dumps(order) + "\n")
        self._zygote.stdin.flush()
        answer = self._zygote.stdout.readline()
        if not answer:
            raise RuntimeError(f"the program that rounds are forked from ended: {self.log.read_text()[-2000:]}")
        found: dict[str, Any] = json.loads(answer)
        return found

    def start(self, job: str, *, stopped: bool = False, **arguments: Any) -> int:
        return int(self._order({"job": job, "arguments": arguments, "stopped": stopped})["pid"])

    def wait(self, pid: int) -> int:
        return os.waitstatus_to_exitcode(self._order({"wait": pid})["status"])

    def run(self, job: str, **arguments: Any) -> None:
        """Do a job to its end. Raises `RuntimeError` when it fails."""
        status = self.wait(self.start(job, **arguments))
        if status:
            raise RuntimeError(f"{job} ended with {status}: {self.log.read_text()[-3000:]}")

    def kill(self, pid: int) -> int:
        """Kill a job and all that it started, outright; its exit status, which is 0 when it had just ended."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        return self.wait(pid)

    def close(self) -> None:
        assert self._zygote.stdin is not None
        self._zygote.stdin.close()
        try:
            self._zygote.wait(60)
        except subprocess.TimeoutExpired:
            self._zygote.kill()
            self._zygote.wait()
