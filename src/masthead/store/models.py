"""Two small tables that belong to no stage: the change counter of the public pages and the steps' heartbeats."""

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
