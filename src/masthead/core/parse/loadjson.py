"""JSON as it comes: small faults mended, and of a document that is worse, or cut short, the items that are whole."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from itertools import islice
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
_MOST_LEFT_OUT = 50
# Where a damaged one ends is looked for so far, at so many places.
_LONGEST, _MOST_ENDS = 50_000, 20
# Where an item may end: the next begins, or a list ends.
_END = re.compile(r"\}(?=\s*+(?:,\s*+\{|,?\s*+\]))")
_FOLLOWING = re.compile(r"\s*+,\s*+(?=\{)")
# What tells an item from other objects, here and in RSS in JSON.
_OF_ITEMS = frozenset(("id", "content_html", "content_text", "date_published", "guid", "pubDate", "description"))
_ITEM_HEAD = re.compile(rf'\{{\s*+"(?:{"|".join(sorted(_OF_ITEMS))})"\s*+:')
_DECODER = json.JSONDecoder(strict=False)


def load(text: str) -> tuple[Any, list[str], bool]:
    """What a JSON document holds, warnings, and whether that is all of it. Raises `NotAFeed`."""
    try:
        return json.loads(text, strict=False), [], True
    except RecursionError:
        raise NotAFeed("This JSON is nested too deeply to be a feed") from None
    except ValueError as error:
        fault = error
    try:
        return _mended(text), [f"the JSON is broken ({fault}); it was mended"], True
    except (ValueError, RecursionError):
        data, left_out, whole = _salvage(text)
    if data is None:
        raise NotAFeed(f"This looks like JSON and is not: {fault}") from None
    warnings = [f"the JSON is broken ({fault}); what could be read was kept"]
    if left_out:
        warnings.append(f"{left_out} items could not be read and were left out")
    return data, warnings, whole


def _mended(text: str) -> Any:
    """What `text` holds once its small faults are gone. Raises `ValueError` or `RecursionError`."""
    return json.loads(_FAULT.sub(_without_fault, text), strict=False)


def _without_fault(found: re.Match[str]) -> str:
    if found["comma"] or found["remark"]:
        return ""
    return _BAD_ESCAPE.sub(lambda escape: escape[0] if escape[1] else "\\\\", found[0])


def _salvage(text: str) -> tuple[dict[str, Any] | None, int, bool]:
    """The head and the whole items of a damaged document, how many others were passed over, and if that is all."""
    found = _ITEMS.search(text)
    if found is None:
        return None, 0, False
    try:
        head = _mended(f"{text[: found.start()].rstrip().rstrip(',')}}}")
    except (ValueError, RecursionError):
        head = {}
    items: list[Any] = []
    at, left_out = found.end(), 0
    while len(items) < MAX_ITEMS and left_out < _MOST_LEFT_OUT and (brace := text.find("{", at)) >= 0:
        if text[at:brace].strip(" \t\r\n,"):
            break
        try:
            item, at = _DECODER.raw_decode(text, brace)
        except (ValueError, RecursionError):
            item, at = _damaged(text, brace)
            if at < 0:
                break
            if item is None:
                left_out += 1
                continue
        items.append(item)
    whole = not left_out and text[at:].lstrip(" \t\r\n,").startswith("]")
    return {"title": "", **head, "items": items} if isinstance(head, dict) else None, left_out, whole


def _damaged(text: str, brace: int) -> tuple[Any, int]:
    """A damaged item as far as it can be mended, else None, and where it ends; -1 when nothing tells."""
    for end in islice(_END.finditer(text, brace, brace + _LONGEST), _MOST_ENDS):
        with suppress(ValueError, RecursionError):
            return _mended(text[brace : end.end()]), end.end()
        following = _FOLLOWING.match(text, end.end())
        if following is not None:
            if _ITEM_HEAD.match(text, following.end()):
                return None, end.end()
            with suppress(ValueError, RecursionError):
                item, _ = _DECODER.raw_decode(text, following.end())
                if isinstance(item, dict) and not _OF_ITEMS.isdisjoint(item):
                    return None, end.end()
    return None, -1
