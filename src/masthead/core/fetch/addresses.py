"""Many hosts may stand at one address (shared hosting, large platforms): what comes to it is spread, host by host.

All of it lives in the client's event loop, so that no lock is needed.
"""

from __future__ import annotations

import asyncio
from ipaddress import IPv6Address, ip_address, ip_network

# A site has a network of so many bits for itself (RFC 6177): addresses in one are one machine's, or one owner's.
_NETWORK_BITS = 64


def machine_of(address: str) -> str:
    """What an address is counted as: an IPv4 address as itself, an IPv6 address as its /64."""
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, _NETWORK_BITS), strict=False))
    return str(parsed)


class Addresses:
    """When the next request may go to an address. `gap` is in seconds, from start to start."""

    def __init__(self, gap: float) -> None:
        self.gap = gap
        self._free_at: dict[str, float] = {}

    async def turn(self, address: str) -> None:
        """Wait until a request may go there, and count it. Who comes first goes first."""
        loop = asyncio.get_running_loop()
        now, machine = loop.time(), machine_of(address)
        start = max(now, self._free_at.get(machine, 0.0))
        self._free_at[machine] = start + self.gap
        self._forget_idle(now)
        if start > now:
            await asyncio.sleep(start - now)

    def _forget_idle(self, now: float) -> None:
        """Keep the table as small as the addresses of the moment."""
        if len(self._free_at) >= 1000:
            self._free_at = {machine: free_at for machine, free_at in self._free_at.items() if free_at > now}
