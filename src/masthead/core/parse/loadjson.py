"""JSON as it comes: small faults mended, and of a document that is worse, or cut short, the items that are whole."""

from __future__ import annotations

import json
import re
from typing import Any

from masthead.core.parse.errors import NotAFeed

MAX_ITEMS = 10_000
_ITEMS = re.compile(r'"items?"\s*:\s*\[')
# A text; else what stands between texts and does not belong there. What is left open reaches to the end, once.
_FAULT = re.compile(
    r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)'
    r"|(?P<comma>,(?=\s*+[}\]]))"
    r"|(?P<remark>/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)|//[^\n]*+)",
    re.DOTALL,
)
_BAD_ESCAPE = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|)')
# So many items that cannot be read are passed over; after more the rest is no feed.
_MOST_LEFT_OUT = 100
# Where an item ends and the next begins.
_BETWEEN = re.compile(r"\}\s*+,\s*+(?=\{)")


def load(text: str) -> tuple[Any, list[str], bool]:
    """What a JSON document holds, warnings, and whether that is all of it. Raises `NotAFeed`."""
    try:
        return json.loads(text, strict=False), [], True
    except RecursionError:
        raise NotAFeed("This JSON is nested too deeply to be a feed") from None
    except ValueError as error:
        fault = error
    mended = _FAULT.sub(_mended, text)
    try:
        return json.loads(mended, strict=False), [f"the JSON is broken ({fault}); it was mended"], True
    except (ValueError, RecursionError):
        data, left_out, whole = _salvage(mended)
    if data is None:
        raise NotAFeed(f"This looks like JSON and is not: {fault}") from None
    warnings = [f"the JSON is broken ({fault}); what could be read was kept"]
    if left_out:
        warnings.append(f"{left_out} items could not be read and were left out")
    return data, warnings, whole


def _mended(found: re.Match[str]) -> str:
    if found["comma"] or found["remark"]:
        return ""
    return _BAD_ESCAPE.sub(lambda escape: escape[0] if escape[1] else "\\\\", found[0])


def _salvage(text: str) -> tuple[dict[str, Any] | None, int, bool]:
    """The head and the whole items of a damaged document, how many others were passed over, and if that is all."""
    found = _ITEMS.search(text)
    if found is None:
        return None, 0, False
    decoder = json.JSONDecoder(strict=False)
    try:
        head = json.loads(f"{text[: found.start()].rstrip().rstrip(',')}}}", strict=False)
    except (ValueError, RecursionError):
        head = {}
    items: list[Any] = []
    at, left_out = found.end(), 0
    while len(items) < MAX_ITEMS and (brace := text.find("{", at)) >= 0:
        if text[at:brace].strip(" \t\r\n,"):
            break
        try:
            item, at = decoder.raw_decode(text, brace)
        except (ValueError, RecursionError):
            following = _BETWEEN.search(text, brace)
            if following is None or left_out >= _MOST_LEFT_OUT:
                break
            left_out, at = left_out + 1, following.end()
            continue
        items.append(item)
    whole = not left_out and text[at:].lstrip(" \t\r\n,").startswith("]")
    return {"title": "", **head, "items": items} if isinstance(head, dict) else None, left_out, whole
