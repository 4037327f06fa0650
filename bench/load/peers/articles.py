"""A site of ours of so many reports, and what of them the other programs are given.

    python -m load.peers.articles NUMBER WORDS FILE

Makes them in the home of the environment (`size.make`) and writes one JSON object a line, the oldest first.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Report:
    """`at` is UTC, `2024-07-14 12:15:00`; `body` holds paragraphs without markup."""

    pk: int
    slug: str
    title: str
    standfirst: str
    body: tuple[str, ...]
    at: str
    section: str
    source: str

    def text(self) -> str:
        """All that a search could find."""
        return " ".join((self.title, self.standfirst, *self.body))

    def html(self) -> str:
        """Standfirst and paragraphs, for programs that know no standfirst."""
        return "".join(f"<p>{part}</p>\n" for part in (self.standfirst, *self.body))


def read(path: Path) -> list[Report]:
    """What was written."""
    with path.open(encoding="utf-8") as lines:
        made = [json.loads(line) for line in lines]
    return [Report(**{**one, "body": tuple(one["body"])}) for one in made]


def main() -> None:
    """Make the site and write its reports. The publishers do not exist, so that none of their feeds may fall due."""
    from datetime import timedelta

    import django
    from django.utils import timezone

    django.setup()
    from masthead.articles.models import Article
    from masthead.feeds.models import Feed
    from masthead.pages.models import Placement
    from size.make import make

    number, words, file = sys.argv[1:]
    make(int(number), int(words), 1)
    Feed.objects.update(due_at=timezone.now() + timedelta(days=3650))
    sections = dict(Placement.objects.filter(section__isnull=False).values_list("article_id", "section__name"))
    with Path(file).open("w", encoding="utf-8") as out:
        for article in Article.objects.select_related("revision", "source").order_by("pk"):
            assert article.revision is not None
            body = tuple(block["text"] for block in article.revision.document["body"])
            at, section = f"{article.sort_at:%Y-%m-%d %H:%M:%S}", str(sections.get(article.pk, "News"))
            report = Report(
                article.pk, article.slug, article.title, article.standfirst, body, at, section, article.source.name
            )
            print(json.dumps(asdict(report)), file=out)


if __name__ == "__main__":
    main()
