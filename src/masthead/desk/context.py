"""What every screen of the desk shows around its content."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from masthead.accounts.queries import may

# View name, label, and the right that makes it appear.
SCREENS = (
    ("desk:overview", "Overview", "see desk"),
    ("desk:articles", "Articles", "see desk"),
    ("desk:stories", "Stories", "see desk"),
    ("desk:front", "Front page", "see desk"),
    ("desk:sources", "Sources", "see desk"),
    ("desk:feeds", "Feeds", "see desk"),
    ("desk:sections", "Sections", "see desk"),
    ("desk:readers", "Readers", "see desk"),
    ("desk:log", "Log", "see log"),
    ("desk:users", "Users", "edit user"),
)


def desk(request: HttpRequest) -> dict[str, Any]:
    """Navigation by rights; nothing, and no session touched, outside of the desk."""
    match = request.resolver_match
    if match is None or match.app_name != "desk":
        return {}
    return {
        "site_name": settings.MASTHEAD.site_name,
        "desk_nav": [(name, label) for name, label, right in SCREENS if may(request.user, right)],
        "desk_here": match.view_name,
    }
