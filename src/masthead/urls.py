"""Every address of the site, by room."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("desk/", include("masthead.desk.urls")),
    path("api/", include("masthead.api.urls")),
    path("", include("masthead.site.urls")),
]
