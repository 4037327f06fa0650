"""What is read of deliveries: the hubs that our feeds name, and the messages that are due."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from masthead.delivery.models import Dispatch, Endpoint


def hubs() -> tuple[str, ...]:
    """The addresses of the WebSub hubs that are told when our feeds change."""
    active = Endpoint.objects.filter(kind=Endpoint.Kind.WEBSUB, active=True).order_by("pk")
    return tuple(active.values_list("url", flat=True))


def due(now: datetime) -> QuerySet[Dispatch]:
    """Messages to send now, the oldest first."""
    return Dispatch.objects.filter(sent_at=None, due_at__lte=now, endpoint__active=True).order_by("due_at", "pk")
