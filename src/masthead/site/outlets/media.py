"""Our copies of pictures, from the media folder, and our own drawings. Nothing served here can act."""

from __future__ import annotations

import logging
import os
import re
import stat
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from masthead.pages import drawn
from masthead.site.outlets.answers import document, harmless
from masthead.store import media

log = logging.getLogger(__name__)

# Types that we write; whatever else may lie in the folder is not served.
TYPES = {
    ".avif": "image/avif",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
}
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
# A name that holds the digest of its content never stands for anything else.
_DIGEST = re.compile(r"(?:^|[^0-9a-f])[0-9a-f]{12,}(?:[^0-9a-f]|$)")
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


@require_safe
def file(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file of the media folder. 404 for anything that leaves it, hides in it, or is no picture."""
    parts = path.split("/")
    kind = TYPES.get(PurePosixPath(path).suffix.lower())
    if kind is None or not all(_PART.fullmatch(part) for part in parts):
        raise Http404("there is no such file")
    root = Path(settings.MEDIA_ROOT).resolve()
    found = root.joinpath(*parts).resolve()
    try:
        if media.in_bucket() and found.is_relative_to(root) and _DIGEST.search(found.stem) and not found.exists():
            media.bring(path)
    except OSError:
        log.exception("the bucket of the setting media does not answer")
        return HttpResponse("the store of pictures does not answer\n", status=503, content_type="text/plain")
    try:
        status = found.stat()
    except OSError as error:
        raise Http404("there is no such file") from error
    if not found.is_relative_to(root) or not stat.S_ISREG(status.st_mode):
        raise Http404("there is no such file")
    return _send(request, found, status, kind)


def _send(request: HttpRequest, found: Path, status: os.stat_result, kind: str) -> HttpResponseBase:
    etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    answer: HttpResponseBase
    if etag in [tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")]:
        answer = HttpResponseNotModified()
    else:
        answer = FileResponse(found.open("rb"), content_type=kind)
        answer["Last-Modified"] = http_date(status.st_mtime)
    answer["ETag"] = etag
    answer["Cache-Control"] = FOR_EVER if _DIGEST.search(found.stem) else FOR_A_DAY
    # Feed readers show our pictures on their own pages.
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    harmless(answer)
    return answer


@require_safe
def drawing(request: HttpRequest, seed: str) -> HttpResponse:
    """The drawing that stands where a report has no picture: the same for the same seed for ever."""
    try:
        body = drawn.svg(seed).encode()
    except ValueError as error:
        raise Http404(str(error)) from error
    answer = document(request, body, "image/svg+xml", cache=FOR_EVER)
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
