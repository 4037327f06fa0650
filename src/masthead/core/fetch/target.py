"""From an address as somebody wrote it to one that may be asked for: scheme, host spelling, port, credentials."""

from __future__ import annotations

import base64
import re
import unicodedata
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

import idna

MAX_LENGTH = 8000
_PATH_SAFE = "!$&'()*+,/:;=@~%"
_QUERY_SAFE = _PATH_SAFE + "?[]"
_NUMERIC_LABEL = re.compile(r"(?:\d+|0x[0-9a-f]*)\Z")
_CONTROLS = re.compile("[\x00-\x1f\x7f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.-])?\Z")

# Ports of other protocols, after the list of the Fetch Standard (section 2.9, "port blocking"): a request there is
# never a feed, and may be made to say something to a mail or name server.
# fmt: off
BLOCKED_PORTS = frozenset((
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
    109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
    526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
    3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
))
# fmt: on


class TargetRefused(ValueError):
    """An address that is not asked for. `code` is "scheme" or "address" (see `core.types.FetchResult.error`)."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for. `url` is ASCII, without credentials and fragment; `host` lower case, without brackets or dot.

    `authorization` is the Basic header value that the address carried as user:password, or "".
    """

    url: str
    scheme: str
    host: str
    port: int
    authorization: str = ""

    @property
    def origin(self) -> tuple[str, str, int]:
        """What credentials are bound to (RFC 6454)."""
        return (self.scheme, self.host, self.port)


def _ipv6(host: str) -> str:
    if "%" in host:
        raise TargetRefused("address", f"[{host}] names a network interface")
    try:
        return IPv6Address(host).compressed
    except AddressValueError as error:
        raise TargetRefused("address", f"[{host}] is not an IPv6 address") from error


def _hostname(host: str) -> str:
    """A host name or IPv4 address in its one plain spelling. Raises `TargetRefused`."""
    if "%" in host:
        raise TargetRefused("address", f"the host {host!r} is percent-encoded")
    plain = unicodedata.normalize("NFKC", host).lower().replace("\u3002", ".")
    stem = plain.rstrip(".")
    if not stem or len(plain) - len(stem) > 1:
        raise TargetRefused("address", f"the host {host!r} is empty or ends in dots")
    if _NUMERIC_LABEL.match(stem.rsplit(".", 1)[-1]):
        try:
            address = IPv4Address(host)
        except AddressValueError as error:
            detail = f"the host {host!r} is a number in an unusual spelling; write the address as four decimal parts"
            raise TargetRefused("address", detail) from error
        return str(address)
    if not stem.isascii():
        try:
            stem = idna.encode(stem, uts46=True, transitional=False).decode("ascii").removesuffix(".")
        except idna.IDNAError as error:
            raise TargetRefused("address", f"the host {host!r} is not a valid name: {error}") from error
        # Letters that nobody sees are dropped on the way: a dot or a number may be what is left.
        if _NUMERIC_LABEL.match(stem.rsplit(".", 1)[-1]):
            raise TargetRefused("address", f"the host {host!r} is a number in an unusual spelling")
    if not _HOST.match(stem) or ".." in stem or len(stem) > 253 or any(len(label) > 63 for label in stem.split(".")):
        raise TargetRefused("address", f"the host {host!r} is not a valid name")
    return stem


def _split(url: str) -> SplitResult:
    if len(url) > MAX_LENGTH:
        raise TargetRefused("address", f"the address has {len(url)} characters; {MAX_LENGTH} are allowed")
    if _CONTROLS.search(url):
        raise TargetRefused("address", "the address contains control characters")
    if _SURROGATES.search(url):
        raise TargetRefused("address", "the address contains halves of characters")
    try:
        return urlsplit(url)
    except ValueError as error:
        raise TargetRefused("address", f"{url!r} is not an address: {error}") from error


def _authorization(parts: SplitResult) -> str:
    if parts.username is None and parts.password is None:
        return ""
    pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    return "Basic " + base64.b64encode(pair.encode()).decode("ascii")


def parse_target(url: str) -> Target:
    """Read an absolute address. Raises `TargetRefused` for another scheme, an odd host spelling or a blocked port.

    Hosts are compared in the spelling that will be resolved: full-width, percent-encoded, octal, hexadecimal and
    shortened IPv4 spellings are refused, never interpreted.
    """
    parts = _split(url.strip())
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https"):
        raise TargetRefused("scheme", f"{url[:200]!r}: only http and https addresses are fetched")
    netloc = parts.netloc.rsplit("@", 1)[-1]
    if "\\" in parts.netloc or not netloc:
        raise TargetRefused("address", f"{url[:200]!r} names no host")
    bracketed = netloc.startswith("[")
    try:
        raw_host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise TargetRefused("address", f"{url[:200]!r}: the port is not a number from 1 to 65535") from error
    host = _ipv6(raw_host) if bracketed else _hostname(raw_host)
    default = 443 if scheme == "https" else 80
    port = default if port is None else port
    if port in BLOCKED_PORTS:
        raise TargetRefused("address", f"port {port} belongs to another protocol than HTTP")
    shown = f"[{host}]" if bracketed else host
    location = shown if port == default else f"{shown}:{port}"
    path = quote(parts.path, safe=_PATH_SAFE) or "/"
    query = f"?{quote(parts.query, safe=_QUERY_SAFE)}" if parts.query else ""
    plain = f"{scheme}://{location}{path}{query}"
    if len(plain) > MAX_LENGTH:
        raise TargetRefused("address", f"the address has {len(plain)} characters; {MAX_LENGTH} are allowed")
    return Target(plain, scheme, host, port, _authorization(parts))


def join(base: str, location: str) -> str:
    """A redirect's `Location` against the address that sent it, blanks at the ends dropped. Raises `TargetRefused`."""
    try:
        return urljoin(base, location.strip())
    except ValueError as error:
        raise TargetRefused("address", f"{location[:200]!r} is not an address: {error}") from error
