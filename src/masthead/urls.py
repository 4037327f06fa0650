"""Every address of the site, by room."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from masthead.watch import views as watch

# Here and not where Django starts: what an operator's pages import, no command and no step of the pipeline needs.
admin.autodiscover()

handler500 = "masthead.site.views.errors.failed"
urlpatterns = [
    path("healthz", watch.healthz),
    path("readyz", watch.readyz),
    path("metrics", watch.prometheus),
    # One door for all: what guards the login of the desk guards that of operators too.
    path("admin/login/", RedirectView.as_view(pattern_name="desk:login", query_string=True)),
    path("admin/logout/", RedirectView.as_view(pattern_name="desk:account")),
    path("admin/password_change/", RedirectView.as_view(pattern_name="desk:password")),
    path("admin/", admin.site.urls),
    path("desk/", include("masthead.desk.urls")),
    path("api/", include("masthead.api.urls")),
    path("", include("masthead.site.urls")),
]
