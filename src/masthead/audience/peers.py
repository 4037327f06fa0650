"""Who asked: the address behind a request, and whether what it claims of its way may be believed. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import lru_cache

CLAIMS = (
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED", "HTTP_X_REAL_IP",
)  # fmt: skip
"""Where a request claims to have been passed on for somebody else. Browsers never send these; proxies do."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@lru_cache(maxsize=8)
def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Addresses and networks as written in the settings. Raises ValueError for one that is none."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def inside(address: str, trusted: Sequence[Network]) -> bool:
    """Whether an address lies in one of these networks. What is no address lies in none.

    A server that listens for IPv6 and IPv4 at once names IPv4 peers `::ffff:192.0.2.1`: that is 192.0.2.1.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return any(parsed.version == network.version and parsed in network for network in trusted)


def client_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Who asked: the peer, or where the peer is a proxy of ours the last forwarded address that is not.

    What stands further left in `X-Forwarded-For` was written by strangers and is not believed.
    """
    if not forwarded or not trusted:
        return peer
    address = peer
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    while hops and inside(address, trusted):
        address = hops.pop()
    return address
