"""Every address of the site, by room."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from masthead.watch import views as watch

urlpatterns = [
    path("healthz", watch.healthz),
    path("readyz", watch.readyz),
    path("metrics", watch.prometheus),
    path("admin/", admin.site.urls),
    path("desk/", include("masthead.desk.urls")),
    path("api/", include("masthead.api.urls")),
    path("", include("masthead.site.urls")),
]
