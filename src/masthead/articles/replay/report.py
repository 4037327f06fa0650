"""The page that shows what a replay found: one file, no script, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string

from masthead.articles.models import Replay
from masthead.articles.replay.compare import FIELDS
from masthead.articles.replay.findings import Failure, FieldCount, Findings, Sample, Samples
from masthead.core.differ import Part, words_changed


@dataclass(frozen=True, slots=True)
class SampleView:
    """A sample with the way from one state to the other in words."""

    sample: Sample
    path: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field that differs somewhere."""

    name: str
    count: FieldCount
    samples: tuple[SampleView, ...]


def page(
    row: Replay, findings: Findings, samples: Samples, *, site: str, now: datetime, address: Callable[[int, str], str]
) -> str:
    """The report as HTML. `address` gives the address of an article's page by its id and slug."""
    fields = [
        FieldView(name, findings.fields[name], tuple(_view(sample, address) for sample in samples.fields.get(name, ())))
        for name in FIELDS
        if name in findings.fields
    ]
    failures: list[Failure] = samples.failures
    return render_to_string(
        "articles/replay.html",
        {"run": row, "findings": findings, "fields": fields, "failures": failures, "site": site, "now": now},
    )


def _view(sample: Sample, address: Callable[[int, str], str]) -> SampleView:
    return SampleView(sample, address(sample.article, sample.slug), words_changed(sample.before, sample.after))
