"""What the web server calls: proxies judged, ready pages served, then static files, then Django."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masthead.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
