"""The `Link` header of an answer (RFC 8288)."""

from __future__ import annotations

import re

from masthead.core.urls import absolute

_TARGET = re.compile(r"[\s,]*<([^<>]*)>")
_PARAMETER = re.compile(r"\s*;\s*([\w!#$&+.^`|~*-]*)(?:\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;,\"]*)))?")
_MOST = 100


def linked(header: str, base: str, rel: str) -> tuple[str, ...]:
    """The absolute addresses that a header's value gives for a relation, each once, in order.

    Links with an `anchor` speak of another document than `base` and are left out. What cannot be read ends the reading.
    """
    found: list[str] = []
    at = 0
    for _ in range(_MOST):
        target = _TARGET.match(header, at)
        if target is None:
            break
        at = target.end()
        given: dict[str, str] = {}
        while parameter := _PARAMETER.match(header, at):
            at = parameter.end()
            # Of two parameters of one name the first counts (section 3.3).
            given.setdefault(parameter[1].lower(), parameter[2] or parameter[3] or "")
        if rel in given.get("rel", "").lower().split() and "anchor" not in given:
            found.append(absolute(target[1], base))
    return tuple(dict.fromkeys(url for url in found if url))
