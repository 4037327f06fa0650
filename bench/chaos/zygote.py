"""A program with Django set up and no connection open, from which each round forks a fresh one: seconds are saved.

    python -m chaos.zygote < orders > answers

An order is a line of JSON: {"job": name, "arguments": {...}} or {"wait": pid}. The answer is {"pid": ...} or {"status":
wait status}. The child leads a process group of its own, and stops before its job when the order says "stopped": who
attaches a tracer lets it go on with SIGCONT.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "masthead.settings"
    import django

    django.setup()
    from chaos import jobs

    jobs.warm()
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            answers.write(json.dumps({"status": os.waitpid(order["wait"], 0)[1]}) + "\n")
            continue
        pid = os.fork()
        if pid == 0:
            answers.close()
            _child(order)
        answers.write(json.dumps({"pid": pid}) + "\n")


def _child(order: dict[str, object]) -> None:
    from chaos import jobs

    status = 1
    try:
        os.setpgid(0, 0)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        if order.get("stopped"):
            os.kill(os.getpid(), signal.SIGSTOP)
        getattr(jobs, str(order["job"]))(**order["arguments"])  # type: ignore[arg-type]
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        # As a program that ends, so that buffers and locks go their ordinary way; but not the parent's atexit.
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
