"""The addresses of the API. Version 1 reads; other interfaces (for feed readers) get rooms of their own beside it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from masthead.api import views  # noqa: F401  (makes the operations known)
from masthead.api.operations import OPERATIONS, nowhere

app_name = "api"

_v1: list[URLPattern] = [
    *(path(o.path.lstrip("/").replace("{id}", "<int:id>"), o.view, name=o.name) for o in OPERATIONS),
    re_path(r"^(?P<rest>.*)$", nowhere),
]
urlpatterns: list[URLPattern | URLResolver] = [path("v1/", include((_v1, "v1")))]
