"""Search of the articles: SQLite FTS5 or PostgreSQL text search, whichever database the site runs on.

Only visible articles are found, and only by words that their sources' rights policies let us show.
"""

from __future__ import annotations

from masthead.articles.search.find import SearchResult, search
from masthead.articles.search.write import index, reindex_all, remove

__all__ = ["SearchResult", "index", "reindex_all", "remove", "search"]
