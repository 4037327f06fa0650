"""Every address of the site, by room."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from masthead.store import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.prometheus),
    path("admin/", admin.site.urls),
    path("desk/", include("masthead.desk.urls")),
    path("api/", include("masthead.api.urls")),
    path("", include("masthead.site.urls")),
]
