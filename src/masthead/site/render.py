"""From page records to an answer: the one place where a template meets a request.

`html` needs no request and no database, only the records: whoever has the dataclasses has the page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.http import http_date

from masthead.pages.types import Frame
from masthead.site import words

# Nothing runs, nothing is inline, nothing is loaded from elsewhere.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def in_language(frame: Frame, language: str) -> Frame:
    """The frame with its chrome in the language of what it surrounds, where we speak that language."""
    spoken = words.chrome_language(language, frame.language)
    return replace(frame, language=spoken, direction=words.direction_of(spoken))


def html(template: str, frame: Frame, **context: Any) -> str:
    """A whole page as text. `frame.language` decides the language of the chrome."""
    with translation.override(words.chrome_language(frame.language, "en")):
        spoken = {name: str(value) if isinstance(value, Promise) else value for name, value in context.items()}
        return render_to_string(f"site/{template}", {"frame": frame, "language": frame.language, **spoken})


def respond(
    request: HttpRequest,
    template: str,
    frame: Frame,
    *,
    changed_at: datetime | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The page as an answer, with its language, its policy, and the time when anything on it last changed.

    The masthead carries the date and the weather, so no page is older than the midnight or the reading before it.
    """
    body = html(template, frame, path=request.path, **context)
    answer = HttpResponse(body, status=status)
    answer["Content-Language"] = frame.language
    answer["Content-Security-Policy"] = POLICY
    if changed_at is not None:
        midnight = timezone.localtime(frame.now).replace(hour=0, minute=0, second=0, microsecond=0)
        read = [frame.weather.observed] if frame.weather else []
        answer["Last-Modified"] = http_date(min(max(changed_at, midnight, *read), frame.now).timestamp())
    return answer
