"""The process that stands in the pipeline's place where a broker is set."""

from __future__ import annotations

import os


def main() -> None:
    """Wake the workers until SIGTERM, and do what no worker does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masthead.settings")
    import django

    django.setup()
    from masthead.cluster.main import pipeline

    pipeline()
