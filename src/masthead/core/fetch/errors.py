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


def _tls_words(causes: list[BaseException]) -> str:
    """What is wrong with the certificate, or else with the handshake."""
    for cause in causes:
        # The client library's own error is of this class too, without the words.
        words = getattr(cause, "verify_message", "") if isinstance(cause, ssl.SSLCertVerificationError) else ""
        if words:
            return f"its certificate is not to be trusted: {words.rstrip('.')}"
    return str(next(cause for cause in causes if isinstance(cause, ssl.SSLError | ssl.CertificateError)))


def _dns_words(error: socket.gaierror, host: str) -> str:
    """Whether a name does not exist, or its name servers failed (which says nothing of the name)."""
    if error.errno == socket.EAI_AGAIN:
        return f"the name servers of {host} gave no answer: {error.strerror or error}"
    return f"the name {host} was not found: {error.strerror or error}"


def explain(error: BaseException, target: Target, deadline: float) -> Failed:
    """The code and words for an error of the client library, the socket or the clock."""
    causes = _causes(error)
    if refused := next((cause for cause in causes if isinstance(cause, AddressRefused)), None):
        return Failed("address", str(refused))
    if any(isinstance(cause, ssl.SSLError | ssl.CertificateError) for cause in causes):
        return Failed("tls", f"no safe connection to {target.host}: {_tls_words(causes)}")
    if (unresolved := next((cause for cause in causes if isinstance(cause, socket.gaierror)), None)) is not None:
        return Failed("dns", _dns_words(unresolved, target.host))
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Failed("dns", f"the name {target.host} was not found: {error}")
    if isinstance(error, TimeoutError):
        return Failed("timeout", f"{target.host} did not finish within {deadline:g} seconds")
    if isinstance(error, aiohttp.ClientConnectorError):
        return Failed("refused", f"no connection to {target.host}:{target.port}: {error.os_error}")
    if isinstance(error, aiohttp.ClientPayloadError):
        return Failed("protocol", f"the answer of {target.host} broke off or was malformed: {error}")
    if isinstance(error, aiohttp.ServerDisconnectedError | ConnectionError | aiohttp.ClientOSError):
        return Failed("protocol", f"{target.host} closed the connection without an answer")
    words = error.message if isinstance(error, aiohttp.ClientResponseError) else str(error)
    said = next((line.strip().rstrip(":") for line in words.splitlines() if line.strip()), type(error).__name__)
    return Failed("protocol", f"{target.host} did not speak HTTP: {said[:300]}")
