"""Which addresses may be connected to: the public internet, and what the operator allows besides.

The table is our own, after the IANA special-purpose address registries (RFC 6890 and successors) and the multicast
registries. Addresses that carry an IPv4 address inside (mapped, NAT64) are judged by what they carry; transition
mechanisms that nobody serves feeds through any more (6to4, Teredo, IPv4-compatible) are refused whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_SPECIAL_V4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), name)
    for network, name in (
        ("0.0.0.0/8", "this network (RFC 791)"),
        ("10.0.0.0/8", "private (RFC 1918)"),
        ("100.64.0.0/10", "carrier-grade NAT (RFC 6598)"),
        ("127.0.0.0/8", "loopback (RFC 1122)"),
        ("169.254.0.0/16", "link-local (RFC 3927)"),
        ("172.16.0.0/12", "private (RFC 1918)"),
        ("192.0.0.0/24", "protocol assignments (RFC 6890)"),
        ("192.0.2.0/24", "documentation (RFC 5737)"),
        ("192.31.196.0/24", "AS112 (RFC 7535)"),
        ("192.52.193.0/24", "AMT (RFC 7450)"),
        ("192.88.99.0/24", "6to4 relay (RFC 7526)"),
        ("192.168.0.0/16", "private (RFC 1918)"),
        ("192.175.48.0/24", "AS112 (RFC 7534)"),
        ("198.18.0.0/15", "benchmarking (RFC 2544)"),
        ("198.51.100.0/24", "documentation (RFC 5737)"),
        ("203.0.113.0/24", "documentation (RFC 5737)"),
        ("224.0.0.0/4", "multicast (RFC 5771)"),
        ("240.0.0.0/4", "reserved or broadcast (RFC 1112)"),
    )
)

_GLOBAL_V6 = IPv6Network("2000::/3")
_SPECIAL_V6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), name)
    for network, name in (
        ("::1/128", "loopback (RFC 4291)"),
        ("::/128", "unspecified (RFC 4291)"),
        ("::/96", "IPv4-compatible (RFC 4291)"),
        ("::ffff:0:0:0/96", "IPv4-translated (RFC 2765)"),
        ("64:ff9b:1::/48", "local-use translation (RFC 8215)"),
        ("100::/64", "discard-only (RFC 6666)"),
        ("100:0:0:1::/64", "dummy prefix (RFC 9780)"),
        ("2001::/32", "Teredo (RFC 4380)"),
        ("2001::/23", "protocol assignments (RFC 2928)"),
        ("2001:db8::/32", "documentation (RFC 3849)"),
        ("2002::/16", "6to4 (RFC 3056)"),
        ("2620:4f:8000::/48", "AS112 (RFC 7534)"),
        ("3ffe::/16", "6bone, returned (RFC 3701)"),
        ("3fff::/20", "documentation (RFC 9637)"),
        ("5f00::/16", "segment routing (RFC 9602)"),
        ("fc00::/7", "unique local (RFC 4193)"),
        ("fe80::/10", "link-local (RFC 4291)"),
        ("fec0::/10", "site-local (RFC 3879)"),
        ("ff00::/8", "multicast (RFC 4291)"),
    )
)
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP_MARKS = (0x00005EFE, 0x02005EFE)


class AddressRefused(OSError):
    """An address that may not be connected to; the message says which and why."""


def parse_networks(networks: Iterable[str]) -> tuple[Network, ...]:
    """Networks as an operator writes them ("127.0.0.0/8", "::1"). Raises ValueError naming the one that is none."""
    parsed: list[Network] = []
    for text in networks:
        try:
            parsed.append(ip_network(text.strip(), strict=False))
        except ValueError as error:
            raise ValueError(f"{text!r} is not a network (write it like 10.1.0.0/16)") from error
    return tuple(parsed)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a mapped, NAT64 or ISATAP address stands for."""
    value = int(address)
    if address in _MAPPED or address in _NAT64 or (value >> 32) & 0xFFFFFFFF in _ISATAP_MARKS:
        return IPv4Address(value & 0xFFFFFFFF)
    return None


def refusal(address: Address, allowed: Iterable[Network] = ()) -> str | None:
    """Why `address` may not be connected to, in words; None when it may.

    `allowed` networks are let through whatever the table says; an address inside IPv6 clothes counts as itself.
    """
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return f"{address} is bound to one network interface"
    embedded = _embedded(address) if isinstance(address, IPv6Address) else None
    if any(candidate in network for network in allowed for candidate in (address, embedded) if candidate is not None):
        return None
    if embedded is not None:
        reason = refusal(embedded)
        if reason is not None:
            return f"{address} stands for {reason}"
        if address in _MAPPED or address in _NAT64:
            return None
    if isinstance(address, IPv4Address):
        table: Iterable[tuple[Network, str]] = _SPECIAL_V4
    else:
        table = _SPECIAL_V6
    for network, name in table:
        if address in network:
            return f"{address}, which is {name}"
    if isinstance(address, IPv6Address) and address not in _GLOBAL_V6:
        return f"{address}, which is not assigned to the public internet"
    return None


def check(address: str, allowed: Iterable[Network] = ()) -> None:
    """Raise `AddressRefused` unless `address` (as a socket takes it) may be connected to."""
    try:
        parsed = ip_address(address)
    except ValueError as error:
        raise AddressRefused(f"{address!r} is not an IP address") from error
    reason = refusal(parsed, allowed)
    if reason is not None:
        raise AddressRefused(f"the address is {reason}; only public addresses are fetched")
