"""Small tables that belong to no stage: the change counter, heartbeats, the clock, who leads, who works."""

from __future__ import annotations

from django.db import models


class Generation(models.Model):
    """How often the public pages changed. One row (id 1).

    `soft` moves when the pipeline brought something new: a cached page may live a few seconds longer.
    `hard` moves when something must not be seen again (takedown, rights, an editor's act): at once.
    """

    soft = models.PositiveBigIntegerField(default=0)
    hard = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.soft}.{self.hard}"


class Heartbeat(models.Model):
    """The last time a pipeline step ran: for `doctor`, the desk and the metrics."""

    step = models.CharField(max_length=40, primary_key=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0, help_text="rows that the last run finished")
    failed = models.PositiveIntegerField(default=0, help_text="rows that the last run could not finish")
    total = models.PositiveBigIntegerField(default=0, help_text="rows finished since the site began")
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["step"]

    def __str__(self) -> str:
        return self.step


class Lease(models.Model):
    """What one process of all machines does at a time (wake the others, say): who, and until when."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=120)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"


class LatestMoment(models.Model):
    """The latest moment by which the site made plans (`store/clock.py`). One row (id 1)."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.at.isoformat()


class Worker(models.Model):
    """A `masthead worker` of some machine, while it is there: it says so every few seconds."""

    name = models.CharField(max_length=120, primary_key=True, help_text="machine, process and a random part")
    lanes = models.JSONField(default=list)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    broker_error = models.TextField(blank=True, help_text="why it hears nothing of the broker; empty: it does")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
