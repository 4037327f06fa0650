"""Answers that are documents: validators, 304, caching, and nothing in them that a browser would run."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags

# Readers may keep a document for five minutes; caches that many share ask again, so that a takedown is seen at once.
CACHE = "public, max-age=300, s-maxage=5"
REMEMBERED = 2000

_changed: OrderedDict[str, tuple[str, str]] = OrderedDict()
_lock = threading.Lock()


def document(request: HttpRequest, body: bytes, content_type: str, *, cache: str = CACHE) -> HttpResponse:
    """`body` as an answer with ETag and Last-Modified; 304 where the client has it already (RFC 9110, 13).

    Last-Modified is the time at which this process first saw these very bytes at this address: items that were taken
    down or whose rights changed move it too, which no date of an item could do. It is compared for equality, so a
    process that started later, or another one, answers in full once and never wrongly with 304.
    """
    digest = hashlib.sha256(body).hexdigest()[:32]
    etag, modified = f'"{digest}"', _last_modified(request.get_full_path(), digest)
    answer = HttpResponseNotModified() if _known(request, etag, modified) else HttpResponse(body)
    if answer.status_code == 200:
        answer["Content-Type"] = content_type
        answer["Content-Length"] = str(len(body))
    else:
        del answer["Content-Type"]
    answer["ETag"] = etag
    answer["Last-Modified"] = modified
    answer["Cache-Control"] = cache
    harmless(answer)
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


def harmless(answer: HttpResponseBase) -> None:
    """Let no browser guess another type or run anything that stands in the answer."""
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"


def _known(request: HttpRequest, etag: str, modified: str) -> bool:
    if (none_match := request.headers.get("If-None-Match")) is not None:
        # Weak comparison (RFC 9110, 13.1.2): a cache on the way may have compressed the answer.
        tags = [tag.removeprefix("W/") for tag in parse_etags(none_match)]
        return "*" in tags or etag in tags
    return request.headers.get("If-Modified-Since") == modified


def _last_modified(address: str, digest: str) -> str:
    with _lock:
        seen = _changed.pop(address, None)
        if seen is None or seen[0] != digest:
            seen = (digest, http_date(timezone.now().timestamp()))
        _changed[address] = seen
        if len(_changed) > REMEMBERED:
            _changed.popitem(last=False)
    return seen[1]
