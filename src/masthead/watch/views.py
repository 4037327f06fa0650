"""`/healthz` (the process answers), `/readyz` (what is ready and what is not), `/metrics` (numbers, for few)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from masthead.audience.peers import inside, networks
from masthead.store import metrics, numbers
from masthead.watch.gather import derived, gather
from masthead.watch.ready import parts

TEXT = "text/plain; charset=utf-8"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the web process answers at all."""
    return HttpResponse("ok\n", content_type=TEXT)


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, migrations and pipeline are well, else 503; a line for each says how it is.

    `/readyz?pages` asks only for what pages need: with a pipeline that stands still they still come, so that a load
    balancer should not turn readers away.
    """
    found = parts(pipeline="pages" not in request.GET)
    status = 200 if all(part.well for part in found) else 503
    said = "".join(f"{part.name}: {part.said}\n" for part in found)
    return HttpResponse(said, status=status, content_type=TEXT)


@never_cache
@require_safe
def prometheus(request: HttpRequest) -> HttpResponse:
    """All numbers, for the networks in the setting `metrics_networks`; 403 for others.

    What claims to come from elsewhere through a proxy that is not trusted is refused as well: behind such a proxy
    everybody has its address.
    """
    trusted = networks(tuple(settings.MASTHEAD.metrics_networks))
    forged = "masthead.forged" in request.META
    if forged or not inside(request.META.get("REMOTE_ADDR", ""), trusted):
        why = "setting trusted_proxies" if forged else "setting metrics_networks"
        return HttpResponse(f"not for this address ({why})\n", status=403, content_type=TEXT)
    families = numbers.everybody(settings.MASTHEAD.home)
    body = metrics.text([*families, *derived(families), *gather()])
    return HttpResponse(body, content_type=PROMETHEUS)
