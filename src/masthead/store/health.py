"""For machines that watch: `/healthz` (the process answers), `/readyz` (the database does too), `/metrics`."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from masthead.store import metrics
from masthead.store.models import Heartbeat

TEXT = "text/plain; charset=utf-8"


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the web process answers at all."""
    return HttpResponse("ok\n", content_type=TEXT)


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when pages can be made: the database answers. Else 503. Says when the broker does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        # Pages come without the broker too: ready, and what is wrong is said.
        waking = Heartbeat.objects.filter(step="wake") if settings.MASTHEAD.broker else Heartbeat.objects.none()
        trouble = waking.values_list("error", flat=True).first()
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type=TEXT)
    return HttpResponse(f"ok\n{trouble}\n" if trouble else "ok\n", content_type=TEXT)


@never_cache
@require_safe
def prometheus(request: HttpRequest) -> HttpResponse:
    """All numbers, for the networks in the setting `metrics_networks`; 403 for others."""
    if not _may_read(request.META.get("REMOTE_ADDR", "")):
        return HttpResponse("not for this address (setting metrics_networks)\n", status=403, content_type=TEXT)
    now = timezone.now()
    beats = list(Heartbeat.objects.all())
    ages = {beat.step: (now - (beat.finished_at or beat.started_at)).total_seconds() for beat in beats}
    parts = [
        metrics.text(),
        metrics.labelled("masthead_step_age_seconds", "gauge", "Since the step last ran.", "step", ages),
        metrics.labelled(
            "masthead_step_rows_total",
            "counter",
            "Rows that the step finished.",
            "step",
            {b.step: b.total for b in beats},
        ),
        metrics.labelled(
            "masthead_step_failing",
            "gauge",
            "1 when the step's last run failed.",
            "step",
            {b.step: bool(b.error) for b in beats},
        ),
    ]
    return HttpResponse("".join(parts), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read(address: str) -> bool:
    try:
        asking = ipaddress.ip_address(address)
    except ValueError:
        return False
    networks = (ipaddress.ip_network(text, strict=False) for text in settings.MASTHEAD.metrics_networks)
    return any(asking.version == network.version and asking in network for network in networks)
