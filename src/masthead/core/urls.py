"""Addresses: what a browser would make of them, and nothing that is not http(s).

Follows the WHATWG URL standard where publishers rely on it (white space, backslashes, missing slashes).
"""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import idna

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:")
_WEB_SLASHES = re.compile(r"^(https?):[/\\]*", re.IGNORECASE)
_FEED_SCHEME = re.compile(r"\A(?:feed|rss|itpc|pcast|podcast):(?:(?://)?(?=https?:)|(?=//))", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")
# Possessive, so that a long host with a wrong character at its end costs no more than reading it.
_LABEL = r"[a-z0-9_]++(?:-++[a-z0-9_]++)*+"
_HOST = re.compile(rf"^{_LABEL}(?:\.{_LABEL})*+\.?$|^\[[0-9a-f:.]+\]$")
_MAIL = re.compile(r"^mailto:[^\s<>\"'`]{3,500}$", re.IGNORECASE)
# Characters that stay as they are; "%" too, because what is already encoded must not be encoded again.
_PATH_SAFE = "/:@!$&'()*+,;=~-._%"
_QUERY_SAFE = _PATH_SAFE + "?[]"
MAX_LENGTH = 4000
# What is absolute and written as it should be already, as nearly all addresses are: read once instead of in six steps.
_DONE = re.compile(
    rf"https?://{_LABEL}(?:\.{_LABEL})*+/[A-Za-z0-9/:@!$&'()*+,=~\-._%]*+"
    r"(?:\?[A-Za-z0-9/:@!$&'()*+,=~\-._%?\[\]]++)?+(?:#[A-Za-z0-9/:@!$&'()*+,=~\-._%?\[\]]++)?+\Z"
)


def without_feed_scheme(url: str) -> str:
    """An address without the schemes that hand a feed to a reader program: `feed:https://…`, `feed://…`, `pcast:`."""
    return _FEED_SCHEME.sub("", url.strip(), count=1)


def absolute(url: str, base: str = "", *, mail: bool = False) -> str:
    """`url` as an absolute http(s) address, ASCII only, resolved against `base` (RFC 3986 5.2); "" when it is none.

    Other schemes give "" (`mailto:` passes when `mail` is set), as do a relative address without a base, a
    host that cannot be one, and anything over 4,000 characters. Names and passwords in the address are removed.
    """
    if len(url) <= MAX_LENGTH and _DONE.match(url):
        return url
    url = _CONTROLS.sub("", url).strip()
    if not url or len(url) > MAX_LENGTH:
        return ""
    if mail and _MAIL.match(url):
        return url
    try:
        return _resolve(url, base)
    except (ValueError, UnicodeError):
        return ""


def _resolve(url: str, base: str) -> str:
    if _WEB_SLASHES.match(url):
        url = _WEB_SLASHES.sub(lambda found: f"{found[1].lower()}://", url)
        if url in ("http://", "https://"):
            return ""
    elif _SCHEME.match(url):
        return ""
    head, mark, tail = _cut(url)
    url = head.replace("\\", "/") + mark + tail
    if url.startswith("//") and not base:
        url = f"https:{url}"
    return _normal(urljoin(base, url) if base else url)


def _cut(url: str) -> tuple[str, str, str]:
    """The part in which a backslash means a slash, and the rest (query, fragment)."""
    found = re.search(r"[?#]", url)
    return (url, "", "") if found is None else (url[: found.start()], found[0], url[found.end() :])


def _normal(url: str) -> str:
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    host = _host(parts.netloc)
    if scheme not in ("http", "https") or not host:
        return ""
    port = parts.port
    if port is not None and port != {"http": 80, "https": 443}[scheme]:
        host = f"{host}:{port}"
    made = urlunsplit(
        (
            scheme,
            host,
            quote(parts.path, safe=_PATH_SAFE) or "/",
            quote(parts.query, safe=_QUERY_SAFE),
            quote(parts.fragment, safe=_QUERY_SAFE),
        )
    )
    # Encoding may have made it longer.
    return made if len(made) <= MAX_LENGTH else ""


def _host(netloc: str) -> str:
    """The host of an authority, lower case, in punycode; "" when it cannot be a host."""
    name = netloc.rpartition("@")[2]
    name = name[: name.index("]") + 1] if name.startswith("[") and "]" in name else name.partition(":")[0]
    name = name.lower()
    if not name.isascii():
        name = _in_punycode(name)
    return name if _HOST.match(name) else ""


def _in_punycode(name: str) -> str:
    """A host name in ASCII, as browsers look it up (UTS 46, not transitional). Raises `UnicodeError`."""
    if len(name) > 253:
        raise UnicodeError("the name is too long")
    try:
        return idna.encode(name, uts46=True, transitional=False).decode("ascii")
    except idna.InvalidCodepoint:
        # Signs that IDNA 2008 does not know, and registries of some countries sell.
        return name.encode("idna").decode("ascii")


def host_of(url: str) -> str:
    """The host name of an absolute address, lower case, without port; "" when there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def without_scheme(url: str) -> str:
    """What two spellings of one page share: no scheme, no "www.", no fragment, no trailing slash. For comparing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    host = parts.netloc.lower().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"
