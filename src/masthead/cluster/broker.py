"""Celery as Masthead uses it: one queue for each step, and messages that say nothing but "look whether there is work".

A message that is lost is followed by another within seconds; one that comes twice finds nothing the second time. So
nothing is kept of them: no results, no acknowledgement after the work, no copies on the broker's disk.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

from celery import Celery
from kombu import entity

from masthead import pipeline

_entity: Any = entity  # kombu has no types
TASK = "masthead.step"
EXCHANGE: Any = _entity.Exchange("masthead", type="direct", durable=True)
ANSWER = 5.0
"""Seconds in which the broker has to answer."""


def queue_of(step: str) -> str:
    """The queue that wakes a step."""
    return f"masthead.{step}"


def queues(steps: Iterable[str]) -> list[Any]:
    """The queues of these steps. One message says all, so that a few are kept at most (where the broker can)."""
    limits = {"x-max-length": 10}
    return [
        _entity.Queue(queue_of(step), EXCHANGE, queue_of(step), durable=True, queue_arguments=limits) for step in steps
    ]


def make(url: str) -> Celery:
    """The Celery application for a broker, without tasks."""
    app = Celery("masthead", broker=url, set_as_current=False, changes={})
    app.conf.update(
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        task_serializer="json",
        accept_content=["json"],
        task_queues=queues(step.name for step in pipeline.STEPS),
        task_default_queue=queue_of(pipeline.STEPS[0].name),
        task_default_exchange=EXCHANGE.name,
        task_create_missing_queues=False,
        task_acks_late=False,
        task_publish_retry=False,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=ANSWER,
        broker_heartbeat=20,
        broker_pool_limit=1,
        broker_transport_options=_transport(url),
    )
    return app


def _transport(url: str) -> dict[str, Any]:
    if url.startswith("redis"):
        # A wake-up is acknowledged when it is taken, not after the work.
        return {"socket_connect_timeout": ANSWER, "socket_timeout": 30.0, "visibility_timeout": 3600}
    return {"connect_timeout": ANSWER, "read_timeout": 30.0, "write_timeout": ANSWER}


class Alarm:
    """Wakes steps: one connection to the broker, made anew after any trouble. For one thread."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._connection: Any = None

    def wake(self, steps: Iterable[str]) -> int:
        """Send a message for each of these steps of which none waits; how many. Raises what the library does."""
        sent = 0
        try:
            connection = self._open()
            for queue in queues(steps):
                # Declaring what is there already tells how many messages wait.
                if queue(connection.default_channel).queue_declare().message_count:
                    continue
                step = queue.name.removeprefix("masthead.")
                self._app.send_task(
                    TASK,
                    args=[step],
                    connection=connection,
                    exchange=EXCHANGE.name,
                    routing_key=queue.name,
                    delivery_mode=1,
                    retry=False,
                    ignore_result=True,
                )
                sent += 1
        except Exception:
            self.close()
            raise
        return sent

    def ping(self) -> None:
        """Ask the broker for a sign of life. Raises what its library raises."""
        try:
            connection = self._open()
            queues([pipeline.STEPS[0].name])[0](connection.default_channel).queue_declare()
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.release()

    def _open(self) -> Any:
        if self._connection is None:
            connection = self._app.connection_for_write(connect_timeout=ANSWER)
            connection.ensure_connection(max_retries=1, interval_start=0.1, timeout=ANSWER)
            self._connection = connection
            for queue in queues(step.name for step in pipeline.STEPS):
                queue(connection.default_channel).declare()
        return self._connection


def trouble(error: BaseException) -> str:
    """What is wrong with the broker, in one line without its password."""
    said = str(error).strip().splitlines()
    return f"the broker does not answer ({said[0][:200] if said else type(error).__name__})"
