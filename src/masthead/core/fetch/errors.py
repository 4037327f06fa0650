"""What can go wrong on the wire, as the short stable codes of `FetchResult.error` and a sentence for people."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping

import aiohttp

from masthead.core.fetch.guard import AddressRefused
from masthead.core.fetch.target import Target


class Failed(Exception):
    """An exchange that came to nothing. `headers` are the answer's, when there was one."""

    def __init__(self, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.headers: Mapping[str, str] = headers or {}


def _causes(error: BaseException) -> list[BaseException]:
    """The error and everything it came from, groups included, outermost first."""
    found: list[BaseException] = []
    pending: list[BaseException] = [error]
    while pending and len(found) < 50:
        current = pending.pop(0)
        if current in found:
            continue
        found.append(current)
        if isinstance(current, BaseExceptionGroup):
            pending.extend(current.exceptions)
        if isinstance(current, aiohttp.ClientConnectorError):
            pending.append(current.os_error)
        pending.extend(cause for cause in (current.__cause__, current.__context__) if cause is not None)
    return found


def explain(error: BaseException, target: Target, deadline: float) -> Failed:
    """The code and words for an error of the client library, the socket or the clock."""
    causes = _causes(error)
    if refused := next((cause for cause in causes if isinstance(cause, AddressRefused)), None):
        return Failed("address", str(refused))
    if any(isinstance(cause, ssl.SSLError | ssl.CertificateError) for cause in causes):
        words = next((c for c in causes if isinstance(c, ssl.SSLError | ssl.CertificateError)), error)
        return Failed("tls", f"no safe connection to {target.host}: {words}")
    if any(isinstance(cause, socket.gaierror) for cause in causes) or isinstance(
        error, aiohttp.ClientConnectorDNSError
    ):
        return Failed("dns", f"the name {target.host} was not found: {error}")
    if isinstance(error, TimeoutError):
        return Failed("timeout", f"{target.host} did not finish within {deadline:g} seconds")
    if isinstance(error, aiohttp.ClientConnectorError):
        return Failed("refused", f"no connection to {target.host}:{target.port}: {error.os_error}")
    if isinstance(error, aiohttp.ClientPayloadError):
        return Failed("protocol", f"the answer of {target.host} broke off or was malformed: {error}")
    if isinstance(error, aiohttp.ServerDisconnectedError | ConnectionError):
        return Failed("protocol", f"{target.host} closed the connection without an answer")
    return Failed("protocol", f"{target.host} did not speak HTTP: {type(error).__name__}: {str(error)[:300]}")
