"""What happened at the door, one line each in the log: logins, refusals, ends. Never a password, code or cookie."""

from __future__ import annotations

import logging

from django.http import HttpRequest

log = logging.getLogger("masthead.accounts")


def address_of(request: HttpRequest) -> str:
    """Who asks. What proxies say was judged before (`wsgi.judge_forwarded`)."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def tell(event: str, request: HttpRequest | None, account: str = "", *, refused: bool = False) -> None:
    """Write one event down. `account` is what was typed, so it is cut and shown with its control characters escaped."""
    level = logging.WARNING if refused else logging.INFO
    where = address_of(request) if request is not None else "here"
    log.log(level, "%s: account %s, from %s", event, ascii(account[:150]), where)
