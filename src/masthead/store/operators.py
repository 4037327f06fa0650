"""What an operator changes in `contrib.admin` is seen by readers at once, as what an editor does at the desk is."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from masthead.store import generation

Handler = Callable[[HttpRequest], HttpResponse]


def admin_changes_show_at_once(get_response: Handler) -> Handler:
    """Middleware: an accepted POST under /admin/ puts every cached page out of date, bulk actions included."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST" and request.path.startswith("/admin/") and response.status_code < 400:
            generation.bump(hard=True)
        return response

    return respond
