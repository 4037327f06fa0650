"""What a site takes on disk, table by table with their indexes."""

from __future__ import annotations

from collections import Counter

from django.db import connection

from masthead.articles.models import Article


def weigh() -> dict[str, float]:
    """Bytes for each article, by table, the largest first; the whole as "all"."""
    sizes: Counter[str] = Counter()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                # In pages: `pgsize` overflows at 4 GB.
                "SELECT coalesce(s.tbl_name, d.name), sum(d.pageno) * (SELECT page_size FROM pragma_page_size)"
                " FROM dbstat AS d LEFT JOIN sqlite_master AS s ON s.name = d.name WHERE d.aggregate = TRUE GROUP BY 1"
            )
        else:
            cursor.execute(
                "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = current_schema()::regnamespace"
            )
        for name, size in cursor.fetchall():
            # The parts of SQLite's search index are tables of their own.
            sizes["articles_search" if name.startswith("articles_search") else name] += size
    articles = Article.objects.count()
    whole = {name: size / articles for name, size in sizes.most_common()}
    return {"all": sum(whole.values()), **whole}
