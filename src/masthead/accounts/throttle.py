"""Guessing slowed down, by account and by address, so that no stranger can lock an editor out.

A browser that logged in before carries a mark (OWASP calls it a device cookie), and its tries are counted by
themselves: whatever strangers do to an account or from an address, the editor's own browser still gets in. A try is
counted before the password is looked at, so that many at once gain nothing; one that was right takes its count away.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from masthead.accounts.events import address_of
from masthead.accounts.models import Strike, User

DAY = timedelta(days=1)
MARK = "__Secure-masthead-known" if settings.SESSION_COOKIE_SECURE else "masthead-known"
MARK_DAYS = 180
_SALT = "masthead.accounts.known-browser"
PATH = "/desk/"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries within so long."""

    most: int
    within: timedelta


FROM_HERE = Limit(5, timedelta(minutes=10))
"""For one account from one address."""
ANYWHERE = Limit(100, DAY)
"""For one account, by all browsers that are not known (NIST 800-63B 5.2.2 allows 100)."""
BY_ADDRESS = Limit(30, timedelta(hours=1))
"""From one address (IPv6: one network of /64), for all accounts."""
KNOWN = Limit(10, timedelta(minutes=10))
"""For one account by one known browser."""


@dataclass(frozen=True, slots=True)
class Try:
    """A try that is counted. `wait`: it is not to be looked at, and the next may come after so many seconds."""

    strike: Strike | None
    wait: int = 0


def attempt(request: HttpRequest, kind: str, account: str) -> Try:
    """Count a try. `kind`: "password" or "code"; `account`: the name as it was typed, be there such a user or not."""
    now = timezone.now()
    name, address, device = _digest(account), _network(address_of(request)), _mark(request, account)
    tries = Strike.objects.filter(kind=kind, at__gt=now - DAY)
    if device:
        wait = _wait(tries.filter(account=name, device=device), KNOWN, now)
    else:
        strange = tries.filter(device="")
        wait = max(
            _wait(strange.filter(account=name, address=address), FROM_HERE, now),
            _wait(strange.filter(account=name), ANYWHERE, now),
            _wait(strange.filter(address=address), BY_ADDRESS, now),
        )
    if wait:
        return Try(None, wait)
    Strike.objects.filter(at__lte=now - DAY).delete()
    return Try(Strike.objects.create(kind=kind, account=name, address=address, device=device, at=now))


def succeeded(done: Try, account: str) -> None:
    """The try was right: it and those of this kind from the same place are forgotten; those of strangers are not."""
    if done.strike is not None:
        same = Strike.objects.filter(kind=done.strike.kind, account=_digest(account), device=done.strike.device)
        same.filter(address=done.strike.address).delete()


def forget(account: str) -> int:
    """Forget every try for an account, for an operator to let its user in from a new browser; how many there were."""
    return Strike.objects.filter(account=_digest(account)).delete()[0]


def mark(response: HttpResponse, user: User) -> None:
    """Make the browser known for this account."""
    value = signing.dumps([user.get_username(), secrets.token_urlsafe(16)], salt=_SALT)
    response.set_cookie(
        MARK,
        value,
        max_age=MARK_DAYS * 86_400,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _mark(request: HttpRequest, account: str) -> str:
    """The digest of this browser's mark, when it is ours and for this account; "" else."""
    try:
        name, nonce = signing.loads(request.COOKIES.get(MARK, ""), salt=_SALT, max_age=MARK_DAYS * 86_400)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return hashlib.sha256(str(nonce).encode()).hexdigest() if name == account else ""


def _wait(tries: QuerySet[Strike], limit: Limit, now: datetime) -> int:
    """Seconds until the limit allows another try; 0 when it does now."""
    times = list(tries.filter(at__gt=now - limit.within).order_by("-at").values_list("at", flat=True)[: limit.most])
    if len(times) < limit.most:
        return 0
    return max(1, int((times[-1] + limit.within - now).total_seconds()) + 1)


def _digest(account: str) -> str:
    return hashlib.sha256(User.normalize_username(account).encode("utf-8", "replace")).hexdigest()


def _network(address: str) -> str:
    """IPv6 customers own a network of /64: all of it is one address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:45]
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed.ipv4_mapped or parsed, 64 if not parsed.ipv4_mapped else 32), False))
    return str(parsed)
