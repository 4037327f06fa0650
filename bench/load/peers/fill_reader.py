"""The reports into lemon24/reader, with its search on. python fill_reader.py DATABASE REPORTS"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from reader import make_reader

from load.peers.articles import read


def main() -> None:
    """As its updater leaves them: a feed for each source, an entry for each report."""
    database, reports = sys.argv[1:]
    with make_reader(database) as reader:
        for report in read(Path(reports)):
            feed = f"https://news.example/{report.source.replace(' ', '-')}"
            reader.add_feed(feed, exist_ok=True)
            reader.add_entry({
                "feed_url": feed, "id": report.slug, "title": report.title, "link": f"https://news.example/{report.slug}",
                "published": datetime.strptime(report.at, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC),
                "summary": report.standfirst, "content": [{"value": report.html(), "type": "text/html"}],
            })  # fmt: skip
        reader.enable_search()
        reader.update_search()


if __name__ == "__main__":
    main()
