"""Conditional requests (RFC 9110 section 13): validators as a row keeps them, `{"url", "etag", "last_modified"}`.

`url` is the address that gave them, which is where they are sent and nowhere else.
"""

from __future__ import annotations

from masthead.core.fetch import FetchRequest, Validators
from masthead.core.fetch.target import TargetRefused, parse_target
from masthead.core.fetch.types import Kind
from masthead.core.types import FetchResult

_ETAG_ROOM, _DATE_ROOM, _URL_ROOM = 2000, 500, 2000


def request(
    url: str, held: dict[str, str], kind: Kind, *, max_bytes: int, accept: str = "", tag: object = None
) -> FetchRequest:
    """A request for `url`, conditional where something is held of it or of the address that it led to."""
    validators = Validators(held.get("etag", ""), held.get("last_modified", ""))
    giver = held.get("url", url)
    try:
        direct = giver in (url, parse_target(url).url)
    except TargetRefused:
        direct = True
    return FetchRequest(
        url=url,
        kind=kind,
        etag=validators.etag if direct else "",
        last_modified=validators.last_modified if direct else "",
        elsewhere={} if direct else {giver: validators},
        accept=accept,
        max_bytes=max_bytes,
        tag=tag,
    )


def validators(result: FetchResult) -> dict[str, str]:
    """What an answer gave to ask with, byte for byte, or not at all when there is no room."""
    etag, last_modified = result.headers.get("etag", ""), result.headers.get("last-modified", "")
    given = {
        "url": result.final_url,
        "etag": etag if len(etag) <= _ETAG_ROOM else "",
        "last_modified": last_modified if len(last_modified) <= _DATE_ROOM else "",
    }
    return given if len(result.final_url) <= _URL_ROOM and (given["etag"] or given["last_modified"]) else {}


def confirmed(held: dict[str, str], result: FetchResult) -> dict[str, str]:
    """The validators after a 304, which replaces those that it names (RFC 9110 section 15.4.5)."""
    return {**held, **{name: value for name, value in validators(result).items() if value}}
