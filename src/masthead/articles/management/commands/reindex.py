"""`masthead manage reindex`: makes the search index anew from the articles."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from masthead.articles.search import reindex_all
from masthead.feeds.models import Source


class Command(BaseCommand):
    help = "Make the search index anew. Example: masthead manage reindex --source the-morning-post"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", metavar="SLUG", help="only the articles of this source")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["source"]
        source = Source.objects.filter(slug=slug).first() if slug else None
        if slug and source is None:
            raise CommandError(f"no source has the slug {slug!r}", returncode=2)
        done = reindex_all(source.pk if source else None)
        self.stdout.write(f"{done} articles indexed")
