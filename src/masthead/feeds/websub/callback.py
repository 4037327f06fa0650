"""Where hubs reach us: the address given to them, and whether the internet can reach it at all."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.conf import settings

from masthead.core.urls import absolute, host_of

PATH = "/websub/"
# Names that lead nowhere outside of a house: RFC 6761, RFC 6762, RFC 8375, and ICANN's for private use.
_HOUSE = ("localhost", "local", "internal", "test", "invalid", "example", "onion", "home.arpa", "lan", "home", "corp")


def address_of(token: str) -> str:
    """The callback with this token, under the address that readers use."""
    return f"{base()}{PATH}{token}"


def base() -> str:
    """The address of the site, without final slash; "" when there is none."""
    return absolute(settings.MASTHEAD.base_url).rstrip("/")


def obstacle() -> str:
    """Why no hub is asked, in words; "" when hubs are."""
    if not settings.MASTHEAD.websub:
        return "the setting `websub` is off"
    host = host_of(base())
    if not host:
        return "the setting `base_url` is empty, so that no hub can reach this site"
    if _reachable(host):
        return ""
    return f"no hub can reach this site at {host}: `base_url` has to be its public address"


def _reachable(host: str) -> bool:
    """Whether a host is of the public internet, or of a network that the operator allows besides."""
    try:
        address = ip_address(host)
    except ValueError:
        return "." in host and not any(host == name or host.endswith(f".{name}") for name in _HOUSE)
    networks = (ip_network(text, strict=False) for text in settings.MASTHEAD.allow_private_addresses)
    return address.is_global or any(address.version == net.version and address in net for net in networks)
